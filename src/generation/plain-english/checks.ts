import type { Command } from "../../protocol/commands.js";
import type { Containers } from "./containers.js";
import { ATTRIBUTE_CHECKS } from "./attribute-checks.js";
import { DOES, IS } from "./being.js";
import { form, maybe } from "./grammar/pattern.js";
import { Phrase, type Slot } from "./grammar/phrase.js";
import { BODY } from "./locators.js";
import { firstMeaning, problem, rule, type Check, type Meaning, type Problem, type Rule } from "./meaning.js";
import { CHECKED_ONLY, PAGE_CHECKS } from "./page-checks.js";
import type { DescribedElement } from "./elements.js";
import { quoted, SEEN, shown, together, unseen, type Presence, type Seen } from "./seen.js";
import { TABLE } from "./tables.js";
import { STATE_CHECKS } from "./state-checks.js";
import { RELATION } from "./relations.js";
import { TARGET } from "./targets.js";
import { CONDITION, NUMBER, QUOTE, REST } from "./values.js";

/** All words to the end, to be read as a clause of their own. */
const SPAN: Slot<Phrase> = { isGreedy: true, read: (phrase) => (phrase.length > 0 ? phrase : undefined) };

/** A unit of time, in seconds. */
const UNIT: Slot<number> = {
  name: "seconds",
  isGreedy: false,
  read: ({ words, length }) => {
    const [word = ""] = words;
    if (length !== 1) return undefined;
    if (/^(?:s|secs?|seconds?)$/.test(word)) return 1;
    return /^(?:m|mins?|minutes?)$/.test(word) ? 60 : undefined;
  },
};

/** The words that begin a check, before what is checked. */
const CHECKING = form`(~check|~verify|~expect|~ensure|~assert|~confirm|~validate|~make sure|~see|~notice|~observe|~look for|~test|~view) [for] [that|if|whether|to see|how] [:] [the (presence|existence|visibility) of] ${SPAN}`;
const SEEING = form`~see|~notice|~observe|~view ${REST}`;
const EXPECTED = form`[the] expected [result|results|outcome|behaviour|behavior] [is|are] [that] [:] ${SPAN}`;
const WAITING = form`~wait (until|till|for) [that] ${SPAN}`;
/** "wait up to 10 seconds for …": the longest wait. */
const WAITING_UP_TO = form`~wait [for] [up to|at most|a maximum of|maximum|max] ${NUMBER} (s|sec|secs|second|seconds) (until|till|for) [that] ${SPAN}`;
const LOADING =
  /^(?:the )?(?:page|screen|site|app|application|it)(?: to(?: be)?| is| has(?: been)?)?(?: fully| completely)? (?:loads?|loaded|finish(?:es)? loading|opens?|opened|ready)$/i;

const PAGE =
  /^(?:the |this |that |an? )?(?:page|screen|site|website|web page|app|application|body|window|browser|system|user|result|it|this)$/;
/** The page, the application, or a page with a name: a check of it looks at all that is shown. */
const WHOLE_PAGE: Slot<true> = {
  name: "the page",
  isGreedy: false,
  read(phrase) {
    const text = phrase.words.join(" ");
    if (PAGE.test(text)) return true;
    const isNamed =
      /^(?:the |a )?[\p{L}\d-]+(?: [\p{L}\d-]+){0,2} (?:page|screen|app|application|site)$/u.test(text);
    return isNamed && !phrase.words.some((word) => CONDITION.test(word)) ? true : undefined;
  },
};

/** A text's own noun: "the message", "the heading". */
const TEXT_HOLDER: Slot<true> = {
  name: "the message",
  isGreedy: false,
  read: ({ words }) =>
    /^(?:the |an? )?(?:(?:error|success|successful|validation|warning|info|information|confirmation|welcome|flash|alert|toast|status|notification|page|greeting|dialog|modal|inline|system) )?(?:message|text|label|banner|error|alert|notification|toast|warning|greeting|confirmation|snackbar|tooltip|page header)$/.test(
      words.join(" "),
    )
      ? true
      : undefined,
};

