import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stepwire-cycles-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("lint refuses files that import each other, if only types of each other", async () => {
  await write("a.ts", `import type { B } from "./b.js";\nexport interface A { b: B }\n`);
  await write("b.ts", `import type { C } from "./c.js";\nexport type B = C;\n`);
  await write("c.ts", `import { type A } from "./a.js";\nexport interface C { a: A }\n`);

  const { passes, output } = await lint();

  expect(output).toContain("Dependency cycle detected");
  expect(passes).toBe(false);
});

test("lint takes files that import a third one", async () => {
  await write("a.ts", `import type { C } from "./c.js";\nexport type A = C;\n`);
  await write(
    "b.ts",
    `import type { A } from "./a.js";\nimport type { C } from "./c.js";\nexport type B = A | C;\n`,
  );
  await write("c.ts", `export interface C { name: string }\n`);

  expect(await lint()).toMatchObject({ passes: true });
});

function write(name: string, text: string): Promise<void> {
  return writeFile(join(folder, name), text);
}

/** With the project's own rules. */
function lint(): Promise<{ passes: boolean; output: string }> {
  const config = join(process.cwd(), ".oxlintrc.json");
  return new Promise((resolve) => {
    execFile("node_modules/.bin/oxlint", ["-c", config, folder], (error, output) => {
      resolve({ passes: error === null, output });
    });
  });
}
