import { ACTION_RULES } from "../src/generation/plain-english/actions.js";
import { ATTRIBUTE_CHECKS } from "../src/generation/plain-english/attribute-checks.js";
import { PRESENCE_CHECKS } from "../src/generation/plain-english/checks.js";
import { CHOOSING } from "../src/generation/plain-english/choosing.js";
import { Phrase } from "../src/generation/plain-english/grammar/phrase.js";
import { PRESSING_KEYS } from "../src/generation/plain-english/keys.js";
import { LOGGING_IN } from "../src/generation/plain-english/login.js";
import { Marking } from "../src/generation/plain-english/marking.js";
import type { Rule } from "../src/generation/plain-english/meaning.js";
import { OPENING } from "../src/generation/plain-english/opening.js";
import { CHECKED_ONLY, PAGE_CHECKS } from "../src/generation/plain-english/page-checks.js";
import { POINTING } from "../src/generation/plain-english/pointing.js";
import { STATE_CHECKS } from "../src/generation/plain-english/state-checks.js";
import { TYPING } from "../src/generation/plain-english/typing.js";
import { EXAMPLES, NOT_UNDERSTOOD, OTHER_EXAMPLES } from "./sentence-examples.js";

const GROUPS: Record<keyof typeof EXAMPLES, readonly Rule[]> = {
  "Opening pages and parts of them": OPENING,
  "Logging in": LOGGING_IN,
  "Typing and clearing": TYPING,
  "Choosing, ticking and switching": CHOOSING,
  "Clicking, hovering and dragging": POINTING,
  Keys: PRESSING_KEYS,
  "Checks of the whole page": [...PAGE_CHECKS, ...CHECKED_ONLY],
  "Checks of states and values": STATE_CHECKS,
  "Checks of attributes": ATTRIBUTE_CHECKS,
  "Checks of what is shown": PRESENCE_CHECKS,
};

/** A form of sentence, and one that has it. */
export interface DocumentedForm {
  group: string;
  form: string;
  /** None where the form is only recognised to say why it is not understood. */
  example: string | undefined;
}

/** Every form that the rules of the grammar have, but for those that only give hints. */
export function documentedForms(): DocumentedForm[] {
  return Object.entries(GROUPS).flatMap(([group, rules]) => {
    // The keys of GROUPS are those of EXAMPLES.
    const examples: readonly string[] = EXAMPLES[group as keyof typeof EXAMPLES];
    const shown = new Set<string>();
    return rules.flatMap((rule) => {
      if (rule.form === undefined || rule.form.includes("<anything>")) return [];
      const own = examples.filter((one) => isOf(rule, one));
      const example = own.find((one) => !shown.has(one)) ?? own[0];
      if (example !== undefined) shown.add(example);
      return [{ group, form: rule.form, example }];
    });
  });
}

function isOf(rule: Rule, example: string): boolean {
  const marking = new Marking(example);
  const meaning = rule(Phrase.of(marking.text, { marking, baseUrl: "https://example.com/" }));
  return meaning !== undefined && meaning.kind !== "problem";
}

/** The forms of sentences that plain English has, as a page of Markdown. */
export function sentencesPage(): string {
  const forms = documentedForms();
  const groups = Object.keys(GROUPS).map((group) => {
    const rows = forms
      .filter((one) => one.group === group && one.example !== undefined)
      .map(({ form, example }) => `| ${code(form)} | ${cell(example ?? "")} |`);
    return `## ${group}\n\n| form | example |\n| --- | --- |\n${rows.join("\n")}`;
  });
  const others = OTHER_EXAMPLES.map((sentence) => `- ${sentence}`).join("\n");
  const kinds = Object.entries(NOT_UNDERSTOOD).map(
    ([kind, sentences]) => `| ${kind} | ${sentences.map(cell).join("<br>")} |`,
  );
  return `<!-- Generated from the rules in src/generation/plain-english by \`npm run generate\`. Do not edit. -->

# Forms of sentences

Without a model, sentences are read by ${ACTION_RULES.length + PAGE_CHECKS.length + STATE_CHECKS.length + ATTRIBUTE_CHECKS.length + PRESENCE_CHECKS.length} rules. A rule fits a sentence, or a part of one between "and", "then" and commas,
only when it accounts for every word of it. A sentence that none fits stays in its place as a command
\`not_understood\`, with the words that could not be read or with its two readings, and its step never passes.

How to read a form: \`a|b\` is either word, \`(a|b c)\` either words, \`[a]\` may be left out, a verb stands for all its
endings, and \`<element>\` is how people name one: \`the "Save" button\`, \`Username\`, \`the second Delete button in the row of
"Ada"\`, \`#login\`, \`css=.buy\`. \`<value>\` is a text in quotation marks or plain words; one that is told of and not told, as
"a valid password", becomes a variable that has to be given. Before any of them may stand \`And\`, \`Then\`, \`the user\`,
\`I should\` and the like, and before a check \`Verify that\`, \`Make sure\`, \`I should see\`.

Some readings that are not obvious:

- A page with a name ("the “Users” page is displayed") is known by its heading or its title: the name alone, anywhere on
  the page, stands in the menu of every other page as well.
- "Click the Terms checkbox" clicks, so that a box that is ticked is unticked; "tick" and "check the Terms checkbox" tick it
  whatever it was.
- A purpose ("to save the changes") is no check; one that names in quotation marks what is then seen is.
- "Successfully" says nothing after a check. After something done it is not understood: it does not tell how success is seen.
- "Expand" and "collapse" click, and then look that the page does not say the opposite (\`aria-expanded\`, \`details\`).

${groups.join("\n\n")}

## The browser, dialogs, waits, scrolling and files

${others}

## Not understood

| kind | examples |
| --- | --- |
${kinds.join("\n")}
`;
}

function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ↵ ").replaceAll("*", "\\*");
}