const SHOWN_WORD = /^(?:shown|displayed|visible|seen|listed|rendered)$/;
const THERE_WORD = /^(?:present|there|available|found|existent|existing)$/;
/** "shown", "present", "visible": how something is there. */
const HOW: Slot<Presence> = {
  name: "shown|present",
  isGreedy: true,
  read: ({ words }) => {
    const word = words.at(-1) ?? "";
    if (words.length !== 1) return undefined;
    if (SHOWN_WORD.test(word)) return "visible";
    return THERE_WORD.test(word) ? "present" : undefined;
  },
};

/** "on the page", "at the top": words after a check that narrow nothing down. */
const SOMEWHERE: Slot<true> = {
  name: "where",
  isGreedy: false,
  read(phrase) {
    if (/^(?:again|anymore|now|there|any more|any longer|too|as well)$/.test(phrase.words.join(" ")))
      return true;
    const relation = phrase.read(RELATION);
    return relation !== undefined && relation.within === undefined && relation.isLoose !== true
      ? true
      : undefined;
  },
};

interface Inside {
  within: Containers;
}

/** A part of the page that is named after what is shown: "… is shown in the “Users” table". */
const INSIDE: Slot<Inside> = {
  name: "in …",
  isGreedy: false,
  read(phrase) {
    const relation = phrase.read(RELATION);
    // "to the right of “Ada”" says more than that it is beside it.
    return relation?.within === undefined || relation.isLoose ? undefined : { within: relation.within };
  },
};

/** "the “Users” table", "the row of “Ada”", as the subject of a statement. */
const CONTAINER: Slot<Inside> = {
  name: "part of the page",
  isGreedy: false,
  read({ marking, text, context }) {
    const relation = Phrase.of(`in ${text}`, context).read(RELATION);
    if (relation?.within === undefined || marking.locator(text) !== undefined) return undefined;
    return { within: relation.within };
  },
};

const subject = (presence: Presence) => ({ isSubject: true, presence });
const said = (seen: Seen, not: boolean, presence: Presence, isSubject = true): Check | Problem =>
  not ? unseen(seen, presence) : shown(seen, { isSubject, presence });

/** A heading says it: the same text elsewhere on the page is another one. */
function heading(text: string, not: boolean): Meaning {
  const found = { locator_type: "role", locator_value: "heading", locator_name: text } as const;
  return not
    ? {
        kind: "check",
        commands: [{ action: "verify_hidden", ...found }],
        expected: [`No heading is ${quoted(text)}`],
      }
    : {
        kind: "check",
        commands: [{ action: "verify_visible", ...found }],
        expected: [`A heading is ${quoted(text)}`],
      };
}

/** The same kind of element with another name. */
function renamed(target: DescribedElement, name: string): Seen {
  const words = `"${name}" ${target.kindWord}`.trim();
  return {
    kind: "element",
    target: { ...target, name, fullName: name, isQuoted: true, locator: undefined, words },
  };
}

function replaced(target: DescribedElement, name: string): Meaning {
  return together([
    shown(renamed(target, name), { isSubject: true, presence: "visible" }),
    unseen({ kind: "element", target }, "visible"),
  ]);
}

/** A column of texts. */
function listed(rows: string[][]): Meaning | undefined {
  if (rows.some(({ length }) => length !== 1)) return undefined;
  const texts = rows.flat();
  return shown(
    { kind: "texts", texts, within: undefined, isQuoted: true, words: texts.join(", ") },
    subject("visible"),
  );
}

function inside(seen: Seen, place: Inside): Seen | undefined {
  const { within } = place;
  if (seen.kind === "several") {
    const parts = seen.parts.map((part) => inside(part, place));
    return parts.every((part) => part !== undefined) ? { kind: "several", parts } : undefined;
  }
  if (seen.kind === "texts") return { ...seen, within };
  return seen.kind === "element" ? { ...seen, target: { ...seen.target, within } } : undefined;
}

