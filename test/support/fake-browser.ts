import type { BrowserPool, BrowserSession } from "../../src/execution/ports.js";
import { ACT } from "../../src/runner/page-script.generated.js";
import { UNCHANGED, type PageRequest, type PageResult } from "../../src/runner/page/requests.js";
import {
  PageError,
  type Dialog,
  type FileGiving,
  type DialogAnswer,
  type EmulationChange,
  type Key,
  type Page,
  type PageElement,
  type PageRecords,
  type PageWindow,
  type PendingNavigation,
  type PointerAction,
} from "../../src/runner/ports.js";

/** The records of a session in which nothing has come yet. */
export function noRecords(): PageRecords {
  return { console: [], problems: [], failedRequests: [], requests: [], dialogs: [], downloads: [] };
}

/** The page's port without a browser: an element exists when its locator's value is in `elements`. */
export class FakePage implements Page {
  readonly documents = 1;
  pendingNavigation: PendingNavigation | undefined;
  readonly isInFrame = false;
  readonly records = noRecords();
  readonly openDialog = undefined;
  readonly files: FileGiving = {
    choose: async (paths, open) => {
      await open();
      await this.#did(`choose files ${paths.join(" ")}`);
      return "given";
    },
    drag: (step, _at, { paths }) => this.#did(`${step} ${paths.join(" ")}`),
  };
  /** Nobody asks a fake page for cookies. */
  readonly cookies = {
    list: () => Promise.resolve([]),
    set: () => this.#did("set a cookie"),
    delete: () => this.#did("delete a cookie"),
    clear: () => this.#did("clear cookies"),
  };
  readonly clipboard = {
    read: () => Promise.resolve(""),
    write: (text: string) => this.#did(`copy ${text}`),
  };
  readonly pictures = {
    lossless: (part: string) => this.#did(`take a picture of the ${part}`).then(() => new Uint8Array()),
    placing: () => Promise.resolve((point: { x: number; y: number }) => point),
  };
  readonly emulation = { apply: ({ what }: EmulationChange) => this.#did(`emulate ${what}`) };
  readonly network = {
    addRule: ({ wildcard }: { wildcard: string }) => this.#did(`rule for ${wildcard}`),
    clearRules: () => this.#did("clear rules"),
    refresh: () => Promise.resolve(undefined),
    changed: (signal: AbortSignal) => whenAborted(signal),
    setLogin: ({ origin }: { origin: string }) => this.#did(`login for ${origin}`),
  };
  readonly windowIds: readonly string[] = ["1"];
  readonly windowId = "1";
  readonly calls: string[] = [];
  /** Texts of elements, by the values of their locators. */
  readonly elements = new Map<string, string>();
  /** Set by a test whose browser can be recorded. */
  videoFrame?: (signal: AbortSignal) => Promise<Uint8Array>;
  /** While set, `navigate` waits for it, or for the signal. */
  hold: Promise<void> | undefined;
  hasCrashed = false;
  #address = "about:blank";
  #lastReading: { as: number | undefined; text: string } | undefined;

  async navigate(url: string, signal: AbortSignal): Promise<void> {
    this.calls.push(`navigate ${url}`);
    if (this.hold) await Promise.race([this.hold, whenAborted(signal)]);
    this.#address = url;
  }

  call(functionDeclaration: string, argument: string): Promise<string> {
    if (this.hasCrashed) return Promise.reject(new PageError("crashed", "the page crashed"));
    if (functionDeclaration === "() => ''") return Promise.resolve("");
    if (functionDeclaration === ACT) return Promise.resolve("");
    // The script is there from the start; installing it is the real page's test.
    if (!functionDeclaration.includes("stepwirePage")) throw new Error("an unknown function");
    return Promise.resolve(JSON.stringify(this.#answer(JSON.parse(argument) as PageRequest)));
  }

  #answer(request: PageRequest): PageResult {
    const text = this.elements.get(request.target?.locator.value ?? "");
    if (text === undefined) return { outcome: "unsatisfied", seen: "there is no such element" };
    if (request.until === "read") {
      const { as, unlike } = request;
      if (unlike !== undefined && this.#lastReading?.as === unlike && this.#lastReading.text === text)
        return { outcome: "unsatisfied", seen: UNCHANGED };
      this.#lastReading = { as, text };
      return { outcome: "satisfied", value: text };
    }
    return { outcome: "satisfied", point: { x: 1, y: 2 }, field: "empty" };
  }

  async pointer(actions: readonly PointerAction[]): Promise<string> {
    const [first] = actions;
    const place = first?.type === "move" ? ` ${first.to.x},${first.to.y}` : "";
    const isClick = actions.map(({ type }) => type).join(" ") === "move down up";
    await this.#did(isClick ? `click${place}` : `pointer${place}`);
    return "";
  }

  async type(text: string): Promise<string> {
    await this.#did(`type ${text}`);
    return "";
  }

  async press(keys: readonly Key[]): Promise<string> {
    await this.#did(`press ${keys.join("+")}`);
    return "";
  }

  setFiles(_element: PageElement, paths: readonly string[]): Promise<void> {
    return this.#did(`set files ${paths.join(" ")}`);
  }

  element(): Promise<PageElement> {
    return Promise.resolve({ kind: "page-element" });
  }

  async traverseHistory(step: -1 | 1): Promise<boolean> {
    await this.#did(`go ${step}`);
    return true;
  }

  reload(): Promise<void> {
    return this.#did("reload");
  }

  url(): Promise<string> {
    return Promise.resolve(this.#address);
  }

  title(): Promise<string> {
    return Promise.resolve("Fake page");
  }

  windows(): Promise<PageWindow[]> {
    return Promise.resolve([{ id: "1", title: "Fake page", url: this.#address, name: "" }]);
  }

  openWindow(): Promise<void> {
    return this.#did("open a window");
  }

  switchWindow(id: string): Promise<void> {
    return this.#did(`switch to window ${id}`);
  }

  closeWindow(): Promise<void> {
    return this.#did("close the window");
  }

  resize({ width, height }: { width: number; height: number }): Promise<void> {
    return this.#did(`resize to ${width}x${height}`);
  }

  enterFrame(): Promise<void> {
    return this.#did("enter a frame");
  }

  leaveFrame(to: "parent" | "top"): Promise<void> {
    return this.#did(`leave for the ${to} frame`);
  }

  /** No dialog ever opens here. */
  dialogOpened(signal: AbortSignal): Promise<Dialog> {
    return whenAborted(signal);
  }

  answerDialog(): Promise<void> {
    return Promise.reject(new PageError("protocol", "there is no open dialog"));
  }

  armDialog(answer: DialogAnswer | undefined): void {
    this.calls.push(answer === undefined ? "disarm" : `arm ${answer.accept ? "accept" : "dismiss"}`);
  }

  /** Nothing is ever downloaded here. */
  downloadChanged(signal: AbortSignal): Promise<void> {
    return whenAborted(signal);
  }

  screenshot(): Promise<Uint8Array> {
    return Promise.resolve(Buffer.from(`picture ${this.calls.length}`));
  }

  source(): Promise<string> {
    return Promise.resolve("<html></html>");
  }

  #did(call: string): Promise<void> {
    this.calls.push(call);
    return Promise.resolve();
  }
}

/** The browser pool's port without browsers; counts what it gives and takes. */
export class FakePool implements BrowserPool {
  readonly size: number;
  readonly page = new FakePage();
  readonly lost = new AbortController();
  open = 0;
  acquired = 0;
  failure: Error | undefined;
  /** Set by a test whose browser is on this machine. */
  diskUse?: BrowserSession["diskUse"];

  constructor(size = 1) {
    this.size = size;
  }

  warm(): Promise<void> {
    return Promise.resolve();
  }

  check(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  acquire(signal: AbortSignal): Promise<BrowserSession> {
    signal.throwIfAborted();
    if (this.failure) return Promise.reject(this.failure);
    this.open++;
    this.acquired++;
    let closed = false;
    const close = () => {
      if (!closed) this.open--;
      closed = true;
      return Promise.resolve();
    };
    return Promise.resolve({ page: this.page, lost: this.lost.signal, close, diskUse: this.diskUse });
  }
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = () => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) abort();
    else signal.addEventListener("abort", abort, { once: true });
  });
}
