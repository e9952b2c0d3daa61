import { describe } from "./element.ts";
import { visibleArea } from "./frames.ts";
import { aimAt } from "./point.ts";
import { alignmentOf, scrollIntoSight } from "./into-sight.ts";
import { closest, isInside, parentElementOf } from "./tree.ts";

/** Functions that tell whether people can get at an element that they see. */

/** Attempts to scroll an element out from under what covers it. */
const ATTEMPTS = 4;

/** A field that is smaller, in CSS pixels, belongs to an editor that draws the text itself. */
const OWN_FIELD = 24;

/**
 * Scrolls a field into view, and tells why a press would not reach it then.
 *
 * @param element the one that is meant, such as the field's label
 */
export function whyOutOfReach(field: Element, element = field): string | undefined {
  scrollIntoSight(field, "nearest", "nearest");
  let first: string | undefined;
  for (let attempt = 0; attempt <= ATTEMPTS; attempt++) {
    for (const surface of new Set([field, element])) {
      const aim = aimAt(field, { surface, offset: undefined, area: visibleArea() });
      if ("point" in aim || (aim.cover && isOfSameEditor(field, aim.cover))) return undefined;
      first ??= aim.problem;
    }
    if (whyShutOff(field) !== undefined) return whyShutOff(field);
    if (attempt < ATTEMPTS) scrollIntoSight(field, alignmentOf(attempt));
  }
  return first;
}

/** The reason why no input reaches the element wherever it is. */
export function whyShutOff(element: Element): string | undefined {
  if (closest(element, "[inert]") !== null) return `${describe(element)} is inert`;
  const modals = Array.from(document.querySelectorAll("dialog:modal"));
  const [modal] = modals;
  if (modal === undefined || modals.some((each) => isInside(element, each))) return undefined;
  return `${describe(element)} is behind the dialog ${describe(modal)}`;
}

/**
 * True when what covers a field is what an editor draws in its place: the field itself is then so small, or so
 * transparent, that nobody could press it.
 */
function isOfSameEditor(field: Element, cover: Element): boolean {
  const { width, height } = field.getBoundingClientRect();
  const isOwn = Math.min(width, height) < OWN_FIELD / 4 || Number(getComputedStyle(field).opacity) === 0;
  if (!isOwn) return false;
  let box = parentElementOf(field);
  while (box !== null && box.getBoundingClientRect().height < OWN_FIELD) box = parentElementOf(box);
  return box !== null && box !== document.body && isInside(cover, box);
}
