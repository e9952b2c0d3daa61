import { spawn } from "node:child_process";
import { once } from "node:events";
import { atMost } from "../../async/at-most.js";
import { timeoutSignal } from "../../async/timeout-signal.js";
import type { Environment } from "../../config.js";
import { CommandError, type CommandContext } from "../command-context.js";
import { ownAddress, serverAddress } from "../server-address.js";

/** Longest wait for an answer of the server, in milliseconds. */
const ANSWER_TIMEOUT_MS = 5_000;

/** Time in which a program that opens browsers tells that there is none, in milliseconds; one that works may stay. */
const OPENER_TIMEOUT_MS = 2_000;

/** The program of each system that opens an address in the person's browser, with its arguments. */
const OPENERS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
  linux: ["xdg-open"],
};

/**
 * Prints the address of a page and opens it.
 *
 * @throws CommandError when no page can have such an id, or no server answers.
 */
export async function openPage(
  id: string | undefined,
  { server }: { server: string | undefined },
  { environment, print, remark }: CommandContext,
): Promise<void> {
  const base = server === undefined ? ownAddress(environment) : serverAddress(server);
  const url = new URL(pathOf(id), base).href;
  await requireAnswer(base);
  print(url);
  const problem = await openInBrowser(url, environment);
  if (problem !== undefined) remark(`${problem} Open the address yourself.`);
}

function pathOf(id: string | undefined): string {
  if (id === undefined) return "/";
  if (/^[1-9]\d{0,14}$/.test(id)) return `/test-case/${id}`;
  if (/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(id)) return `/runs/${id}`;
  throw new CommandError(`open: '${id}' is the id of neither a test case, such as 5, nor a run.`);
}

async function requireAnswer(base: URL): Promise<void> {
  try {
    await fetch(new URL("/healthz", base), { signal: timeoutSignal(ANSWER_TIMEOUT_MS) });
  } catch (cause) {
    throw new CommandError(
      `open: no server answers at ${base.origin}; start one with "stepwire serve", or name another with --server.`,
      { cause },
    );
  }
}

/** @returns why it could not be opened, if so */
async function openInBrowser(url: string, environment: Environment): Promise<string | undefined> {
  // xdg-open would take BROWSER, Stepwire's own variable, for the name of a program.
  const env: Environment = { ...environment, BROWSER: undefined };
  const hasDisplay = process.platform !== "linux" || env["DISPLAY"] || env["WAYLAND_DISPLAY"];
  if (!hasDisplay) return "There is no display here.";
  const [program, ...args] = OPENERS[process.platform] ?? [];
  if (program === undefined) return "Nobody knows how to open a browser on this system.";
  const opener = spawn(program, [...args, url], { env, stdio: "ignore", detached: true });
  const end = once(opener, "exit").catch((error: unknown) => [(error as NodeJS.ErrnoException).code]);
  const [code] = ((await atMost(OPENER_TIMEOUT_MS, end)) ?? [0]) as unknown[];
  opener.unref();
  return code === 0 ? undefined : `${program} could not open a browser (${String(code)}).`;
}
