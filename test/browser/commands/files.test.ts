import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import { browsing, id, shows } from "../../support/browsing.js";
import { isFirefox, ROADS } from "../../support/real-browser.js";

// Firefox's driver gives files to a file field only, and says so.
describe.skipIf(isFirefox).each(ROADS)(
  "upload_file other than by a file field (Firefox's driver has nothing else) over %s",
  (road) => {
    const { open, run } = browsing(road, { isShared: true });
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "stepwire-files-"));
      await writeFile(join(folder, "a.txt"), "first");
      await writeFile(join(folder, "b.txt"), "second");
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    const upload = (element: string, file: string | string[] = "a.txt", timeout = 5) =>
      ({ action: "upload_file", ...id(element), file, timeout }) satisfies Command;
    const outcomeOf = async (commands: Command[], path = "/commands/files") =>
      (await run([open(path), ...commands], { uploadsDir: folder })).outcome;
    const messageOf = async (verdict: string, command: Command) => {
      const outcome = await outcomeOf([command]);
      expect(outcome).toMatchObject({ verdict, command: 2 });
      return "message" in outcome ? outcome.message : "";
    };

    test.each([
      ["detached", "chosen a.txt=first"],
      ["inside", "chosen a.txt=first"],
      ["slow", "chosen a.txt=first"],
      ["label", "labelled a.txt=first"],
      ["zone", "dropped a.txt=first"],
      ["eager", "overlaid a.txt=first"],
      ["clicked", "chosen a.txt=first"],
      ["covered", "covered a.txt=first"],
    ])("gives a file to #%s", async (element, got) => {
      expect(await outcomeOf([upload(element), shows("got", got)])).toEqual({ verdict: "passed" });
    });

    test("gives several files to a chooser and to a place to drop them", async () => {
      const both = ["a.txt", "b.txt"];
      expect(
        await outcomeOf([
          upload("several", both),
          shows("got", "chosen a.txt=first b.txt=second"),
          upload("zone", both),
          shows("got", "dropped a.txt=first b.txt=second"),
        ]),
      ).toEqual({ verdict: "passed" });
      expect(await messageOf("failed", upload("detached", both))).toContain(
        "its file chooser takes one file only",
      );
    });

    test("works in a frame", async () => {
      const commands: Command[] = [
        { action: "switch_frame", ...id("frame") },
        upload("detached"),
        shows("got", "chosen a.txt=first"),
        upload("zone", "b.txt"),
        shows("got", "dropped b.txt=second"),
      ];
      expect(await outcomeOf(commands, "/commands/files/framed")).toEqual({ verdict: "passed" });
    });

    test("fails where a click opens no file chooser and nothing takes what is dropped", async () => {
      expect(await messageOf("failed", upload("silent", "a.txt", 0.5))).toBe(
        "Command 2 (upload_file) on id 'silent': expected something to give 'a.txt' to within 0.5 s, but a click on it opened no file chooser.",
      );
      for (const element of ["picky", "dead"])
        expect(await messageOf("failed", upload(element, "a.txt", 1))).toContain(
          "it takes no files that are dropped on it, and a click on it opened no file chooser",
        );
    });

    test("fails where the page leaves what was dropped to the browser, which opens no file", async () => {
      expect(await messageOf("failed", upload("careless", "a.txt", 1))).toContain(
        "the page did not take the files that were dropped on it",
      );
      const { outcome } = await run([{ action: "verify_title", expected_title: "Files" }]);
      expect(outcome).toEqual({ verdict: "passed" });
    });
  },
);
