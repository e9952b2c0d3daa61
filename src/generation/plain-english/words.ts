import { QUOTED, URL_MARK, LOCATOR_MARK } from "./marking.js";

/** Verbs in every form that a description uses: click, clicks, clicking; type, types, typing; tap, tapping. */
export function verbs(...bases: string[]): string {
  const forms = bases.map((base) => {
    const [first = "", ...rest] = base.split(" ");
    return [conjugated(first), ...rest].join(" ");
  });
  return `(?:${forms.join("|")})`;
}

/** A pattern for all forms of a verb. */
export function conjugated(verb: string): string {
  if (verb.endsWith("e")) return `${verb.slice(0, -1)}(?:e|es|ed|ing)`;
  if (/[^aeiou]y$/.test(verb)) return `${verb.slice(0, -1)}(?:y|ies|ied|ying)`;
  return `${verb}(?:e?s|${verb.at(-1) ?? ""}?(?:ing|ed))?`;
}

/** Verbs that are turned into commands. */
const KNOWN = verbs(
  ...["open", "go", "visit", "navigate", "browse", "load", "launch", "access", "return", "start", "head"],
  ...[
    "type",
    "enter",
    "input",
    "write",
    "key",
    "put",
    "insert",
    "paste",
    "fill",
    "populate",
    "complete",
    "set",
  ],
  ...["change", "update", "clear", "empty", "leave", "use", "provide", "specify"],
  ...[
    "click",
    "press",
    "tap",
    "push",
    "hit",
    "submit",
    "select",
    "choose",
    "pick",
    "tick",
    "check",
    "uncheck",
  ],
  ...[
    "untick",
    "toggle",
    "wait",
    "pause",
    "log in",
    "log into",
    "log out",
    "log off",
    "login",
    "logout",
    "sign in",
  ],
  ...[
    "sign into",
    "sign out",
    "sign on",
    "log on",
    "verify",
    "ensure",
    "assert",
    "confirm",
    "validate",
    "expect",
  ],
  ...["make sure", "see", "notice", "observe", "test"],
);

/** Verbs that are turned into commands only in some sentences; any other is then named in a warning. */
const OTHER = verbs(
  ...[
    "scroll",
    "hover",
    "drag",
    "drop",
    "upload",
    "download",
    "close",
    "delete",
    "remove",
    "add",
    "accept",
    "dismiss",
  ],
  ...[
    "switch",
    "refresh",
    "reload",
    "search",
    "double-click",
    "right-click",
    "move",
    "resize",
    "take",
    "save",
    "create",
    "follow",
    "expand",
    "collapse",
    "sort",
    "filter",
    "rename",
  ],
  ...[
    "focus",
    "swipe",
    "zoom",
    "copy",
    "edit",
    "attach",
    "mouse over",
    "unmark",
    "mark",
    "deselect",
    "unselect",
  ],
  ...[
    "turn",
    "capture",
    "maximize",
    "cancel",
    "approve",
    "reject",
    "decline",
    "answer",
    "double click",
    "doubleclick",
    "rightclick",
    "repeat",
    "right click",
  ],
);

const PERSON =
  "(?:i|we|you|they|he|she|(?:the |an? |my )?(?:\\w+ )?(?:user|tester|customer|visitor|admin|administrator))";
const AUXILIARY =
  "(?: (?:has|have|had|should|must|can|could|will|shall|need to|needs to|has to|have to|want to|wants to|try to|tries to|be able to|then|also|now))";
const FILLER =
  "(?:and|then|next|finally|lastly|first|firstly|second|secondly|third|thirdly|after that|afterwards|now|also|" +
  "additionally|given|given that|when|once|after|but|please|so|again|subsequently)\\b[,:]?";

/** `clicks`, `the user clicks`, `I should see`: the beginning of something done or checked. */
const DOING = `(?:${FILLER} ){0,3}(?:${PERSON}${AUXILIARY}{0,3} (?:am |is |are )?)?(?:${KNOWN}|${OTHER}|(?:am|is|are) (?:on|at))`;

const BEGINS_DOING = new RegExp(`^${DOING}(?![\\w-])`, "i");
const BEGINS_STATEMENT = new RegExp(
  `^(?:${FILLER} ){0,2}(?:(?:the|a|an|it|i|we|you|user|page|there|this|that|given|expected|no|step)\\b|${QUOTED}|${URL_MARK}|${LOCATOR_MARK})`,
  "i",
);

const BEGINS_OTHER = new RegExp(`^${OTHER}(?![\\w-])`, "i");

/** Tells if the clause begins with a verb that no command does. */
export function isUndoable(clause: string): boolean {
  return BEGINS_OTHER.test(clause);
}

export function beginsDoing(text: string): boolean {
  return BEGINS_DOING.test(text);
}

/** Tells if a new sentence may begin here although its first letter is small. */
export function beginsSentence(text: string): boolean {
  return beginsDoing(text) || BEGINS_STATEMENT.test(text);
}

const LEADING_FILLER = new RegExp(`^(?:please )?${FILLER} +`, "i");
const LEADING_PERSON = new RegExp(`^${PERSON}${AUXILIARY}{0,3} (?=(?:${KNOWN}|${OTHER})(?![\\w-]))`, "i");

/** Takes away words that say nothing about the test: "And then the user clicks X" becomes "clicks X". */
export function withoutFillers(text: string): string {
  let result = text.replace(/ +/g, " ").trim();
  for (let round = 0; round < 4; round += 1) result = result.replace(LEADING_FILLER, "");
  return result
    .replace(LEADING_PERSON, "")
    .replace(/[.,;:\s]+$/, "")
    .trim();
}

/** A pattern for the whole beginning of a clause, in any case. */
export function startingWith(source: string): RegExp {
  return new RegExp(`^(?:${source})`, "i");
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Cuts a text to a length in characters, never through a character that takes two. */
export function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
