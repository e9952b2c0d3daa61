import type { Command, Script } from "../../protocol/commands.js";
import type { SeenNode } from "../../runner/ports.js";
import { described } from "./described.js";
import { inFrame } from "./frames.js";
import { locatorsOf, targetOf } from "./locators.js";
import type { Grounded } from "./page-sight.js";
import { scopesOf } from "./places.js";
import { resolve } from "./resolve.js";
import type { SnapshotIndex } from "./snapshot-index.js";

/** Expected results about a part of the page that has no name, and about what is chosen there. */

type PartExpectation = Grounded & { expected?: readonly string[] };

const ASKING = "(?:(?:verify|check|ensure|confirm|assert|expect)(?: that| if)? )?";
const QUOTED = String.raw`(?:"([^"]+)"|“([^”]+)”|'([^']+)')`;
const PART = "(dialog(?:ue)?|modal|pop-?up|table|grid|list|menu|form)";
const SHOWN = "(?:shown|displayed|visible|present|listed|open|opened)";
const pattern = (form: string): RegExp => new RegExp(`^${ASKING}${form}[.]?$`, "iu");

const IN_PART = pattern(`${QUOTED} (?:is|should be) (not )?(?:be )?${SHOWN} in the ${PART}`);
const PART_SHOWN = pattern(`(?:the|an?) ${PART} (?:(?:is|should be) ${SHOWN}|opens|appears)`);
const SELECTED = pattern(`${QUOTED} (?:is|should be) (not )?(?:selected|chosen)`);

/** @returns nothing where the sentence is none of these, or the page has no such part or several */
export function expectOfPart(sentence: string, index: SnapshotIndex): PartExpectation | undefined {
  const inPart = IN_PART.exec(sentence);
  if (inPart !== null) return saysInPart(inPart, index);
  const [, shown] = PART_SHOWN.exec(sentence) ?? [];
  if (shown !== undefined) return isShown(shown, index);
  const selected = SELECTED.exec(sentence);
  return selected === null ? undefined : isSelected(selected, index);
}

function saysInPart(
  [, ...groups]: (string | undefined)[],
  index: SnapshotIndex,
): PartExpectation | undefined {
  const [text, not, kindWord = ""] = [groups.slice(0, 3).find(Boolean), groups[3], groups[4]];
  const part = partOf(kindWord, index);
  const target = part && targetOf(part.locators);
  if (text === undefined || part === undefined || target === undefined) return undefined;
  const is = not === undefined ? "is" : "is not";
  const command: Command = {
    ...{ action: "verify_text", ...target, expected_text: text },
    ...(not !== undefined && { not: true }),
  };
  return done([command], part, index, `${JSON.stringify(text)} ${is} shown in the ${kindWord}`);
}

function isShown(kindWord: string, index: SnapshotIndex): PartExpectation | undefined {
  const part = partOf(kindWord, index);
  const target = part && targetOf(part.locators);
  if (part === undefined || target === undefined) return undefined;
  return done([{ action: "verify_visible", ...target }], part, index, `The ${kindWord} is shown`);
}

/** The only part of the page of a kind. */
function partOf(kindWord: string, index: SnapshotIndex): SeenNode | undefined {
  const place = { relation: "in", kindWord: kindWord.toLowerCase(), name: "" } as const;
  const [only, ...others] = scopesOf(place, index) ?? [];
  return others.length === 0 ? only?.container : undefined;
}

function isSelected(
  [, ...groups]: (string | undefined)[],
  index: SnapshotIndex,
): PartExpectation | undefined {
  const [name, not] = [groups.slice(0, 3).find(Boolean), groups[3]];
  if (name === undefined) return undefined;
  const chosen = choiceCalled(name, index);
  const target = chosen && targetOf(locatorsOf(chosen, index));
  if (chosen === undefined || target === undefined) return undefined;
  const negated = not === undefined ? {} : { not: true };
  const is = not === undefined ? "is" : "is not";
  // A person who looks at what is selected sees it, unless the page draws something in its place.
  const seen: Script = chosen.states.includes("unseen") ? [] : [{ action: "verify_visible", ...target }];
  const check = { ...stateCheck(chosen, name, target), ...negated };
  return done([...seen, check], chosen, index, `${name} ${is} selected`);
}

/** The only list that has such an option, or else the element of that name that can be chosen. */
function choiceCalled(name: string, index: SnapshotIndex): SeenNode | undefined {
  const [list, ...lists] = index.nodes.filter(({ options }) => options?.includes(name));
  const resolution = resolve(described(name, { isQuoted: true }), index, "see");
  const node =
    resolution.kind === "found" && CHOICES.test(resolution.node.role) ? resolution.node : undefined;
  if (list !== undefined) return lists.length === 0 && node === undefined ? list : undefined;
  return node;
}

const CHOICES = /^(?:radio|menuitemradio|tab|option|treeitem)$/;

function stateCheck(
  { role, options }: SeenNode,
  name: string,
  target: NonNullable<ReturnType<typeof targetOf>>,
): Command {
  if (options !== undefined) return { action: "verify_selected", ...target, label: name };
  if (role.endsWith("radio")) return { action: "verify_checked", ...target };
  return {
    ...{ action: "verify_attribute", ...target, attribute: "aria-selected", expected_value: "true" },
    match: "equals",
  };
}

function done(script: Script, node: SeenNode, index: SnapshotIndex, expected: string): PartExpectation {
  const commands = inFrame(script, node, index.snapshot);
  return { kind: "commands", commands, elements: [node], expected: [expected] };
}
