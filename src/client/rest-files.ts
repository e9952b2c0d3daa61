import type { Http } from "./http.js";
import type { Imported } from "./rest-types.js";

export interface ImportOptions {
  /** `create` makes every case anew; `sync` makes the server's cases those of the file. @defaultValue "create" */
  mode?: "create" | "sync" | undefined;
  /** With `sync`: deletes the cases that the file does not have. @defaultValue false */
  prune?: boolean | undefined;
  /** Only says what would be done. @defaultValue false */
  dry_run?: boolean | undefined;
  /** The file's name, for messages. */
  file?: string | undefined;
}

export interface ExportFilter {
  ids?: readonly number[] | undefined;
  /** Cases with at least one of them. */
  tags?: readonly string[] | undefined;
}

/** Time for an import or export of many cases, in milliseconds. */
const TIMEOUT_MS = 120_000;

/** Test cases and environments of a server as case files. */
export class Files {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  /**
   * Imports everything that a case file has, or nothing.
   *
   * @param text YAML or JSON
   * @throws RequestError `invalid_file` with every fault and its place
   */
  async import(text: string, options: ImportOptions = {}): Promise<Imported> {
    const request = { method: "POST", query: { ...options }, body: text, timeoutMs: TIMEOUT_MS } as const;
    return await this.#http.json("/api/import", request);
  }

  /** The cases that fit, all unless told otherwise, and their environments as one case file. */
  async export(format: "yaml" | "json", { ids, tags }: ExportFilter = {}): Promise<string> {
    const query = { format, ids: ids?.join(","), tags: tags?.join(",") };
    return await this.#http.text("/api/export", { query, timeoutMs: TIMEOUT_MS });
  }
}
