import { z } from "zod";
import { BrowserName, browsers } from "../../protocol/browsers.js";
import { MAX_RETRIES, PRIORITY } from "../../protocol/limits.js";
import { CommandError } from "../command-context.js";

export const REPORTERS = ["list", "junit", "html", "json", "github"] as const;
export type Reporter = (typeof REPORTERS)[number];

/** Options as the command line gives them. */
export interface GivenOptions {
  server?: string;
  env?: string;
  var: string[];
  parallel?: string;
  retries?: string;
  priority?: string;
  shard?: string;
  grep?: string;
  failFast?: boolean;
  headed?: boolean;
  slow?: string;
  video?: boolean;
  browser?: string;
  reporter: string;
  output: string;
}

/** The wishes of somebody who runs tests. */
export interface RunOptions {
  targets: Targets;
  server: string | undefined;
  /** Name of the environment of the runs. @defaultValue that of each case */
  environment: string | undefined;
  variables: Record<string, string>;
  /** Tests side by side. @defaultValue the size of the browser pool */
  parallel: number | undefined;
  retries: number;
  /** Order among the runs that wait on the server. @defaultValue that of `PRIORITY` */
  priority: number | undefined;
  shard: { index: number; count: number } | undefined;
  /** Only tests whose names match. */
  grep: RegExp | undefined;
  failFast: boolean;
  headed: boolean;
  /** Pause before each command, in milliseconds. */
  slowMs: number | undefined;
  video: boolean | undefined;
  /** Of the Selenium Grid's. @defaultValue the server's own */
  browser: BrowserName | undefined;
  browserVersion: string | undefined;
  reporters: readonly Reporter[];
  /** The folder of the reports. */
  output: string;
}

/** The tests that were asked for. */
export interface Targets {
  ids: readonly number[];
  tags: readonly string[];
  paths: readonly string[];
}

/** @throws CommandError that names the option which cannot be used. */
export function toRunOptions(given: readonly string[], options: GivenOptions): RunOptions {
  const { server, slow, headed = false } = options;
  if (server !== undefined && !/^https?:\/\//.test(server)) {
    throw new CommandError(
      `--server: "${server}" is no http or https URL, such as https://stepwire.example.com.`,
    );
  }
  if (server !== undefined && (headed || slow !== undefined)) {
    throw new CommandError(
      "--headed and --slow are for tests that run in this process; leave them out, or --server.",
    );
  }
  if (server === undefined && options.priority !== undefined) {
    throw new CommandError(
      "--priority is for tests that wait on a server with others; name it by --server, or leave --priority out.",
    );
  }
  return {
    targets: toTargets(given),
    server,
    environment: options.env,
    variables: Object.fromEntries(options.var.map(toVariable)),
    parallel: toNumber("--parallel", options.parallel, { min: 1, max: 64 }),
    retries: toNumber("--retries", options.retries, { min: 0, max: MAX_RETRIES }) ?? 0,
    priority: toNumber("--priority", options.priority, PRIORITY),
    shard: toShard(options.shard),
    grep: toPattern(options.grep),
    failFast: options.failFast ?? false,
    headed,
    slowMs: toNumber("--slow", slow, { min: 0, max: 60_000 }),
    video: options.video,
    ...toBrowser(options.browser),
    reporters: toReporters(options.reporter),
    output: options.output,
  };
}

function toTargets(given: readonly string[]): Targets {
  return {
    ids: given.filter(isId).map(Number),
    tags: given.filter(isTag).map((tag) => tag.slice(1)),
    paths: given.filter((target) => !isId(target) && !isTag(target)),
  };
}

const isId = (target: string): boolean => /^[1-9]\d{0,14}$/.test(target);
const isTag = (target: string): boolean => /^@./.test(target);

function toVariable(given: string): [string, string] {
  const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]{0,63})=([^]*)$/.exec(given) ?? [];
  if (name !== undefined && value !== undefined) return [name, value];
  throw new CommandError(`--var: "${given}" is not NAME=VALUE; a name has letters, digits and underscores.`);
}

function toNumber(
  option: string,
  text: string | undefined,
  { min, max }: { min: number; max: number },
): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw new CommandError(`${option}: "${text}" is no whole number from ${min} to ${max}.`);
}

/** A name, or name@version. */
function toBrowser(text: string | undefined): Pick<RunOptions, "browser" | "browserVersion"> {
  if (text === undefined) return { browser: undefined, browserVersion: undefined };
  const [name, ...version] = text.split("@");
  const read = z.object(browsers).safeParse({
    browser: name,
    ...(version.length > 0 && { browser_version: version.join("@") }),
  });
  if (read.success) return { browser: read.data.browser, browserVersion: read.data.browser_version };
  const names = BrowserName.options.join(", ");
  throw new CommandError(`--browser: "${text}" is none of ${names}, which may have a version: firefox@128.`);
}

function toShard(text: string | undefined): RunOptions["shard"] {
  if (text === undefined) return undefined;
  const [, index = 0, count = 0] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number);
  if (index >= 1 && index <= count) return { index, count };
  throw new CommandError(`--shard: "${text}" is no part such as 1/4, the first of four.`);
}

function toPattern(text: string | undefined): RegExp | undefined {
  if (text === undefined) return undefined;
  try {
    return new RegExp(text, "iu");
  } catch (error) {
    throw new CommandError(`--grep: ${(error as Error).message}.`, { cause: error });
  }
}

function toReporters(text: string): Reporter[] {
  const names = text.split(",").flatMap((name) => name.trim() || []);
  const unknown = names.find((name) => !REPORTERS.includes(name as Reporter));
  if (names.length > 0 && unknown === undefined) return [...new Set(names as Reporter[])];
  const problem = unknown === undefined ? "names none" : `there is no "${unknown}"`;
  throw new CommandError(`--reporter: ${problem}; there are ${REPORTERS.join(", ")}.`);
}
