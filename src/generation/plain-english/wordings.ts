import { Phrase, type ClauseContext } from "./grammar/phrase.js";
import { QUOTED, type Marked } from "./marking.js";
import { RELATION } from "./relations.js";
import { beginsDoing, withoutFillers } from "./words.js";

/** A way to word a clause that says the same. */
export interface Wording {
  words: Marked;
  /** The words that were left out say that something is well: true of a check, and no part of something done. */
  isOfCheck?: boolean;
  /** The words that were left out say when something is done: of a check they say more. */
  isOfAction?: boolean;
}

/** Words at the end of a clause that change nothing about it. */
const TRAILING = /(?:,? (?:again|now|then|too|also|as well|please|accordingly|first|next|afterwards))+$/i;
/** Of something shown these tell its place among others. */
const ORDER = /,? (?:first|next)$/i;
const SUCCESS =
  /(?:,? (?:successfully|correctly|properly|without (?:any )?(?:errors?|problems?|issues?)))+$/i;
/** Brackets that allow something else, or say why: what stands before them says it all. */
const PERMISSION =
  / \((?:or|optional|optionally|if applicable|if any|if needed|if necessary|recommended)\b[^()\uFDD5]*\)/gi;
/** "Update one field (e.g., change Bio to “x”)": what is to be done stands in the example. */
const EXEMPLIFIED = /^(.+) \((?:e\.g\.?,?|for example,?|i\.e\.?,?) (.+)\)$/i;
/** "I check “Published”": in a feature's steps a person ticks, in a manual test "check" may look for a text. */
const TICKING = new RegExp(`^(?:(?:given|when|and|but) )?i (?:also )?(un)?check (${QUOTED})$`, "i");
/** "repeat 3 times: click Next". */
const REPEATED = /^repeat (\S+ times|twice)\s?: (.+)$/i;
/** "In the “Profile” form, click Save". */
const FRONTED = /^((?:in|on|under|inside|within|at|next to|beside) [^,]+), (.+)$/i;

/** The clause, and after it other wordings of the same for where it makes no sense as it stands. */
export function wordingsOf(source: Marked, context: ClauseContext): Wording[] {
  const ticked = TICKING.exec(source.trim());
  const clause = ticked === null ? withoutFillers(source) : `${ticked[1] ?? ""}tick ${ticked[2] ?? ""}`;
  const allowed = clause.replace(PERMISSION, "");
  const wordings = [clause, allowed].flatMap((words): Wording[] => [
    { words },
    { words: words.replace(/[!?]+$/, "") },
    { words: words.replace(TRAILING, ""), isOfAction: ORDER.test(words) },
    ...(SUCCESS.test(words) ? [{ words: words.replace(SUCCESS, ""), isOfCheck: true }] : []),
  ]);
  const others = [exemplified(clause), repeated(clause), behind(clause, context)];
  for (const words of others) if (words !== undefined) wordings.push({ words });
  return wordings.filter(
    ({ words }, index) =>
      words.trim() !== "" && wordings.findIndex((other) => other.words === words) === index,
  );
}

function exemplified(clause: Marked): Marked | undefined {
  const [, general = "", example = ""] = EXEMPLIFIED.exec(clause) ?? [];
  const isAction = beginsDoing(general) && !/[\uFDD0-\uFDD5]/.test(general) && beginsDoing(example);
  return isAction ? withoutFillers(example) : undefined;
}

function repeated(clause: Marked): Marked | undefined {
  const [, times, rest] = REPEATED.exec(clause) ?? [];
  return times === undefined || rest === undefined ? undefined : `${rest} ${times}`;
}

/** The same with the place where other clauses have it. */
function behind(clause: Marked, context: ClauseContext): Marked | undefined {
  const [, place, rest] = FRONTED.exec(clause) ?? [];
  if (place === undefined || rest === undefined || !beginsDoing(rest)) return undefined;
  if (Phrase.of(place, context).read(RELATION) === undefined) return undefined;
  const [, what = "", times = ""] = /^(.+?)( twice| thrice| \S+ times)?$/i.exec(withoutFillers(rest)) ?? [];
  return `${what} ${place}${times}`;
}
