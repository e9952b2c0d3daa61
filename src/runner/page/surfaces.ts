import { labelsOf } from "./labels.ts";
import { isAnywhere } from "./point.ts";
import type { Offset } from "./requests.ts";
import { isInSight } from "./sight.ts";
import { closedListOf } from "./stand-ins.ts";

/**
 * Surfaces that can be pressed to press the element: the element itself, and for a checkbox or radio button that a
 * style has hidden to draw another in its place, its labels and what they are made of.
 */
export function surfacesOf(element: Element, offset?: Offset): Element[] {
  const list = closedListOf(element);
  if (list !== undefined && list !== element) return isInSight(list) ? [list] : [];
  // A control that is seen through has another drawn in its place, and is what the pointer meets there.
  const own = isInSight(element, element.matches(CONTROLS) ? "around" : "all") ? [element] : [];
  const isBox = element instanceof HTMLInputElement && /^(checkbox|radio)$/.test(element.type);
  if (!isBox || (offset && !isAnywhere(offset))) return own;
  const labels = labelsOf(element).filter((each) => isInSight(each));
  return [...own, ...labels.flatMap((label) => [label, ...label.children]).filter((each) => isInSight(each))];
}

const CONTROLS = "input,select,textarea";
