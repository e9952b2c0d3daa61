import { callAfterInput, callPage } from "../ask-page.js";
import { browserKeyOf, type BrowserKey } from "../browser-keys.js";
import type { CommandContext, Executor } from "../executor.js";
import { findAndStrike, strike, type Strokes } from "../find-and-act.js";
import { whenReady } from "../find.js";
import { isEdit, parseKeys } from "../keys.js";
import { describeLocator, targetOf } from "../locator.js";
import { KEY_IS_FREE, WATCH_KEY, WHY_NO_EDITS } from "../page-script.generated.js";
import { PageError, type Key } from "../ports.js";
import { targetIn } from "../optional-target.js";
import { zoomAfter, type ZoomStep } from "../zoom.js";
import type { CommandOf } from "../../protocol/commands.js";
import { delayOf, workOf } from "./typing.js";

export const press_key: Executor<"press_key"> = {
  acts: true,
  describe(command) {
    const target = targetIn(command);
    return target ? `Press ${command.keys} in ${describeLocator(target)}` : `Press ${command.keys}`;
  },
  expectation: (command) =>
    targetIn(command) ? "an element that takes the focus and a key to press" : "a key to press",
  async execute(command, context) {
    const keys = parseKeys(command.keys);
    const ofBrowser = browserKeyOf(keys);
    if (ofBrowser === undefined) {
      await press(command, keys, context);
      return;
    }
    const { page, signal, timeoutMs } = context;
    await whenReady(timeoutMs, context);
    await callPage(page, WATCH_KEY, "", signal);
    await press(command, keys, context);
    if (await isFree(context)) await doAsBrowser(ofBrowser, command.keys, context);
  },
};

export const type_text: Executor<"type_text"> = {
  acts: true,
  describe: () => "Type where the focus is",
  expectation: () => "a text to type",
  workMs: workOf,
  async execute(command, context) {
    if (context.secretsOf("text").length > 0)
      throw new Error("no secret is typed where the focus happens to be; use input, which names its field");
    await pressAtFocus(command.text, { edits: true, delayMs: delayOf(command, context) }, context);
  },
};

async function press(command: CommandOf<"press_key">, keys: Key[], context: CommandContext): Promise<void> {
  const target = targetIn(command);
  const edits = isEdit(keys);
  if (target === undefined) {
    await pressAtFocus(keys, { edits }, context);
    return;
  }
  const refuses = edits && context.variables.used.length > 0;
  const goal = { until: "focused", forKeys: true, ...(refuses && { edits: true }) } as const;
  await findAndStrike({ goal, target: targetOf(target), timeoutMs: context.timeoutMs }, () => keys, context);
}

async function pressAtFocus(
  strokes: Strokes,
  { edits, delayMs }: { edits: boolean; delayMs?: number },
  context: CommandContext,
): Promise<void> {
  const { page, timeoutMs } = context;
  if (edits && context.variables.used.length > 0) await refuseEdits(context);
  if (page.isInFrame) {
    await findAndStrike({ goal: { until: "refocused" }, timeoutMs, delayMs }, () => strokes, context);
  } else {
    await whenReady(timeoutMs, context);
    await strike(strokes, { delayMs }, context);
  }
}

/** A field that was typed from a secret would hold a part of it, which could be read. */
async function refuseEdits({ page, signal }: CommandContext): Promise<void> {
  const why = await callPage(page, WHY_NO_EDITS, "", signal);
  if (why !== "") throw new Error(why);
}

/** A page that answers the key by a dialog, or by leaving, has dealt with it. */
async function isFree(context: CommandContext): Promise<boolean> {
  return (await callAfterInput(context, KEY_IS_FREE)) === "free";
}

/** The browser is worked from outside its window, where keys of its own reach the page alone. */
async function doAsBrowser(key: BrowserKey, keys: string, context: CommandContext): Promise<void> {
  const { page, signal, log } = context;
  if (key === "reload") await page.reload(signal);
  else if (key === "back" || key === "forward") await page.traverseHistory(key === "back" ? -1 : 1, signal);
  else if (key === "none" || !(await zoom(key, context))) {
    const message = `${keys} belongs to the browser and does nothing in a test: the page did not keep it.`;
    log({ level: "warning", message });
  }
}

/** @returns false where this way to the browser has no means to zoom */
async function zoom(step: ZoomStep, { page, signal, memory, log }: CommandContext): Promise<boolean> {
  const factor = zoomAfter(step, memory.zoom);
  try {
    await page.emulation.apply({ what: "zoom", factor }, signal);
  } catch (error) {
    if (error instanceof PageError && error.kind === "protocol") return false;
    throw error;
  }
  memory.zoom = factor;
  log({ level: "info", message: `The pages are zoomed to ${Math.round(factor * 100)} %.` });
  return true;
}
