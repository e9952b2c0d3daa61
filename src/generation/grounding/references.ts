import { z } from "zod";
import type { Command, Script, Target } from "../../protocol/commands.js";
import type { SeenNode } from "../../runner/ports.js";
import type { Intent } from "../plain-english/described-element.js";
import { beginsDoing } from "../plain-english/words.js";
import { adapted } from "./adapting.js";
import { inFrame } from "./frames.js";
import { takes } from "./kinds.js";
import { wordsOf } from "./likeness.js";
import { locatorsOf, targetOf } from "./locators.js";
import { isByLook } from "./page-sight.js";
import type { SnapshotIndex } from "./snapshot-index.js";
import { told } from "./telling.js";

/**
 * Commands that name elements by their refs in a snapshot: the closed set with which a language model answers. It opens no
 * address and knows no locators; those are found here.
 */

interface ActionRule {
  /** The deed that the element has to allow; nothing where the command is about none. */
  intent?: Intent;
  /** True where the command may be about the whole page. */
  isForPage?: boolean;
  /** The command's field for the text; nothing where it has none. */
  text?: "text" | "label" | "keys" | "expected_text" | "expected_value" | "expected_url" | "expected_title";
}

const ACTION_RULES = {
  click: { intent: "click" },
  double_click: { intent: "point" },
  right_click: { intent: "point" },
  hover: { intent: "point" },
  input: { intent: "type", text: "text" },
  clear: { intent: "type" },
  select: { intent: "select", text: "label" },
  check: { intent: "tick" },
  uncheck: { intent: "tick" },
  press_key: { intent: "point", isForPage: true, text: "keys" },
  verify_visible: { intent: "see" },
  verify_enabled: { intent: "see" },
  verify_checked: { intent: "tick" },
  verify_selected: { intent: "see", text: "label" },
  verify_value: { intent: "see", text: "expected_value" },
  verify_text: { intent: "see", isForPage: true, text: "expected_text" },
  verify_url: { text: "expected_url" },
  verify_title: { text: "expected_title" },
} as const satisfies Record<string, ActionRule>;

type ReferenceAction = keyof typeof ACTION_RULES;
const REFERENCE_ACTIONS = Object.keys(ACTION_RULES) as [ReferenceAction, ...ReferenceAction[]];

/** A command with a ref in the place of a locator. */
export const Reference = z.strictObject({
  action: z.enum(REFERENCE_ACTIONS),
  ref: z.string().nullable(),
  text: z.string().nullable(),
  not: z.boolean().nullable(),
});
export type Reference = z.infer<typeof Reference>;

/** Most commands of one sentence. */
const MAX_REFERENCES = 8;

export interface ReferenceContext {
  index: SnapshotIndex;
  /** The refs that whoever answers has been told. */
  offered: ReadonlySet<string>;
  /** The author's sentence. Every text of a command is in it. */
  sentence: string;
  /** An expected result is only checked. */
  role: "done" | "expected";
}

/**
 * Turns refs into locators, each of which finds only that element, and refuses what the sentence does not say.
 *
 * @returns the commands, or what is wrong with the references, in words for whoever wrote them
 */
export function commandsByReference(
  references: readonly Reference[],
  context: ReferenceContext,
): { commands: Script } | { problems: string[] } {
  const commands: Script = [];
  const problems = [
    ...problemsOfAll(references, context),
    ...unsaid(references, context).map(
      (part) => `Nothing in the answer is about ${JSON.stringify(part)} of the sentence.`,
    ),
  ];
  for (const reference of references) {
    const made = commandsOf(reference, context);
    if (typeof made === "string") problems.push(made);
    else commands.push(...made);
  }
  return problems.length > 0 ? { problems } : { commands };
}

/** A statement, or a verb of checking: the rest of the sentences tell what is done. */
const STATES =
  /\b(?:is|are|was|were|has|have|shows?|appears?|displays?|contains?|should|must|remains?|becomes?|can|cannot|reads?|says?)\b/i;
const CHECKS =
  /^(?:then |and )*(?:i |we |you |the user |user )?(?:verify|check|ensure|confirm|assert|expect|make sure|see|validate|observe)\b/i;

