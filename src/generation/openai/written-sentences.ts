import type { Script } from "../../protocol/commands.js";
import { readTexts } from "../plain-english/description.js";

export interface WrittenSentence {
  commands: Script;
  /** Data that it describes and does not tell. */
  warnings: string[];
  /** Why it is not understood, in words for the model; the commands stand for it where it is kept all the same. */
  problem?: string;
}

/** Reads the sentences in which a language model writes commands, by the rules for plain English. */
export class SentenceReader {
  readonly #context: { own: string; baseUrl: string | undefined; signal: AbortSignal };
  #keepsUnread = false;

  /**
   * @param context.own the author's words, which the model may leave as they are
   * @param context.baseUrl the page that paths are on
   */
  constructor(context: { own: string; baseUrl: string | undefined; signal: AbortSignal }) {
    this.#context = context;
  }

  /** A sentence that is not understood stands in its place from now on, and is no reason to ask again. */
  keepUnread(): void {
    this.#keepsUnread = true;
  }

  async read(sentence: string): Promise<WrittenSentence> {
    const { own, baseUrl, signal } = this.#context;
    const clauses = await readTexts({ description: sentence, expectedResult: "" }, signal, baseUrl);
    const commands = clauses.flatMap(({ meaning }) => meaning.commands);
    const warnings = clauses.flatMap((clause) => clause.warnings);
    const lost = clauses.find(({ meaning }) => meaning.kind === "unknown");
    const isKept = this.#keepsUnread || plain(own).includes(plain(sentence));
    if (clauses.length > 0 && (lost === undefined || isKept)) return { commands, warnings };
    return { commands, warnings, problem: `${warnings[0] ?? "an empty command"} Use one of the forms.` };
  }
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[\s.]+/g, " ")
    .trim();
}
