import { browsing } from "./browsing.js";
import { CHOOSING } from "./choosing.js";
import { dialog } from "./dialogs.js";
import { logOutTarget } from "./finding.js";
import { goal } from "./goals.js";
import { form } from "./grammar/pattern.js";
import { PRESSING_KEYS } from "./keys.js";
import { SUBMIT_BUTTON } from "./locators.js";
import { LOGGING_IN } from "./login.js";
import { action, problem, rule, type Rule } from "./meaning.js";
import { OPENING } from "./opening.js";
import { POINTING } from "./pointing.js";
import { scroll } from "./scrolling.js";
import { TYPING } from "./typing.js";
import { upload } from "./uploading.js";
import { NUMBERS, QUOTE } from "./values.js";
import { isUndoable, startingWith, verbs } from "./words.js";

const WAIT = startingWith(
  String.raw`${verbs("wait", "pause", "sleep")}(?: for)?(?: about| at least| another)? (?:(\d+(?:[.,]\d+)?)|(half|an?|one|two|three|four|five|six|seven|eight|nine|ten|fifteen|twenty|thirty|sixty))(?: more| full)?(?: an?)? ?(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?)$`,
);

const wait: Rule = ({ text: clause }) => {
  const [whole, digits, word = "", unit = ""] = WAIT.exec(clause) ?? [];
  if (whole === undefined) return undefined;
  const amount = digits === undefined ? (NUMBERS[word.toLowerCase()] ?? 1) : Number(digits.replace(",", "."));
  const factor = /^(?:ms|milli)/i.test(unit) ? 0.001 : /^m/i.test(unit) ? 60 : 1;
  return action({ action: "wait", duration: amount * factor });
};

const WAIT_QUOTED = rule(form`~wait|~pause [for] ${QUOTE} (second|seconds|secs)`, (text) =>
  /^\d{1,4}(?:\.\d+)?$/.test(text) ? action({ action: "wait", duration: Number(text) }) : undefined,
);

const SUBMIT = startingWith(`${verbs("submit", "send")}(?: (?:the |this )?(?:[\\w-]+ ){0,2}form)?$`);
const LOG_OUT = /^(?:log|sign)(?:s|g?ing)? ?(?:out|off)(?: of .*| again| from .*)?$/i;

const submit: Rule = ({ text: clause }) => {
  if (SUBMIT.test(clause)) {
    return { ...action({ action: "click", ...SUBMIT_BUTTON }), login: "click" };
  }
  return LOG_OUT.test(clause) ? action({ action: "click", ...logOutTarget() }) : undefined;
};

const undoable: Rule = ({ text: clause }) =>
  isUndoable(clause) ? problem("there is no command for this") : undefined;

/** Every rule for something done, in the order in which they are tried. */
export const ACTION_RULES: readonly Rule[] = [
  ...[goal, wait, WAIT_QUOTED, browsing, dialog],
  ...OPENING,
  ...LOGGING_IN,
  ...[scroll, upload],
  ...PRESSING_KEYS,
  ...CHOOSING,
  ...TYPING,
  ...POINTING,
  ...[submit, undoable],
];
