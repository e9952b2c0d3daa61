import { setTimeout as delay } from "node:timers/promises";
import { firstOf } from "../async/first-of.js";
import { quote } from "./matching.js";
import { FIND, PAGE_SCRIPT, ROLES_SCRIPT } from "./page-script.generated.js";
import { needsRoles, type PageRequest, type PageResult } from "./page/requests.js";
import { isGone, type Dialog, type Page, type Patience } from "./ports.js";

/** The page's answer when a script that the request needs is not there. */
const MISSING = "";

const installing = (...scripts: string[]) =>
  `(request) => { ${scripts.join(" ")} return (${FIND})(request); }`;
const INSTALL_AND_FIND = installing(PAGE_SCRIPT);
const INSTALL_ALL_AND_FIND = installing(PAGE_SCRIPT, ROLES_SCRIPT);

/** Time in which something else may answer a dialog, in milliseconds. */
const DIALOG_GRACE_MS = 50;

/** A dialog blocks the page, and nothing answers it. */
export class DialogInTheWay extends Error {
  override readonly name = "DialogInTheWay";
  readonly dialog: Dialog;

  constructor(dialog: Dialog) {
    const kind = {
      alert: "an alert",
      confirm: "a confirm",
      prompt: "a prompt",
      beforeunload: "a leave-page",
    };
    super(`${kind[dialog.kind]} dialog is open: ${quote(dialog.message)}`);
    this.dialog = dialog;
  }
}

/** The number of each page's document that has the script already: a guess that costs nothing if wrong. */
const scripted = new WeakMap<Page, number>();

/**
 * Asks the script in the page, putting it there first where a document has none yet.
 *
 * @throws DialogInTheWay
 */
export async function askPage(
  page: Page,
  request: PageRequest,
  signal: AbortSignal,
  patience?: Patience,
): Promise<PageResult> {
  const argument = JSON.stringify(request);
  const install = needsRoles(request.target) ? INSTALL_ALL_AND_FIND : INSTALL_AND_FIND;
  const call = (declaration: string) =>
    unlessDialog(page, (until) => page.call(declaration, argument, until, patience), signal);
  let answer = scripted.get(page) === page.documents ? await call(FIND) : MISSING;
  if (answer === MISSING) {
    answer = await call(install);
    scripted.set(page, page.documents);
  }
  // Written by our own script in its own world, which the application cannot reach.
  return JSON.parse(answer) as PageResult;
}

/** Calls a function in the page. @throws as {@link unlessDialog} */
export function callPage(
  page: Page,
  functionDeclaration: string,
  argument: string,
  signal: AbortSignal,
): Promise<string> {
  return unlessDialog(page, (until) => page.call(functionDeclaration, argument, until), signal);
}

/**
 * Calls a function in the page after input, which may have replaced or blocked it.
 *
 * @param context.patience as for {@link Page.call}
 * @returns its answer; empty where the input had such an effect
 */
export async function callAfterInput(
  { page, signal, patience }: { page: Page; signal: AbortSignal; patience?: Patience },
  functionDeclaration: string,
): Promise<string> {
  try {
    const call = (until: AbortSignal) => page.call(functionDeclaration, "", until, patience);
    return await unlessDialog(page, call, signal);
  } catch (error) {
    if (isEffect(error)) return "";
    throw error;
  }
}

/** True for an error that only input can cause: another document, a dialog, or the end of frame or window. */
export function isEffect(error: unknown): boolean {
  return error instanceof DialogInTheWay || isGone(error);
}

/**
 * Does something in the page, unless a dialog blocks it.
 *
 * @throws DialogInTheWay
 */
export async function unlessDialog<T>(
  page: Page,
  work: (until: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  return await firstOf(signal, work, (until) => lastingDialog(page, until));
}

async function lastingDialog(page: Page, signal: AbortSignal): Promise<never> {
  for (;;) {
    await page.dialogOpened(signal);
    await delay(DIALOG_GRACE_MS, undefined, { signal });
    if (page.openDialog !== undefined) throw new DialogInTheWay(page.openDialog);
  }
}