/** Plain statements of what is shown and what is not. */
export const PRESENCE_CHECKS: Rule[] = [
  rule(form`neither ${SEEN} (nor|and|or) ${SEEN} ${IS} ${HOW} ${maybe(SOMEWHERE)}`, (seen, other, { not }) =>
    not ? undefined : together([unseen(seen, "visible"), unseen(other, "visible")]),
  ),
  rule(form`none of [the] [following] ${SEEN} ${IS} ${HOW} ${maybe(SOMEWHERE)}`, (seen, { not }) =>
    not ? undefined : unseen(seen, "visible"),
  ),
  rule(form`${SEEN} but not ${SEEN} ${IS} ${HOW} ${maybe(SOMEWHERE)}`, (seen, other, { not }, presence) =>
    not ? undefined : together([said(seen, false, presence), said(other, true, presence)]),
  ),
  rule(
    form`${SEEN} ${IS} (shown|displayed|visible|listed|present) ${INSIDE} but not ${INSIDE}`,
    (seen, { not }, place, other) => {
      const [there, gone] = [inside(seen, place), inside(seen, other)];
      if (not || there === undefined || gone === undefined) return undefined;
      return together([said(there, false, "visible"), said(gone, true, "visible")]);
    },
  ),
  rule(
    form`no ${SEEN} ${DOES} ${maybe(IS)} (appear|appears|shown|displayed|visible|seen|listed|present|available|found) ${maybe(SOMEWHERE)}`,
    (seen, { not }) => (not ? undefined : unseen(seen, "visible")),
  ),
  rule(form`${SEEN} ${IS} ${HOW} ${maybe(SOMEWHERE)}`, (seen, { not }, presence) =>
    said(seen, not, presence),
  ),
  rule(form`[the] ${SEEN} ${IS} on [the] (page|screen)`, (seen, { not }) => said(seen, not, "visible")),
  rule(form`${SEEN} ${IS} ${HOW} ${INSIDE}`, (seen, { not }, presence, place) => {
    const placed = inside(seen, place);
    return placed && said(placed, not, presence);
  }),
  rule(form`${SEEN} ${IS} ${INSIDE}`, (seen, { not }, place) => {
    const placed = inside(seen, place);
    return placed && said(placed, not, "visible");
  }),
  rule(
    form`[all] [of] [the] following [error|warning|validation] [texts|messages|labels|items|options|values|entries|headings] ${DOES} (are|be|appear|is) [shown|displayed|visible|present|listed] : ${SEEN}`,
    ({ not }, seen) =>
      seen.kind === "texts" || seen.kind === "several" ? said(seen, not, "visible") : undefined,
  ),
  rule(
    form`[the] following [error|warning|validation] (texts|messages|labels|items|options|values|entries) [are|is] [shown|displayed|visible|present|listed] : ${TABLE}`,
    (rows) => listed(rows),
  ),
  rule(form`${TARGET} ${IS} replaced (by|with) ${QUOTE}`, (target, { not }, name) =>
    not ? undefined : replaced(target, name),
  ),
  rule(form`${TARGET} (changes|change|changed|turns|switches) (to|into) ${QUOTE}`, (target, name) =>
    target.kind === "button" || target.kind === "link"
      ? shown(renamed(target, name), subject("visible"))
      : undefined,
  ),
  rule(
    form`${SEEN} ${DOES} (appear|appears|show up|shows up|come up|comes up|pop up|pops up|appeared) ${maybe(SOMEWHERE)}`,
    (seen, { not }) => said(seen, not, "visible"),
  ),
  rule(form`${SEEN} ${DOES} (appear|appears|show up|shows up) ${INSIDE}`, (seen, { not }, place) => {
    const placed = inside(seen, place);
    return placed && said(placed, not, "visible");
  }),
  rule(form`${SEEN} ${DOES} (exist|exists) ${maybe(SOMEWHERE)}`, (seen, { not }) =>
    said(seen, not, "present"),
  ),
  rule(form`${SEEN} ${DOES} (exist|exists) ${INSIDE}`, (seen, { not }, place) => {
    const placed = inside(seen, place);
    return placed && said(placed, not, "present");
  }),
  rule(
    form`[for] ${SEEN} ${DOES} (disappear|disappears|disappeared|vanish|vanishes|vanished|go away|goes away|hidden|invisible|gone) ${maybe(SOMEWHERE)}`,
    (seen, { not }) => (not ? undefined : unseen(seen, "visible")),
  ),
  rule(form`${SEEN} ${IS} (absent|missing|removed|deleted) ${maybe(SOMEWHERE)}`, (seen, { not }) =>
    not ? undefined : unseen(seen, "present"),
  ),
  rule(form`there ${IS} no [longer|more] ${SEEN} ${maybe(SOMEWHERE)}`, (_is, seen) =>
    unseen(seen, "present"),
  ),
  rule(form`there ${IS} [a|an|any] ${SEEN} ${maybe(SOMEWHERE)}`, ({ not }, seen) =>
    not ? unseen(seen, "present") : shown(seen, subject("present")),
  ),
  rule(
    form`${WHOLE_PAGE} ${DOES} (show|shows|display|displays|contain|contains|include|includes|say|says|read|reads|have|has|showing|list|lists|throw|throws|mention|mentions) [that] ${SEEN}`,
    (_page, { not }, seen) => said(seen, not, "visible", false),
  ),
  rule(
    form`${TEXT_HOLDER} ${DOES} (show|shows|display|displays|contain|contains|include|includes|say|says|read|reads|state|states|have|has|mention|mentions) [that] [the] [text|message|title|words] [:] ${SEEN}`,
    (_holder, { not }, seen) => (seen.kind === "texts" ? said(seen, not, "visible", false) : undefined),
  ),
  rule(
    form`[the] [page|main] (heading|headline) ${DOES} (say|says|read|reads|show|shows|equal|equals) ${QUOTE}`,
    ({ not }, text) => heading(text, not),
  ),
  rule(form`[the] [page|main] (heading|headline) ${IS} [:] ${QUOTE}`, ({ not }, text) => heading(text, not)),
  rule(form`${TEXT_HOLDER} ${IS} [:] ${SEEN}`, (_holder, { not }, seen) =>
    seen.kind === "texts" && !not ? shown(seen, { isSubject: true }) : undefined,
  ),
  // A part of the page with a name of its own: only what is in it counts.
  rule(
    form`[in|on|inside] ${CONTAINER} ${DOES} (show|shows|display|displays|contain|contains|include|includes|have|has|list|lists) [that] ${SEEN}`,
    (place, { not }, seen) => {
      const placed = inside(seen, place);
      return placed && said(placed, not, "visible", false);
    },
  ),
];

