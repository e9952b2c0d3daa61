import type { AiBudget } from "../usage/budget.js";
import { Asker } from "./asker.js";
import { Chat, type ChatConfig } from "./chat.js";
import type { LanguageModel } from "./language-model.js";
import { MeteredModel } from "./metered-model.js";
import { RecordingModel, ReplayedModel } from "./recordings.js";

export interface OpenAiConfig extends ChatConfig {
  /**
   * Longest time for a whole generation, or a sentence on the open page, repeated requests included, in milliseconds.
   * @defaultValue 120000
   */
  requestTimeoutMs?: number | undefined;
  /**
   * Longest silence of the server, before its first chunk and between two, in milliseconds.
   * @defaultValue 30000
   */
  idleTimeoutMs?: number | undefined;
}

export interface ModelConfig {
  /** The AI server; nothing where there is no key for one. */
  openai?: OpenAiConfig | undefined;
  /** Folder from which answers come, in place of an AI server. */
  replay?: string | undefined;
  /** Folder in which answers are kept. */
  record?: string | undefined;
  /** Keeps account of calls. @defaultValue nobody does */
  budget?: AiBudget | undefined;
  /** Makes the server's model one whose calls are followed. @defaultValue they are not */
  traced?: (model: LanguageModel) => LanguageModel;
  /** Values that no prompt and no recording may hold. */
  secrets?: readonly string[];
}

/** @throws Error without an AI server and without recordings */
export function createAsker(config: ModelConfig): Asker {
  const { requestTimeoutMs = 120_000, idleTimeoutMs = 30_000 } = config.openai ?? {};
  return new Asker({
    model: modelOf(config),
    requestTimeoutMs,
    idleTimeoutMs,
    secrets: config.secrets ?? [],
  });
}

function modelOf({
  openai,
  replay,
  record,
  budget,
  traced = (model) => model,
  secrets = [],
}: ModelConfig): LanguageModel {
  if (replay !== undefined) return new ReplayedModel(replay);
  if (openai === undefined) throw new Error("there is no AI server");
  const chat = traced(new Chat(openai));
  const model = budget === undefined ? chat : new MeteredModel(chat, budget);
  if (record === undefined) return model;
  return new RecordingModel(model, { folder: record, name: openai.model, secrets });
}
