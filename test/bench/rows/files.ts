import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeYaml } from "../../../src/formats/yaml/write.js";
import { scratchDatabase } from "../../support/scratch-database.js";
import { scratchFolder } from "../../support/scratch-folder.js";
import type { Bench } from "../bench.js";
import { progress } from "../progress.js";
import { storeRuns } from "../stored-runs.js";
import { atMost, informs, type Row } from "../table.js";

const COMMAND_LINE = fileURLToPath(new URL("../../../dist/bin/stepwire.js", import.meta.url));
const REPORTS_CHILD = fileURLToPath(new URL("./reports-child.ts", import.meta.url));

const MOST_REPORT_SECONDS = 10;
const MOST_IMPORT_SECONDS = 5;
const MOST_IMPORT_MB = 300;

const MB = 1_000_000;

interface WrittenReports {
  ms: number;
  cpuMs: number;
  beforeBytes: number;
  peakBytes: number;
  files: number;
  bytes: number;
}

/** HTML, JUnit and JSON of many runs, with their pictures, from a database. */
export async function measureReports({ sizes: { reportedRuns }, teardown }: Bench): Promise<Row[]> {
  progress(`storing ${reportedRuns} runs`);
  const scratch = await scratchDatabase();
  teardown.defer(() => scratch.remove());
  await storeRuns(scratch.database, reportedRuns);
  await scratch.database.close();
  progress(`reporting on ${reportedRuns} runs`);
  const child = fork(REPORTS_CHILD, [scratch.folder, String(reportedRuns)], {
    execArgv: ["--import", "tsx"],
  });
  // The child is written to send this.
  const [written] = (await once(child, "message")) as [WrittenReports];
  const { ms, cpuMs, peakBytes, files, bytes } = written;
  return [
    atMost(MOST_REPORT_SECONDS, {
      name: "reports",
      what: `HTML, JUnit and JSON of ${reportedRuns} runs with pictures`,
      value: ms / 1000,
      unit: " s",
      digits: 1,
      note: `${(cpuMs / 1000).toFixed(1)} s of a processor, ${(bytes / MB).toFixed(0)} MB, ${files} files beside them`,
    }),
    informs({
      name: "reports",
      what: "most memory of the process",
      value: peakBytes / MB,
      unit: " MB",
      digits: 0,
    }),
  ];
}

/** Many cases from as many files into a new database, from the start of the process to its end. */
export async function measureImport({ sizes: { importedCases }, teardown }: Bench): Promise<Row[]> {
  const { path, remove } = await scratchFolder();
  teardown.defer(remove);
  const cases = join(path, "cases");
  await mkdir(cases);
  for (let number = 1; number <= importedCases; number++) {
    const script = Array.from({ length: 5 }, (_, index) => ({
      action: "click",
      locator_type: "role",
      locator_value: "button",
      locator_name: `Button ${index}`,
    }));
    const steps = Array.from({ length: 3 }, (_, index) => ({ description: `Step ${index}`, script }));
    await writeFile(join(cases, `${number}.yaml`), writeYaml({ name: `Case ${number}`, steps }));
  }
  progress(`importing ${importedCases} cases`);
  const { ms, peakBytes } = await timedProcess([COMMAND_LINE, "import", cases], {
    DATABASE_URL: `file:${join(path, "stepwire.db")}`,
  });
  const what = `${importedCases} cases of 15 commands from files`;
  return [
    atMost(MOST_IMPORT_SECONDS, { name: "import", what, value: ms / 1000, unit: " s", digits: 1 }),
    atMost(MOST_IMPORT_MB, {
      name: "import",
      what: "most memory of the process",
      value: peakBytes / MB,
      unit: " MB",
      digits: 0,
    }),
  ];
}

/** Lets a process tell the most memory that it held when it ends: https://nodejs.org/api/process.html#processresourceusage */
const TELL_MEMORY = `data:text/javascript,process.on("exit",()=>process._rawDebug("peak "+process.resourceUsage().maxRSS))`;

async function timedProcess(
  args: readonly string[],
  environment: Record<string, string>,
): Promise<{ ms: number; peakBytes: number }> {
  const started = performance.now();
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, ["--import", TELL_MEMORY, ...args], {
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let told = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (told += text));
  const [code] = (await once(child, "close")) as [number | null];
  const ms = performance.now() - started;
  const [, kibibytes] = /^peak (\d+)$/m.exec(told) ?? [];
  if (code !== 0 || kibibytes === undefined) throw new Error(`it ended with ${code}:\n${told}`);
  return { ms, peakBytes: Number(kibibytes) * 1024 };
}