function isOfCheck(sentence: string): boolean {
  const plain = sentence.trim();
  return CHECKS.test(plain) || (STATES.test(plain) && !beginsDoing(plain));
}

function problemsOfAll(references: readonly Reference[], { sentence, role }: ReferenceContext): string[] {
  const actions = references.filter(({ action }) => !action.startsWith("verify_"));
  const problems: string[] = [];
  if (references.length > MAX_REFERENCES) problems.push(`Answer with at most ${MAX_REFERENCES} commands.`);
  if (role === "expected" && actions.length > 0)
    problems.push("The sentence tells what is seen: answer with checks (verify_…) alone.");
  // A check in the place of a deed would pass, and nothing would have been done.
  if (role === "done" && actions.length === 0 && !isOfCheck(sentence))
    problems.push("The sentence tells what is done: checks alone do not do it.");
  return problems;
}

const QUOTED = /"([^"]+)"|“([^”]+)”|(?<!\w)'([^']+)'(?!\w)/g;

/** Names, values and numbers of the sentence that the commands and their elements have nothing of. */
function unsaid(references: readonly Reference[], { sentence, index, offered }: ReferenceContext): string[] {
  const nodes = references.flatMap(({ ref }) =>
    ref !== null && offered.has(ref) ? (index.node(ref) ?? []) : [],
  );
  const around = nodes.flatMap((node) => [node, ...index.around(node)]);
  const known = new Set([
    ...references.flatMap(({ text }) => wordsOf(text ?? "")),
    ...around.flatMap((node) => wordsOf(textOf(node, index))),
  ]);
  const quoted = Array.from(sentence.matchAll(QUOTED), ([all]) => all.slice(1, -1));
  const numbers = sentence.replace(QUOTED, " ").match(/(?<![\w$.])\d+(?:[.,]\d+)*(?!\w)/g) ?? [];
  return [...quoted, ...numbers].filter((part) => !wordsOf(part).every((word) => known.has(word)));
}

/** Everything by which people may know an element, or the row around it. */
function textOf(node: SeenNode, index: SnapshotIndex): string {
  const own = [node.name, node.value, ...(node.options ?? []), ...node.hints.map(({ text }) => text)];
  const isRow = node.step !== undefined || node.role === "row";
  return [...own, ...(isRow ? index.textsIn(node) : [])].join(" ");
}

function commandsOf(reference: Reference, context: ReferenceContext): Script | string {
  const { action, ref, text } = reference;
  const rule: ActionRule = ACTION_RULES[action];
  const fault =
    faultOfText(reference, context) ?? (rule.text === undefined ? undefined : missing(action, text));
  if (fault !== undefined) return fault;
  const said = rule.text === undefined ? {} : { [rule.text]: text };
  const negated = reference.not === true && action.startsWith("verify_") ? { not: true } : {};
  if (rule.intent === undefined || (ref === null && rule.isForPage === true)) {
    const page = action === "verify_text" ? { locator_type: "css", locator_value: "body" } : {};
    return [{ action, ...page, ...said, ...negated } as Command]; // The rule of the action says which fields it has.
  }
  const node = ref === null ? undefined : nodeOf(ref, context);
  if (node === undefined)
    return ref === null
      ? `${action} needs a ref.`
      : `There is no ref ${JSON.stringify(ref)}; use those that stand in the page.`;
  return commandsOn(node, { action, said: { ...said, ...negated }, intent: rule.intent }, context);
}

function missing(action: string, text: string | null): string | undefined {
  return text === null || text === "" ? `${action} needs a text.` : undefined;
}

function nodeOf(ref: string, { index, offered }: ReferenceContext): SeenNode | undefined {
  return offered.has(ref) ? index.node(ref) : undefined;
}

