import { browsing } from "./browsing.js";
import { dialog } from "./dialogs.js";
import { pressKey } from "./keys.js";
import { logIn } from "./login.js";
import { SUBMIT_BUTTON } from "./locators.js";
import { action, problem, type Rule } from "./meaning.js";
import { open } from "./opening.js";
import { pointing } from "./pointing.js";
import { scroll } from "./scrolling.js";
import { isTicked, logOutTarget } from "./finding.js";
import { clickOn, selectCommand, tick } from "./targeted-commands.js";
import { readTarget, withoutPlace } from "./targets.js";
import { input } from "./typing.js";
import { upload } from "./uploading.js";
import { isUndoable, startingWith, verbs } from "./words.js";

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
const SELECTING = startingWith(`${verbs("select", "choose", "pick", "switch to")} (.+)$`);

const select: Rule = (clause, { marking }) => {
  const inPlace = withoutPlace(clause);
  const single = SELECTING.exec(inPlace)?.[1];
  if (single === undefined) return undefined;
  const target = readTarget(single, marking);
  if (isTicked(target) && target.name !== "") return tick("check", target);
  const match = SELECT_FROM.exec(inPlace) ?? SELECT_IN.exec(inPlace);
  if (match !== null) {
    const label = readTarget(match[1] ?? "", marking);
    if (label.kind === undefined || label.kind === "option" || label.kind === "other") {
      return selectCommand(readTarget(match[2] ?? "", marking), label.name);
    }
    return clickOn(label);
  }
  if (target.kind !== undefined && target.kind !== "list" && !/ option$/i.test(single))
    return clickOn(target);
  return problem('it names no list, such as "Select Large from Size"');
};

const TICK = startingWith(`${verbs("tick", "check", "mark")} (.+)$`);
const UNTICK = startingWith(`${verbs("untick", "uncheck", "unmark", "deselect", "unselect", "clear")} (.+)$`);
const TOGGLE = startingWith(`${verbs("toggle")} (.+)$`);
const TURN = startingWith(`${verbs("turn", "switch")} (on|off) (.+)$`);
/** "Check the total", "Clear the search": such a clause ticks nothing unless it names a checkbox. */
const OFTEN_OTHER = startingWith(verbs("check", "clear"));

/** Tick, untick, check, uncheck, toggle. */
const ticking: Rule = (clause, { marking }) => {
  const inPlace = withoutPlace(clause);
  const [, side, turned] = TURN.exec(inPlace) ?? [];
  if (turned !== undefined)
    return tick(/on/i.test(side ?? "") ? "check" : "uncheck", readTarget(turned, marking));
  const toggled = TOGGLE.exec(inPlace)?.[1];
  if (toggled !== undefined) {
    const target = readTarget(toggled, marking);
    return clickOn({ ...target, kind: target.kind ?? "checkbox" });
  }
  const unticked = UNTICK.exec(inPlace)?.[1];
  const words = unticked ?? TICK.exec(inPlace)?.[1];
  if (words === undefined) return undefined;
  const target = readTarget(words, marking);
  if (OFTEN_OTHER.test(clause) && !(isTicked(target) && target.name !== "")) return undefined;
  return tick(unticked === undefined ? "check" : "uncheck", target);
};

const SUBMIT = startingWith(`${verbs("submit", "send")}(?: (?:the |this )?(?:[\\w-]+ ){0,2}form)?$`);
const LOG_OUT = /^(?:log|sign)(?:s|g?ing)? ?(?:out|off)(?: of .*| again| from .*)?$/i;

const submit: Rule = (clause) => {
  if (SUBMIT.test(clause)) {
    return { ...action({ action: "click", ...SUBMIT_BUTTON }), login: "click" };
  }
  return LOG_OUT.test(clause) ? action({ action: "click", ...logOutTarget() }) : undefined;
};

const undoable: Rule = (clause) => (isUndoable(clause) ? problem("there is no command for this") : undefined);

/** Every rule for something done, in the order in which they are tried. */
export const ACTION_RULES: Rule[] = [
  ...[wait, browsing, dialog, open, logIn, scroll, upload, ticking, select, input],
  ...[pressKey, pointing, submit, undoable],
];
