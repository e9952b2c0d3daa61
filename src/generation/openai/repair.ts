import { once } from "node:events";
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { jsonrepair } from "jsonrepair";
import { timeoutSignal } from "../../async/timeout-signal.js";

/**
 * Longest text that is repaired at once, in characters. The time that a repair takes grows with the square of the
 * length of some texts: 4,000 brackets take 5 ms, 100,000 take 3 s.
 */
const MOST_AT_ONCE = 4_000;

/** Longest time that a repair may take in a thread of its own, in milliseconds. */
const TIME_LIMIT_MS = 2_000;

/** The thread's program. A file of its own would have another name in tests than in `dist`. */
const PROGRAM = `
  const { parentPort, workerData } = require("node:worker_threads");
  const { jsonrepair } = require(workerData.library);
  try {
    parentPort.postMessage(jsonrepair(workerData.source));
  } catch {
    parentPort.postMessage(undefined);
  }`;

/**
 * Makes JSON of a text that was meant as such, without keeping others from their turn.
 *
 * @returns nothing when it cannot be repaired, or takes too long
 */
export async function repaired(source: string): Promise<string | undefined> {
  if (source.length > MOST_AT_ONCE) return await inThread(source);
  try {
    return jsonrepair(source);
  } catch {
    return undefined;
  }
}

async function inThread(source: string): Promise<string | undefined> {
  const library = createRequire(import.meta.url).resolve("jsonrepair");
  const worker = new Worker(PROGRAM, { eval: true, workerData: { library, source } });
  try {
    const [answer] = (await once(worker, "message", { signal: timeoutSignal(TIME_LIMIT_MS) })) as unknown[];
    return typeof answer === "string" ? answer : undefined;
  } catch {
    return undefined;
  } finally {
    await worker.terminate();
  }
}
