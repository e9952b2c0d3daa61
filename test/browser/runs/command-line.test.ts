import { spawn, type ChildProcess } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { expect } from "vitest";
import { Report } from "../../../src/protocol/report.js";
import { findChromium } from "../../support/installed-browser.js";
import { folderTest } from "../../support/scratch-fixtures.js";
import { startTinySite } from "../../support/tiny-site.js";
import { TRANSLATED_COMMAND_LINE } from "../../support/translated-server.js";

// `stepwire run` as people and CI systems start it: a process of its own, in a folder with case files and nothing else.

const HELLO = `<title>Hello</title><h1>Hello</h1><script>console.error("oh no")</script>`;

const test = folderTest
  .extend("site", async ({}, { onCleanup }) => {
    let asked: () => void = () => undefined;
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    const site = await startTinySite({
      "/": () => HELLO,
      "/never": () => {
        asked();
        return undefined;
      },
    });
    onCleanup(() => site.close());
    return { ...site, isAsked };
  })
  // Made first, as both others put something into it.
  .extend("work", { auto: true }, async ({ folder }) => {
    await mkdir(join(folder, "work"));
  })
  .extend("start", async ({ folder }) => {
    const temporary = join(folder, "tmp");
    await mkdir(temporary);
    return (...args: string[]): ChildProcess => {
      const env = {
        ...process.env,
        TMPDIR: temporary,
        NO_COLOR: "1",
        GITHUB_STEP_SUMMARY: "",
        NODE_DISABLE_COMPILE_CACHE: "1",
      };
      return spawn(process.execPath, [resolve(TRANSLATED_COMMAND_LINE), "run", ...args], {
        cwd: join(folder, "work"),
        env,
        stdio: ["ignore", "pipe", "pipe"],
      });
    };
  })
  .extend("write", ({ folder, site }) => async (name: string, heading: string, path = "/") => {
    const script = [
      { action: "navigate", url: `${site.url}${path}` },
      {
        action: "verify_text",
        locator_type: "tag",
        locator_value: "h1",
        expected_text: heading,
        timeout: 0.2,
      },
    ];
    const testCase = {
      name,
      steps: [{ description: `See ${heading}`, expected_result: "It is there", script }],
    };
    await writeFile(join(folder, "work", `${name}.json`), JSON.stringify(testCase));
  });

async function outcomeOf(
  child: ChildProcess,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const result = { stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (result.stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (result.stderr += text));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, ...result };
}

/** Nothing but what the tests themselves have put there, and what was asked for. */
async function expectNothingLeft(folder: string, ...made: string[]): Promise<void> {
  // Chromium's own, which it leaves behind wherever it is ended by a signal.
  const left = (await readdir(join(folder, "tmp"))).filter((name) => !name.startsWith("org.chromium."));
  expect(left).toEqual([]);
  const files = (await readdir(join(folder, "work"))).filter((name) => !/\.(?:json|yaml)$/.test(name));
  expect(files).toEqual(made);
}

test("tests that cannot be stored are told of, and the browser that was started for them ends", async ({
  folder,
  start,
}) => {
  const steps = [{ description: "Wait", script: [{ action: "wait", duration: 0.1 }] }];
  const testCase = { name: "A", environment: "nowhere", steps };
  await writeFile(join(folder, "work", "a.json"), JSON.stringify(testCase));
  const { code, stderr } = await outcomeOf(start("a.json"));
  expect(stderr).toContain("There is no environment 'nowhere'.");
  expect(code).toBe(2);
  await expectNothingLeft(folder);
});

test("tests that pass end with 0, and leave nothing behind", async ({ folder, start, write }) => {
  await write("a", "Hello");
  const { code, stdout, stderr } = await outcomeOf(start("a.json"));
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^Running 1 test\n✓ a \([\d.]+ s\)\n1 passed in [\d.]+ s\n$/);
  await expectNothingLeft(folder);
});

test("a test that fails ends with 1, and every report says why", async ({ folder, start, write }) => {
  await write("a", "Hello");
  await write("b", "Goodbye");
  const reporters = "list,junit,html,json,github";
  const { code, stdout } = await outcomeOf(start(".", "--reporter", reporters, "--output", "out"));
  expect(code).toBe(1);
  expect(stdout).toContain(`✗ b (`);
  expect(stdout).toContain(
    `b.json:1\n    Command 2 (verify_text) on tag 'h1': expected text that contains "Goodbye"`,
  );
  expect(stdout).toContain("1 passed, 1 failed in ");
  expect(stdout).toContain("::error file=b.json,line=1,title=b::1. See Goodbye: Command 2");
  const out = join(folder, "work", "out");
  expect((await readdir(out)).sort()).toEqual(["artifacts", "junit.xml", "report.html", "report.json"]);
  const report = Report.parse(JSON.parse(await readFile(join(out, "report.json"), "utf8")));
  expect(report.runs.map(({ name, status }) => [name, status])).toEqual([
    ["a", "passed"],
    ["b", "failed"],
  ]);
  const evidence = report.runs[1]?.steps[0]?.evidence ?? [];
  const kept = await readdir(join(out, "artifacts"));
  expect(kept).toEqual(expect.arrayContaining(evidence.map(({ href }) => href.replace("artifacts/", ""))));
  const junit = await readFile(join(out, "junit.xml"), "utf8");
  const [, attachment = ""] = /\[\[ATTACHMENT\|(.+\.(?:jpg|png))\]\]/.exec(junit) ?? [];
  await expect(readFile(attachment)).resolves.toBeInstanceOf(Buffer);
  await expectNothingLeft(folder, "out");
});

