import { expect, test } from "vitest";
import { convert } from "xmlbuilder2";
import { Report, type ReportAttempt } from "../../../src/protocol/report.js";
import { junitOf } from "../../../src/reports/junit.js";
import { reportOfEveryKind, reportRun, reportStep } from "../../support/reports.js";
import { reportOfRuns } from "../../../src/reports/report.js";

/** The elements of Jenkins' junit-10.xsd that a report may have: their attributes and what may be in them. */
const KNOWN: Record<string, { attributes: string[]; required: string[]; children: string[] }> = {
  testsuites: {
    attributes: ["name", "time", "tests", "failures", "errors"],
    required: [],
    children: ["testsuite"],
  },
  testsuite: {
    attributes: ["name", "tests", "failures", "errors", "skipped", "time", "timestamp", "file"],
    required: ["name", "tests", "failures", "errors"],
    children: ["properties", "testcase"],
  },
  properties: { attributes: [], required: [], children: ["property"] },
  property: { attributes: ["name", "value"], required: ["name", "value"], children: [] },
  testcase: {
    attributes: ["name", "time", "classname"],
    required: ["name"],
    children: [
      "skipped",
      "error",
      "failure",
      "rerunFailure",
      "rerunError",
      "flakyFailure",
      "flakyError",
      "system-out",
    ],
  },
  failure: { attributes: ["type", "message"], required: [], children: [] },
  error: { attributes: ["type", "message"], required: [], children: [] },
  skipped: { attributes: ["type", "message"], required: [], children: [] },
  rerunError: { attributes: ["message", "type"], required: ["type"], children: [] },
  rerunFailure: { attributes: ["message", "type"], required: ["type"], children: [] },
  flakyError: { attributes: ["message", "type"], required: ["type"], children: [] },
  flakyFailure: { attributes: ["message", "type"], required: ["type"], children: [] },
  "system-out": { attributes: [], required: [], children: [] },
};

/** The parts of an XML document that Jenkins' schema does not know. */
function unknownIn(xml: string): string[] {
  const faults: string[] = [];
  const visit = (name: string, value: unknown): void => {
    const known = KNOWN[name];
    if (known === undefined) {
      faults.push(name);
      return;
    }
    const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
    const attributes = entries.filter(([key]) => key.startsWith("@")).map(([key]) => key.slice(1));
    faults.push(
      ...attributes.filter((key) => !known.attributes.includes(key)).map((key) => `${name} ${key}`),
    );
    faults.push(
      ...known.required.filter((key) => !attributes.includes(key)).map((key) => `${name} lacks ${key}`),
    );
    for (const [key, inner] of entries) {
      if (/^[@#]/.test(key)) continue;
      if (!known.children.includes(key)) faults.push(`${name} > ${key}`);
      for (const one of Array.isArray(inner) ? inner : [inner]) visit(key, one);
    }
  };
  for (const [name, value] of Object.entries(convert(xml, { format: "object" }) as object))
    visit(name, value);
  return faults;
}

test("a report of every kind of run has nothing that Jenkins' schema does not know", () => {
  const report = reportOfEveryKind();
  expect(Report.parse(report)).toEqual(report);
  const xml = junitOf(report);
  expect(unknownIn(xml)).toEqual([]);
  expect(xml).toContain('<testsuites name="Stepwire" tests="7" failures="1" errors="1"');
  expect(xml).toContain('<flakyError message="It says &lt;b&gt;&amp;&quot;\'" type="error"');
  expect(xml).toContain("This step checks nothing.");
});

test("a text with what XML cannot hold stays readable XML", () => {
  const text = "bell \u0007, half \ud800, end ]]> \ufffe";
  const xml = junitOf(reportOfEveryKind(text));
  expect(unknownIn(xml)).toEqual([]);
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

test("a run that did not pass at any attempt has its attempts at the step that failed", () => {
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
  expect(unknownIn(xml)).toEqual([]);
  expect(xml).toContain('<rerunFailure message="neither" type="failed"');
});
