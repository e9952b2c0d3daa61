import type { Logger } from "pino";
import { AppError, type ErrorCode } from "../../protocol/errors.js";
import type { Script } from "../../protocol/commands.js";
import { checked } from "../plain-english/description.js";
import type { ReadClause } from "../plain-english/steps.js";
import type { PageReader } from "../ports.js";
import { UsageTotal } from "../usage/usage-total.js";
import type { Grounded } from "./ground-clause.js";
import { snapshotOf, type Sighting } from "./sighting.js";

export interface ModelHelpOptions {
  reader: PageReader;
  /** The name of the person or program that asked for the generation. */
  principal: string | undefined;
  log: Logger;
}

/** The course of a sentence so far. */
export interface Attempt {
  /** Commands that have passed. */
  done: Script;
  /** The commands that were tried last, and why they did not pass. */
  failed?: { commands: Script; message: string };
}

/** Errors after which no other sentence can be helped either. */
const FOR_ALL: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["ai_unauthorized", "ai_budget_spent"]);

/**
 * Has a language model read the sentences of one generation that rules cannot place on the page. Of several elements that
 * fit nobody chooses, a model neither.
 */
export class ModelHelp {
  readonly #options: ModelHelpOptions;
  /** The tokens and money that its calls have taken. */
  readonly usage = new UsageTotal();

  constructor(options: ModelHelpOptions) {
    this.#options = options;
  }

  get name(): PageReader["name"] {
    return this.#options.reader.name;
  }

  /** @throws AppError where the model can help with no sentence at all; the sighting's signal's reason */
  async read(
    clause: ReadClause,
    lost: Exclude<Grounded, { kind: "commands" }>,
    { sighting, attempt }: { sighting: Sighting; attempt: Attempt },
  ): Promise<Grounded> {
    const snapshot = lost.kind === "ambiguous" ? undefined : await snapshotOf(sighting);
    if (snapshot === undefined) return lost;
    const { reader, principal, log } = this.#options;
    const question = { sentence: clause.text, role: clause.role, snapshot, ...attempt };
    try {
      const reading = await reader.read(question, {
        ...{ signal: sighting.signal, log, principal },
        onUsage: this.usage.add,
      });
      if (reading.kind === "unread") return { ...lost, reason: `${lost.reason}; the AI: ${reading.reason}` };
      const commands = checked(clause.text, [...attempt.done, ...reading.commands]);
      return { kind: "commands", commands, isByModel: true };
    } catch (error) {
      sighting.signal.throwIfAborted();
      if (!(error instanceof AppError) || FOR_ALL.has(error.code)) throw error;
      return { ...lost, reason: `${lost.reason}; ${error.message}` };
    }
  }
}
