import { CORE, ROLE_OF_KIND, type DescribedElement } from "./elements.js";
import { Phrase, type ClauseContext, type Slot } from "./grammar/phrase.js";
import type { Marked } from "./marking.js";
import { RELATION } from "./relations.js";

/** More words than any element is described with. */
const MAX_TARGET_WORDS = 24;

/** A whole noun phrase for one element: "the second Delete button in the row of “Ada”". */
export const TARGET: Slot<DescribedElement> = {
  name: "element",
  isGreedy: false,
  read(phrase) {
    const bare = withoutMarks(phrase);
    if (bare.length === 0 || bare.length > MAX_TARGET_WORDS) return undefined;
    for (let at = 1; at < bare.length; at += 1) {
      const relation = bare.part(at).read(RELATION);
      const core = relation === undefined ? undefined : bare.part(0, at).read(CORE);
      if (core === undefined || relation === undefined) continue;
      return counted({ ...core, ...relation, words: phrase.raw });
    }
    const core = bare.read(CORE);
    return core && counted({ ...core, words: bare.raw });
  },
};

/** Reads a text as {@link TARGET} does. */
export function readTarget(text: Marked, context: ClauseContext): DescribedElement | undefined {
  return Phrase.of(text, context).read(TARGET);
}

/** "the checkbox in the row of “Ada”", "the second button": the kind is enough where the place tells which one. */
function counted(target: DescribedElement): DescribedElement {
  const role = target.kind && ROLE_OF_KIND[target.kind];
  const isNameless = target.name === "" || target.name === target.kindWord;
  const isPlaced = target.nth !== undefined || target.within !== undefined;
  if (!isNameless || !isPlaced || role === undefined || target.locator !== undefined) return target;
  return { ...target, locator: { locator_type: "role", locator_value: role } };
}

/** Signs at the end of a name mean nothing. */
function withoutMarks(phrase: Phrase): Phrase {
  let end = phrase.length;
  while (end > 0 && /^[!?.]$/.test(phrase.wordAt(phrase.from + end - 1))) end -= 1;
  return phrase.part(0, end);
}

/** Tells if the target is a password's field, whose value must not be shown. */
export function isPassword({ name, locator }: DescribedElement): boolean {
  return (
    /pass ?(?:word|code|phrase)|passwd|pwd/i.test(`${name} ${locator?.locator_value ?? ""}`) ||
    /^pin$/i.test(name)
  );
}
