import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { expect } from "vitest";
import { createProgram } from "../../../src/cli/program.js";
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

const test = ownAppTest.extend("folder", async ({}, { onCleanup }) => {
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

test("the README's scripts are valid, and its commands of the command line exist", async () => {
  const json = await snippets("README.md", "json");
  const scripts = json.filter((text) => text.startsWith("["));
  expect(scripts).toHaveLength(1);
  for (const script of scripts) expect(parseScript(script)).not.toEqual([]);
  const shell = (await snippets("README.md", "sh")).join("\n");
  const lines = [...shell.matchAll(/stepwire -- (.+)$/gm)].map(([, line = ""]) => line);
  expect(lines.length).toBeGreaterThan(3);
  const program = createProgram({
    environment: {},
    stdout: { write: () => true },
    stdin: Readable.from([]),
    print: () => undefined,
    remark: () => undefined,
    now: () => new Date(),
    exitWith: () => undefined,
  });
  for (const line of lines) {
    let command = program;
    for (const word of line.split(" ").filter((each) => /^[a-z]+$/.test(each))) {
      command = command.commands.find((inner) => inner.name() === word) ?? command;
    }
    const known = command.options.map(({ long }) => long);
    const used = line.split(" ").filter((word) => word.startsWith("--"));
    expect([line, used.filter((option) => !known.includes(option))]).toEqual([line, []]);
    expect(command).not.toBe(program);
  }
});
