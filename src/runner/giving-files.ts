import { callAfterInput, callPage } from "./ask-page.js";
import type { CommandContext } from "./executor.js";
import { findAndPress } from "./find-and-act.js";
import { find, findElement, NotSatisfied } from "./find.js";
import { CONFIRM_FILES, CONFIRM_HIT, DRAWN } from "./page-script.generated.js";
import type { PageTarget } from "./page/requests.js";

interface Giving {
  target: PageTarget;
  timeoutMs: number;
}

/**
 * Gives files to a file field to which people could give them.
 *
 * @throws NotSatisfied where they could not, or the field has held none afterwards
 */
export async function fillField(
  paths: readonly string[],
  { target, timeoutMs }: Giving,
  context: CommandContext,
): Promise<void> {
  const { page, signal } = context;
  const goal = { until: "held", files: paths.length } as const;
  const field = await findElement(target, timeoutMs, context, goal);
  await page.setFiles(field, paths, signal);
  if ((await callAfterInput(context, CONFIRM_FILES)) === "empty")
    throw new NotSatisfied("the field holds no file afterwards");
}

/**
 * Clicks an element and gives files to the file chooser that this opens.
 *
 * @param giving.isZone whether the element takes no files that are dropped on it either
 * @throws NotSatisfied when none opens, or it takes fewer files
 */
export async function chooseFiles(
  paths: readonly string[],
  { target, timeoutMs, isZone = false }: Giving & { isZone?: boolean },
  context: CommandContext,
): Promise<void> {
  const { page, signal } = context;
  const open = () => findAndPress({ target, button: "left", clicks: 1, timeoutMs }, context);
  const chosen = await page.files.choose(paths, open, { timeoutMs, signal });
  if (chosen === "given") return;
  const how = isZone ? "it takes no files that are dropped on it, and a click on it" : "a click on it";
  if (chosen === "not-opened") throw new NotSatisfied(`${how} opened no file chooser`);
  if (chosen === "one-only") throw new NotSatisfied("its file chooser takes one file only");
  throw new Error(
    "a script of the page opened its file chooser without a file field, which no browser lets a program answer; use the page's file field, if it has one",
  );
}

/**
 * Drags files in from outside the browser and drops them on an element.
 *
 * @returns whether it takes them; where it does not, nothing was dropped
 * @throws NotSatisfied when it seemed to take them and has not
 */
export async function dropFiles(
  paths: readonly string[],
  { target, timeoutMs }: Giving,
  context: CommandContext,
): Promise<boolean> {
  const { page, signal } = context;
  const { files } = page;
  const { point } = await find(
    { until: "pointable", disabledToo: true, guard: "drop", target, timeoutMs },
    context,
  );
  if (point === undefined) throw new Error("the page named no point to drop at");
  const ask = () => callPage(page, CONFIRM_HIT, "", signal);
  const options = { paths, signal };
  await files.drag("dragEnter", point, options);
  await files.drag("dragOver", point, options);
  // Pages that show a place to drop on do so once something is dragged over them.
  await callPage(page, DRAWN, "", signal);
  await files.drag("dragOver", point, options);
  if ((await ask()) !== "taken") {
    await files.drag("dragCancel", point, options);
    return false;
  }
  await files.drag("drop", point, options);
  // Another document in its place has come of the drop.
  const answer = await ask();
  if (answer === "refused") throw new NotSatisfied("the page did not take the files that were dropped on it");
  return true;
}
