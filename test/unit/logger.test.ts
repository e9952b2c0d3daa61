import { expect, test } from "vitest";
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
