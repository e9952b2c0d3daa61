import type { CommandOf } from "../../protocol/commands.js";
import { QUOTED } from "./marking.js";
import { action, refusal, type Rule } from "./meaning.js";
import { startingWith, verbs } from "./words.js";

/** Words for a dialog of the browser itself. "dialog" and "pop-up" alone may be a part of the page as well. */
export const DIALOG =
  "(?:the |an? |this |that )?(?:(?:java ?script |browser |native )(?:alert|confirm(?:ation)?|prompt|dialog|pop-?up|message)(?: box| dialog| pop-?up| window)?|(?:alert|confirm|prompt)(?: ?box| dialog| pop-?up| window)?|confirmation (?:box|dialog|alert|pop-?up|window))";
const PERHAPS = `(?:${DIALOG}|(?:the |an? |this |that )?(?:dialog|pop-?up|confirmation))`;

const ACCEPT = startingWith(`${verbs("accept", "confirm", "approve")} ${PERHAPS}$`);
const DISMISS = startingWith(`${verbs("dismiss", "cancel", "reject", "decline")} ${PERHAPS}$`);
const CLOSE = startingWith(`${verbs("close")} ${DIALOG}$`);
const BUTTON = startingWith(
  `${verbs("click", "press", "choose", "select", "tap")}(?: on)? (?:the )?"?(ok|okay|yes|accept|cancel|no|dismiss|${QUOTED})"?(?: button)? (?:in|on|of|at) ${DIALOG}$`,
);
const ANSWER = startingWith(
  `${verbs("accept", "answer")} ${DIALOG} (?:with|by (?:typing|entering)) (?:the )?(?:(?:value|text|name) (?=${QUOTED}))?(.+)$`,
);
const TYPE = startingWith(
  `${verbs("type", "enter", "input", "write")} (.+) (?:into|in) (?:the |an? )?prompt(?: box| dialog)?$`,
);

/** Accept, dismiss and answer an alert, a confirm or a prompt. */
export const dialog: Rule = (phrase) => {
  const { marking, text: clause } = phrase;
  const answer = (response: "accept" | "dismiss", fields: Partial<CommandOf<"handle_dialog">> = {}) =>
    action({ action: "handle_dialog", response, ...fields });
  const typed = ANSWER.exec(clause)?.[1];
  if (typed !== undefined) return answer("accept", { prompt_text: marking.value(typed) });
  // The text is typed and the prompt answered in one, so that a sentence after it would answer another.
  if (TYPE.test(clause)) return refusal('say how it is answered, such as: Accept the prompt with "Ada"');
  if (ACCEPT.test(clause)) return answer("accept");
  if (DISMISS.test(clause)) return answer("dismiss");
  if (CLOSE.test(clause)) return answer("accept");
  const button = BUTTON.exec(clause)?.[1];
  if (button === undefined) return undefined;
  const says = marking.value(button);
  if (/^(?:ok|okay|yes|accept)$/i.test(says)) return answer("accept");
  return /^(?:cancel|no|dismiss)$/i.test(says) ? answer("dismiss") : refusal("its buttons are OK and Cancel");
};
