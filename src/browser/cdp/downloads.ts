import { join } from "node:path";
import type { Download } from "../../runner/ports.js";
import { Change } from "../../async/abortable.js";
import type { DevTools } from "../devtools-protocol.js";

/** Most downloads that are remembered. */
const MOST_KEPT = 200;

/** The downloads of a session, as the browser tells of them. */
export class CdpDownloads {
  /** In the order in which they began. */
  readonly records: Download[] = [];
  readonly changed = new Change();
  readonly #byId = new Map<string, Download>();
  readonly #folder: string | undefined;
  #begun = 0;

  /** @param folder where the browser puts them; none when it is on another machine */
  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  began({ guid, url, suggestedFilename }: DevTools.Browser.DownloadWillBeginEvent): void {
    const download: Download = {
      number: ++this.#begun,
      fileName: suggestedFilename,
      url,
      state: "in_progress",
      bytes: 0,
    };
    this.#byId.set(guid, download);
    this.records.push(download);
    if (this.records.length > MOST_KEPT) this.records.shift();
    this.changed.notify();
  }

  /** @returns whether the download is one of this session */
  progressed({ guid, receivedBytes, state }: DevTools.Browser.DownloadProgressEvent): boolean {
    const download = this.#byId.get(guid);
    if (download === undefined) return false;
    download.bytes = receivedBytes;
    if (state !== "inProgress") {
      this.#byId.delete(guid);
      download.state = state === "completed" ? "complete" : "failed";
      if (state === "completed" && this.#folder !== undefined) download.path = join(this.#folder, guid);
    }
    this.changed.notify();
    return true;
  }
}
