import { DOES, IS } from "./being.js";
import type { DescribedElement } from "./elements.js";
import { clickTarget } from "./finding.js";
import { form } from "./grammar/pattern.js";
import { rule, type Meaning, type Rule } from "./meaning.js";
import { quoted } from "./seen.js";
import { escaped } from "./state-checks.js";
import { unclear } from "./targeted-commands.js";
import { TARGET } from "./targets.js";
import { QUOTE } from "./values.js";

interface Attribute {
  name: string;
  value: string;
  not: boolean;
}

function has(target: DescribedElement, { name, value, not }: Attribute): Meaning {
  const isClass = name.toLowerCase() === "class";
  const fault = unclear(target);
  if (fault !== undefined) return fault;
  return {
    kind: "check",
    commands: [
      {
        action: "verify_attribute",
        ...clickTarget(target),
        attribute: name,
        expected_value: isClass ? `(^|\\s)${escaped(value)}(\\s|$)` : value,
        ...(isClass ? { match: "regex" as const } : {}),
        ...(not ? { not } : {}),
      },
    ],
    expected: [`The ${name} of ${target.words} ${not ? "is not" : "is"} ${quoted(value)}`],
  };
}

/** Checks of the document's words on an element: its attributes, class, placeholder, and where a link leads. */
export const ATTRIBUTE_CHECKS: Rule[] = [
  rule(
    form`[the] attribute ${QUOTE} (from|of|on|in) ${TARGET} ${IS} [equal to] ${QUOTE}`,
    (name, target, { not }, value) => has(target, { name, value, not }),
  ),
  rule(
    form`${TARGET} ${DOES} (have|has) [the|an] attribute ${QUOTE} (with the value|with value|set to|equal to|of|=) ${QUOTE}`,
    (target, { not }, name, value) => has(target, { name, value, not }),
  ),
  rule(form`${TARGET} ${DOES} (have|has) [the|a] class ${QUOTE}`, (target, { not }, value) =>
    has(target, { name: "class", value, not }),
  ),
  rule(
    form`${TARGET} ${DOES} (have|has|show|shows) [the|a] placeholder [text] [of|:] ${QUOTE}`,
    (target, { not }, value) => has(target, { name: "placeholder", value, not }),
  ),
  rule(form`[the] placeholder [text] (of|in) ${TARGET} ${IS} [:] ${QUOTE}`, (target, { not }, value) =>
    has(target, { name: "placeholder", value, not }),
  ),
  rule(form`${TARGET} ${DOES} (point|points|lead|leads|link|links) to ${QUOTE}`, (target, { not }, value) =>
    target.kind === "link" ? has(target, { name: "href", value, not }) : undefined,
  ),
];
