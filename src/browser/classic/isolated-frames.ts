import { error as driverErrors, type WebDriver } from "selenium-webdriver";
import { atMost } from "../../async/at-most.js";
import { PageError, type PageElement, type Point } from "../../runner/ports.js";
import { frameIdOf } from "../frame-owner.js";
import { FRAME_PLACE } from "../page-functions.generated.js";
import { isDialogOpen } from "./driver.js";
import { placingOf, type ClassicFrames } from "./frames.js";
import { SCRIPT_TIMEOUT_MS, SLICE_MS } from "./scripts.js";
import { sendDevTools } from "./vendor.js";
import type { DevTools, DevToolsMethod, DevToolsParams, DevToolsResult } from "../devtools-protocol.js";
import { DevToolsPointer } from "./devtools-pointer.js";
import type { PointerInput } from "./pointer-parts.js";
import type { SessionDevTools } from "./session-devtools.js";

/** The world inside every document in which the runner's own functions live. */
const WORLD = "stepwire";

/** Time after which the driver is asked why no answer came, in milliseconds; a call waits shorter inside the page. */
const LOOK_MS = SLICE_MS + 50;
/** The same for input, which a dialog may keep from being answered. */
const INPUT_LOOK_MS = 50;

/** The browser's answers to a call for a document that is gone: the call was not made. */
const OVER =
  /Cannot find context|context with specified id|Unknown CDP session|Session with given id not found|No frame|Frame with the given/i;

/** An element inside the world of a frame's document. */
class IsolatedElement implements PageElement {
  readonly kind = "page-element";
  readonly frame: string;
  readonly objectId: string;

  constructor(frame: string, objectId: string) {
    this.frame = frame;
    this.objectId = objectId;
  }
}

interface Frame {
  id: string;
  element: IsolatedElement;
}

/**
 * Frames as DevTools know them, with an isolated world in each of their documents: it shares the document with the
 * application, and no variables. The driver itself stays at the top of the window, for it enters a frame by a script
 * in the application's world.
 */
export class IsolatedFrames implements ClassicFrames {
  readonly isExposed = false;
  readonly #devTools: SessionDevTools;
  #window = "";
  readonly #pointer = new DevToolsPointer();
  #path: Frame[] = [];
  /** The world of the document that each frame had when it was asked last. */
  readonly #worlds = new Map<string, number>();

  constructor(devTools: SessionDevTools) {
    this.#devTools = devTools;
  }

  get depth(): number {
    return this.#path.length;
  }

  begin(_driver: WebDriver, window: string): Promise<void> {
    this.#window = window;
    this.forget();
    return Promise.resolve();
  }

