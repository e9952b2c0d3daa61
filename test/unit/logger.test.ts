import { Writable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import type { Logger } from "pino";
import { describe, expect, test } from "vitest";
import { createLogger } from "../../src/logger.js";

test("secrets are in no line, wherever in it they are", async () => {
  const lines: string[] = [];
  const log = await createLogger({
    level: "info",
    pretty: false,
    destination: { write: (line) => lines.push(line) },
  });
  const headers = {
    authorization: "Bearer hush",
    cookie: "stepwire_session=hush",
    "set-cookie": "stepwire_session=hush",
    "sec-websocket-protocol": "stepwire.v1, stepwire.token.hush",
    "x-csrf-token": "hush",
  };
  log.info(
    { headers, token: "hush", request: { headers }, secret: "hush", user: { password: "hush" } },
    "seen",
  );
  log.info(headers, "seen");
  expect(lines).toHaveLength(2);
  expect(lines.join("")).not.toContain("hush");
  expect(lines[0]).toContain("[redacted]");
});

describe("a name that is written to look like more than one line", () => {
  const name = "ci\nINFO: forged\r\n\u001b[2Jred\u009b31m\u0085\u2028next\u2029\u202eetirw";
  const escaped = String.raw`ci\nINFO: forged\r\n\u001b[2Jred\u009b31m\u0085\u2028next\u2029\u202eetirw`;

  const write = async (pretty: boolean, tell: (log: Logger) => void) => {
    let text = "";
    let onEnd: (text: string) => void = () => undefined;
    const told = new Promise<string>((resolve) => (onEnd = resolve));
    const destination = new Writable({
      write: (chunk, _encoding, done) => {
        text += String(chunk);
        if (text.includes("the end")) onEnd(text);
        done();
      },
    });
    const log = await createLogger({ level: "info", pretty, destination });
    tell(log);
    log.info("the end");
    return await told;
  };

  const connect = (log: Logger) => {
    // pino-pretty shows this field before the message.
    log.child({ name }).info({ principal: name, of: [{ testCase: name }], [name]: 1 }, `connected: ${name}`);
  };

  test("stays in its line of JSON, which says what it is", async () => {
    const text = await write(false, connect);
    expect(text).not.toMatch(/[\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
    const lines = text.split(/[\r\n]/);
    expect(lines).toHaveLength(3);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      name,
      principal: name,
      msg: `connected: ${name}`,
      [name]: 1,
    });
  });

  test("stays in its line for people, who see what is in it", async () => {
    const text = await write(true, connect);
    const own = stripVTControlCharacters(text);
    expect(own).not.toMatch(/[\u2028\u2029\u202e]|(?!\n)\p{Cc}/u);
    expect(own.split("\n").filter((line) => /^\s*(INFO: forged|next)/.test(line))).toEqual([]);
    expect(own).toContain(`(${escaped}): connected: ${escaped}\n`);
    expect(own).toContain(`principal: "${escaped}"`);
    expect(own).toContain(`    ${escaped}: 1\n`);
  });

  test("stays in its line in an error, whose stack keeps its own", async () => {
    const text = await write(true, (log) => {
      log.error({ err: new Error(name) }, "failed");
    });
    const lines = stripVTControlCharacters(text).split("\n");
    expect(lines.some((line) => line.trim() === `Error: ${escaped}`)).toBe(true);
    expect(lines.some((line) => /^ +at .*logger\.test/.test(line))).toBe(true);
    expect(lines.filter((line) => line.startsWith("INFO"))).toEqual([]);
  });
});
