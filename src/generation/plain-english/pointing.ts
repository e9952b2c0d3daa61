import { thingTarget } from "./finding.js";
import { action, problem, type Meaning, type ClauseContext, type Rule } from "./meaning.js";
import { clickOn, pointAt, unclear } from "./targeted-commands.js";
import { readTarget, withoutPlace, type DescribedElement } from "./targets.js";
import { startingWith, verbs } from "./words.js";

const CLICK = startingWith(`${verbs("click", "press", "tap", "push", "hit")}(?: on| upon)? (.+)$`);
const DOUBLE_CLICK = /^double[- ]click(?:s|ing)?(?: on| upon)? (.+)$/i;
const RIGHT_CLICK = /^right[- ]click(?:s|ing)?(?: on| upon)? (.+)$/i;
const UNUSUAL_CLICK = /^(?:double|right|middle|long|shift|ctrl|control)[- ](?:click|press|tap)/i;
const HOLDING = /^(?:click|press|tap)(?:es|s|ing)? and hold/i;
const HOVER = startingWith(
  `(?:${verbs("hover")}(?: the (?:mouse|pointer|cursor))?(?: over| on| above)?|${verbs("mouse over")}|${verbs("move", "point")} the (?:mouse|pointer|cursor)(?: pointer)? (?:over|to|onto|on|at)) (.+)$`,
);
const DRAG = startingWith(
  `${verbs("drag")}(?: and drop)? (.+?) (?:to|onto|on|into|over|(?:and )?${verbs("drop")} (?:it )?(?:in|on|over|at|into|onto)) (.+)$`,
);
const PURPOSE = /^(.+ (?:button|link|icon|tab)) (?:to|in order to|so that) [^\uFDD0]+$/i;

/** Click, double-click, right-click, hover, drag. */
export const pointing: Rule = (clause, context) => {
  const { marking } = context;
  const named = (words: string): DescribedElement => readTarget(PURPOSE.exec(words)?.[1] ?? words, marking);
  const twice = DOUBLE_CLICK.exec(clause)?.[1];
  if (twice !== undefined) return pointAt("double_click", named(twice), thingTarget);
  const right = RIGHT_CLICK.exec(clause)?.[1];
  if (right !== undefined) return pointAt("right_click", named(right), thingTarget);
  if (UNUSUAL_CLICK.test(clause) || HOLDING.test(clause)) {
    return problem("only a click, a double click and a right click are possible");
  }
  const hovered = HOVER.exec(clause)?.[1];
  if (hovered !== undefined) return pointAt("hover", named(hovered));
  const drag = DRAG.exec(withoutPlace(clause));
  if (drag !== null) return dragAndDrop(drag[1] ?? "", drag[2] ?? "", context);
  const clicked = CLICK.exec(clause)?.[1];
  return clicked === undefined ? undefined : clickOn(named(clicked));
};

function dragAndDrop(dragged: string, place: string, { marking }: ClauseContext): Meaning {
  const [source, destination] = [readTarget(dragged, marking), readTarget(place, marking)];
  const fault = [source, destination].map((target) => unclear(target) ?? unsure(target)).find(Boolean);
  if (fault !== undefined) return fault;
  // The place to drop on has no alternatives in the protocol: the likeliest locator has to do.
  const to = { ...thingTarget(destination) };
  delete to.alternatives;
  return action({ action: "drag_and_drop", ...thingTarget(source), to });
}

/** "the slider", "the right": words that may not be a name at all. */
function unsure({ kind, name, isQuoted, locator }: DescribedElement): Meaning | undefined {
  if (isQuoted || kind !== undefined || locator !== undefined || /^[\p{Lu}\d]/u.test(name)) return undefined;
  return problem('put the names of both things in quotation marks, such as: Drag "Card" to "Done"');
}
