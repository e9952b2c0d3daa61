import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { expect } from "vitest";
import { createProgram } from "../../../src/cli/program.js";
import { parseConfig } from "../../../src/config.js";
import { parseScript } from "../../../src/protocol/script.js";
import { ownAppTest } from "../../support/app-fixtures.js";
import { scratchFolder } from "../../support/scratch-folder.js";

const run = promisify(execFile);

/** The snippets of a page, in their order. */
async function snippets(page: string, language: string): Promise<string[]> {
  const text = await readFile(page, "utf8");
  const blocks = text.matchAll(/^```(\w*)\n(.*?)^```$/gms);
  return [...blocks].flatMap(([, of, code = ""]) => (of === language ? [code] : []));
}

const test = ownAppTest().extend("folder", async ({}, { onCleanup }) => {
  const { path, remove } = await scratchFolder();
  onCleanup(remove);
  // A project of somebody who has installed `ws`.
  await symlink(resolve("node_modules"), join(path, "node_modules"));
  return path;
});

test("every command and script in COMMANDS.md is a valid one", async () => {
  const found = await snippets("docs/COMMANDS.md", "json");
  expect(found.length).toBeGreaterThan(90);
  for (const snippet of found) {
    const parsed: unknown = JSON.parse(snippet);
    expect(parseScript([parsed].flat())).not.toEqual([]);
  }
});

test("the README's curl makes a case, and its first client runs it, on this Node", async ({
  testApp,
  folder,
}) => {
  const [curl] = (await snippets("README.md", "sh")).filter((line) => line.startsWith("curl -X POST"));
  const own = (text = "") => text.replaceAll("localhost:8000", testApp.address);
  const { stdout } = await run("sh", ["-c", own(curl)]);
  expect(JSON.parse(stdout)).toMatchObject({ id: 1, steps: [{ step_number: 1 }] });
  const [client] = await snippets("README.md", "js");
  expect(client).toContain("execute_all");
  await writeFile(join(folder, "client.mjs"), own(client));
  const child = spawn(process.execPath, ["client.mjs"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    // The snippet goes on listening for whatever comes.
    if (line.includes("all_steps_complete")) child.kill();
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  expect(lines.join("\n")).toContain("execution_complete");
});

test("the README's scripts are valid", async () => {
  const json = await snippets("README.md", "json");
  const scripts = json.filter((text) => text.startsWith("["));
  expect(scripts).toHaveLength(1);
  for (const script of scripts) expect(parseScript(script)).not.toEqual([]);
});

/** The pages for people, with the lines of a shell in them. */
const PAGES = ["README.md", "PROTOCOL.md", "CONTRIBUTING.md", "docs"];

async function shellLines(): Promise<{ page: string; line: string }[]> {
  const docs = (await readdir("docs")).filter((name) => name.endsWith(".md"));
  const pages = PAGES.flatMap((page) => (page === "docs" ? docs.map((name) => `docs/${name}`) : page));
  const lines = pages.map(async (page) => {
    const blocks = [...(await snippets(page, "sh")), ...(await snippets(page, "bash"))];
    const logs = (await snippets(page, "console")).flatMap((log) =>
      log.split("\n").flatMap((line) => (line.startsWith("$ ") ? [line.slice(2)] : [])),
    );
    const whole = [...blocks, ...logs].join("\n").replaceAll("\\\n", " ");
    return whole.split("\n").flatMap((line) => (line === "" ? [] : [{ page, line }]));
  });
  return (await Promise.all(lines)).flat();
}

/** Programs of others, of which only the files that they are given are looked at. */
const FOREIGN = /^(apt-get|cp|docker|git|helm|install|kubectl|ln|sed|systemctl) /;

/** True for a file that a line before has made. */
const isMade = (file: string) => file === "deploy/.env";

test("every line of a shell in the documentation names scripts, commands, options, variables and files that exist", async () => {
  const { scripts } = JSON.parse(await readFile("package.json", "utf8")) as { scripts: object };
  const program = createProgram({
    environment: {},
    stdout: { write: () => true },
    stdin: Readable.from([]),
    print: () => undefined,
    remark: () => undefined,
    now: () => new Date(),
    exitWith: () => undefined,
  });
  const faultIn = (line: string): string | undefined => {
    if (FOREIGN.test(line)) {
      const missing = line
        .match(/(?<=^|[\s"=])deploy\/[\w./-]+/g)
        ?.find((file) => !isMade(file) && !existsSync(file));
      return missing === undefined ? undefined : `no file ${missing}`;
    }
    const words = line.replace(/^.*?stepwire(?: --)? /, "").split(" ");
    const script = /npm run (?:--silent )?([\w:]+)/.exec(line)?.[1];
    if (script !== undefined && !(script in scripts)) return `no script ${script}`;
    if (!line.includes("stepwire") || /^(curl|[A-Z_]+=\S+$)/.test(line)) return undefined;
    let command = program;
    for (const word of words.filter((each) => /^[a-z]+$/.test(each))) {
      command = command.commands.find((inner) => inner.name() === word) ?? command;
    }
    if (command === program) return "no command";
    const known = command.options.map(({ long }) => long);
    const unknown = words.find((word) => word.startsWith("--") && !known.includes(word));
    return unknown === undefined ? undefined : `no option ${unknown}`;
  };
  const lines = await shellLines();
  expect(lines.length).toBeGreaterThan(20);
  const kinds = /^(npm (ci|test|run)|npx stepwire|stepwire|curl|[A-Z_]+=)/;
  for (const { page, line } of lines) {
    expect([page, line, faultIn(line)]).toEqual([page, line, undefined]);
    expect([page, line, kinds.test(line) || FOREIGN.test(line)]).toEqual([page, line, true]);
  }
  // Settings that stand for themselves are taken by a server as they are.
  const settings = lines.flatMap(({ line }) => {
    const [, name, value] = /^([A-Z_]+)=(\S+)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, value] as const];
  });
  expect(settings.length).toBeGreaterThan(3);
  const config = parseConfig(Object.fromEntries(settings));
  for (const [name] of settings) expect(config).toHaveProperty(name);
});
