import { action, problem, type Rule } from "./meaning.js";
import { logIn } from "./login.js";
import { open } from "./opening.js";
import { clickOn, selectCommand } from "./targeted-commands.js";
import { at, readTarget, withoutPlace, xpath } from "./targets.js";
import { input } from "./typing.js";
import { isUndoable, startingWith, verbs } from "./words.js";
import { clickableXPath, submitXPath } from "./xpath.js";

const WAIT = startingWith(
  String.raw`${verbs("wait", "pause", "sleep")}(?: for)?(?: about| at least| another)? (?:(\d+(?:[.,]\d+)?)|(half|an?|one|two|three|four|five|six|seven|eight|nine|ten|fifteen|twenty|thirty|sixty))(?: more| full)?(?: an?)? ?(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?)$`,
);
const NUMBERS: Record<string, number> = {
  ...{
    half: 0.5,
    a: 1,
    an: 1,
    one: 1,
    two: 2,
    three: 3,
    four: 4,
    five: 5,
    six: 6,
    seven: 7,
    eight: 8,
    nine: 9,
  },
  ...{ ten: 10, fifteen: 15, twenty: 20, thirty: 30, sixty: 60 },
};

const wait: Rule = (clause) => {
  const [whole, digits, word = "", unit = ""] = WAIT.exec(clause) ?? [];
  if (whole === undefined) return undefined;
  const amount = digits === undefined ? (NUMBERS[word.toLowerCase()] ?? 1) : Number(digits.replace(",", "."));
  const factor = /^(?:ms|milli)/i.test(unit) ? 0.001 : /^m/i.test(unit) ? 60 : 1;
  return action({ action: "wait", duration: amount * factor });
};

const SELECT = verbs("select", "choose", "pick");
const SELECT_FROM = startingWith(`${SELECT} (.+) from (.+)$`);
const SELECT_IN = startingWith(`${SELECT} (.+) (?:in|on|under|for|as) (.+)$`);
const SELECTING = startingWith(
  `${verbs("select", "choose", "pick", "tick", "untick", "check", "uncheck", "mark", "toggle", "switch to")} (.+)$`,
);

const select: Rule = (clause, { masking }) => {
  const inPlace = withoutPlace(clause);
  const single = SELECTING.exec(inPlace)?.[1];
  if (single === undefined) return undefined;
  const target = readTarget(single, masking);
  const isChecking = startingWith(verbs("check")).test(clause);
  if (target.kind === "toggle" && target.name !== "") return clickOn(target);
  if (isChecking) return undefined;
  if (startingWith(verbs("tick", "untick", "uncheck", "mark", "toggle")).test(clause)) {
    return clickOn({ ...target, kind: target.kind ?? "toggle" });
  }
  const match = SELECT_FROM.exec(inPlace) ?? SELECT_IN.exec(inPlace);
  if (match !== null) {
    const label = readTarget(match[1] ?? "", masking);
    if (label.kind === undefined || label.kind === "other") {
      return selectCommand(readTarget(match[2] ?? "", masking), label.name);
    }
    return clickOn(label);
  }
  if (target.kind !== undefined && target.kind !== "list" && !/ option$/i.test(single))
    return clickOn(target);
  return problem('it names no list, such as "Select Large from Size"');
};

const CLICK = startingWith(`(${verbs("click", "press", "tap", "push", "hit")})(?: on| upon)? (.+)$`);
const UNUSUAL_CLICK = /^(?:double|right|middle|long|shift|ctrl|control)[- ](?:click|press|tap)/i;
const KEY =
  /^(?:the )?(?:enter|return|tab|esc|escape|space|space ?bar|backspace|delete|del|(?:arrow |page )?(?:up|down|left|right)(?: arrow)?|home|end|f\d{1,2}|(?:ctrl|control|alt|shift|cmd|command)\b.*)(?: key)?$/i;
const PURPOSE = /^(.+ (?:button|link|icon|tab)) (?:to|in order to|so that) [^\uFDD0]+$/i;

const click: Rule = (clause, { masking }) => {
  if (UNUSUAL_CLICK.test(clause)) return problem("only a plain click is possible");
  const [whole, verb = "", words = ""] = CLICK.exec(clause) ?? [];
  if (whole === undefined) return undefined;
  if (!/^(?:click|tap)/i.test(verb) && KEY.test(words)) {
    return problem("there is no command for keys; name the button to click instead");
  }
  return clickOn(readTarget(PURPOSE.exec(words)?.[1] ?? words, masking));
};

const SUBMIT = startingWith(`${verbs("submit", "send")}(?: (?:the |this )?(?:[\\w-]+ ){0,2}form)?$`);
const LOG_OUT = /^(?:log|sign)(?:s|g?ing)? ?(?:out|off)(?: of .*| again| from .*)?$/i;

const submit: Rule = (clause) => {
  if (SUBMIT.test(clause))
    return { ...action({ action: "click", ...at(xpath(submitXPath())) }), login: "click" };
  if (!LOG_OUT.test(clause)) return undefined;
  return action({
    action: "click",
    ...at(xpath(clickableXPath("Log out", "Sign out", "Log off", "Sign off"))),
  });
};

const undoable: Rule = (clause) => (isUndoable(clause) ? problem("there is no command for this") : undefined);

/** Every rule for something done, in the order in which they are tried. */
export const ACTION_RULES: Rule[] = [wait, open, logIn, select, input, click, submit, undoable];
