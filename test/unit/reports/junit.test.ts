import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { validateXML } from "xmllint-wasm";
import { Report, type ReportAttempt } from "../../../src/protocol/report.js";
import { junitOf } from "../../../src/reports/junit.js";
import { reportOfEveryKind, reportRun, reportStep } from "../../support/reports.js";
import { reportOfRuns } from "../../../src/reports/report.js";

/** The faults of a document by the form that Jenkins reads. */
async function faultsIn(xml: string): Promise<string[]> {
  const schema = await readFile("test/support/schemas/junit.xsd", "utf8");
  const { errors } = await validateXML({ xml: [{ fileName: "junit.xml", contents: xml }], schema });
  return errors.map(({ message }) => message);
}

test("the schema of these tests lets nothing else through", async () => {
  const xml = junitOf(reportOfEveryKind());
  const faults = await faultsIn(xml.replace("<testcase ", '<testcase file="a.yaml" '));
  expect(faults).toEqual([expect.stringContaining("The attribute 'file' is not allowed")]);
});

test("a report of every kind of run is valid by Jenkins' schema", async () => {
  const report = reportOfEveryKind();
  expect(Report.parse(report)).toEqual(report);
  const xml = junitOf(report);
  expect(await faultsIn(xml)).toEqual([]);
  expect(xml).toContain('<testsuites name="Stepwire" tests="7" failures="1" errors="1"');
  expect(xml).toContain('<flakyError message="It says &lt;b&gt;&amp;&quot;\'" type="error"');
  expect(xml).toContain("This step checks nothing.");
});

test("a text with what XML cannot hold stays readable XML", async () => {
  const text = "bell \u0007, half \ud800, end ]]> \ufffe";
  const xml = junitOf(reportOfEveryKind(text));
  expect(await faultsIn(xml)).toEqual([]);
  // eslint-disable-next-line no-control-regex -- these are what is to be gone
  expect(xml).not.toMatch(/[\u0000-\u0008\ufffe]|[\ud800-\udbff](?![\udc00-\udfff])/);
  expect(xml).toContain("bell \ufffd, half \ufffd");
});

test("attachments stand in the output of their test, a picture first", () => {
  const xml = junitOf(reportOfEveryKind(), { pathOf: (href) => `/report${href}` });
  expect(xml).toMatch(
    /\[\[ATTACHMENT\|\/report\/api\/artifacts\/judged\]\]\n\[\[ATTACHMENT\|\/report\/api\/artifacts\/console\]\]/,
  );
});

test("a run that did not pass at any attempt has its attempts at the step that failed", async () => {
  const failed = reportStep({ status: "failed", error_message: "no" });
  const attempt = {
    attempt: 1,
    status: "failed" as const,
    error_message: "neither",
    evidence: [],
  } satisfies ReportAttempt;
  const run = reportRun({
    status: "failed",
    attempts: 2,
    steps: [reportStep(), failed],
    failed_attempts: [attempt],
  });
  const xml = junitOf(reportOfRuns([run], new Date()));
  expect(await faultsIn(xml)).toEqual([]);
  expect(xml).toContain('<rerunFailure message="neither" type="failed"');
});
