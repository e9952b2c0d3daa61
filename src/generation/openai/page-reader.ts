import { commandsByReference } from "../grounding/references.js";
import { SnapshotIndex } from "../grounding/snapshot-index.js";
import { tellSnapshot } from "../grounding/telling.js";
import type { Script } from "../../protocol/commands.js";
import type { GenerationContext, PageQuestion, PageReader, PageReading } from "../ports.js";
import { readAnswer, type ReadAnswer } from "./answer.js";
import type { Asker } from "./asker.js";
import { PAGE_PROMPT, PAGE_SCHEMA, PageAnswer } from "./page-prompt.js";

/** Tokens that the page may take, by the estimate of `tellSnapshot`. */
const PAGE_TOKENS = 1_200;

/** Longest reason of a model that is shown, in characters. */
const MAX_REASON = 300;

const FORMAT = { name: "commands", schema: PAGE_SCHEMA };

/** Reads sentences about the open page with a language model, which sees the page in words and answers with refs. */
export class ModelPageReader implements PageReader {
  readonly name = "openai";
  readonly #asker: Asker;

  constructor(asker: Asker) {
    this.#asker = asker;
  }

  async read(question: PageQuestion, context: GenerationContext): Promise<PageReading> {
    const { sentence, role, snapshot, done, failed } = question;
    const { text: page, refs: offered } = tellSnapshot(snapshot, { maxTokens: PAGE_TOKENS, about: sentence });
    const index = new SnapshotIndex(snapshot);
    const read = (text: string): Promise<ReadAnswer<PageReading>> =>
      readAnswer(text, (json) => {
        const answer = PageAnswer.safeParse(json);
        if (!answer.success)
          return { ok: false, problems: [`The answer is not of the form that was asked for.`] };
        const { commands: references, reason } = answer.data;
        if (references.length === 0) return { ok: true, value: unread(reason ?? "it gave no reason") };
        const made = commandsByReference(references, { index, offered, sentence, role });
        return "problems" in made
          ? { ok: false, problems: made.problems }
          : { ok: true, value: { kind: "commands", commands: made.commands } };
      });
    const reading = await this.#asker.ask(
      {
        prompt: PAGE_PROMPT,
        data: (withheld) => ({
          sentence: withheld.hide(sentence),
          ...(role === "expected" && { only_checks: true }),
          ...(done.length > 0 && { done: withheld.hideAll(inShort(done)) }),
          ...(failed && {
            tried: withheld.hideAll([...inShort(failed.commands), failed.message.slice(0, MAX_REASON)]),
          }),
          page: withheld.hideAgain(page),
        }),
        format: FORMAT,
        read,
      },
      context,
    );
    return reading.ok ? reading.value : unread(`its answer could not be used: ${reading.problems[0] ?? ""}`);
  }
}

function unread(reason: string): PageReading {
  return { kind: "unread", reason: reason.slice(0, MAX_REASON) };
}

/** Commands in few words: what was done, and with what. */
function inShort(commands: Script): string[] {
  return commands.map((command) => {
    const {
      action,
      locator_name: name,
      locator_value: value,
    } = command as Record<string, unknown> & Script[number];
    return [action, name ?? value].filter((part) => typeof part === "string").join(" ");
  });
}
