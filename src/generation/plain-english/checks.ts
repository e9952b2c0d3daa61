import { QUOTED, type Marked, type Marking } from "./marking.js";
import { problem, refusal, type Check, type Meaning, type ClauseContext, type Rule } from "./meaning.js";
import { pageCheck } from "./page-checks.js";
import { NEGATIVE, quoted, shown, TEXT_FIRST, unseen, type Presence } from "./seen.js";
import { stateCheck } from "./state-checks.js";
import { BODY } from "./locators.js";
import { withoutArticle } from "./targets.js";
import { startingWith, verbs } from "./words.js";

const CHECKING_VERBS = [
  ...["check", "verify", "expect", "ensure", "assert", "confirm", "validate", "make sure"],
  ...["see", "notice", "observe", "look for"],
];
const CHECKING = startingWith(verbs(...CHECKING_VERBS) + "(?: for)?(?: that| if| whether| to see)?:? (.+)$");
const SEEING = startingWith(verbs("see", "notice", "observe", "look for"));
const TESTING = startingWith(`${verbs("test")} (?:that|if|whether) (.+)$`);
const EXPECTED = /^(?:the )?expected(?: results?| outcome)?(?: is| are)?(?: that)?:? (.+)$/i;
const WAITING = startingWith(`${verbs("wait")} (?:until|till|for)(?: that)? (.+)$`);
const LOADING =
  /^(?:the )?(?:page|screen|site|app|application|it)(?: to (?:be )?| is | has | has been )?(?:load|loads|loaded|finish loading|open|opened|ready)$/i;

