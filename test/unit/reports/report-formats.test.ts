import { expect, test } from "vitest";
import { annotationsOf, markdownOf } from "../../../src/reports/github.js";
import { hrefsOf, withHrefs } from "../../../src/reports/hrefs.js";
import { htmlReportOf } from "../../../src/reports/html/html-report.js";
import { reportOfRuns } from "../../../src/reports/report.js";
import { reportOfEveryKind, reportRun } from "../../support/reports.js";

const PICTURE = { mediaType: "image/jpeg", bytes: new Uint8Array([1, 2, 3]) };

async function htmlOf(
  ...[report, options = {}]: [Parameters<typeof htmlReportOf>[0], object?]
): Promise<string> {
  const none = { read: async () => undefined, linkOf: () => undefined };
  let text = "";
  for await (const piece of htmlReportOf(report, { ...none, ...options })) text += piece;
  return text;
}

test("the summary counts every kind of run", () => {
  expect(reportOfEveryKind().summary).toEqual({
    tests: 6,
    passed: 3,
    failed: 1,
    error: 1,
    skipped: 1,
    flaky: 1,
    unchecked: 1,
    duration_ms: 1_500,
  });
});

test("GitHub's summary shows text as text, and what needs a look first", () => {
  const markdown = markdownOf(reportOfEveryKind("![x](http://evil) | <img src=x> @all\n# Title"));
  expect(markdown).toContain(
    "3 passed, 1 failed, 1 could not be judged, 1 not run, 1 flaky, 1 checked nothing",
  );
  expect(markdown).not.toMatch(/[^\\]!\[|<img|\n# |[^\\]@all/);
  expect(markdown.indexOf("Flaky")).toBeLessThan(markdown.indexOf("Orders"));
});

test("an annotation stands at the test's file and stays one line", () => {
  expect(annotationsOf(reportOfEveryKind("100%\nno, it: does not"))).toEqual([
    "::error file=cases/orders.yaml,line=3,title=100%25%0Ano%2C it%3A does not::2. See 100%25%0Ano, it: does not: 100%25%0Ano, it: does not",
    "::warning file=cases/orders.yaml,line=3,title=Flaky::It passed at attempt 2 only.",
    "::error file=cases/orders.yaml,line=3,title=Not started::100%25%0Ano, it: does not",
  ]);
});

test("no text of a test is a part of the HTML, which may load nothing", async () => {
  const html = await htmlOf(reportOfEveryKind(`"><script>alert(1)</script><img src=x onerror=alert(1)>`));
  expect(html.match(/<script>/g)).toHaveLength(1);
  expect(html).not.toContain("<img src=x");
  expect(html).toContain(`http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;;`);
  expect(html).not.toMatch(/https?:/);
});

test("the HTML has the pictures, the locator, what was expected and seen, and the console in it", async () => {
  const read = async (href: string) =>
    href.endsWith("console")
      ? { mediaType: "application/json", bytes: Buffer.from('[{"at":0,"level":"error","text":"<oh>"}]') }
      : PICTURE;
  const html = await htmlOf(reportOfEveryKind("seen"), { read });
  expect(html).toContain("data:image/jpeg;base64,AQID");
  expect(html).toContain("<code>id: login</code>");
  expect(html).toContain("00:00:00.000 error &lt;oh&gt;");
  expect(html).toContain("checks nothing");
});

test("a file that is gone or is no picture is left out", async () => {
  const html = await htmlOf(reportOfEveryKind(), {
    read: async () => ({ ...PICTURE, mediaType: "image/svg+xml" }),
  });
  expect(html).not.toContain("<img");
});

test("of many runs only those that did not pass have pictures", async () => {
  const runs = Array.from({ length: 101 }, () => reportRun());
  const html = await htmlOf(reportOfRuns(runs, new Date()), { read: async () => PICTURE });
  expect(html).not.toContain("<img");
});

test("files can be moved: every place in the report is told and changed", () => {
  const report = reportOfEveryKind();
  const hrefs = report.runs.flatMap((run) => Object.values(hrefsOf(run)).flat());
  expect(new Set(hrefs)).toEqual(
    new Set(["/api/artifacts/after-1", "/api/artifacts/console", "/api/artifacts/judged"]),
  );
  expect(JSON.stringify(withHrefs(report, () => "moved"))).not.toContain("/api/artifacts");
});
