import { opacityOf, overflowClip, ownClip, surroundingsOf, type Clip, type InSight } from "./clips.ts";
import { alphaOf } from "./colours.ts";
import { opaqueCoverOf } from "./covers.ts";
import { describe, isWithoutBox, rectsOf } from "./element.ts";
import { isFrameHidden, type Area } from "./frames.ts";
import { withoutInvisible } from "./same-text.ts";
import { standInOf } from "./stand-ins.ts";
import { parentElementOf } from "./tree.ts";

/**
 * Functions that tell whether people can see an element. As for WebDriver
 * (https://www.w3.org/TR/webdriver2/#element-displayedness) it has to be drawn with a size, and content that overflows
 * an element without one counts. Beyond that it must not be see-through, cut off where nobody can scroll, or wholly
 * covered. An element that can be scrolled to can be seen.
 */

/** Opacity below which nothing can be made out. */
const FAINT = 0.1;

/** Most nodes inside an element that are looked at to tell what is drawn there. */
const MAX_NODES = 24;

/** A box that is larger than this in no direction is there for machines. In CSS pixels. */
const SPECK = 1;

/** The opacity that is looked at: an element's own is no matter where another is drawn in its place. */
export type Opacity = "all" | "around" | "none";

export function isVisible(element: Element): boolean {
  return whyUnseen(element) === undefined;
}

/** As {@link isVisible}, also of an element that is covered. */
export function isInSight(element: Element, opacity: Opacity = "all"): boolean {
  return whyOutOfSight(element, opacity) === undefined;
}

/** The reason why nobody can see the element, as a clause; nothing when people can. */
export function whyUnseen(element: Element): string | undefined {
  const sight = sightOf(element);
  if (typeof sight === "string") return sight;
  const cover = opaqueCoverOf(standInOf(element) ?? element, sight);
  return cover && `${describe(element)} is not visible: ${describe(cover)} covers it`;
}

/** As {@link whyUnseen}, also of an element that is covered. */
export function whyOutOfSight(element: Element, opacity: Opacity = "all"): string | undefined {
  const sight = sightOf(element, opacity);
  return typeof sight === "string" ? sight : undefined;
}

/** The parts of an element that can be seen unless they are covered, or the reason why there are none. */
export function sightOf(element: Element, opacity: Opacity = "all"): InSight | string {
  const why = (reason: string) => `${describe(element)} is not visible${reason && `: ${reason}`}`;
  const drawn = standInOf(element);
  const rects = drawn && isDrawn(drawn) ? rectsOf(element) : [];
  if (!drawn || rects.length === 0) return why("");
  const style = getComputedStyle(drawn);
  const around = surroundingsOf(drawn);
  const own = opacity === "around" ? 1 : opacityOf(style);
  if (opacity !== "none" && own * around.opacity < FAINT) return why("it is transparent");
  if (isFrameHidden()) return why("its frame is hidden");
  const content = drawsItself(drawn, style) ? undefined : contentOf(drawn);
  if (content?.length === 0) return why("its text has no size or no colour");
  const ownClips = [ownClip(drawn, style), content && overflowClip(drawn, style)].filter(
    (clip) => clip !== undefined,
  );
  return keep(content ?? rects.map(spread), [...ownClips, ...around.clips], why);
}

/** The rest that clips leave of the parts. */
function keep(parts: Area[], clips: Clip[], why: (reason: string) => string): InSight | string {
  let cutBy = document.documentElement;
  const reachable = parts.filter((part) => {
    let left = part;
    return clips.every((clip) => {
      left = clip.reachable(left);
      if (isLarge(left)) return true;
      cutBy = clip.box as HTMLElement; // Only its name is of interest.
      return false;
    });
  });
  if (reachable.length > 0) {
    const shown = reachable
      .map((part) => clips.reduce((left, clip) => clip.shown(left), part))
      .filter(isLarge);
    return { parts: reachable, shown, clips };
  }
  const isOutside = cutBy === document.documentElement;
  return why(isOutside ? "it is where nobody can scroll to" : `${describe(cutBy)} cuts it off`);
}

