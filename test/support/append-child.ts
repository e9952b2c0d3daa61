import { writeSync } from "node:fs";
import { pino } from "pino";
import { openDatabase } from "../../src/db/index.js";

// Appends events until it is killed, and acknowledges each on stdout once it is saved.
const [url = "", artifactsDir = "", runId = ""] = process.argv.slice(2);
const { executionStore, runReader } = await openDatabase({
  url,
  artifactsDir,
  log: pino({ level: "silent" }),
});
const before = (await runReader.findEvents(runId, { afterSeq: 0, limit: 100_000 })).length;
// Where no lock tells that the last owner is gone, its lease has to be over: each child is a minute later than the last.
await executionStore.takeAbandonedRuns("start", new Date(Date.now() + (before + 1) * 60_000));
for (let seq = before + 1; ; seq++) {
  const ts = new Date().toISOString();
  await executionStore.append({
    events: [{ type: "queued", position: 1, run_id: runId, seq, ts }],
    steps: [],
    runs: [],
  });
  writeSync(1, `${seq}\n`);
}
