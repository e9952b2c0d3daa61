import { QUOTED, type Masked, type Masking } from "./masking.js";
import { problem, type Meaning, type Reading, type Rule } from "./meaning.js";
import { ABSENCE, NEGATIVE, quoted, shown, TEXT_FIRST } from "./seen.js";
import { at, BODY, withoutArticle } from "./targets.js";
import { startingWith, verbs } from "./words.js";

const CHECKING_VERBS = [
  ...["check", "verify", "expect", "ensure", "assert", "confirm", "validate", "make sure"],
  ...["see", "notice", "observe", "look for"],
];
const CHECKING = startingWith(verbs(...CHECKING_VERBS) + "(?: for)?(?: that| if| whether| to see)?:? (.+)$");
const TESTING = startingWith(`${verbs("test")} (?:that|if|whether) (.+)$`);
const EXPECTED = /^(?:the )?expected(?: results?| outcome)?(?: is| are)?(?: that)?:? (.+)$/i;
const WAITING = startingWith(`${verbs("wait")} (?:until|till|for)(?: that)? (.+)$`);
const LOADING =
  /^(?:the )?(?:page|screen|site|app|application|it)(?: to (?:be )?| is | has | has been )?(?:load|loads|loaded|finish loading|open|opened|ready)$/i;

const AUXILIARY = "(?: (?:should|must|will|shall|to|then|now|also|still|correctly|successfully))*";
const SHOWS = new RegExp(
  `^(.{1,120}?)${AUXILIARY} (?:shows?|showing|displays?|displaying|contains?|containing|includes?|says?|saying|reads?|mentions?|states?|(?:has|have)(?= the (?:text|message|words?)| ${QUOTED}))(?: that)? (.+)$`,
  "i",
);
const IS_SHOWN = new RegExp(
  `^(.+?)${AUXILIARY} (?:is|are|be|becomes?|gets?|was|were)(?: (?:now|also|still|correctly|clearly|be))* ` +
    "(shown|displayed|visible|present|seen|there|available|found|rendered|listed|on the (?:page|screen))(.*)$",
  "i",
);
const APPEARS = new RegExp(
  `^(.+?)${AUXILIARY} (?:appears?|shows? up|exists?|comes? up|pops? up)(?! to)(.*)$`,
  "i",
);
const THERE_IS = /^there(?: should| must| will)? (?:is|are|be) (.+)$/i;
const READS = new RegExp(
  `^(?:the )?(?:page |\\w+ )?(?:heading|header|message|text|label|banner|error|alert|notification)${AUXILIARY} (?:is|be|equals?|=) (.+)$`,
  "i",
);
/** What may follow "is shown" without changing what is checked. */
const HARMLESS_END = /^(?: (?:on|in|at|below|above|under|within|after|again|there|now)\b.{0,80})?$/i;

const UNSEEN =
  /^(?:the )?(?:current |new |page )?(?:url|address(?: bar)?|page title|tab title|browser title|title of the (?:page|tab|browser))\b/i;
const UNSEEN_REASON = "the address and the title of a page cannot be checked";
const PAGE =
  /^(?:the |this |that |an? )?(?:\w+ ){0,2}(?:page|screen|site|website|app|application|body|window|browser|system|user|result|it|this|text|message|heading|header|banner|label|alert|notification|error|warning|dialog|pop-?up|modal|toast|greeting|confirmation)$/i;
const FORM_FIELD = /\b(?:field|box|input|drop-?down|check ?box|list)$/i;

/** Everything that checks something, with a verb for it or as a plain statement. */
export const check: Rule = (clause, reading) => {
  const { masking } = reading;
  const checked = (CHECKING.exec(clause) ?? TESTING.exec(clause) ?? EXPECTED.exec(clause))?.[1];
  if (checked !== undefined) {
    if (UNSEEN.test(checked)) return problem(UNSEEN_REASON);
    const stated = statement(checked, reading) ?? shown(checked, masking, { isSubject: true });
    return stated.kind === "problem" && stated.reason === undefined
      ? problem('it names no text or element to look for, such as: Check that the page shows "Welcome"')
      : stated;
  }
  const awaited = WAITING.exec(clause)?.[1];
  if (awaited === undefined) return statement(clause, reading);
  if (LOADING.test(awaited)) {
    return {
      kind: "check",
      commands: [{ action: "verify_element_present", ...at(BODY) }],
      expected: ["The page is open"],
    };
  }
  return statement(awaited, reading) ?? shown(awaited, masking, { isSubject: true });
};

/** "The page shows Welcome", "Welcome is shown", "the Login button appears", "there is a link Home". */
function statement(clause: Masked, { masking }: Reading): Meaning | undefined {
  const [, subject, seen] = SHOWS.exec(clause) ?? [];
  // "A message saying X appears" is about the message, not about something that shows "X appears".
  const isAppearing = seen !== undefined && (IS_SHOWN.test(seen) || APPEARS.test(seen));
  if (subject !== undefined && seen !== undefined && !isAppearing) return shownBy(subject, seen, masking);

  const [, present, , end = ""] = IS_SHOWN.exec(clause) ?? [];
  if (present !== undefined) return isShown(present, end, masking);
  const [, appearing, after = ""] = APPEARS.exec(clause) ?? [];
  if (appearing !== undefined) return isShown(appearing, after, masking);

  const existing = THERE_IS.exec(clause)?.[1] ?? READS.exec(clause)?.[1];
  if (existing !== undefined)
    return isShown(existing.replace(/ (?:on|in) the (?:page|screen)$/i, ""), "", masking);
  return NEGATIVE.test(clause) && /\b(?:see|show|display|contain|appear|visible|present)/i.test(clause)
    ? problem(ABSENCE)
    : undefined;
}

function shownBy(subject: Masked, seen: Masked, masking: Masking): Meaning {
  if (NEGATIVE.test(subject) || /^no(?:ne|thing)? /i.test(seen)) return problem(ABSENCE);
  if (/ and |, /.test(subject)) return problem();
  if (UNSEEN.test(subject)) return problem(UNSEEN_REASON);
  const locator = masking.locator(subject.trim());
  if (locator !== undefined) {
    const text = masking.value(TEXT_FIRST.exec(seen)?.[1] ?? seen);
    const command = { action: "verify_text" as const, ...at(locator), expected_text: text };
    return {
      kind: "check",
      commands: [command],
      expected: [`${masking.raw(subject)} shows ${quoted(text)}`],
    };
  }
  if (FORM_FIELD.test(subject)) return problem("the value of a form field cannot be checked");
  const check = shown(seen, masking, { isSubject: false });
  if (check.kind !== "check" || PAGE.test(subject)) return check;
  const words = masking.raw(withoutArticle(subject));
  return { ...check, warnings: [`It is looked for anywhere on the page, not only in "${words}".`] };
}

function isShown(subject: Masked, end: string, masking: Masking): Meaning {
  if (NEGATIVE.test(subject) || NEGATIVE.test(end.trim())) return problem(ABSENCE);
  if (UNSEEN.test(subject)) return problem(UNSEEN_REASON);
  if (!HARMLESS_END.test(end)) return problem();
  return shown(subject, masking, { isSubject: true });
}
