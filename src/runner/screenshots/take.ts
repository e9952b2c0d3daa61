import { setTimeout as delay } from "node:timers/promises";
import { timeoutSignal } from "../../async/timeout-signal.js";
import type { Locator, Target } from "../../protocol/commands.js";
import { callPage } from "../ask-page.js";
import type { CommandContext } from "../executor.js";
import { find, Impossible, NotSatisfied } from "../find.js";
import { pageLocatorOf, targetOf } from "../locator.js";
import type { Box, PageTarget, Reading } from "../page/requests.js";
import type { Still, StillRequest } from "../page/still-requests.js";
import { RELEASE_PAGE, STILL_PAGE } from "../picture-script.generated.js";
import { isDocumentReplaced, type PicturePart, type Point } from "../ports.js";
import { crop, decode, paintOver, sizeOf, type Picture } from "./picture.js";

/** Pauses between two pictures, in milliseconds: a page may still be changing. */
const PAUSES_MS = [50, 100, 250, 500];

/** Longest time to let the page go on, in milliseconds. */
const RELEASE_MS = 1_000;

/** The part that is taken, and the masks over it. */
export interface ShotRequest {
  /** The element; the page unless given. */
  target: Target | undefined;
  /** True for the whole page, also what is outside of the viewport. */
  isWhole: boolean;
  masks: readonly Locator[];
}

export interface Shot {
  picture: Picture;
  /** The viewport and scale that it was taken in: `1280x720@1`. */
  viewport: string;
}

/**
 * Takes pictures of a page that is stilled meanwhile, until one is accepted or the command's time is up.
 *
 * @param whyNot gets each picture that is the same as the one before it, once; answers with what is wrong, as a clause
 * @throws NotSatisfied with the last thing that was wrong
 */
export async function untilAccepted(
  request: ShotRequest,
  context: CommandContext,
  whyNot: (shot: Shot) => Promise<string | undefined>,
): Promise<void> {
  try {
    await repeat(request, context, whyNot);
  } finally {
    await letGo(context);
  }
}

async function repeat(
  request: ShotRequest,
  context: CommandContext,
  whyNot: (shot: Shot) => Promise<string | undefined>,
): Promise<void> {
  const deadline = performance.now() + context.timeoutMs;
  let wrong = "it kept changing: no two pictures in a row were the same";
  let before: Shot | undefined;
  let isJudged = false;
  for (let round = 0; ; round++) {
    const shot = await shotUntil(deadline, request, context);
    const isRepeated = before !== undefined && isSame(shot, before);
    if (isRepeated && !isJudged) {
      const reason = await whyNot(shot);
      if (reason === undefined) return;
      wrong = reason;
    }
    isJudged = isRepeated;
    before = shot;
    // The second picture is always taken: one alone tells nothing.
    if (round > 0 && performance.now() >= deadline) throw new NotSatisfied(wrong);
    await delay(PAUSES_MS[Math.min(round, PAUSES_MS.length - 1)], undefined, { signal: context.signal });
  }
}

/** Takes a picture, and again in the next document where the page was left meanwhile. */
async function shotUntil(deadline: number, request: ShotRequest, context: CommandContext): Promise<Shot> {
  for (;;) {
    try {
      return await takeShot(deadline, request, context);
    } catch (error) {
      if (!isDocumentReplaced(error) || performance.now() >= deadline) throw error;
    }
  }
}

async function takeShot(
  deadline: number,
  { target, isWhole, masks }: ShotRequest,
  context: CommandContext,
): Promise<Shot> {
  const { page, signal, takePicture } = context;
  const still = await stillPage({ atTop: isWhole }, context);
  if (target !== undefined) await bringIntoSight(targetOf(target), deadline, context);
  const viewport = await takePicture(signal, "viewport");
  const { width, height } = sizeOf(viewport);
  const ratio = still.width === undefined ? still.scale : width / still.width;
  const name = `${Math.round(width / still.scale)}x${Math.round(height / still.scale)}@${still.scale}`;
  const place = inPicture(await page.pictures.placing(signal), ratio);
  const [box] = target === undefined ? [] : await boxesOf(targetOf(target), { what: "box" }, context);
  const at = box && place(box);
  const isLarge = at !== undefined && (at[2] - at[0] > width || at[3] - at[1] > height);
  const part: PicturePart = isWhole || isLarge ? "page" : "viewport";
  if (part === "page" && still.width === undefined) {
    throw new Impossible(
      "the page around the current frame is of another origin, and cannot be scrolled to its top; leave the frame with switch_frame first.",
    );
  }
  if (isLarge) await stillPage({ atTop: true }, context);
  const picture = decode(part === "page" ? await takePicture(signal, "page") : viewport);
  for (const locator of masks) {
    const boxes = await boxesOf({ locator: pageLocatorOf(locator) }, { what: "boxes" }, context);
    for (const each of boxes) paintOver(picture, place(each));
  }
  if (at === undefined || target === undefined) return { picture, viewport: name };
  const [moved] = isLarge ? await boxesOf(targetOf(target), { what: "box" }, context) : [box];
  return { picture: crop(picture, moved === undefined ? at : place(moved)), viewport: name };
}

async function stillPage(request: StillRequest, { page, signal }: CommandContext): Promise<Still> {
  const answer = await callPage(page, STILL_PAGE, JSON.stringify(request), signal);
  return JSON.parse(answer) as Still; // Written by that function.
}

async function bringIntoSight(target: PageTarget, deadline: number, context: CommandContext): Promise<void> {
  const left = () => Math.max(deadline - performance.now(), 0);
  await find({ until: "state", state: "visible", ofOne: true, target, timeoutMs: left() }, context);
  await find({ until: "scrolled", target, timeoutMs: left() }, context);
}

async function boxesOf(
  target: PageTarget,
  reading: Extract<Reading, { what: "box" | "boxes" }>,
  context: CommandContext,
): Promise<Box[]> {
  const { value } = await find({ until: "read", reading, target, timeoutMs: 0 }, context);
  const read = JSON.parse(value ?? "[]") as Box | Box[]; // Written by the script in the page.
  return reading.what === "box" ? [read as Box] : (read as Box[]);
}

/** Turns a box of the current frame's viewport into one of a picture. */
function inPicture(placed: (point: Point) => Point, ratio: number): (box: Box) => Box {
  return ([left, top, right, bottom]) => {
    const [from, to] = [placed({ x: left, y: top }), placed({ x: right, y: bottom })];
    return [from.x * ratio, from.y * ratio, to.x * ratio, to.y * ratio];
  };
}

function isSame(one: Shot, other: Shot): boolean {
  return one.picture.width === other.picture.width && one.picture.data.equals(other.picture.data);
}

/** Lets the page go on, also where the command was given up. */
async function letGo({ page }: CommandContext): Promise<void> {
  if (page.openDialog) return;
  await page.call(RELEASE_PAGE, "", timeoutSignal(RELEASE_MS)).catch(() => undefined);
}
