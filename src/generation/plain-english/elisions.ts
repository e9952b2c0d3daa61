import { QUOTED, type Marked } from "./marking.js";
import { beginsDoing, withoutFillers } from "./words.js";

/** A clause that leaves out what the one before it has said. */
interface Elision {
  before: RegExp;
  clause: RegExp;
  /** The clause with what it leaves out. */
  whole: (before: RegExpExecArray, clause: RegExpExecArray) => Marked;
}

const part = (match: RegExpExecArray, group: number): string => match[group] ?? "";

const VERB =
  /^(?:type|enter|input|write|fill|provide|set|select|choose|pick|put)(?:s|es)?(?: in| out)?(?= )/i;
const OBJECT =
  /^(?!e\.g|i\.e|for example|such as|which )(?:.+ (?:into|in|with|to|from|as) .+|.+ \(e\.g\..+\)|(?:the )?(?:user ?name|e-?mail|password|pass ?code|pin)\b.+)$/i;

const KEY = String.raw`(?:ctrl|control|shift|alt|cmd|meta)\+\S+|enter|return|tab|escape|esc|delete|backspace|space|home|end|page ?(?:up|down)|arrow ?(?:up|down|left|right)|f\d{1,2}`;

const ELISIONS: Elision[] = [
  // "Type a into X and b into Y".
  { before: VERB, clause: OBJECT, whole: ([verb], [words]) => `${verb} ${withoutFillers(words)}` },
  // `Enter card number "4111", expiry "12/30"`.
  {
    before: new RegExp(`^(?:enter|type|input|provide|fill in) .*${QUOTED}$`, "i"),
    clause: new RegExp(`^(?:the |an? )?[\\p{L}][\\p{L} -]{1,40} ${QUOTED}$`, "iu"),
    whole: (_before, [words]) => `enter ${words}`,
  },
  // "Clear the amount and enter 20": into the same field.
  {
    before:
      /^(?:(?:clear|empty|erase)\w*(?: out)? (.+)|(?:click|tap|focus)\w*(?: (?:on|in|into|inside))? (.+ (?:field|box|area|input)))$/i,
    clause: new RegExp(`^(?:type|enter|input|write)(?:s|ing)? (${QUOTED}|[^\\s\uFDD0-\uFDD5]+)$`, "i"),
    whole: (before, clause) => `type ${part(clause, 1)} into ${part(before, 1) || part(before, 2)}`,
  },
  // "Click on Users and then on Roles".
  {
    before: /^(click|tap|double-click|right-click)(?:s|ing)? on /i,
    clause: /^on .+$/i,
    whole: (before, [words]) => `${part(before, 1)} ${words}`,
  },
  // "Press Control+A and then Delete".
  {
    before: /^(?:press|hit)(?:es|s|ing)? /i,
    clause: new RegExp(`^(?:the )?(?:${KEY})(?: key)?(?: twice| \\S+ times)?$`, "i"),
    whole: (_before, [words]) => `press ${words}`,
  },
  // "The Email field contains “a” and is read-only": of the same.
  {
    before: /^(.+?) (?:is|are|shows?|displays?|contains?|includes?|has|have|equals?|remains?|becomes?) .+$/i,
    clause:
      /^(?:is|are|shows?|displays?|contains?|includes?|has|have|equals?|remains?|becomes?|disappears?|vanish(?:es)?)(?: .+)?$/i,
    whole: (before, [words]) => `${part(before, 1)} ${words}`,
  },
  // "Open the Country list and select Germany" chooses in that list; after a click on anything else, an entry that it opens.
  {
    before:
      /^(?:click|open|expand|tap)(?:s|ing)?(?: on)? (.+ (?:drop-?down|list|select|combo ?box)(?: list| box| field)?)$/i,
    clause: new RegExp(`^(?:choose|select|pick)(?:s|ing)? (${QUOTED})(?: option| entry)?$`, "i"),
    whole: (before, clause) => `select ${part(clause, 1)} from ${part(before, 1)}`,
  },
  {
    before: /^(?:click|open|expand|tap|right-click|hover)/i,
    clause: new RegExp(`^(?:choose|select|pick)(?:s|ing)? (${QUOTED})(?: option| entry| item)?$`, "i"),
    whole: (_before, clause) => `click ${part(clause, 1)}`,
  },
];

/** The clause with what the one before has said, where it leaves that out. */
export function wholeClauses(before: Marked, words: Marked): Marked[] {
  if (before === "") return [];
  const clause = withoutFillers(words);
  return ELISIONS.flatMap((elision) => {
    const [first, second] = [elision.before.exec(before), elision.clause.exec(clause)];
    if (first === null || second === null) return [];
    return elision.clause === OBJECT && beginsDoing(clause) ? [] : [elision.whole(first, second)];
  });
}

const OWNED = new RegExp(`^(.*\\b(?:click|press|tap|open|hover over|tick|check)\\w*(?: on)?) its (.+)$`, "i");

/** "Hover over the “Walk” row and click its delete icon": the icon of that row. `undefined` where nothing tells whose. */
export function owned(before: Marked, words: Marked): Marked | undefined {
  const [, verb, thing] = OWNED.exec(words) ?? [];
  if (before === "" || verb === undefined || thing === undefined) return words;
  const [owner] = new RegExp(QUOTED).exec(before) ?? [];
  return owner === undefined ? undefined : `${verb} the ${thing} in the row of ${owner}`;
}