function isLarge({ left, top, right, bottom }: Area): boolean {
  const width = right - left;
  const height = bottom - top;
  return width >= 0.5 && height >= 0.5 && (width > SPECK || height > SPECK);
}

/** A straight line of a drawing has no area, but its stroke has. */
function spread({ left, top, right, bottom }: DOMRect): Area {
  const x = right > left ? 0 : 0.5;
  const y = bottom > top ? 0 : 0.5;
  return { left: left - x, top: top - y, right: right + x, bottom: bottom + y };
}

/** True when it is rendered and not hidden, whatever its size. */
function isDrawn(element: Element): boolean {
  if (!isWithoutBox(element)) return element.checkVisibility({ visibilityProperty: true });
  // The browser takes an element without a box for not being rendered; its content may be.
  const parent = parentElementOf(element);
  return (
    getComputedStyle(element).visibility === "visible" &&
    (parent === null || parent.checkVisibility() || isWithoutBox(parent))
  );
}

/** Elements that are drawn by the browser itself. */
const REPLACED =
  "img,svg,video,audio,canvas,iframe,frame,object,embed,input,select,textarea,button,progress,meter,hr,option,optgroup,area,math,li,summary";

/** True when something of an element can be seen besides its content. */
function drawsItself(element: Element, style: CSSStyleDeclaration): boolean {
  if (element instanceof SVGElement || element.matches(REPLACED) || isWithoutBox(element)) return true;
  return (
    alphaOf(style.backgroundColor) > 0 ||
    style.backgroundImage !== "none" ||
    style.boxShadow !== "none" ||
    hasLine(style.borderTopWidth, style.borderTopColor) ||
    hasLine(style.borderBottomWidth, style.borderBottomColor) ||
    hasLine(style.borderLeftWidth, style.borderLeftColor) ||
    hasLine(style.borderRightWidth, style.borderRightColor)
  );
}

function hasLine(width: string, colour: string): boolean {
  return parseFloat(width) > 0 && alphaOf(colour) > 0;
}

/**
 * The places of what is drawn inside an element; nothing for one without any content, which only takes up room, and
 * for one with more content than is worth a look.
 */
function contentOf(element: Element): Area[] | undefined {
  const parts: Area[] = [];
  const texts: Text[] = [];
  let left = MAX_NODES;
  const visit = (parent: Element): boolean => {
    if (parent.shadowRoot || parent.assignedSlot) return false;
    for (let node = parent.firstChild; node !== null; node = node.nextSibling) {
      if (left-- === 0) return false;
      if (node instanceof Text && withoutInvisible(node.data).trim() !== "") {
        texts.push(node);
        if (isInked(parent)) parts.push(...rectsOfText(node));
      } else if (
        node instanceof Element &&
        node.checkVisibility({ visibilityProperty: true, opacityProperty: true })
      ) {
        if (drawsItself(node, getComputedStyle(node))) return false;
        if (!visit(node)) return false;
      } else if (node instanceof Element && isWithoutBox(node)) return false;
    }
    return true;
  };
  const isWhole = visit(element);
  // Content that CSS adds before and after has no node to ask.
  return isWhole && texts.length > 0 && !isAddedTo(element) ? parts : undefined;
}

function isAddedTo(element: Element): boolean {
  return ["::before", "::after"].some(
    (name) => !/^(none|normal)$/.test(getComputedStyle(element, name).content),
  );
}

function rectsOfText(text: Text): Area[] {
  const range = document.createRange();
  range.selectNodeContents(text);
  return Array.from(range.getClientRects()).filter(({ width, height }) => width > 0 && height > 0);
}

/** True when text in this style leaves a trace. */
function isInked(element: Element): boolean {
  const style = getComputedStyle(element);
  if (parseFloat(style.fontSize) < SPECK) return false;
  const fill = style.getPropertyValue("-webkit-text-fill-color") || style.color;
  return alphaOf(fill) > 0 || style.textShadow !== "none" || isTextCutFrom(element);
}

/** True when a background shows through the letters of an element. */
function isTextCutFrom(element: Element | null): boolean {
  for (let box = element; box !== null; box = parentElementOf(box)) {
    if (getComputedStyle(box).backgroundClip.includes("text")) return true;
  }
  return false;
}
