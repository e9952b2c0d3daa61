import { form, maybe } from "./grammar/pattern.js";
import type { Phrase, Slot } from "./grammar/phrase.js";
import { clickTarget, thingTarget } from "./finding.js";
import { action, problem, rule, type Meaning, type Rule } from "./meaning.js";
import { clickOn, pointAt, repeated, unclear } from "./targeted-commands.js";
import { TARGET } from "./targets.js";
import type { DescribedElement } from "./elements.js";
import { EXAMPLE, PURPOSE, REST, TIMES } from "./values.js";
import { SEEN, shown, type Seen } from "./seen.js";
import { beginsDoing } from "./words.js";

/** "PIM > Add Employee": the entries of menus, one after the other. */
const MENU_PATH: Slot<DescribedElement[]> = {
  name: "A > B",
  isGreedy: true,
  read(phrase) {
    const parts: DescribedElement[] = [];
    const { words } = phrase;
    let start = 0;
    for (let at = 0; at <= words.length; at += 1) {
      if (at < words.length && !/^(?:>|→|->|»|>>)$/.test(words[at] ?? "")) continue;
      const entry = phrase.part(start, at);
      const part = entry.read(TARGET);
      if (part === undefined || part.name === "" || isInstruction(entry)) return undefined;
      parts.push(part);
      start = at + 1;
    }
    return parts.length > 1 ? parts : undefined;
  },
};

/** "Enter valid credentials" in a path is something to do; "Add Employee", "Open Recent" and "Search" are entries. */
function isInstruction({ text, length }: Phrase): boolean {
  return (
    length > 1 && beginsDoing(text) && !/^\S+(?: (?:\p{Lu}\S*|and|of|to|in|by|as|for|from|&))+$/u.test(text)
  );
}

/** An element, or one of several that an example names: "a category (e.g., “Women”)". */
const TARGET_OR_EXAMPLE: Slot<DescribedElement> = {
  name: "element",
  isGreedy: false,
  read(phrase) {
    const target = phrase.read(TARGET);
    if (target !== undefined) return target;
    for (let at = 1; at < phrase.length - 1; at += 1) {
      const example = phrase.part(at).read(EXAMPLE);
      const general = example === undefined ? undefined : phrase.part(0, at).read(TARGET);
      if (general === undefined || example === undefined) continue;
      return { ...general, name: example, fullName: example, isQuoted: true, isIndefinite: false };
    }
    return undefined;
  },
};

const clicks = (clicked: Meaning, times: number | null): Meaning => repeated(clicked, times);

/** Click, double-click, right-click, hover, drag. */
export const POINTING: Rule[] = [
  rule(form`(~double-click|~doubleclick|double ~click) [on|upon] ${TARGET} ${maybe(PURPOSE)}`, (target) =>
    pointAt("double_click", target, thingTarget),
  ),
  rule(
    form`(~right-click|~rightclick|right ~click|~context-click) [on|upon] ${TARGET} ${maybe(PURPOSE)}`,
    (target) => pointAt("right_click", target, thingTarget),
  ),
  rule(
    form`(~long-press|~middle-click|~shift-click|~ctrl-click|~control-click|long ~press|middle ~click|shift ~click|ctrl ~click) ${REST}`,
    () => problem("only a click, a double click and a right click are possible"),
  ),
  rule(form`~click|~press|~tap and hold ${REST}`, () =>
    problem("only a click, a double click and a right click are possible"),
  ),
  rule(
    form`(~hover|mouse over|~mouseover) [your|the] [mouse|pointer|cursor] [pointer|cursor] [over|on|above|onto|to|at] ${TARGET_OR_EXAMPLE} ${maybe(PURPOSE)}`,
    (target) => pointAt("hover", target),
  ),
  rule(
    form`~move|~point|~place [the|your] (mouse|pointer|cursor) [pointer|cursor] (over|to|onto|on|at|above) ${TARGET_OR_EXAMPLE} ${maybe(PURPOSE)}`,
    (target) => pointAt("hover", target),
  ),
  rule(form`~drag [and drop] ${TARGET} (to|onto|on|into|over) ${TARGET}`, dragAndDrop),
  rule(form`~drag ${TARGET} [and] ~drop [it] (in|on|over|at|into|onto|to) ${TARGET}`, dragAndDrop),
  rule(form`(~click|~press|~tap|~push|~hit) [on|upon|at|into] ${MENU_PATH}`, clickAll),
  rule(form`(~go|~navigate|~select|~choose|~open) [to|into] ${MENU_PATH}`, clickAll),
  rule(
    form`~click|~press|~tap|~push|~hit|~activate [on|upon|at|into] ${TARGET_OR_EXAMPLE} ${maybe(TIMES)} ${maybe(PURPOSE)}`,
    (target, times) => clicks(clickOn(target), times),
  ),
  // What is clicked as soon as it can be is waited for.
  rule(
    form`~click|~press|~tap [on] ${TARGET} (when|once|as soon as) it (is|becomes|gets) (enabled|active|clickable|available|ready)`,
    (target) => {
      const clicked = clickOn(target);
      if (clicked.kind !== "action") return clicked;
      return {
        ...clicked,
        commands: [{ action: "wait_for", ...clickTarget(target), state: "enabled" }, ...clicked.commands],
      };
    },
  ),
  // A purpose that tells what is to be seen is a check.
  rule(
    form`~click|~press|~tap [on] ${TARGET} [in order] to (see|view|open|show|display|reveal) ${SEEN}`,
    (target, seen) => (isTold(seen) ? clickedToSee(target, seen) : undefined),
  ),
  rule(form`~follow|~activate [the] [link] ${TARGET} ${maybe(PURPOSE)}`, (target) =>
    clickOn(target.kind === undefined ? { ...target, kind: "link" } : target),
  ),
  rule(form`(checking|~check|~verify|~test) the clickability of ${TARGET}`, (target) => clickOn(target)),
  // "Clicking Checkout opens the Checkout page": what is done, and what is seen then.
  rule(
    form`clicking|pressing|tapping|selecting [on] ${TARGET} [should] (opens|shows|displays|open|show|display|reveals|reveal) ${SEEN}`,
    clickedToSee,
  ),
];

function clickedToSee(target: DescribedElement, seen: Seen): Meaning | undefined {
  const clicked = clickOn(target);
  const check = shown(seen, { isSubject: false, presence: "visible" });
  if (clicked.kind !== "action" || check.kind !== "check") return undefined;
  return { ...check, commands: [...clicked.commands, ...check.commands] };
}

function isTold(seen: Seen): boolean {
  if (seen.kind === "texts") return seen.isQuoted;
  return seen.kind === "page" || (seen.kind === "element" && seen.target.isQuoted);
}

function clickAll(targets: DescribedElement[]): Meaning {
  const clicked = targets.map((target) => clickOn(target));
  const fault = clicked.find((meaning) => meaning.kind === "problem");
  if (fault !== undefined) return fault;
  return action(...clicked.flatMap((meaning) => (meaning.kind === "action" ? meaning.commands : [])));
}

function dragAndDrop(source: DescribedElement, destination: DescribedElement): Meaning {
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
