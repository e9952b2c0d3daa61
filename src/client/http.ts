import { RequestError, UnreachableError } from "./errors.js";

export interface RestOptions {
  /** Of the server, such as `http://localhost:8000`. */
  url: string;
  /** An API token or JWT, or what gives one for each request; it is never put into a URL. */
  token?: string | (() => string | Promise<string>) | undefined;
  /** Longest time until an answer is there, in milliseconds. @defaultValue 60 000 */
  timeoutMs?: number | undefined;
  /** @defaultValue the global `fetch` */
  fetch?: typeof fetch | undefined;
}

/** Values of a query; those that are undefined are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface HttpRequest {
  method?: "POST" | "PATCH" | "DELETE" | undefined;
  query?: Query | undefined;
  /** Sent as JSON. */
  body?: unknown;
}

const TIMEOUT_MS = 60_000;

/** Requests to the REST interface of one server. */
export class Http {
  readonly #options: RestOptions;
  readonly #base: URL;

  constructor(options: RestOptions) {
    this.#options = options;
    this.#base = new URL(options.url);
    this.#base.protocol = this.#base.protocol.replace(/^ws/, "http");
  }

  /** The whole address of a path of the server. */
  address(path: string): string {
    return new URL(path, this.#base).href;
  }

  /**
   * @returns the answer, which the server has made by its schema
   * @throws RequestError when the server refuses, UnreachableError when no answer comes.
   */
  async json<T>(path: string, request: HttpRequest = {}): Promise<T> {
    return await this.#ask(path, request, async (response) => (await response.json()) as T);
  }

  /** @throws RequestError when the server refuses, UnreachableError when no answer comes. */
  async blob(path: string): Promise<Blob> {
    return await this.#ask(path, {}, (response) => response.blob());
  }

  async #ask<T>(
    path: string,
    { method, query = {}, body }: HttpRequest,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    const { token, timeoutMs = TIMEOUT_MS, fetch = globalThis.fetch } = this.#options;
    const url = new URL(path, this.#base);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const overdue = new AbortController();
    const timer = setTimeout(() => {
      overdue.abort(new Error(`no answer in ${timeoutMs / 1000} s`));
    }, timeoutMs);
    try {
      const value = typeof token === "function" ? await token() : token;
      const response = await fetch(url, {
        method: method ?? "GET",
        headers: {
          ...(value !== undefined && { authorization: `Bearer ${value}` }),
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: overdue.signal,
      });
      if (!response.ok) throw await refusalOf(response);
      return await read(response);
    } catch (error) {
      if (error instanceof RequestError) throw error;
      throw new UnreachableError(url.origin, error);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The one shape of errors that the server answers with; something before it, such as a proxy, may answer otherwise. */
interface Refusal {
  error?: { code?: string; message?: string; retry_after_ms?: number };
}

async function refusalOf(response: Response): Promise<RequestError> {
  const { status } = response;
  const { error = {} } = (await response.json().catch(() => ({}))) as Refusal;
  const {
    code = "unknown",
    message = `The server answered with ${status}.`,
    retry_after_ms: retryAfterMs,
  } = error;
  return new RequestError(code, message, { retryAfterMs, status });
}
