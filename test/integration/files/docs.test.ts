import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { expect } from "vitest";
import { createProgram } from "../../../src/cli/program.js";
import { folderTest } from "../../support/scratch-fixtures.js";
import { databaseUrlIn } from "../../support/test-databases.js";

folderTest("the files and commands of docs/files.md work as they stand there", async ({ folder }) => {
  const page = await readFile("docs/files.md", "utf8");
  const files = [...page.matchAll(/^`([^`]+)`:\n\n```(?:yaml|json)\n(.*?)^```$/gms)];
  expect(files.map(([, path]) => path)).toEqual(["cases/log-in.yaml", "cases/shop.yaml", "cases/help.json"]);
  for (const [, path = "", text = ""] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const commands = [...page.matchAll(/^stepwire (.*)$/gm)].map(([, line = ""]) => line);
  expect(commands.length).toBeGreaterThan(8);
  const said: string[] = [];
  for (const line of commands) {
    const codes: number[] = [];
    const program = createProgram({
      environment: { DATABASE_URL: await databaseUrlIn(folder) },
      stdin: Readable.from([]),
      stdout: { write: () => true },
      print: (text) => said.push(text),
      remark: (text) => said.push(text),
      now: () => new Date(),
      exitWith: (code) => codes.push(code),
    });
    // The page's paths are relative to the folder that a reader is in.
    const words = line
      .split(" ")
      .map((word) => (/^(?:cases|copy|smoke\.yaml)$/.test(word) ? join(folder, word) : word));
    await program.parseAsync(words, { from: "user" });
    expect(codes, `${line}: ${said.join("\n")}`).toEqual([]);
  }
  for (const [, path = "", text = ""] of files.slice(0, 2))
    expect(await readFile(join(folder, path), "utf8"), "an example is written as fmt writes it").toBe(text);
});
