import { randomUUID } from "node:crypto";
import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, vi } from "vitest";
import { MARK_FILE, newMark } from "../../../../src/db/artifacts/mark.js";
import { openPlace } from "../../../../src/db/artifacts/place.js";
import type { ArtifactFiles } from "../../../../src/db/artifacts/ports.js";
import { s3Test } from "../../../support/s3-server.js";

const DAY_MS = 24 * 60 * 60 * 1_000;

const bytes = (content: string) => ({ bytes: Buffer.from(content) });

async function contentOf(files: ArtifactFiles, path: string, range?: { start?: number; end?: number }) {
  const file = await files.open(path);
  return file === undefined ? undefined : await text(file.read(range));
}

async function runsIn(files: ArtifactFiles): Promise<Map<string, string[]>> {
  const runs = new Map<string, string[]>();
  for await (const part of files.listRuns())
    for (const { runId, names } of part) {
      expect(runs).not.toHaveProperty(runId);
      runs.set(runId, names.toSorted());
    }
  return runs;
}

/** The same behaviour of every place that artifacts can be kept in. */
describe.for(["folder", "bucket"] as const)("artifacts in a %s", (kind) => {
  const test = s3Test
    .extend("artifactsDir", ({ s3, folder }) =>
      kind === "bucket" ? s3.artifactsDir() : join(folder, "artifacts"),
    )
    .extend("files", async ({ artifactsDir }, { onCleanup }) => {
      const place = await openPlace(artifactsDir);
      onCleanup(() => {
        place.close();
      });
      await place.prepare();
      const mark = newMark();
      await place.writeMark({ mark, database: "test.db" }, { isNew: true });
      return place.filesOf(mark);
    });

  test("are written once, and read whole or in parts", async ({ files, folder }) => {
    const path = `${randomUUID()}/${randomUUID()}.bin`;
    await expect(files.write(path, bytes("0123456789"))).resolves.toBe(10);
    const opened = await files.open(path);
    expect(opened?.size).toBe(10);
    await opened?.close();
    expect(await contentOf(files, path)).toBe("0123456789");
    expect(await contentOf(files, path, { start: 2, end: 4 })).toBe("234");
    expect(await contentOf(files, path, { start: 7 })).toBe("789");

    const file = join(folder, "download");
    await writeFile(file, "downloaded");
    const copy = `${randomUUID()}/${randomUUID()}.bin`;
    await expect(files.write(copy, { file })).resolves.toBe(10);
    expect(await contentOf(files, copy)).toBe("downloaded");
    const empty = `${randomUUID()}/${randomUUID()}.bin`;
    await expect(files.write(empty, bytes(""))).resolves.toBe(0);
    expect(await contentOf(files, empty)).toBe("");
  });

  test("are only plain files", async ({ files, folder }) => {
    const path = `${randomUUID()}/${randomUUID()}.bin`;
    await writeFile(join(folder, "target"), "secret");
    await symlink(join(folder, "target"), join(folder, "link"));
    await expect(files.write(path, { file: join(folder, "link") })).rejects.toThrow("no plain file");
    await expect(files.write(path, { file: folder })).rejects.toThrow("no plain file");
    expect(await contentOf(files, path)).toBeUndefined();
  });

  test.for(["../outside.txt", "a/../../b.txt", "/etc/hostname", "a/b/c.txt", ""])(
    "do not lie at '%s'",
    async (path, { files }) => {
      await expect(files.open(path)).resolves.toBeUndefined();
      await expect(files.remove([path])).resolves.toBeUndefined();
    },
  );

  test("are refused for a run whose id could be a path", async ({ files }) => {
    await expect(files.write("../a.bin", bytes("1"))).rejects.toThrow('".." cannot name a folder');
    await expect(files.begin("../a.bin")).rejects.toThrow('".." cannot name a folder');
  });

  test("are written bit by bit, in any order", async ({ files, folder }) => {
    const temporary = join(folder, "tmp");
    await mkdir(temporary);
    vi.stubEnv("TMPDIR", temporary);
    const path = `${randomUUID()}/${randomUUID()}.webm`;
    const file = await files.begin(path);
    await file.write(Buffer.from("....world"), 0);
    await file.write(Buffer.from("hello"), 0);
    await expect(file.finish()).resolves.toBe(9);
    expect(await contentOf(files, path)).toBe("helloorld");

    const other = `${randomUUID()}/${randomUUID()}.webm`;
    const discarded = await files.begin(other);
    await discarded.write(Buffer.from("lost"), 0);
    await discarded.discard();
    expect(await contentOf(files, other)).toBeUndefined();
    expect(await readdir(temporary)).toEqual([]);
  });

  test("are listed by their runs, and nothing else is", { timeout: 30_000 }, async ({ files }) => {
    // More than are looked at together.
    const runIds = Array.from({ length: 203 }, () => randomUUID());
    await Promise.all(runIds.map((runId) => files.write(`${runId}/${runId}.jpg`, bytes("1"))));
    const [first = ""] = runIds;
    await files.write(`${first}/${"0".repeat(8)}.txt`, bytes("2"));
    await files.write(`baselines-1/${randomUUID()}.png`, bytes("3"));

    const runs = await runsIn(files);
    expect([...runs.keys()].toSorted()).toEqual(runIds.toSorted());
    expect(runs.get(first)).toEqual(["00000000.txt", `${first}.jpg`].toSorted());
  });

  test("are deleted one by one, and with their folders", async ({ files }) => {
    const [one = "", two = "", three = ""] = Array.from({ length: 3 }, () => randomUUID());
    const paths = [`${one}/a.jpg`, `${one}/b.jpg`, `${two}/a.jpg`, `${three}/a.jpg`];
    for (const path of paths) await files.write(path, bytes("1"));

    await files.remove([`${one}/a.jpg`, `${one}/missing.jpg`]);
    await files.removeFolders([two, randomUUID()]);
    await files.remove([`${three}/a.jpg`]);
    await files.removeEmptyFolders([one, three]);

    expect(await runsIn(files)).toEqual(new Map([[one, ["b.jpg"]]]));
  });

  test("lie in the trash for seven days, and can be put back", async ({ files }) => {
    const now = new Date("2026-11-30T12:00:00Z");
    const trash = files.openTrash(now);
    const [kept = "", lost = ""] = Array.from({ length: 2 }, () => `${randomUUID()}/${randomUUID()}.jpg`);
    for (const path of [kept, lost]) {
      await files.write(path, bytes(path));
      await trash.take(path);
      expect(await contentOf(files, path)).toBeUndefined();
    }
    expect(await runsIn(files).then((runs) => [...runs.values()].flat())).toEqual([]);

    const [keptRun = ""] = kept.split("/");
    const contents = await trash.contents();
    expect(contents.size).toBe(2);
    await expect(trash.putBack(kept, contents.get(keptRun) ?? [])).resolves.toBe(true);
    await expect(trash.putBack(kept, contents.get(keptRun) ?? [])).resolves.toBe(false);
    expect(await contentOf(files, kept)).toBe(kept);

    await expect(files.openTrash(new Date(now.getTime() + 7 * DAY_MS)).empty()).resolves.toBe(0);
    await expect(files.openTrash(new Date(now.getTime() + 8 * DAY_MS)).empty()).resolves.toBe(1);
    expect((await trash.contents()).size).toBe(0);
    expect(await contentOf(files, kept)).toBe(kept);
  });

  test("are no longer written once another database has the place", async ({ files, artifactsDir }) => {
    await expect(files.require()).resolves.toBeUndefined();
    const place = await openPlace(artifactsDir);
    await expect(place.writeMark({ mark: newMark(), database: "b.db" }, { isNew: false })).resolves.toBe(
      true,
    );
    await expect(files.require()).rejects.toThrow(`belongs to another database (${MARK_FILE})`);
    place.close();
  });
});
