import type { ExecutionStore, StepRecord } from "../../../src/execution/ports.js";
import { InProcessQueue } from "../../../src/execution/queue/queue.js";
import { ExecutionService } from "../../../src/execution/service.js";
import type { RunEvent } from "../../../src/protocol/messages.js";
import { scriptTextOf } from "../../../src/protocol/script-text.js";
import type { PerformScript } from "../../../src/runner/ports.js";
import { performScript } from "../../../src/runner/perform-script.js";
import { pictureTakers } from "../../../src/runner/secrets/pictures.js";
import { WebmWriter } from "../../../src/video/webm.js";
import { RunVariables } from "../../../src/runner/variables.js";
import { MemoryArtifacts, MemoryStore } from "../../support/memory-store.js";
import { scratchDatabase } from "../../support/scratch-database.js";
import { silentLog } from "../../support/silent-log.js";
import type { Bench } from "../bench.js";
import { cheapCommands } from "../cheap-commands.js";
import { interleave, Side } from "../rounds.js";
import { mean, median } from "../statistics.js";
import { startPool } from "../stepwire/runner.js";
import { atMost, informs, type Row } from "../table.js";

const pictures = pictureTakers();

const LIMIT_MS = 2;

/** Cost to a command of storing its events: the same runs with the database and with an array. */
export async function measureEvents(bench: Bench): Promise<Row[]> {
  const script = scriptTextOf(cheapCommands(bench.site.url));
  const { pool, stop } = await startPool(bench);
  const { database, remove } = await scratchDatabase();
  bench.teardown.defer(remove);
  const testCase = await database.testCaseStore.createTestCase({
    name: "Events",
    steps: [{ stepNumber: 1, description: "", expectedResult: "", seleniumScriptJson: script }],
  });
  const [step] = (await database.executionStore.findSteps(testCase.id)) ?? [];
  if (step === undefined) throw new Error("The database created a case without its step.");
  const stored = sideOf("Events in the database", database.executionStore, { pool, step });
  const kept = sideOf("Events in memory", new MemoryStore([step]), { pool, step });
  await interleave("events", [stored, kept], bench.sizes.eventRounds);
  await stop();
  const [ours, base] = [stored.samples.flat(), kept.samples.flat()];
  const row = (which: string, average: (values: readonly number[]) => number) => ({
    name: "events" as const,
    what: `what storing its events adds to a command, ${which}`,
    value: average(ours) - average(base),
    unit: " ms",
    digits: 2,
    note: `${average(ours).toFixed(2)} − ${average(base).toFixed(2)} ms, over ${ours.length} commands`,
  });
  return [atMost(LIMIT_MS, row("p50", median)), informs(row("mean", mean))];
}

type Pool = Awaited<ReturnType<typeof startPool>>["pool"];

/** A side whose samples are the times of a run's commands, in milliseconds. */
function sideOf(
  name: string,
  store: ExecutionStore,
  { pool, step }: { pool: Pool; step: StepRecord },
): Side<number[]> {
  let times: number[] = [];
  const timed: PerformScript = (commands, scope) => {
    const { listener } = scope;
    let began = performance.now();
    return performScript(commands, {
      ...scope,
      listener: {
        ...listener,
        onCommandBegun: (...command) => {
          began = performance.now();
          listener.onCommandBegun(...command);
        },
        onCommandEnded: (...command) => {
          listener.onCommandEnded(...command);
          times.push(performance.now() - began);
        },
      },
    });
  };
  const execution = new ExecutionService({
    store,
    artifacts: new MemoryArtifacts(),
    pool,
    queue: new InProcessQueue({ concurrency: 1, capacity: 1 }),
    performScript: timed,
    takePicture: pictures.takePicture,
    takeFrame: pictures.takeVideoFrame,
    newVideo: (write) => new WebmWriter(write),
    newVariables: () => new RunVariables({ env: {}, secrets: {} }),
    settings: {
      screenshots: "off",
      video: "off",
      commandTimeoutMs: 10_000,
      dialogs: "fail",
      stepTimeoutMs: 60_000,
      runTimeoutMs: 60_000,
      allowedHosts: [],
      uploadsDir: undefined,
    },
    log: silentLog,
  });
  return new Side(name, async () => {
    times = [];
    const complete = await new Promise<RunEvent>((resolve, reject) => {
      const onEvent = (event: RunEvent) => {
        if (event.type === "execution_complete") resolve(event);
      };
      execution.startStep(step.id, { onEvent }).catch(reject);
    });
    if (!("status" in complete) || complete.status !== "passed") throw new Error(JSON.stringify(complete));
    return times;
  });
}