const NEGATED = form`[i|we|you|they|he|she|the|user] [user] [should|must|do|does|can|could|will|may] (not|shouldn't|mustn't|don't|doesn't|can't|couldn't|won't|cannot|no longer) [be able to|any more|anymore|longer] (see|notice|observe|find) ${SEEN}`;

const NEGATIVE = /\b(?:no|none|nothing|neither|not|never|cannot|nobody)\b|n't\b/;
const ABSENCE = "it does not say clearly what must not be there";

const HINTS: Rule[] = [
  rule(
    form`${TARGET} ${DOES} (show|shows|display|displays|contain|contains|include|includes|have|has|list|lists) ${SEEN}`,
    (target, { not }) =>
      not
        ? problem(
            'only of the whole page can be said what it does not show, such as: The page does not show "Error"',
          )
        : problem(
            `it does not say how "${target.words}" is found: name a section, row, dialog or field, or use css=…`,
          ),
  ),
  (clause) =>
    clause.words.some((word) => NEGATIVE.test(word)) &&
    /\b(?:see|show|display|contain|appear|visible|present|work)/.test(clause.words.join(" "))
      ? problem(ABSENCE)
      : undefined,
];

const STATEMENTS: readonly Rule[] = [
  ...PAGE_CHECKS,
  ...ATTRIBUTE_CHECKS,
  ...STATE_CHECKS,
  ...PRESENCE_CHECKS,
  ...HINTS,
];

/** Everything that checks something, with a verb for it or as a plain statement. */
export const check: Rule = (clause) => {
  const notSeen = NEGATED.match(clause, (seen) => unseen(seen, "visible"));
  if (notSeen !== undefined) return notSeen;
  const isSeeing = SEEING.match(clause, () => true) ?? false;
  const checked = EXPECTED.match(clause, (rest) => rest) ?? CHECKING.match(clause, (rest) => rest);
  if (checked !== undefined) {
    const presence = isSeeing ? "visible" : "present";
    const meaning = stated(checked);
    if (meaning.kind === "check") return meaning;
    const other = firstMeaning(CHECKED_ONLY, checked);
    if (other.kind === "check") return other;
    const seen = checked.read(SEEN_HERE);
    const found = seen && shown(seen, { isSubject: true, presence });
    if (found?.kind === "check") return found;
    const reason =
      (meaning.kind === "problem" ? meaning.reason : undefined) ??
      (found?.kind === "problem" ? found.reason : undefined);
    return problem(
      reason ?? 'it names no text or element to look for, such as: Check that the page shows "Welcome"',
    );
  }
  const limited = WAITING_UP_TO.match(clause, (timeout, rest) => ({ timeout, rest }));
  if (limited !== undefined) return within(limited.timeout, awaitedIn(limited.rest));
  const awaited = WAITING.match(clause, (rest) => rest);
  return awaited === undefined ? stated(clause) : awaitedIn(awaited);
};

