/** Calls of the script of `main.ts`, where a document has it. */
import type {} from "../main.ts";
import { later } from "../later.ts";

type PageScript = NonNullable<typeof globalThis.stepwirePage>;

/** An element of the page may have the script's name, and would be found by it like a variable of the window. */
function script(): PageScript | undefined {
  return Object.hasOwn(globalThis, "stepwirePage") ? globalThis.stepwirePage : undefined;
}

/** @returns as the script's own `find`; empty, too, where there is no script */
export function find(request: string): string | Promise<string> {
  return script()?.find(request) ?? "";
}

/**
 * Answers a task later: a form that was submitted is sent by then, which the next command has to wait for.
 *
 * @returns what kept it from being done; nothing when it is done
 */
export async function act(): Promise<string> {
  const undone = script()?.act() ?? "the page was replaced";
  await later();
  return undone;
}

/** @returns what the pointer hit instead of the element it was meant for; nothing when it hit that */
export function confirmHit(): string {
  return script()?.confirmHit() ?? "";
}

/** @returns "lost" when keys that were pressed were lost; nothing when not */
export function confirmKeys(pressed: number): string {
  return script()?.confirmKeys(pressed) ? "lost" : "";
}

/** @returns "empty" when the field that was given files has held none; nothing when it has, or is gone */
export function confirmFiles(): string {
  return script()?.confirmFiles() === false ? "empty" : "";
}

/** @returns "still" when the page has not answered the last turn of the wheel */
export async function wheelAnswer(): Promise<string> {
  return (await script()?.wheelAnswered()) === false ? "still" : "";
}

/** Resolves once the page has drawn what it had to draw by now. */
export async function drawn(): Promise<string> {
  await Promise.race([new Promise((done) => requestAnimationFrame(done)), later(100)]);
  await later();
  return "";
}

export function heldElement(): Element | null {
  return script()?.heldElement() ?? null;
}

/** @returns why the element with the focus takes no keys that change it; nothing when it does */
export function whyNoEdits(): string {
  return script()?.whyNoEdits() ?? "";
}

/** The next key may belong to the browser. */
export function watchKey(): string {
  script()?.watchKey();
  return "";
}

/** @returns "free" when the page has left the last key to the browser; nothing when it has not, or was left */
export async function keyIsFree(): Promise<string> {
  await later();
  return script()?.wasKept() === false ? "free" : "";
}
