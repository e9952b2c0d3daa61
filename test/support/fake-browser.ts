import type { BrowserPool, BrowserSession } from "../../src/execution/ports.js";
import type { PageRequest, PageResult } from "../../src/runner/page/requests.js";
import type { Page } from "../../src/runner/ports.js";

/** The page's port without a browser: an element exists when its locator's value is in `elements`. */
export class FakePage implements Page {
  readonly documents = 1;
  readonly calls: string[] = [];
  readonly elements = new Map<string, string>();
  /** While set, `navigate` waits for it, or for the signal. */
  hold: Promise<void> | undefined;

  async navigate(url: string, signal: AbortSignal): Promise<void> {
    this.calls.push(`navigate ${url}`);
    if (this.hold) await Promise.race([this.hold, whenAborted(signal)]);
  }

  call(functionDeclaration: string, argument: string): Promise<string> {
    if (functionDeclaration.startsWith("() => globalThis.stepwirePage?.confirmClick"))
      return Promise.resolve("");
    // The script is there from the start; installing it is the real page's test.
    if (!functionDeclaration.includes("stepwirePage")) throw new Error("an unknown function");
    return Promise.resolve(JSON.stringify(this.#answer(JSON.parse(argument) as PageRequest)));
  }

  #answer({ locator, until, expected = "" }: PageRequest): PageResult {
    const text = this.elements.get(locator.value);
    if (text === undefined) return { outcome: "unsatisfied", seen: "there is no such element" };
    if (until === "text" && !text.includes(expected))
      return { outcome: "unsatisfied", seen: `its text is "${text}"` };
    return { outcome: "satisfied", point: { x: 1, y: 2 }, field: "empty" };
  }

  click({ x, y }: { x: number; y: number }): Promise<void> {
    this.calls.push(`click ${x},${y}`);
    return Promise.resolve();
  }

  type(text: string): Promise<void> {
    this.calls.push(`type ${text}`);
    return Promise.resolve();
  }

  press(key: string): Promise<void> {
    this.calls.push(`press ${key}`);
    return Promise.resolve();
  }

  screenshot(): Promise<Uint8Array> {
    return Promise.resolve(Buffer.from(`picture ${this.calls.length}`));
  }

  source(): Promise<string> {
    return Promise.resolve("<html></html>");
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
    return Promise.resolve({ page: this.page, lost: this.lost.signal, close });
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
