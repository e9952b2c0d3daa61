import { RequestError, UnreachableError, type FileFault } from "./errors.js";

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

/** Of a request whose answer may take longer than others. */
export interface PatientOptions {
  /** Longest time until the answer is there, in milliseconds. */
  timeoutMs?: number | undefined;
  /** Gives the request up; it rejects with the signal's reason then. */
  signal?: AbortSignal | undefined;
}

export interface HttpRequest extends PatientOptions {
  method?: "POST" | "PATCH" | "DELETE" | undefined;
  query?: Query | undefined;
  /** Sent as JSON; a text is one that is written already. */
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
    return await this.#ask(path, request, async (response) => {
      const text = await response.text();
      try {
        return JSON.parse(text) as T;
      } catch {
        const { status } = response;
        throw new RequestError("unknown", "The answer is no JSON, as a Stepwire server's would be.", {
          status,
        });
      }
    });
  }

  /** @throws RequestError when the server refuses, UnreachableError when no answer comes. */
  async blob(path: string): Promise<Blob> {
    return await this.#ask(path, {}, (response) => response.blob());
  }

  /** @throws RequestError when the server refuses, UnreachableError when no answer comes. */
  async text(path: string, request: HttpRequest = {}): Promise<string> {
    return await this.#ask(path, request, (response) => response.text());
  }

  async #ask<T>(
    path: string,
    { method, query = {}, body, signal, ...patience }: HttpRequest,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    const { token, fetch = globalThis.fetch } = this.#options;
    const timeoutMs = patience.timeoutMs ?? this.#options.timeoutMs ?? TIMEOUT_MS;
    const url = new URL(path, this.#base);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const overdue = new AbortController();
    const timer = setTimeout(() => {
      overdue.abort(new Error(`no answer in ${timeoutMs / 1000} s`));
    }, timeoutMs);
    const cancel = () => {
      overdue.abort(signal?.reason);
    };
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      signal?.throwIfAborted();
      const value = typeof token === "function" ? await token() : token;
      const response = await fetch(url, {
        method: method ?? "GET",
        headers: {
          ...(value !== undefined && { authorization: `Bearer ${value}` }),
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
        signal: overdue.signal,
      });
      if (!response.ok) throw await refusalOf(response);
      return await read(response);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof RequestError) throw error;
      throw new UnreachableError(url.origin, error);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", cancel);
    }
  }
}

/** The one shape of errors that the server answers with; something before it, such as a proxy, may answer otherwise. */
interface Refusal {
  error?: { code?: string; message?: string; retry_after_ms?: number; faults?: FileFault[] };
}

async function refusalOf(response: Response): Promise<RequestError> {
  const { status } = response;
  const { error = {} } = (await response.json().catch(() => ({}))) as Refusal;
  const {
    code = "unknown",
    message = `The server answered with ${status}.`,
    retry_after_ms: retryAfterMs,
    faults,
  } = error;
  return new RequestError(code, message, { retryAfterMs, status, faults });
}
