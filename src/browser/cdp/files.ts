import { LEAST_CHOOSER_MS, type Chosen, type FileGiving, type Point } from "../../runner/ports.js";
import { abortable, Change } from "../../async/abortable.js";
import { timeoutSignal } from "../../async/timeout-signal.js";
import type { DevTools } from "../devtools-protocol.js";
import type { CdpSession } from "./connection.js";

/** Longest time to let choosers open again, in milliseconds. */
const RESET_TIMEOUT_MS = 5_000;

/** A file chooser that the browser was kept from showing. */
interface Chooser {
  session: CdpSession;
  mode: DevTools.Page.FileChooserOpenedEvent["mode"];
  /** The file field, in the page or not; none for a chooser that a script of the page has asked for by itself. */
  backendNodeId?: DevTools.DOM.BackendNodeId | undefined;
}

/** The file choosers of one window. */
export class CdpFileChoosers {
  readonly #opened = new Change<Chooser>();

  listen(session: CdpSession): void {
    session.on("Page.fileChooserOpened", ({ mode, backendNodeId }) => {
      this.#opened.notify({ session, mode, backendNodeId });
    });
  }

  next(signal: AbortSignal): Promise<Chooser> {
    return this.#opened.next(signal);
  }
}

/** The window in which files are given, as it is when that begins. */
export interface FileWindow {
  readonly session: CdpSession;
  /** Those of its frames too: each process tells of its own choosers. */
  readonly sessions: readonly CdpSession[];
  readonly choosers: CdpFileChoosers;
  /** Turns a point of the current frame into one of the window. */
  place(signal: AbortSignal): Promise<(point: Point) => Point>;
  /** Watches for what the page makes of the files. */
  settle(signal: AbortSignal): void;
}

interface CdpFilesOptions {
  window: () => FileWindow;
  /** Brings a file of this machine to the browser's, and answers with its path there. */
  fileThere: (path: string) => Promise<string>;
  /** Tells errors in the words of the port. */
  attempt: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Answers file choosers, and drags files in from outside the browser. */
export class CdpFiles implements FileGiving {
  readonly #options: CdpFilesOptions;

  constructor(options: CdpFilesOptions) {
    this.#options = options;
  }

  async choose(
    paths: readonly string[],
    open: () => Promise<void>,
    { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
  ): Promise<Chosen> {
    const { attempt, window } = this.#options;
    const there = window();
    const deadline = performance.now() + timeoutMs;
    const given = new AbortController();
    // From before the click on: the page may open the chooser while that is under way.
    const chooser = there.choosers.next(AbortSignal.any([signal, given.signal]));
    chooser.catch(() => undefined);
    try {
      const files = await attempt(() => this.#there(paths, signal));
      await attempt(() => intercept(there.sessions, true, signal));
      await open();
      return await attempt(async () => {
        const late = timeoutSignal(Math.max(deadline - performance.now(), LEAST_CHOOSER_MS));
        const { session, mode, backendNodeId } = await abortable(chooser, AbortSignal.any([signal, late]));
        if (mode === "selectSingle" && files.length > 1) return "one-only";
        if (backendNodeId === undefined) return "no-field";
        await session.send("DOM.setFileInputFiles", { files, backendNodeId }, signal);
        there.settle(signal);
        return "given";
      }).catch((error: unknown) => {
        if (signal.aborted || !(error instanceof DOMException)) throw error;
        return "not-opened" as const;
      });
    } finally {
      given.abort();
      // A frame or window that has gone needs no reset.
      await intercept(there.sessions, false, timeoutSignal(RESET_TIMEOUT_MS)).catch(() => undefined);
    }
  }

  drag(
    type: "dragEnter" | "dragOver" | "drop" | "dragCancel",
    at: Point,
    { paths, signal }: { paths: readonly string[]; signal: AbortSignal },
  ): Promise<void> {
    return this.#options.attempt(async () => {
      const there = this.#options.window();
      const [files, place] = await Promise.all([this.#there(paths, signal), there.place(signal)]);
      const data = { items: [], files, dragOperationsMask: COPY };
      await there.session.send("Input.dispatchDragEvent", { type, ...place(at), data }, signal);
      if (type === "drop") there.settle(signal);
    });
  }

  async #there(paths: readonly string[], signal: AbortSignal): Promise<string[]> {
    return await abortable(Promise.all(paths.map(this.#options.fileThere)), signal);
  }
}

/** Files from outside are copied: https://chromedevtools.github.io/devtools-protocol/tot/Input/#type-DragData */
const COPY = 1;

async function intercept(
  sessions: readonly CdpSession[],
  enabled: boolean,
  signal: AbortSignal,
): Promise<void> {
  const requests = sessions.map((session) =>
    session.send("Page.setInterceptFileChooserDialog", { enabled }, signal),
  );
  await Promise.all(requests);
}