const AUXILIARY = "(?: (?:should|must|will|shall|to|then|now|also|still|correctly|successfully))*";
const NOT = "(?: (?:not|never|no longer|cannot)|n[’']t)";
const SHOWS = new RegExp(
  `^(.{1,120}?)${AUXILIARY} (?:shows?|showing|displays?|displaying|contains?|containing|includes?|says?|saying|reads?|mentions?|states?|(?:has|have)(?= the (?:text|message|words?)| ${QUOTED}))(?: that)? (.+)$`,
  "i",
);
const SEEN = "shown|displayed|visible|seen|listed|rendered|on the (?:page|screen)";
const THERE = "present|there|available|found|existent|existing";
const IS_SHOWN = new RegExp(
  `^(.+?)${AUXILIARY} (?:is|are|be|becomes?|gets?|was|were)(?: (?:now|also|still|correctly|clearly|be))* ` +
    `(${SEEN}|${THERE})(.*)$`,
  "i",
);
const IS_NOT_SHOWN = new RegExp(
  `^(.+?)(?:${NOT}(?: be)?|${AUXILIARY} (?:is|are|be|was|were|can|could|should|must|will|shall|does|do)${NOT}(?: longer)?(?: be)?) ` +
    `(${SEEN}|${THERE})(.*)$`,
  "i",
);
const APPEARS = new RegExp(
  `^(.+?)${AUXILIARY} (?:appears?|shows? up|exists?|comes? up|pops? up)(?! to)(.*)$`,
  "i",
);
const DOES_NOT_APPEAR = new RegExp(
  `^(.+?) (?:(?:does|do|should|must|will|shall|may)${NOT}|no longer|never)(?: longer)? (appear|appears|show up|exist|exists|come up|pop up)(?! to)(.*)$`,
  "i",
);
const VANISHES = new RegExp(
  `^(.+?)(?:${AUXILIARY}(?: (?:has|have|is|are|be))? (?:disappears?|disappeared|vanish(?:es|ed)?|(?:goes?|gone)(?: away)?|hidden|invisible)|${AUXILIARY} (?:is|are|be) gone)(.*)$`,
  "i",
);
const IS_ABSENT = new RegExp(
  `^(.+?)${AUXILIARY} (?:is|are|be|has been|have been) (?:absent|missing|removed)(.*)$`,
  "i",
);
const NOT_SEEING =
  /^(?:(?:i|we|you|they|the user) )?(?:(?:should|must|do|does|can|could|will)(?: not|n[’']t)|cannot|no longer)(?: be able to| any ?more| longer)? (?:see|notice|observe|find) (.+)$/i;
const THERE_IS = /^there(?: should| must| will)? (?:is|are|be) (.+)$/i;
const THERE_IS_NO =
  /^there(?: (?:should|must|will))?(?: (?:is|are|be) no(?: longer| more)?| (?:not|n[’']t|never|no longer) be(?: an?| any)?|(?: is| are)(?: not|n[’']t)(?: an?| any)?| is no longer(?: an?| any)?) (.+)$/i;
const READS = new RegExp(
  `^(?:the )?(?:page |\\w+ )?(?:heading|header|message|text|label|banner|error|alert|notification)${AUXILIARY} (?:is|be|equals?|=) (.+)$`,
  "i",
);
/** Words that may follow "is shown" without changing the check. */
const HARMLESS_END =
  /^(?: (?:on|in|at|below|above|under|within|after|again|there|now|any ?more|any longer)\b.{0,80})?$/i;
const PAGE =
  /^(?:the |this |that |an? )?(?:\w+ ){0,2}(?:page|screen|site|website|app|application|body|window|browser|system|user|result|it|this|text|message|heading|header|banner|label|alert|notification|error|warning|dialog|pop-?up|modal|toast|greeting|confirmation)$/i;

/** Everything that checks something, with a verb for it or as a plain statement. */
export const check: Rule = (clause, context) => {
  const { marking } = context;
  const checked = (CHECKING.exec(clause) ?? TESTING.exec(clause) ?? EXPECTED.exec(clause))?.[1];
  if (checked !== undefined) {
    const presence = SEEING.test(clause) ? "visible" : "present";
    const stated = statement(checked, context) ?? shown(checked, marking, { isSubject: true, presence });
    return stated.kind === "problem" && stated.reason === undefined
      ? problem('it names no text or element to look for, such as: Check that the page shows "Welcome"')
      : stated;
  }
  const awaited = WAITING.exec(clause)?.[1];
  if (awaited === undefined) return statement(clause, context);
  if (LOADING.test(awaited)) {
    return {
      kind: "check",
      commands: [{ action: "wait_for", ...BODY, state: "present" }],
      expected: ["The page is open"],
    };
  }
  return waiting(
    statement(awaited, context) ?? shown(awaited, marking, { isSubject: true, presence: "visible" }),
  );
};

/** The same as commands that only wait, where there are such. */
function waiting(meaning: Meaning): Meaning {
  if (meaning.kind !== "check") return meaning;
  return { ...meaning, commands: meaning.commands.map(toWait) };
}

function toWait(command: Check["commands"][number]): Check["commands"][number] {
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

/** "The page shows Welcome", "Welcome is shown", "the Login button appears", "there is a link Home". */
function statement(clause: Marked, context: ClauseContext): Meaning | undefined {
  return (
    pageCheck(clause, context) ??
    stateCheck(clause, context) ??
    absence(clause, context.marking) ??
    presence(clause, context.marking)
  );
}

function presence(clause: Marked, marking: Marking): Meaning | undefined {
  const [, subject, seen] = SHOWS.exec(clause) ?? [];
  // "A message saying X appears" is about the message, not about something that shows "X appears".
  const isAppearing = seen !== undefined && (IS_SHOWN.test(seen) || APPEARS.test(seen));
  if (subject !== undefined && seen !== undefined && !isAppearing) return shownBy(subject, seen, marking);

  const [, present, how = "", end = ""] = IS_SHOWN.exec(clause) ?? [];
  if (present !== undefined) return isShown(present, end, { marking, presence: presenceOf(how) });
  const [, appearing, after = ""] = APPEARS.exec(clause) ?? [];
  if (appearing !== undefined) {
    return isShown(appearing, after, {
      marking,
      presence: / exists?\b/i.test(clause) ? "present" : "visible",
    });
  }
  const existing = THERE_IS.exec(clause)?.[1] ?? READS.exec(clause)?.[1];
  if (existing === undefined) return undefined;
  return isShown(existing.replace(/ (?:on|in) the (?:page|screen)$/i, ""), "", {
    marking,
    presence: "present",
  });
}

/** "The page does not show …", "… is no longer visible", "… disappears", "there is no …". */
function absence(clause: Marked, marking: Marking): Meaning | undefined {
  const gone = (words: Marked, how: Presence, end = ""): Meaning =>
    HARMLESS_END.test(end) ? unseen(words, marking, how) : refusal(undefined);
  const notSeen = NOT_SEEING.exec(clause)?.[1];
  if (notSeen !== undefined) return gone(notSeen, "visible");
  const none = THERE_IS_NO.exec(clause)?.[1];
  if (none !== undefined) return gone(none, "present");
  const [, hidden, how = "", end = ""] = IS_NOT_SHOWN.exec(clause) ?? [];
  if (hidden !== undefined) return gone(hidden, presenceOf(how), end);
  const [, missing, verb = "", after = ""] = DOES_NOT_APPEAR.exec(clause) ?? [];
  if (missing !== undefined) return gone(missing, /^exist/i.test(verb) ? "present" : "visible", after);
  const [, vanished, rest = ""] = VANISHES.exec(clause.replace(/^for /i, "")) ?? [];
  if (vanished !== undefined) return gone(vanished, "visible", rest);
  const [, removed, left = ""] = IS_ABSENT.exec(clause) ?? [];
  if (removed !== undefined) return gone(removed, "present", left);
  if (/^no /i.test(clause)) {
    const [, what = "", way = "", tail = ""] = IS_SHOWN.exec(clause) ?? [];
    if (what !== "") return gone(what, presenceOf(way), tail);
    const [, appearing, trail = ""] = APPEARS.exec(clause) ?? [];
    if (appearing !== undefined) return gone(appearing, "visible", trail);
  }
  const [, subject = "", seen] = SHOWS.exec(clause) ?? [];
  const isNot = new RegExp(`(?: (?:does|do|should|must|will|shall|may|can))?${NOT}(?: longer)?$`, "i").exec(
    subject,
  );
  if (seen !== undefined && isNot !== null) {
    return PAGE.test(subject.slice(0, isNot.index)) ? gone(seen, "visible") : refusal(ELSEWHERE);
  }
  if (seen !== undefined && /^no(?:ne|thing)? /i.test(seen)) return gone(seen, "visible");
  return NEGATIVE.test(clause) && /\b(?:see|show|display|contain|appear|visible|present)/i.test(clause)
    ? refusal("it does not say clearly what must not be there")
    : undefined;
}

const ELSEWHERE =
  'only of the whole page can be said what it does not show, such as: The page does not show "Error"';

function presenceOf(how: string): Presence {
  return new RegExp(`^(?:${THERE})$`, "i").test(how) ? "present" : "visible";
}

function shownBy(subject: Marked, seen: Marked, marking: Marking): Meaning {
  if (/ and |, /.test(subject)) return problem();
  const locator = marking.locator(subject.trim());
  if (locator !== undefined) {
    const text = marking.value(TEXT_FIRST.exec(seen)?.[1] ?? seen);
    return {
      kind: "check",
      commands: [{ action: "verify_text", ...locator, expected_text: text }],
      expected: [`${marking.raw(subject)} shows ${quoted(text)}`],
    };
  }
  const check = shown(seen, marking, { isSubject: false, presence: "visible" });
  if (check.kind !== "check" || PAGE.test(subject)) return check;
  const words = marking.raw(withoutArticle(subject));
  return { ...check, warnings: [`It is looked for anywhere on the page, not only in "${words}".`] };
}

function isShown(
  subject: Marked,
  end: string,
  { marking, presence }: { marking: Marking; presence: Presence },
): Meaning {
  if (!HARMLESS_END.test(end)) return problem();
  return shown(subject, marking, { isSubject: true, presence });
}
