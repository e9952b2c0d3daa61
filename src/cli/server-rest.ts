import type { z } from "zod";
import { timeoutSignal } from "../async/timeout-signal.js";
import { CommandError } from "./command-context.js";

/** Longest wait for an answer of the server, in milliseconds. */
const ANSWER_TIMEOUT_MS = 60_000;

interface Post {
  body: object;
  /** Longest wait for the answer, in milliseconds. */
  timeoutMs: number;
  signal: AbortSignal;
}

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
    return await this.#parse(await this.#get(path), path, schema);
  }

  /** @throws as {@link json}, or the signal's reason. */
  async post<S extends z.ZodType>(path: string, schema: S, post: Post): Promise<z.infer<S>> {
    const { body, timeoutMs, signal } = post;
    const response = await this.#ask(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, timeoutSignal(timeoutMs)]),
    }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw error;
    });
    return await this.#parse(response, path, schema);
  }

  async #parse<S extends z.ZodType>(response: Response, path: string, schema: S): Promise<z.infer<S>> {
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

  #get(path: string): Promise<Response> {
    return this.#ask(path, { signal: timeoutSignal(ANSWER_TIMEOUT_MS) });
  }

  async #ask(
    path: string,
    init: Omit<RequestInit, "headers"> & { headers?: Record<string, string> },
  ): Promise<Response> {
    const headers = {
      ...init.headers,
      ...(this.#token !== undefined && { authorization: `Bearer ${this.#token}` }),
    };
    try {
      return await fetch(`${this.#url}${path}`, { ...init, headers, redirect: "error" });
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
