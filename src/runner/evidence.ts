import type { Action } from "../protocol/commands.js";
import type { ConsoleMessage, Dialog, Download, LastAct, Page, SentRequest, SessionMemory } from "./ports.js";

/** Takes note of what there is before a command that acts: it is no evidence of what that one does. */
export function noteBefore(action: Action, { page, memory }: { page: Page; memory: SessionMemory }): void {
  const { dialogs, downloads, requests, problems } = page.records;
  const ended = downloads.filter(({ state }) => state !== "in_progress");
  memory.lastAct = {
    action,
    dialog: dialogs.at(-1),
    downloads: new Set(ended.map(({ number }) => number)),
    request: requests.at(-1)?.number ?? 0,
    problem: problems.at(-1),
    at: Date.now(),
    windows: new Set(page.windowIds),
  };
}

/** The reach of a command that looks back. */
export interface LooksBack {
  since?: "action" | "run" | undefined;
}

/** The last command that acts, where a command looks back no further than that. */
export function lastActFor({ since }: LooksBack, { lastAct }: SessionMemory): LastAct | undefined {
  return since === "run" ? undefined : lastAct;
}

/** The dialogs that have opened since. */
export function dialogsSince(lastAct: LastAct | undefined, dialogs: readonly Dialog[]): Dialog[] {
  // A dialog that is no longer remembered had many others after it.
  const before = lastAct?.dialog === undefined ? -1 : dialogs.lastIndexOf(lastAct.dialog);
  return dialogs.slice(before + 1);
}

/** The downloads that have begun since, or were under way then. */
export function downloadsSince(
  lastAct: LastAct | undefined,
  downloads: readonly Download[],
): readonly Download[] {
  return lastAct === undefined ? downloads : downloads.filter(({ number }) => !lastAct.downloads.has(number));
}

/**
 * The requests that were sent since.
 *
 * @param ahead see {@link Page.network}'s `refresh`
 */
export function requestsSince(
  lastAct: LastAct | undefined,
  requests: readonly SentRequest[],
  ahead: number | undefined,
): readonly SentRequest[] {
  if (lastAct === undefined) return requests;
  return requests.filter(({ number, at }) => number > lastAct.request && isSince(at, lastAct, ahead));
}

/** The warnings and errors that were written since. @param ahead as for {@link requestsSince} */
export function problemsSince(
  lastAct: LastAct | undefined,
  problems: readonly ConsoleMessage[],
  ahead: number | undefined,
): readonly ConsoleMessage[] {
  if (lastAct === undefined) return problems;
  const before = lastAct.problem === undefined ? -1 : problems.lastIndexOf(lastAct.problem);
  return problems.slice(before + 1).filter(({ at }) => isSince(at, lastAct, ahead));
}

/** Records that are read late may be older than the command during which they were read. */
function isSince(at: number, lastAct: LastAct, ahead: number | undefined): boolean {
  return ahead === undefined || at >= lastAct.at + ahead;
}

/**
 * Says that nothing came, and names what came before, if anything did.
 *
 * @param nothing such as "no dialog has opened"
 * @param older the last of its kind from before, in words
 */
export function nothingSince(
  nothing: string,
  lastAct: LastAct | undefined,
  older: string | undefined,
): string {
  if (lastAct === undefined || older === undefined) return nothing;
  return `${nothing} since the last command that acts (${lastAct.action}); ${older} came before it, and counts only with "since": "run"`;
}
