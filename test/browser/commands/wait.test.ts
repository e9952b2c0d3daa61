import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import { browsing, click, id } from "../../support/browsing.js";
import { isFirefox, ROADS } from "../../support/real-browser.js";

describe.each(ROADS)("wait commands over %s", (road) => {
  const { open, pass, fail } = browsing(road, { isShared: true });

  test("wait waits at least its time", async () => {
    const started = performance.now();
    await pass({ action: "wait", duration: 0.3 });
    expect(performance.now() - started).toBeGreaterThanOrEqual(295);
  });

  describe("wait_for", () => {
    const waitFor = (state: string, element: string, more: object = {}): Command =>
      ({ action: "wait_for", state, ...id(element), ...more }) as Command;
    const cases = [
      ["present", "coming"],
      ["absent", "going"],
      ["visible", "unseen"],
      ["hidden", "seen"],
      ["hidden", "going"],
      ["enabled", "off"],
      ["disabled", "on"],
      ["editable", "locked"],
    ] as const;

    test.each(cases)("%s: waits until #%s is so", async (state, element) => {
      await pass(open("/commands/states"), click("change"), waitFor(state, element));
    });

    test.each(cases)("%s: fails while #%s is not so", async (state, element) => {
      const message = await fail(open("/commands/states"), waitFor(state, element, { timeout: 0.2 }));
      expect(message).toContain(`Command 2 (wait_for) on id '${element}': expected `);
      expect(message).toMatch(/ within 0\.2 s, but .+\.$/);
    });
  });

  describe("wait_for_text", () => {
    test("waits until the text is as expected", async () => {
      await pass(open("/commands/states"), click("change"), {
        action: "wait_for_text",
        ...id("text"),
        expected_text: "cancelled",
      });
    });

    test("fails with the text that is there", async () => {
      const message = await fail(open("/commands/states"), {
        action: "wait_for_text",
        ...id("text"),
        expected_text: "^Order \\d+$",
        match: "regex",
        timeout: 0.2,
      });
      expect(message).toBe(
        "Command 2 (wait_for_text) on id 'text': expected text that matches /^Order \\d+$/ within 0.2 s, " +
          'but its text is "Order 1001 is placed".',
      );
    });
  });

  describe("wait_for_url", () => {
    const waitForUrl = (expected_url: string, more: object = {}): Command => ({
      action: "wait_for_url",
      expected_url,
      ...more,
    });

    test("sees what an application does without loading a page, soon after it is so", async () => {
      const started = performance.now();
      await pass(
        open("/commands/app"),
        click("go"),
        waitForUrl("/commands/app/orders?id=7#top"),
        waitForUrl("http://*/orders?id=*", { match: "glob" }),
        { action: "verify_title", expected_title: "Orders", match: "equals" },
      );
      expect(performance.now() - started).toBeLessThan(3_000);
    });

    test("waits through a navigation", async () => {
      await pass(open("/slow-navigation?delay=300"), click("go"), waitForUrl("/slow-navigation/target"));
    });

    test("fails, and not much later, while the next page is not there", async () => {
      const leaving = [open("/ways-to-leave?delay=60000"), click("link")];
      expect(await fail(...leaving, waitForUrl("/target", { timeout: 0.2 }))).toContain(
        "within 0.2 s, but the page was still loading.",
      );
    });

    test("fails with the address that is there", async () => {
      expect(await fail(open("/commands/app"), waitForUrl("/orders", { timeout: 0.2 }))).toMatch(
        /^Command 2 \(wait_for_url\): expected a window whose address contains "\/orders" within 0\.2 s, but its address is "http:\/\/127\.0\.0\.1:\d+\/commands\/app"\.$/,
      );
    });
  });
});

describe.each(ROADS)("wait_for_download over %s", (road) => {
  const { open, run, pass, fail } = browsing(road);

  const waitForDownload = (expected_file_name?: string, more: object = {}): Command => ({
    action: "wait_for_download",
    ...(expected_file_name && { expected_file_name }),
    ...more,
  });

  test("keeps the file once it is complete", async () => {
    const { artifacts } = await pass(open("/commands/downloads"), click("slow"), waitForDownload("*.csv"));
    expect(artifacts).toMatchObject([{ kind: "download", name: "slow.csv" }]);
    const [artifact] = artifacts;
    if (artifact?.kind !== "download") throw new Error("no download was kept");
    expect(await readFile(artifact.path, "utf8")).toBe("hello world!");
  });

  test("gives each command a download of its own", async () => {
    const { artifacts } = await pass(
      open("/commands/downloads"),
      click("report"),
      waitForDownload(),
      click("slow"),
      waitForDownload(),
      click("report"),
      waitForDownload("report-????.csv"),
    );
    expect(artifacts.map(({ name }) => name)).toEqual(["report-2026.csv", "slow.csv", "report-2026.csv"]);
  });

  test.skipIf(isFirefox)(
    "fails when the download does (Firefox's may be gone before it was seen)",
    async () => {
      expect(await fail(open("/commands/downloads"), click("broken"), waitForDownload("broken.*"))).toContain(
        'the download of "broken.csv" failed',
      );
    },
  );

  test("fails when there is none, and says which there are", async () => {
    const none = await fail(open("/commands/downloads"), waitForDownload("*.pdf", { timeout: 0.2 }));
    expect(none).toBe(
      'Command 2 (wait_for_download): expected a complete download whose name is like "*.pdf" within 0.2 s, ' +
        "but nothing was downloaded.",
    );
    const other = await fail(
      click("report"),
      waitForDownload("report*"),
      waitForDownload("*.pdf", { timeout: 0.2 }),
    );
    expect(other).toContain('but there is only "report-2026.csv" (complete, 12 bytes).');
  });

  test("is checked by verify_download", async () => {
    const verify = (more: object): Command => ({ action: "verify_download", timeout: 0.3, ...more });
    await pass(
      open("/commands/downloads"),
      verify({ not: true }),
      click("slow"),
      verify({ expected_file_name: "slow.csv", min_bytes: 12, timeout: 5 }),
      verify({ expected_file_name: "SLOW.csv", not: true }),
      verify({ expected_file_name: "^slow", match: "regex" }),
    );
    expect(await fail(verify({ min_bytes: 13 }))).toBe(
      "Command 1 (verify_download): expected a complete download of at least 13 bytes within 0.3 s, " +
        'but there is only "slow.csv" (complete, 12 bytes).',
    );
    expect(await fail(verify({ expected_file_name: "slow.csv", not: true }))).toContain(
      "expected no complete download",
    );
  });

  test("that never ends is given up when the run is", async () => {
    const cancel = new AbortController();
    const running = run([open("/commands/downloads"), waitForDownload("never")], {
      signal: cancel.signal,
      onCommandBegun: (number) => {
        if (number === 2) setImmediate(() => cancel.abort(new Error("cancelled")));
      },
    });
    await expect(running).rejects.toThrow("cancelled");
  });
});
