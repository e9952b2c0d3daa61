/** Writes the reports of all runs of a database, and says how long that took and how much memory it held. */
import { createWriteStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { pino } from "pino";
import { eventBatches } from "../../../src/cases/run-events.js";
import type { SelectedTest, TestRuns } from "../../../src/cli/run/test-runs.js";
import { writeReports } from "../../../src/cli/run/write-reports.js";
import { unjudged } from "../../../src/cli/run/outcome.js";
import { openDatabase } from "../../../src/db/index.js";
import { toReportRun } from "../../../src/reports/report.js";
import { reportOf } from "../../../src/reports/run-report.js";

const [folder = "", count = "0"] = process.argv.slice(2);
const output = join(folder, "report");
const database = await openDatabase({
  url: `file:${join(folder, "stepwire.db")}`,
  artifactsDir: join(folder, "artifacts"),
  log: pino({ level: "silent" }),
});
const { runReader, testCaseStore, artifactStore } = database;
const testCase = await testCaseStore.findTestCase(1);
if (testCase === undefined) throw new Error("the database has no case");
const tests = Array.from({ length: Number(count) }, (_, id): SelectedTest => {
  return { id, name: `Order ${id}`, place: undefined };
});
const runs: TestRuns = {
  tests,
  size: 1,
  perform: () => Promise.reject(new Error("they have run")),
  report: async (_test, runId) => {
    const run = await runReader.findRun(runId);
    if (run === undefined) throw new Error(`there is no ${runId}`);
    return toReportRun(await reportOf(run, testCase, eventBatches(runReader, runId, 0)));
  },
  readArtifact: async (href) => {
    const content = await artifactStore.openArtifact(basename(href));
    return content && { mediaType: content.mediaType, bytes: await buffer(content.read()) };
  },
  copyArtifact: async (href, to) => {
    const content = await artifactStore.openArtifact(basename(href));
    if (content === undefined) return undefined;
    await pipeline(content.read(), createWriteStream(join(to, content.fileName)));
    return content.fileName;
  },
  close: () => Promise.resolve(),
};
const before = process.memoryUsage.rss();
const started = performance.now();
const cpu = process.cpuUsage();
await writeReports(
  runs,
  tests.map((test) => ({ test, outcome: unjudged("", `run-${test.id}`) })),
  {
    options: { reporters: ["html", "junit", "json"], output },
    context: {
      environment: {},
      stdin: process.stdin,
      stdout: process.stderr,
      print: () => undefined,
      remark: () => undefined,
      now: () => new Date(),
      exitWith: () => undefined,
    },
  },
);
const ms = performance.now() - started;
const { user, system } = process.cpuUsage(cpu);
const sizes = await Promise.all(
  ["report.html", "junit.xml", "report.json"].map(async (name) => (await stat(join(output, name))).size),
);
process.send?.({
  ms,
  cpuMs: (user + system) / 1000,
  beforeBytes: before,
  peakBytes: process.resourceUsage().maxRSS * 1024,
  files: (await readdir(join(output, "artifacts"))).length,
  bytes: sizes.reduce((sum, size) => sum + size, 0),
});
await database.close();
process.exit(0);
