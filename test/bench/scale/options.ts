import { readArguments } from "../arguments.js";

/** The names for `--only`, each with its measurement. */
export const ROWS = {
  "queue-latency": "execute_step at a server to the first command at an idle worker",
  kills: "kill -9 of a random process of 2 servers and 2 workers during runs",
  "second-server": "a second server starts, stops and is killed while the first has runs",
  "database-restart": "PostgreSQL is restarted while a server and a worker have runs",
  events: "events a second, stored and delivered",
  history: "a run, a list, a subscription and counts beside 1,000,000 stored events, on both databases",
} as const;

export type ScaleRowName = keyof typeof ROWS;

/** Repetitions of each measurement. */
export interface ScaleSizes {
  startSamples: number;
  /** Runs that are asked for while processes are killed. */
  killedRuns: number;
  /** Time between two kills, in milliseconds. */
  killEveryMs: number;
  /** Times that a second server is started, stopped, started again and killed. */
  secondServers: number;
  /** Commands of each run that is under way when PostgreSQL is restarted; each takes a fifth of a second. */
  restartCommands: number;
  eventRounds: number;
  /** Steps of 500 commands in each run whose events are counted. */
  eventSteps: number;
  historyRuns: number;
  /** Requests of each kind to each server. */
  historyRequests: number;
}

const FULL: ScaleSizes = {
  startSamples: 40,
  killedRuns: 500,
  killEveryMs: 10_000,
  secondServers: 5,
  restartCommands: 60,
  eventRounds: 5,
  eventSteps: 10,
  historyRuns: 20_000,
  historyRequests: 40,
};

const QUICK: ScaleSizes = {
  startSamples: 5,
  killedRuns: 60,
  killEveryMs: 5_000,
  secondServers: 1,
  restartCommands: 30,
  eventRounds: 1,
  eventSteps: 2,
  historyRuns: 1_000,
  historyRequests: 10,
};

export interface ScaleOptions {
  rows: ReadonlySet<ScaleRowName>;
  sizes: ScaleSizes;
}

/** @throws Error for an option that cannot be used. */
export function readOptions(args: string[]): ScaleOptions {
  const { rows, sizes, rounds } = readArguments(args, { rows: ROWS, full: FULL, quick: QUICK });
  if (rounds !== undefined) throw new Error("--rounds is an option of npm run bench only.");
  return { rows, sizes };
}
