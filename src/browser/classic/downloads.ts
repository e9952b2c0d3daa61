import { mkdir, readdir, rename, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import type { Download } from "../../runner/ports.js";
import type { LoggedDownload } from "./logs.js";

/** Names of files that are not there as a whole yet. */
const PARTIAL = /\.(part|crdownload)$/;

interface Entry {
  /** As Chromium's log knows it; else as it is in the folder. */
  download: LoggedDownload;
  /** True when only the folder tells of it. */
  isUnlogged?: boolean;
  path?: string;
}

/**
 * The downloads of a session: the entries of Chromium's log together with the files in the folder for them. Each has
 * some that the other does not: the log begins too late for a window that is opened by a download, and a browser on
 * another machine has a folder out of reach.
 */
export class ClassicDownloads {
  readonly #folder: string | undefined;
  readonly #hasLog: () => boolean;
  readonly #entries: Entry[] = [];
  /** Files that belonged to no download at the last look. */
  #unclaimed = new Set<string>();
  /** Time when the last one was seen to begin, in milliseconds since the epoch. */
  begunAt = 0;

  /** @param options.folder where the browser puts them; none when it is on another machine */
  constructor(options: { folder: string | undefined; hasLog: () => boolean }) {
    this.#folder = options.folder;
    this.#hasLog = options.hasLog;
  }

  /** In the order in which they began. */
  get all(): Download[] {
    return this.#entries.map(({ download: logged, path }, index) => {
      const download = { ...logged, number: index + 1 };
      if (path !== undefined) return { ...download, path };
      // The log may be ahead of the folder, and nobody could have the file yet.
      const isAhead = this.#folder !== undefined && download.state === "complete";
      return isAhead ? { ...download, state: "in_progress" } : download;
    });
  }

  /** @param logged every download in the log, each always as the same object */
  async update(logged: readonly LoggedDownload[]): Promise<void> {
    for (const download of logged) {
      if (!this.#entries.some((entry) => entry.download === download)) this.#begin({ download });
    }
    if (this.#folder !== undefined) await this.#lookInto(this.#folder);
  }

  async #lookInto(folder: string): Promise<void> {
    const names = await readdir(folder);
    const isBusy = names.some((name) => PARTIAL.test(name));
    const whole = names.filter((name) => !PARTIAL.test(name));
    const unclaimed: string[] = [];
    for (const name of whole) if (!(await this.#claim(name, folder))) unclaimed.push(name);
    for (const name of unclaimed) {
      // A download that began after the log was read will be in it the next time.
      const isUnknown = !this.#hasLog() || this.#unclaimed.has(name);
      if (isUnknown) await this.#add(name, folder, isBusy);
    }
    this.#unclaimed = new Set(unclaimed);
    this.#missAllBut(whole);
  }

  /** Firefox takes away the file of a download that broke off. */
  #missAllBut(whole: readonly string[]): void {
    for (const { download, isUnlogged } of this.#entries) {
      const isUnderWay = isUnlogged && download.state === "in_progress";
      if (isUnderWay && !whole.includes(download.fileName)) download.state = "failed";
    }
  }

  /** Gives a file to the first download of the log that has ended and has none. */
  async #claim(name: string, folder: string): Promise<boolean> {
    const entry = this.#entries.find(
      ({ download, path: known }) =>
        known === undefined && download.state === "complete" && isNameOf(name, download.fileName),
    );
    if (entry) await this.#keep(entry, name, folder);
    return entry !== undefined;
  }

  /** Puts the file where no other takes its place: Chromium writes over a file of the same name. */
  async #keep(entry: Entry, name: string, folder: string): Promise<void> {
    const place = join(`${folder}-kept`, String(this.#entries.indexOf(entry)));
    await mkdir(place, { recursive: true });
    await rename(join(folder, name), join(place, name));
    entry.path = join(place, name);
  }

  async #add(fileName: string, folder: string, isBusy: boolean): Promise<void> {
    const waiting = this.#entries.filter(
      ({ download, path }) => path === undefined && download.state !== "failed",
    );
    const known = waiting.find(({ download }) => download.fileName === fileName);
    // A download that the log knows by another name is about to claim this file.
    if (known === undefined && waiting.some(({ download }) => isNameOf(fileName, download.fileName))) return;
    const bytes = await sizeOf(join(folder, fileName));
    if (bytes === undefined) return;
    const entry = known ?? this.#begin({ download: newDownload(fileName), isUnlogged: true });
    entry.download.bytes = bytes;
    // Firefox keeps an empty file of the name beside the one that it writes into.
    if (isBusy) return;
    entry.download.state = "complete";
    await this.#keep(entry, fileName, folder);
  }

  #begin(entry: Entry): Entry {
    this.#entries.push(entry);
    this.begunAt = Date.now();
    return entry;
  }
}

function newDownload(fileName: string): LoggedDownload {
  return { fileName, url: "", state: "in_progress", bytes: 0 };
}

/** @returns nothing when the file was taken away since its folder was listed */
async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** True when a browser may have given a file this name: with a number where there was one of the name already. */
function isNameOf(name: string, wanted: string): boolean {
  const extension = extname(wanted);
  const stem = wanted.slice(0, wanted.length - extension.length);
  if (!name.startsWith(stem) || !name.endsWith(extension)) return false;
  return /^(\s?\(\d+\))?$/.test(name.slice(stem.length, name.length - extension.length));
}
