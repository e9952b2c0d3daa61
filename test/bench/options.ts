import { readArguments } from "./arguments.js";

/** The names for `--only`, each with its measurement. */
export const ROWS = {
  warm: "24 commands in a warm session: the runner against Playwright",
  fresh: "24 commands in a fresh context: the server against Playwright",
  selenium: "24 commands in a warm session: the runner against selenium-webdriver with until",
  "selenium-fresh": "24 commands: the server in a fresh context against selenium-webdriver in a warm session",
  webdriverio: "24 commands in a warm session: the runner against WebdriverIO",
  original: "24 commands: the server with pictures against the emulated original",
  screenshots: "24 commands: the server with pictures against without",
  grid: "24 commands: the server with browsers of a Selenium Grid against its own",
  start: "execute_step to the start of the first command",
  parallel: "runs a minute, 4 at a time: the server against Playwright",
  overhead: "what the server adds to a command",
  idle: "resident memory of the idle server",
  growth: "growth of memory over many runs",
  events: "what numbering and storing events adds to a command",
  "idle-connections": "memory and processor time of connections that do nothing",
  watchers: "one run watched by many: delivery and run time",
  stalled: "what one watcher that does not read costs the others",
  ping: "round trip of the smallest request, against a bare ws server",
  "client-size": "size of the client library for browsers",
  disconnects: "connections cut at random moments during runs",
  cli: "stepwire run with one short case: the whole process",
  "cli-playwright": "many short cases from the command line: stepwire run against Playwright Test",
  reports: "a report of many runs with pictures: time and memory",
  import: "import of many cases from files: time and memory",
  "hostile-text": "a megabyte of hostile text: each pass over it, and what it costs others",
  history: "lists, filters and histories of 100,000 stored runs",
  kills: "kill -9 of the server at random moments during runs",
} as const;

export type RowName = keyof typeof ROWS;

/** Repetitions of each measurement. */
export interface Sizes {
  /** Counted rounds of the 24 commands. */
  rounds: number;
  startSamples: number;
  /** Counted rounds of the cheap commands. */
  overheadRounds: number;
  parallelRounds: number;
  /** Runs of each side in one round, all workers together. */
  parallelRuns: number;
  /** Runs before the memory of the idle server is read again. */
  idleRuns: number;
  growthRuns: number;
  /** Counted rounds of the cheap commands with and without a database. */
  eventRounds: number;
  idleConnections: number;
  /** Time for which they are watched, in milliseconds. */
  idleMs: number;
  watchers: number;
  /** Counted rounds of the run that is watched, by many or with one who does not read. */
  watchedRounds: number;
  pingRounds: number;
  /** Round trips of each side in one round. */
  pings: number;
  disconnects: number;
  kills: number;
  shortCases: number;
  reportedRuns: number;
  importedCases: number;
}

const FULL: Sizes = {
  rounds: 5,
  startSamples: 20,
  // The difference of two runs that cost nearly the same needs more rounds than their ratio does.
  overheadRounds: 9,
  parallelRounds: 3,
  parallelRuns: 24,
  idleRuns: 20,
  growthRuns: 500,
  eventRounds: 9,
  idleConnections: 2_000,
  idleMs: 60_000,
  watchers: 1_000,
  watchedRounds: 9,
  pingRounds: 9,
  pings: 2_000,
  disconnects: 1_000,
  kills: 50,
  shortCases: 200,
  reportedRuns: 1_000,
  importedCases: 1_000,
};

const QUICK: Sizes = {
  rounds: 1,
  startSamples: 5,
  overheadRounds: 2,
  parallelRounds: 1,
  parallelRuns: 8,
  idleRuns: 5,
  growthRuns: 100,
  eventRounds: 2,
  idleConnections: 200,
  idleMs: 5_000,
  watchers: 100,
  watchedRounds: 1,
  pingRounds: 1,
  pings: 200,
  disconnects: 100,
  kills: 3,
  shortCases: 20,
  reportedRuns: 100,
  importedCases: 100,
};

export interface Options {
  rows: ReadonlySet<RowName>;
  sizes: Sizes;
}

/** @throws Error for an option that cannot be used. */
export function readOptions(args: string[]): Options {
  const { rows, sizes, rounds } = readArguments(args, { rows: ROWS, full: FULL, quick: QUICK });
  return { rows, sizes: { ...sizes, rounds: rounds === undefined ? sizes.rounds : roundsOf(rounds) } };
}

function roundsOf(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new Error("--rounds must be a whole number over 0.");
  return Number(text);
}