test("the HTML report needs no network, no second file and no mouse", async ({ folder, start, write }) => {
  await write("a", "Hello");
  await write("b", "Goodbye");
  await outcomeOf(start(".", "--reporter", "html", "--output", "out", "--video"));
  const browser = await chromium.launch({
    executablePath: (await findChromium()).binary,
    args: ["--no-sandbox"],
  });
  try {
    for (const colorScheme of ["light", "dark"] as const) {
      const context = await browser.newContext({ colorScheme, viewport: { width: 360, height: 800 } });
      const page = await context.newPage();
      const complaints: string[] = [];
      const requests: string[] = [];
      page.on("console", (message) => complaints.push(message.text()));
      page.on("request", (request) => requests.push(request.url()));
      await page.goto(pathToFileURL(join(folder, "work", "out", "report.html")).href);
      await page.waitForFunction("[...document.images].every((image) => image.naturalWidth > 0)");
      const readyState = () => page.evaluate("document.querySelector('video').readyState");
      await expect.poll(readyState).toBeGreaterThan(0);
      expect(complaints).toEqual([]);
      expect(requests.filter((url) => !/^(?:file|data):/.test(url))).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
      await page.getByRole("radio", { name: "not passed" }).check();
      expect(await page.locator(".run:visible h2").allTextContents()).toEqual(["b"]);
      await page.getByRole("radio", { name: "all" }).check();
      await page.getByRole("searchbox").fill("A");
      expect(await page.locator(".run:visible h2").allTextContents()).toEqual(["a"]);
      await page.getByRole("searchbox").fill("");
      // The page's own policy lets no script of a test in; a debugger's evaluation is none.
      await page.evaluate(
        await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"),
      );
      const violations = await page.evaluate(
        "axe.run().then(({ violations }) => violations.map(({ id }) => id))",
      );
      expect(violations).toEqual([]);
      await context.close();
    }
  } finally {
    await browser.close();
  }
});

test("tests run in the environments of the files, or in the one that is asked for", async ({
  folder,
  start,
  site,
}) => {
  const script = [
    { action: "navigate", url: "/" },
    { action: "verify_text", locator_type: "tag", locator_value: "h1", expected_text: "${env.HEADING}" },
  ];
  const environment = (name: string, HEADING: string) => ({
    name,
    base_url: site.url,
    variables: { HEADING },
  });
  const steps = [{ description: "See the heading", script }];
  const file = {
    environments: [environment("right", "Hello"), environment("wrong", "Goodbye")],
    cases: [{ name: "Heading", environment: "right", steps }],
  };
  await writeFile(join(folder, "work", "all.json"), JSON.stringify(file));
  const codeOf = async (...args: string[]) => (await outcomeOf(start("all.json", ...args))).code;
  expect(await codeOf()).toBe(0);
  expect(await codeOf("--env", "wrong", "--var", "HEADING=Hello")).toBe(0);
  expect(await codeOf("--env", "none")).toBe(2);
});

test("an interruption ends the test, writes the reports and leaves nothing behind", async ({
  folder,
  start,
  write,
  site,
}) => {
  await write("slow", "Hello", "/never");
  const child = start("slow.json", "--reporter", "list,junit", "--output", "out");
  const ended = outcomeOf(child);
  await site.isAsked;
  child.kill("SIGINT");
  const { code, stdout } = await ended;
  expect(code).toBe(130);
  expect(stdout).toContain("! slow (");
  expect(await readFile(join(folder, "work", "out", "junit.xml"), "utf8")).toContain(
    '<error message="Cancelled"',
  );
  await expectNothingLeft(folder, "out");
});

test("what cannot be run is told with its places, ends with 2 and makes nothing", async ({
  folder,
  start,
  write,
}) => {
  await write("a", "Hello");
  await writeFile(
    join(folder, "work", "wrong.yaml"),
    "name: Wrong\nsteps:\n  - script:\n      - action: clik\n",
  );
  const { code, stdout, stderr } = await outcomeOf(start(".", "--reporter", "json"));
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr.split("\n")).toEqual([
    expect.stringMatching(/^wrong\.yaml:3:\d+: .*description' is missing/),
    expect.stringMatching(/^wrong\.yaml:4:\d+: .*clik.*click/),
    "",
  ]);
  await expectNothingLeft(folder);
});
