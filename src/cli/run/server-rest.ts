import type { z } from "zod";
import { timeoutSignal } from "../../async/timeout-signal.js";
import { CommandError } from "../command-context.js";

/** Longest wait for an answer of the server, in milliseconds. */
const ANSWER_TIMEOUT_MS = 60_000;

/** The REST interface of a server, as a person with a token uses it. */
export class ServerRest {
  readonly #url: string;
  readonly #token: string | undefined;

  constructor(url: string, token: string | undefined) {
    this.#url = url.replace(/\/+$/, "");
    this.#token = token;
  }

  /** @throws CommandError when the server cannot be reached, or refuses. */
  async json<S extends z.ZodType>(path: string, schema: S): Promise<z.infer<S>> {
    const response = await this.#get(path);
    const body: unknown = await response.json().catch(() => undefined);
    if (!response.ok) throw new CommandError(this.#refusal(response.status, path, body));
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    throw new CommandError(`--server: ${this.#url} is no Stepwire server of this version.`);
  }

  /** A file; undefined where there is none. */
  async file(path: string): Promise<{ mediaType: string; bytes: Uint8Array } | undefined> {
    const response = await this.#get(path);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const [mediaType = ""] = (response.headers.get("content-type") ?? "").split(";");
    return response.ok ? { mediaType, bytes } : undefined;
  }

  async #get(path: string): Promise<Response> {
    const headers: Record<string, string> =
      this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` };
    try {
      const signal = timeoutSignal(ANSWER_TIMEOUT_MS);
      return await fetch(`${this.#url}${path}`, { headers, redirect: "error", signal });
    } catch (error) {
      const { message, cause } = error as Error;
      const reason = cause instanceof Error ? cause.message : message;
      throw new CommandError(`--server: ${this.#url} does not answer: ${reason}.`, { cause: error });
    }
  }

  #refusal(status: number, path: string, body: unknown): string {
    if (status === 401) return `--server: ${this.#url} asks for a token; set STEPWIRE_TOKEN to a valid one.`;
    const { error } = (body ?? {}) as { error?: { message?: unknown } };
    const reason = typeof error?.message === "string" ? error.message : `status ${status}`;
    return `--server: ${path} was refused: ${reason}`;
  }
}
