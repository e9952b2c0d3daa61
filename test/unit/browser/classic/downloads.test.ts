import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ClassicDownloads } from "../../../../src/browser/classic/downloads.js";
import { scratchFolder, type ScratchFolder } from "../../../support/scratch-folder.js";

let scratch: ScratchFolder;
let folder: string;
let downloads: ClassicDownloads;

beforeEach(async () => {
  scratch = await scratchFolder();
  folder = join(scratch.path, "downloads");
  await mkdir(folder);
  downloads = new ClassicDownloads({ folder, hasLog: () => false });
});

afterEach(() => scratch.remove());

const place = (name: string) => join(folder, name);
const states = async () => {
  await downloads.update([]);
  return downloads.all.map(({ fileName, state }) => `${fileName} ${state}`);
};

// Changes that Firefox 153 makes to its folder.
describe("a browser without a log", () => {
  beforeEach(async () => {
    await writeFile(place("report.txt"), "");
    await writeFile(place("MyHmKM4M.txt.part"), "half");
    expect(await states()).toEqual(["report.txt in_progress"]);
  });

  test("ends a download by putting it in the place of an empty file", async () => {
    await writeFile(place("report.txt"), "whole");
    await rm(place("MyHmKM4M.txt.part"));
    expect(await states()).toEqual(["report.txt complete"]);
    const [{ path = "", bytes } = {}] = downloads.all;
    expect(bytes).toBe(5);
    expect(await readFile(path, "utf8")).toBe("whole");
    expect(await states()).toEqual(["report.txt complete"]);
  });

  test("breaks one off by taking both away", async () => {
    await rm(place("MyHmKM4M.txt.part"));
    await rm(place("report.txt"));
    expect(await states()).toEqual(["report.txt failed"]);
  });

  test("may save another under the name of one that broke off", async () => {
    await rm(place("MyHmKM4M.txt.part"));
    await rm(place("report.txt"));
    await states();
    await writeFile(place("report.txt"), "another");
    expect(await states()).toEqual(["report.txt failed", "report.txt complete"]);
  });
});