function commandsOn(
  node: SeenNode,
  { action, said, intent }: { action: ReferenceAction; said: Partial<Command>; intent: Intent },
  context: ReferenceContext,
): Script | string {
  const { index } = context;
  const isList = action === "input" && node.options !== undefined;
  if (takes(node, isList ? "select" : intent) === "no")
    return `${node.ref} is ${told(node, index)}: nobody can ${action} it.`;
  if (isOfAnotherNumber(node, context))
    return `${node.ref} is ${told(node, index)}: the sentence names another number.`;
  if (isUnsaidHarm(node, action, context))
    return `${node.ref} is ${told(node, index)}, and the sentence says nothing of the kind.`;
  if (action === "select" && !isOption(node, String("label" in said ? said.label : ""), context))
    return `${node.ref} has no such option that the sentence names.`;
  const locators = locatorsOf(node, index);
  const target: Target | undefined = targetOf(
    action === "verify_visible" ? locators.filter(isByLook) : locators,
  );
  if (target === undefined) return `${node.ref} cannot be told apart from others.`;
  const command = { action, ...target, ...said } as Command; // As above.
  return inFrame(adapted(command, { node, target, index }), node, index.snapshot);
}

/** A text that the sentence does not say would be invented, or the page's own. */
function faultOfText({ action, text }: Reference, { sentence }: ReferenceContext): string | undefined {
  if (text === null || text === "" || action === "select") return undefined;
  if (action === "press_key" && KEYS.test(text)) return undefined;
  return plain(sentence).includes(plain(text))
    ? undefined
    : `The sentence does not say ${JSON.stringify(text.slice(0, 80))}: take every text from it, word for word.`;
}

const KEYS =
  /^(?:(?:Control|Shift|Alt|Meta)\+)*(?:Enter|Escape|Tab|Space|Backspace|Delete|Home|End|Page(?:Up|Down)|Arrow(?:Up|Down|Left|Right)|F\d{1,2})$/;

function plain(text: string): string {
  return text.toLowerCase().replace(/\s+/g, " ").trim();
}

/** An option of the list of which the sentence says a word. */
function isOption(node: SeenNode, label: string, { sentence }: ReferenceContext): boolean {
  if (plain(sentence).includes(plain(label))) return true;
  if (node.options?.includes(label) !== true) return false;
  const said = new Set(wordsOf(sentence));
  return wordsOf(label).some((word) => word.length > 1 && said.has(word));
}

const NUMBER_WORDS = /\b(?:one|two|three|four|five|six|seven|eight|nine|ten)\b/g;

/** "Add two" is no "Add one". */
function isOfAnotherNumber({ name }: SeenNode, { sentence }: ReferenceContext): boolean {
  const said = new Set(sentence.toLowerCase().match(NUMBER_WORDS));
  const named = name.toLowerCase().match(NUMBER_WORDS) ?? [];
  return said.size > 0 && named.length > 0 && !named.some((word) => said.has(word));
}

/**
 * Deeds that nobody takes back, by the names of controls, and the words with which a sentence asks for them: a page that
 * talks a model into one has to find it in the sentence, too.
 */
const HARMS: readonly { named: RegExp; asked: RegExp }[] = [
  {
    named: /\b(?:delete|remove|discard|erase|destroy|trash|deactivate|terminate)/i,
    asked:
      /\b(?:delet|remov|discard|eras|destroy|trash|deactivat|terminat|get rid|throw away|wipe|clear|drop)/i,
  },
  {
    named: /\b(?:pay|buy|purchase|place (?:\w+ )?order|order now|check ?out|transfer|donate|subscribe)\b/i,
    asked: /\b(?:pa(?:y|id)|buy|bought|purchas|order|check(?:s|ed|ing)? ?out|transfer|donat|subscri)/i,
  },
  {
    named: /\b(?:log|sign) ?(?:out|off)\b/i,
    asked: /\b(?:log|sign)(?:s|ged|ging|ed|ing)? ?(?:out|off)\b|\b(?:leave|end)\b/i,
  },
  { named: /\b(?:send|publish|invite)\b/i, asked: /\b(?:sen[dt]|publish|invit|submit|mail|message)/i },
  { named: /\b(?:grant|revoke|authori[sz]e)\b/i, asked: /\b(?:grant|revok|authori[sz]|allow|permi|access)/i },
];

function isUnsaidHarm(node: SeenNode, action: ReferenceAction, { sentence }: ReferenceContext): boolean {
  if (action.startsWith("verify_") || action === "hover") return false;
  const names = [node.name, ...node.hints.map(({ text }) => text)].join(" ");
  return HARMS.some(({ named, asked }) => named.test(names) && !asked.test(sentence));
}
