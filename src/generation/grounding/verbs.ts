import type { Command, Script } from "../../protocol/commands.js";
import type { SeenNode } from "../../runner/ports.js";
import type { Intent } from "../plain-english/described-element.js";
import { commandOn } from "../plain-english/meaning.js";
import { besides, described, type Described } from "./described.js";
import { inFrame } from "./frames.js";
import { plainCode, WantedName } from "./likeness.js";
import { targetOf } from "./locators.js";
import { unresolved, type Grounded } from "./page-sight.js";
import { resolve } from "./resolve.js";
import type { SnapshotIndex } from "./snapshot-index.js";

/**
 * Verbs of applications: each is a search for the control that says so. Nothing is done where no control says it, or
 * where several do.
 */

/** A thing as a sentence names it: in quotation marks, or a few plain words. */
const THING = String.raw`(?:(?:(?:the|an?|my|your) )?(?:"([^"]+)"|“([^”]+)”|'([^']+)')|([^"“”]{1,60}?))`;
/** Words with which a sentence says more than a verb and a thing. */
const SAYS_MORE =
  /(?:^|\s)(?:if|unless|when|until|while|after|before|then|or|and|without|except|only|twice|that|which|who|is|are|should)(?:\s|$)|[,;]/i;

interface Thing {
  name: string;
  isQuoted: boolean;
}

type Verb = (things: Thing[], index: SnapshotIndex) => Grounded | undefined;

const VERBS: [RegExp, Verb][] = [
  form(
    `(?:add|put) ${THING} (?:to|in|into|on) (?:the |my |your )?(cart|shopping cart|basket|bag|wish ?list|favou?rites|list|order|comparison)`,
    addTo,
  ),
  form(`(?:add|create|make|insert) (?:an? |the )?(?:new )?${THING}`, create),
  form(
    `(?:add|create|make|insert) (?:an? |the )?(?:new )?([a-z][a-z -]{1,30}?) (?:called |named |titled |with (?:the )?(?:name|title|text) )?(?:"([^"]+)"|“([^”]+)”|'([^']+)')`,
    createNamed,
  ),
  form(
    `(?:delete|remove|discard|trash) (?:the )?(?:[a-z]+ )?${THING}(?: from (?:the |my )?[a-z ]{1,30})?`,
    inRow("Delete"),
  ),
  form(`edit (?:the )?${THING}`, inRow("Edit")),
  form(`download (?:the )?${THING}`, inRow("Download")),
  form(`(?:search|look) (?:for )?(?:the )?${THING}`, search),
  form(`(?:sort|order) (?:the [a-z]+ )?by ${THING}`, sort),
  form(`filter (?:the [a-z]+ )?(?:by|for|on) ${THING}`, filter),
  form(
    `(?:mark|set|flag) ${THING} as (completed?|done|finished|read|unread|favou?rite|active|resolved|paid|[a-z]+)`,
    mark,
  ),
  form(`(?:complete|finish|tick off) (?:the )?(?:todo |task |item )?${THING}`, mark),
  form(
    `(?:open|go to|navigate to|view|show|visit|access|return to|switch to|expand) (?:the )?${THING}(?: (?:page|section|screen|module|view|area))?`,
    open,
  ),
  form(`(?:close|dismiss) (?:the )?${THING}`, close),
  form(
    `(?:select|choose|pick) (?:the )?${THING}(?: (?:option|plan|item|entry|product|card|row|filter))?`,
    choose,
  ),
  form(`(?:log|sign) ?(?:out|off)(?: of .{1,30})?`, logOut),
];

function form(pattern: string, verb: Verb): [RegExp, Verb] {
  return [
    new RegExp(
      `^(?:(?:the user|user|i|we|you) )?${pattern.replace(
        /^\(\?:([a-z|]+)\)/,
        (_all, words: string) =>
          `(?:${words
            .split("|")
            .map((word) => `${word}s?`)
            .join("|")})`,
      )}[.!]?$`,
      "i",
    ),
    verb,
  ];
}

