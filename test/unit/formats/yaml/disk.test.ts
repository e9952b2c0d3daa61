import { mkdir, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { readCaseFiles } from "../../../../src/formats/yaml/disk.js";
import { folderTest as test } from "../../../support/scratch-fixtures.js";

test("reads the files of folders in the order of their names, and of folders inside", async ({ folder }) => {
  await mkdir(join(folder, "b/c"), { recursive: true });
  await mkdir(join(folder, ".git"));
  await writeFile(join(folder, "b/c/3.yml"), "name: Third");
  await writeFile(join(folder, "a.yaml"), "name: First");
  await writeFile(join(folder, "b/2.json"), '{"name": "Second"}');
  await writeFile(join(folder, ".git/x.yaml"), "name: Hidden");
  await writeFile(join(folder, "notes.txt"), "none");
  const reading = await readCaseFiles([folder]);
  expect(reading).toMatchObject({
    cases: [
      { testCase: { name: "First" } },
      { testCase: { name: "Second" } },
      { testCase: { name: "Third" }, file: join(folder, "b/c/3.yml") },
    ],
  });
});

test("one fault in one file leaves nothing of the others", async ({ folder }) => {
  await writeFile(join(folder, "a.yaml"), "name: A");
  await writeFile(join(folder, "b.yaml"), "name: 5");
  expect(await readCaseFiles([folder])).toEqual({
    errors: [
      {
        file: join(folder, "b.yaml"),
        line: 1,
        column: 1,
        message: expect.stringContaining("Put it in quotes"),
      },
    ],
  });
});

test("a slug that two files have is named in both", async ({ folder }) => {
  await writeFile(join(folder, "a.yaml"), "slug: x\nname: A");
  await writeFile(join(folder, "b.yaml"), "\nslug: x\nname: B");
  const message = `The slug 'x' is that of ${join(folder, "a.yaml")}:1 too; give it another name.`;
  expect(await readCaseFiles([folder])).toEqual({
    errors: [{ file: join(folder, "b.yaml"), line: 2, column: 1, message }],
  });
});

test("a file of 200 MB is refused by its size, and not read", async ({ folder }) => {
  const path = join(folder, "large.yaml");
  await using file = await open(path, "w");
  await file.truncate(200 * 1024 ** 2);
  const before = process.memoryUsage().rss;
  expect(await readCaseFiles([path])).toMatchObject({
    errors: [{ line: 1, message: expect.stringContaining("The file has 200.0 MB") }],
  });
  expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 ** 2);
});

test("bytes that are no UTF-8 are refused with their place", async ({ folder }) => {
  const path = join(folder, "latin1.yaml");
  await writeFile(
    path,
    Buffer.concat([Buffer.from("name: A\ndescription: \uFFFD😀caf"), Buffer.from([0xe9, 0x0a])]),
  );
  expect(await readCaseFiles([path])).toEqual({
    errors: [{ file: path, line: 2, column: 20, message: "This is no UTF-8; save the file as UTF-8." }],
  });
  await writeFile(path, Buffer.from("\uFEFFname: A", "utf16le"));
  expect(await readCaseFiles([path])).toMatchObject({
    errors: [{ message: "The file is UTF-16; save it as UTF-8." }],
  });
});

test("what is not there, or no file, is said to be so", async ({ folder }) => {
  expect(await readCaseFiles([join(folder, "none.yaml")])).toMatchObject({
    errors: [{ message: "It cannot be read (ENOENT); check its name and rights." }],
  });
  expect(await readCaseFiles([folder])).toMatchObject({
    errors: [{ message: expect.stringContaining("holds no .yaml") }],
  });
});
