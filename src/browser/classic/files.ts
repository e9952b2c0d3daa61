import type { WebDriver } from "selenium-webdriver";
import { pause } from "../../async/abortable.js";
import { LEAST_CHOOSER_MS, PageError, type Chosen, type FileGiving, type Point } from "../../runner/ports.js";
import type { FileChooser } from "./logs.js";
import { sendDevTools } from "./vendor.js";

/** Time between two looks at the driver's log while a chooser is waited for, in milliseconds. */
const LOOK_MS = 50;

interface ClassicFilesOptions {
  isChromium: boolean;
  unit: <T>(unit: (driver: WebDriver) => Promise<T>, signal: AbortSignal) => Promise<T>;
  /** Reads the log once, and answers with the choosers that have opened so far. */
  choosers: (signal: AbortSignal) => Promise<readonly FileChooser[]>;
  /** The files as the browser's machine has them. */
  there: (driver: WebDriver, paths: readonly string[]) => Promise<string[]>;
  /** Turns a point of the current frame into one of the window. */
  place: (driver: WebDriver) => Promise<(point: Point) => Point>;
  settle: (signal: AbortSignal) => Promise<void>;
}

/** Answers file choosers and drags files in by DevTools, where the driver hands on its commands. */
export class ClassicFiles implements FileGiving {
  readonly #options: ClassicFilesOptions;

  constructor(options: ClassicFilesOptions) {
    this.#options = options;
  }

  async choose(
    paths: readonly string[],
    open: () => Promise<void>,
    { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
  ): Promise<Chosen> {
    const { unit, settle } = this.#options;
    const deadline = performance.now() + timeoutMs;
    const before = (await this.#options.choosers(signal)).length;
    const intercept = (enabled: boolean) =>
      unit((driver) => send(driver, "Page.setInterceptFileChooserDialog", { enabled }), signal);
    if (!this.#options.isChromium) throw refusal();
    await intercept(true);
    try {
      await open();
      const chooser = await this.#opened(before, deadline, signal);
      if (chooser === undefined) return "not-opened";
      const { mode, backendNodeId } = chooser;
      if (mode === "selectSingle" && paths.length > 1) return "one-only";
      if (backendNodeId === undefined) return "no-field";
      await unit(async (driver) => {
        const files = await this.#options.there(driver, paths);
        await send(driver, "DOM.setFileInputFiles", { files, backendNodeId });
      }, signal);
      await settle(signal);
      return "given";
    } finally {
      if (!signal.aborted) await intercept(false).catch(() => undefined);
    }
  }

  async drag(
    type: "dragEnter" | "dragOver" | "drop" | "dragCancel",
    at: Point,
    { paths, signal }: { paths: readonly string[]; signal: AbortSignal },
  ): Promise<void> {
    const { unit, settle, isChromium } = this.#options;
    if (!isChromium) throw refusal();
    await unit(async (driver) => {
      const files = await this.#options.there(driver, paths);
      const place = await this.#options.place(driver);
      const data = { items: [], files, dragOperationsMask: COPY };
      await send(driver, "Input.dispatchDragEvent", { type, ...place(at), data });
    }, signal);
    if (type === "drop") await settle(signal);
  }

  async #opened(before: number, deadline: number, signal: AbortSignal): Promise<FileChooser | undefined> {
    const end = Math.max(deadline, performance.now() + LEAST_CHOOSER_MS);
    for (;;) {
      const chooser = (await this.#options.choosers(signal))[before];
      if (chooser !== undefined || performance.now() > end) return chooser;
      await pause(LOOK_MS, signal);
    }
  }
}

/** Files from outside are copied: https://chromedevtools.github.io/devtools-protocol/tot/Input/#type-DragData */
const COPY = 1;

async function send(driver: WebDriver, method: string, params: object): Promise<void> {
  if ((await sendDevTools(driver, method, params)) === undefined) throw refusal();
}

function refusal(): PageError {
  return new PageError(
    "protocol",
    "this browser's driver can give files to a file field only; name the page's file field, or use Chromium without BROWSER_PROTOCOL=classic",
  );
}
