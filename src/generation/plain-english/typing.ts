import type { Marked } from "./marking.js";
import { problem, type Meaning, type ClauseContext, type Rule } from "./meaning.js";
import { clearCommand, focusCommand, inputCommand, selectCommand } from "./targeted-commands.js";
import { readTarget, withoutPlace } from "./targets.js";
import { startingWith, verbs } from "./words.js";

const INTO = startingWith(
  `${verbs("type", "enter", "input", "write", "key", "fill", "paste", "put", "insert")}(?: in| out)? (.+) into (.+)$`,
);
const IN = startingWith(
  `${verbs("type", "enter", "input", "write", "key", "fill", "paste")}(?: in| out)? (.+) in(?: to)? (.+)$`,
);
const PUT_IN = startingWith(
  `${verbs("put", "insert", "place")} (.+) in(?: to)? (.+ (?:fields?|box|input|text ?box|text ?area))$`,
);
const AS = startingWith(
  `${verbs("use", "type", "enter", "input", "provide", "specify")} (.+) (?:as|for) (.+)$`,
);
const WITH = startingWith(`${verbs("fill", "populate", "complete")}(?: in| out)? (.+?) (?:with|as|=) (.+)$`);
const SET = startingWith(`${verbs("set", "change", "update")} (.+?) (?:to|as|with|=) (.+)$`);
const KNOWN_FIELD =
  "user ?name|user ?id|login(?: name)?|e-?mail(?: address)?|password|passcode|pass ?phrase|pin|(?:first |last |full |company )?name|phone(?: number)?|city|zip(?: code)?|post(?:al)? ?code|street|address";
const FIELD_FIRST = startingWith(
  `${verbs("type", "enter", "input", "write", "fill", "provide", "use", "specify")}(?: in)?(?: the| my| your| his| her| an?)?(?: valid| correct| wrong| incorrect| invalid| new)? (${KNOWN_FIELD})(?: field)?(?: as| of| with| to|:| =)? (?!and |or |in |into |field)(.+)$`,
);
const LABELLED = startingWith(`(${KNOWN_FIELD}): (.+)$`);
/** Words that stand for a value without telling it: "a valid e-mail address", "your password". */
const UNTOLD = new RegExp(
  `^(?:(?:an?|some|any|the|your|my|his|her) )?(?:(?:valid|invalid|correct|incorrect|wrong|right|random|new|different|existing|unique)\\b.*|(?:data|credentials|details|values?))$|^(?:the|your|my|his|her|an?) (?:${KNOWN_FIELD})$`,
  "i",
);
const CLEAR = startingWith(`${verbs("clear", "empty")}(?: out)? (.+)$`);
const LEAVE = startingWith(`${verbs("leave")} (.+?) (?:empty|blank)$`);
const TYPING = startingWith(
  `${verbs("type", "enter", "input", "write", "key", "fill", "populate", "paste")}\\b`,
);

const FOCUS = startingWith(
  `(?:${verbs("focus")}(?: on)?|${verbs("put", "place", "set")} (?:the )?(?:focus|cursor) (?:on|in|into)) (.+)$`,
);

/** Type, enter, fill, set, clear: a value and a field. */
export const input: Rule = (clause, context) => {
  const inPlace = withoutPlace(clause);
  const focused = FOCUS.exec(inPlace)?.[1];
  if (focused !== undefined) return focusCommand(readTarget(focused, context.marking));
  const valueFirst = [INTO, IN, PUT_IN, AS].map((form) => form.exec(inPlace)).find((match) => match !== null);
  if (valueFirst) return typeInto(valueFirst[2] ?? "", valueFirst[1] ?? "", context);
  const fieldFirst =
    LABELLED.exec(inPlace) ?? FIELD_FIRST.exec(inPlace) ?? WITH.exec(inPlace) ?? SET.exec(inPlace);
  if (fieldFirst) return typeInto(fieldFirst[1] ?? "", fieldFirst[2] ?? "", context);
  const left = LEAVE.exec(inPlace)?.[1];
  const cleared = left ?? CLEAR.exec(inPlace)?.[1];
  if (cleared !== undefined) {
    const field = readTarget(cleared, context.marking);
    const isField =
      left !== undefined || field.kind === "field" || field.isQuoted || field.locator !== undefined;
    if (isField || new RegExp(`^(?:${KNOWN_FIELD})$`, "i").test(field.name)) return clearCommand(field);
    return problem('it names no field, such as "Clear the Username field"');
  }
  return TYPING.test(clause)
    ? problem('it names no value and field, such as "Type tom into Username"')
    : undefined;
};

function typeInto(fieldWords: Marked, valueWords: Marked, { marking }: ClauseContext): Meaning {
  if (UNTOLD.test(valueWords)) return problem("it does not tell the exact value");
  const field = readTarget(fieldWords, marking);
  const value = marking.value(valueWords);
  if (field.kind === "list") return selectCommand(field, value);
  return inputCommand(field, value);
}