  async enter(driver: WebDriver, element: PageElement): Promise<void> {
    const own = elementOf(element);
    const { node } = await this.#ask(driver, own.frame, "DOM.describeNode", {
      objectId: own.objectId,
      depth: 0,
    });
    this.#path.push({ id: frameIdOf(node), element: own });
  }

  leave(_driver: WebDriver, depth: number): Promise<void> {
    this.#path.length = Math.min(depth, this.#path.length);
    return Promise.resolve();
  }

  forget(): void {
    this.#path = [];
  }

  async call(driver: WebDriver, script: string, args: readonly string[]): Promise<string | null> {
    return textOf(await this.#call(driver, this.#current, { script, args, returnByValue: true }));
  }

  async callAtTop(driver: WebDriver, script: string, args: readonly string[]): Promise<string | null> {
    return textOf(await this.#call(driver, this.#window, { script, args, returnByValue: true }));
  }

  async callInWindow(driver: WebDriver, window: string, script: string): Promise<string | null> {
    return textOf(await this.#call(driver, window, { script, args: [], returnByValue: true }));
  }

  async element(driver: WebDriver, script: string): Promise<PageElement | null> {
    const frame = this.#current;
    const { subtype, objectId } = await this.#call(driver, frame, { script, args: [], returnByValue: false });
    return subtype === "node" && objectId !== undefined ? new IsolatedElement(frame, objectId) : null;
  }

  async setFiles(driver: WebDriver, element: PageElement, files: readonly string[]): Promise<void> {
    const { frame, objectId } = elementOf(element);
    await this.#ask(driver, frame, "DOM.setFileInputFiles", { files: [...files], objectId });
  }

  goBack(): Promise<void> {
    return Promise.resolve();
  }

  async point(driver: WebDriver, input: PointerInput): Promise<{ from?: Point } | undefined> {
    const hasMove = input.actions.some(({ type }) => type === "move");
    const place = hasMove ? await this.placing(driver) : (point: Point) => point;
    const from = this.#pointer.position;
    const events = this.#pointer.eventsOf(input, place);
    if (events === undefined) return { from };
    const window = this.#window;
    try {
      await this.#whileWatched(
        driver,
        Promise.all(
          events.map((event) =>
            this.#devTools.send(window, "Input.dispatchMouseEvent", event, { timeoutMs: SCRIPT_TIMEOUT_MS }),
          ),
        ),
        INPUT_LOOK_MS,
      );
    } catch (error) {
      // The page answers when it has dealt with the input, and may have opened a dialog first, or be busy.
      const isHeldUp = isDialogOpen(error) || isTimeout(error);
      // The page may also have closed its window; the next command in that will say so.
      const isClosed = error instanceof driverErrors.NoSuchWindowError && this.#worlds.has(window);
      if (!isHeldUp && !isClosed) throw error;
    }
    return undefined;
  }

  placing(driver: WebDriver): Promise<(point: Point) => Point> {
    return placingOf(this.#path, async ({ element: { frame, objectId } }) => {
      const call = {
        functionDeclaration: FRAME_PLACE,
        arguments: [{ objectId }],
        objectId,
        returnByValue: true,
      };
      const { result } = await this.#ask(driver, frame, "Runtime.callFunctionOn", call);
      return textOf(result);
    });
  }

  get #current(): string {
    return this.#path.at(-1)?.id ?? this.#window;
  }

  /** Calls a function in the frame's present document, and never in the next one once nobody waits any more. */
  async #call(
    driver: WebDriver,
    frame: string,
    { script, args, returnByValue }: { script: string; args: readonly string[]; returnByValue: boolean },
  ): Promise<DevTools.Runtime.RemoteObject> {
    const call = {
      functionDeclaration: script,
      arguments: args.map((value) => ({ value })),
      awaitPromise: true,
      returnByValue,
    };
    for (;;) {
      const known = this.#worlds.get(frame);
      const executionContextId = known ?? (await this.#worldOf(driver, frame));
      try {
        const params = { ...call, executionContextId };
        const answer = await this.#ask(driver, frame, "Runtime.callFunctionOn", params);
        if (answer.exceptionDetails === undefined) return answer.result;
        const { text, exception } = answer.exceptionDetails;
        throw new PageError("protocol", `the page script failed: ${exception?.description ?? text}`);
      } catch (error) {
        if (!isOver(error)) throw error;
        this.#worlds.delete(frame);
        // A world made just now went with its document; the caller may ask again.
        if (known === undefined) throw error;
      }
    }
  }

  /** The world of the frame's document; the browser makes one where there is none. */
  async #worldOf(driver: WebDriver, frame: string): Promise<number> {
    const ask = () =>
      this.#ask(driver, frame, "Page.createIsolatedWorld", {
        frameId: frame,
        worldName: WORLD,
      });
    const made = ask().catch(async (error: unknown) => {
      if (!isOver(error)) throw error;
      this.#devTools.forget(frame);
      return await ask();
    });
    const { executionContextId } = await made;
    this.#worlds.set(frame, executionContextId);
    return executionContextId;
  }

  /**
   * @throws ScriptTimeoutError when there is no answer yet; the driver's own error where a dialog holds the answer
   * back, or the page has crashed
   */
  async #ask<M extends DevToolsMethod>(
    driver: WebDriver,
    frame: string,
    method: M,
    params: DevToolsParams<M>,
  ): Promise<DevToolsResult<M>> {
    const timeoutMs = SCRIPT_TIMEOUT_MS;
    const answer = this.#devTools.send(frame, method, params, { timeoutMs });
    try {
      return await this.#whileWatched(driver, answer, LOOK_MS);
    } catch (error) {
      if (!isTimeout(error)) throw error;
      throw new driverErrors.ScriptTimeoutError("the page gives no answer");
    }
  }

  /** Waits for an answer, and has the driver say now and then why there is none. @throws as {@link #ask} */
  async #whileWatched<T>(driver: WebDriver, answer: Promise<T>, lookMs: number): Promise<T> {
    const isSettled = answer.then(
      () => true,
      () => true,
    );
    while (!(await atMost(lookMs, isSettled, false))) {
      // The browser answers itself, so a page that is busy does not hold this up.
      await sendDevTools(driver, "Target.getTargetInfo");
    }
    return await answer;
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === "TimeoutError";
}

function isOver(error: unknown): boolean {
  return error instanceof driverErrors.WebDriverError && OVER.test(error.message);
}

function textOf({ type, value }: DevTools.Runtime.RemoteObject): string | null {
  return type === "string" ? String(value) : null;
}

function elementOf(element: PageElement): IsolatedElement {
  // These frames give away no other kind of element.
  if (element instanceof IsolatedElement) return element;
  throw new PageError("protocol", "the element is of another browser session");
}