/**
 * The commands for a sentence that tells what to do in the application's own words.
 *
 * @returns nothing where it is none of these sentences
 */
export function doVerb(text: string, index: SnapshotIndex): Grounded | undefined {
  const said = sayingSo(text, index);
  if (said !== undefined) return said;
  let first: Grounded | undefined;
  for (const [pattern, verb] of VERBS) {
    const match = pattern.exec(text.trim());
    if (match === null) continue;
    const things = thingsOf(match);
    if (things.some(({ name, isQuoted }) => !isQuoted && SAYS_MORE.test(name))) continue;
    const grounded = verb(things, index);
    if (grounded?.kind === "commands") return grounded;
    first ??= grounded;
  }
  return first;
}

function thingsOf([all, ...groups]: (string | undefined)[]): Thing[] {
  return groups
    .filter((group) => group !== undefined)
    .map((name) => ({
      name: name.trim(),
      isQuoted: /["“”']/.test(all?.charAt(all.indexOf(name) - 1) ?? ""),
    }));
}

interface Doing extends Described {
  intent?: Intent;
}

/** Does something with the control of a name. */
function withControl(
  index: SnapshotIndex,
  name: string,
  { intent = "click", ...options }: Doing,
  make = clicking,
): Grounded {
  const target = described(name, options);
  const resolution = resolve(target, index, intent);
  if (resolution.kind !== "found") return unresolved(target, resolution, index);
  // A text that says it is none that a click does something with.
  if (resolution.node.kind !== "control")
    return unresolved(target, { kind: "missing", nearest: [resolution.node] }, index);
  const commands = make(resolution.node, resolution.locators, index);
  return {
    kind: "commands",
    commands: inFrame(commands, resolution.node, index.snapshot),
    elements: [resolution.node],
  };
}

type Making = (node: SeenNode, locators: SeenNode["locators"], index: SnapshotIndex) => Script;

const clicking: Making = (_node, locators) => {
  const target = targetOf(locators);
  return target === undefined ? [] : [{ action: "click", ...target }];
};

/** The first way that finds a control; else what is said of the first. */
function firstOf(...ways: (() => Grounded | undefined)[]): Grounded | undefined {
  let first: Grounded | undefined;
  for (const way of ways) {
    const grounded = way();
    if (grounded?.kind === "commands") return grounded;
    first ??= grounded;
  }
  return first;
}

function addTo([thing, place]: Thing[], index: SnapshotIndex): Grounded | undefined {
  if (thing === undefined || place === undefined) return undefined;
  return withControl(index, `Add to ${place.name}`, { places: besides(withoutArticle(thing)) });
}

function create([thing]: Thing[], index: SnapshotIndex): Grounded | undefined {
  if (thing === undefined || thing.isQuoted) return undefined;
  const ways = ["Add", "New", "Create"].map((verb) => () => withControl(index, `${verb} ${thing.name}`, {}));
  return firstOf(...ways);
}

/** `Add a todo "Buy milk"`: a field that says so takes it, and the button beside it or Enter adds it. */
function createNamed([kind, thing]: Thing[], index: SnapshotIndex): Grounded | undefined {
  if (kind === undefined || thing === undefined) return undefined;
  const fields = ["New", "Add", "Create"].map((verb) =>
    resolve(described(`${verb} ${kind.name}`), index, "type"),
  );
  const field = fields.find((one) => one.kind === "found");
  if (field?.kind !== "found") return create([kind], index);
  return typeAndSend(field, thing.name, /^(?:add|create|save|\+)/i, index);
}

function typeAndSend(
  { node, locators }: { node: SeenNode; locators: SeenNode["locators"] },
  text: string,
  names: RegExp,
  index: SnapshotIndex,
): Grounded | undefined {
  const target = targetOf(locators);
  if (target === undefined) return undefined;
  const container = index.parentOf(node);
  const around = container === undefined ? index.nodes : index.inside(container);
  const buttons = around.filter(
    (other) => other.role === "button" && isCalled(other, names) && other.frame === node.frame,
  );
  const [button] = buttons;
  const near =
    button !== undefined &&
    buttons.length === 1 &&
    Math.abs(index.placeOf(button) - index.placeOf(node)) <= NEAR;
  const send = near ? targetOf(button.locators) : undefined;
  const sending: Command =
    send === undefined ? { action: "press_key", ...target, keys: "Enter" } : { action: "click", ...send };
  const commands: Script = [{ action: "input", ...target, text }, sending];
  return {
    kind: "commands",
    commands: inFrame(commands, node, index.snapshot),
    elements: [node, ...(near ? [button] : [])],
  };
}

/** Most parts of the page between a field and the button that belongs to it. */
const NEAR = 4;

function isCalled(node: SeenNode, names: RegExp): boolean {
  return (
    names.test(node.name) ||
    node.hints.some(({ from, text }) => names.test(from === "code" ? plainCode(text) : text))
  );
}

/** "Delete John Doe": the control in its row, or one that says it all. */
function inRow(verb: string): Verb {
  return ([thing], index) => {
    if (thing === undefined) return undefined;
    const name = withoutArticle(thing);
    return firstOf(
      () => exactly(index, `${verb} ${name}`),
      () => withControl(index, verb, { places: besides(name) }),
    );
  };
}

/** A control that is called just so, whatever else is like it. */
function exactly(index: SnapshotIndex, name: string): Grounded | undefined {
  const grounded = withControl(index, name, { isQuoted: true });
  if (grounded.kind !== "commands") return undefined;
  const wanted = new WantedName(name, { isQuoted: true });
  return grounded.elements.every((node) => wanted.likenessTo(node.name) >= WHOLE) ? grounded : undefined;
}

const WHOLE = 0.84;

function search([thing]: Thing[], index: SnapshotIndex): Grounded | undefined {
  if (thing === undefined) return undefined;
  const boxes = index.nodes.filter(({ role, kind }) => kind === "control" && role === "searchbox");
  const field = boxes.length === 1 && boxes[0] !== undefined ? boxes[0] : undefined;
  const found = field ? { node: field, locators: field.locators } : undefined;
  const target = described("Search");
  const resolution = found ? undefined : resolve(target, index, "type");
  if (resolution !== undefined && resolution.kind !== "found") return unresolved(target, resolution, index);
  const { node, locators } = found ?? resolution ?? {};
  if (node === undefined || locators === undefined) return undefined;
  return typeAndSend({ node, locators }, thing.name, /^(?:search|find|go\b)/i, index);
}

function sort([thing]: Thing[], index: SnapshotIndex): Grounded | undefined {
  if (thing === undefined) return undefined;
  return firstOf(
    () => chooseOption(index, thing.name, (list) => isCalled(list, /\b(?:sort|order)/i)),
    () => exactly(index, `Sort by ${thing.name}`),
    () => withControl(index, thing.name, { places: [{ relation: "in", kindWord: "table", name: "" }] }),
  );
}

function filter([thing]: Thing[], index: SnapshotIndex): Grounded | undefined {
  if (thing === undefined) return undefined;
  return firstOf(
    () => chooseOption(index, thing.name, () => true),
    () => tickOrClick(index, thing),
  );
}

/** Chooses what is called so in the only list that has it. */
function chooseOption(
  index: SnapshotIndex,
  label: string,
  isFor: (list: SeenNode) => boolean,
): Grounded | undefined {
  const wanted = new WantedName(label);
  const having = index.nodes
    .filter(({ options }) => options !== undefined)
    .filter(isFor)
    .flatMap((list) => {
      const judged = (list.options ?? []).map((option) => ({
        list,
        option,
        score: wanted.likenessTo(option),
      }));
      const best = Math.max(...judged.map(({ score }) => score));
      return judged.filter(({ score }) => score === best && score >= LEAST);
    });
  const [only] = having;
  const target = only && targetOf(only.list.locators);
  if (only === undefined || having.length > 1 || target === undefined) return undefined;
  const commands: Script = [{ action: "select", ...target, label: only.option }];
  return { kind: "commands", commands: inFrame(commands, only.list, index.snapshot), elements: [only.list] };
}

const LEAST = 0.69;
const TICKED = /^(?:checkbox|radio|switch|menuitemcheckbox|menuitemradio)$/;

const tickingOrClicking: Making = (node, locators) => {
  const target = targetOf(locators);
  if (target === undefined) return [];
  return [commandOn(TICKED.test(node.role) ? "check" : "click", target)];
};

function tickOrClick(index: SnapshotIndex, { name, isQuoted }: Thing): Grounded {
  return withControl(index, name, { isQuoted }, tickingOrClicking);
}

function mark([thing, state]: Thing[], index: SnapshotIndex): Grounded | undefined {
  if (thing === undefined) return undefined;
  const isUndone = state?.name.startsWith("un") === true;
  const whole = state === undefined ? undefined : exactlyMarked(index, `Mark ${thing.name} as ${state.name}`);
  const places = besides(withoutArticle(thing));
  return firstOf(
    () => whole,
    () => (state === undefined ? undefined : withControl(index, `Mark as ${state.name}`, { places })),
    () =>
      isUndone
        ? undefined
        : withControl(index, "", { kind: "checkbox", places, intent: "tick" }, tickingOrClicking),
  );
}

function exactlyMarked(index: SnapshotIndex, name: string): Grounded | undefined {
  const grounded = exactly(index, name);
  const [node] = grounded?.kind === "commands" ? grounded.elements : [];
  return node && withControl(index, node.name, { isQuoted: true }, tickingOrClicking);
}

function open([thing]: Thing[], index: SnapshotIndex): Grounded | undefined {
  if (thing === undefined || /^https?:|\//.test(thing.name)) return undefined;
  return withControl(index, withoutArticle(thing), { isQuoted: thing.isQuoted }, openingOnce);
}

/** A thing that is open already stays so. */
const openingOnce: Making = (node, locators, index) =>
  node.states.includes("expanded") ? [] : clicking(node, locators, index);

function close([thing]: Thing[], index: SnapshotIndex): Grounded | undefined {
  if (thing === undefined) return undefined;
  const name = withoutArticle(thing);
  const part = /^(.*?) ?(dialog(?:ue)?|modal|pop-?up|window|banner|menu|message|panel|drawer|toast)$/i.exec(
    name,
  );
  if (part === null) return withControl(index, `Close ${name}`, {});
  const [, called = "", kindWord = ""] = part;
  return withControl(index, "Close", {
    places: [{ relation: "in", kindWord: kindWord.toLowerCase(), name: called }],
  });
}

function choose([thing]: Thing[], index: SnapshotIndex): Grounded | undefined {
  if (thing === undefined) return undefined;
  return firstOf(
    () => tickOrClick(index, { ...thing, name: withoutArticle(thing) }),
    () => chooseOption(index, thing.name, () => true),
  );
}

function logOut(_things: Thing[], index: SnapshotIndex): Grounded {
  return withControl(index, "Log out", {});
}

/** "Apply the filters", "Proceed to checkout": a control that says what the whole sentence says. */
function sayingSo(text: string, index: SnapshotIndex): Grounded | undefined {
  const name = text
    .trim()
    .replace(/[.!]$/, "")
    .replace(/^(?:proceed|continue|go|move) (?:on |back )?to (?:the )?/i, "");
  if (/["“”']/.test(name) || SAYS_MORE.test(name) || name.split(/\s+/).length > 6) return undefined;
  const grounded = withControl(index, name, {}, tickingOrClicking);
  if (grounded.kind !== "commands") return undefined;
  const wanted = new WantedName(name);
  return grounded.elements.every((node) => wanted.likenessTo(node.name) >= WHOLE) ? grounded : undefined;
}

function withoutArticle({ name }: Thing): string {
  return name.replace(/^(?:the|an?|my|your) /i, "");
}
