import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resolveUploads } from "../../../src/runner/uploads.js";

let base: string;
let folder: string;

beforeAll(async () => {
  base = await realpath(await mkdtemp(path.join(os.tmpdir(), "stepwire-uploads-")));
  folder = path.join(base, "uploads");
  await mkdir(path.join(folder, "inner"), { recursive: true });
  await mkdir(path.join(base, "uploads-of-others"));
  await writeFile(path.join(folder, "a.txt"), "a");
  await writeFile(path.join(folder, "..b.txt"), "b");
  await writeFile(path.join(folder, "inner", "c.txt"), "c");
  await writeFile(path.join(base, "outside.txt"), "no");
  await writeFile(path.join(base, "uploads-of-others", "d.txt"), "no");
  await symlink(path.join(base, "outside.txt"), path.join(folder, "link.txt"));
  await symlink(path.join(folder, "a.txt"), path.join(folder, "inside-link.txt"));
  await symlink(base, path.join(folder, "up"));
});

afterAll(() => rm(base, { recursive: true, force: true }));

test("files of the folder and of its folders are found", async () => {
  expect(await resolveUploads(["a.txt", "..b.txt", "inner/c.txt", "inner/../a.txt"], folder)).toEqual([
    path.join(folder, "a.txt"),
    path.join(folder, "..b.txt"),
    path.join(folder, "inner", "c.txt"),
    path.join(folder, "a.txt"),
  ]);
});

test("a link inside the folder is followed, and so is one to the folder itself", async () => {
  expect(await resolveUploads(["inside-link.txt"], folder)).toEqual([path.join(folder, "a.txt")]);
  const other = path.join(base, "folder-link");
  await symlink(folder, other);
  expect(await resolveUploads(["a.txt"], other)).toEqual([path.join(folder, "a.txt")]);
});

test.each([
  "../outside.txt",
  "inner/../../outside.txt",
  "../uploads-of-others/d.txt",
  "/etc/passwd",
  "link.txt",
  "up/outside.txt",
  "..",
  ".",
])("%s is outside and refused", async (name) => {
  await expect(resolveUploads([name], folder)).rejects.toThrow(
    `the file '${name}' is outside the upload folder; put it there (UPLOADS_DIR) and give its name only`,
  );
});

test.each(["missing.txt", "inner", "a.txt/b"])("%s is no file and refused", async (name) => {
  await expect(resolveUploads([name], folder)).rejects.toThrow(
    `there is no file '${name}' to upload; put it into the upload folder (UPLOADS_DIR)`,
  );
});

test("a server without such a folder, or whose folder is gone, tells the remedy", async () => {
  await expect(resolveUploads(["a.txt"], undefined)).rejects.toThrow("name one in UPLOADS_DIR");
  await expect(resolveUploads(["a.txt"], path.join(base, "gone"))).rejects.toThrow("change UPLOADS_DIR");
});