/** "… within 5 seconds": how long is waited for it. */
const SOON = form`${SPAN} (within|in at most|in less than|in under|after at most) ${NUMBER} [more] ${UNIT}`;
const SOON_FRONTED = form`(within|in at most|in less than|in under|after at most) ${NUMBER} ${UNIT} [,] ${SPAN}`;
const BOTH = form`both ${SPAN}`;

/** "… after reloading the page": what is said holds then. */
const RELOADED = form`${SPAN} after ((reloading|refreshing) [the] [page|browser]|the page (is|was|has been) (reloaded|refreshed)|a page (reload|refresh))`;

function stated(clause: Phrase): Meaning {
  const meaning = firstMeaning(STATEMENTS, clause);
  if (meaning.kind === "check") return meaning;
  const soon =
    SOON.match(clause, (rest, number, unit) => within(number * unit, firstMeaning(STATEMENTS, rest))) ??
    SOON_FRONTED.match(clause, (number, unit, rest) => within(number * unit, firstMeaning(STATEMENTS, rest)));
  if (soon?.kind === "check") return soon;
  const both = BOTH.match(clause, (rest) => severalOf(rest));
  if (both !== undefined) return both;
  const later = RELOADED.match(clause, (rest) => {
    const check = firstMeaning(STATEMENTS, rest);
    return check.kind === "check" ? check : undefined;
  });
  if (later === undefined) return meaning;
  return { ...later, commands: [{ action: "refresh" }, ...later.commands] };
}

/** `Both "A" and "B" are shown`: two checks, or it is not understood. */
function severalOf(clause: Phrase): Meaning | undefined {
  const meaning = firstMeaning(STATEMENTS, clause);
  return meaning.kind === "check" && meaning.commands.length > 1 ? meaning : undefined;
}

/** The same check with a wait of its own. */
function within(timeout: number, meaning: Meaning): Meaning {
  if (meaning.kind !== "check") return meaning;
  return { ...meaning, commands: meaning.commands.map((command) => ({ ...command, timeout })) };
}

function awaitedIn(awaited: Phrase): Meaning {
  if (LOADING.test(awaited.text)) {
    return {
      kind: "check",
      commands: [{ action: "wait_for", ...BODY, state: "present" }],
      expected: ["The page is open"],
    };
  }
  const meaning = firstMeaning(STATEMENTS, awaited);
  if (meaning.kind === "check") return waiting(meaning);
  const seen = awaited.read(SEEN_HERE);
  const found = seen && shown(seen, { isSubject: true, presence: "visible" });
  return found === undefined ? meaning : waiting(found);
}

/** Something seen, with words after it that tell where a person looks. */
const SEEN_HERE: Slot<Seen> = {
  isGreedy: false,
  read: (phrase) =>
    form`${SEEN} ${maybe(SOMEWHERE)}`.match(phrase, (seen) => (seen.kind === "vague" ? undefined : seen)) ??
    phrase.read(SEEN),
};

function waiting(meaning: Meaning): Meaning {
  if (meaning.kind !== "check") return meaning;
  return { ...meaning, commands: meaning.commands.map(toWait) };
}

function toWait(command: Command): Command {
  if ("not" in command && command.not === true) return command;
  switch (command.action) {
    case "verify_element_present":
      return { ...command, action: "wait_for", state: "present" };
    case "verify_visible":
      return { ...command, action: "wait_for", state: "visible" };
    case "verify_element_absent":
      return { ...command, action: "wait_for", state: "absent" };
    case "verify_hidden":
      return { ...command, action: "wait_for", state: "hidden" };
    case "verify_enabled":
      return { ...command, action: "wait_for", state: "enabled" };
    case "verify_text":
      return { ...command, action: "wait_for_text" };
    case "verify_url":
      return { ...command, action: "wait_for_url" };
    case "verify_download":
      return { ...command, action: "wait_for_download" };
    default:
      return command;
  }
}
