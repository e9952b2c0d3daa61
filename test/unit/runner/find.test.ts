import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { findAndPress } from "../../../src/runner/find-and-act.js";
import {
  DialogInTheWay,
  find,
  findAndEnter,
  findElement,
  Impossible,
  InvalidLocator,
  NotSatisfied,
  waitForReading,
} from "../../../src/runner/find.js";
import { ACT, FIND } from "../../../src/runner/page-script.generated.js";
import {
  UNCHANGED,
  type PageRequest,
  type PageResult,
  type PageTarget,
} from "../../../src/runner/page/requests.js";
import {
  PageError,
  type Dialog,
  type LogEntry,
  type Page,
  type PageElement,
  type PointerAction,
} from "../../../src/runner/ports.js";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const REPLACED = () => new PageError("document-replaced", "the document went away");
const TARGET: PageTarget = { locator: { type: "id", value: "buy" } };
const SATISFIED: PageResult = { outcome: "satisfied" };
const unsatisfied = (seen: string): PageResult => ({ outcome: "unsatisfied", seen });

type Answer = PageResult | PageError;

/** A page whose script answers requests one after the other, each unsatisfied one after the whole of its time. */
class FakePage {
  documents = 1;
  openDialog: Dialog | undefined;
  readonly requests: PageRequest[] = [];
  readonly functions: string[] = [];
  readonly pressed: PointerAction[] = [];
  answers: Answer[] = [];
  /** Answers to further calls into the script. */
  confirmed: (string | PageError)[] = [];
  acted: (string | PageError)[] = [];
  held: (PageElement | PageError)[] = [];
  /** The refusals of the first frames that are entered. */
  refusals: PageError[] = [];
  frame: PageElement | undefined;
  isInstalled = false;
  blocked: (() => void) | undefined;

  async call(functionDeclaration: string, argument: string): Promise<string> {
    if (this.blocked) return new Promise(() => undefined);
    if (functionDeclaration === ACT) return take(this.acted);
    this.functions.push(functionDeclaration);
    if (!this.isInstalled && functionDeclaration === FIND) return "";
    this.isInstalled = true;
    const request = JSON.parse(argument) as PageRequest;
    this.requests.push(request);
    const answer = take(this.answers);
    if (answer.outcome === "unsatisfied") await vi.advanceTimersByTimeAsync(request.timeoutMs);
    return JSON.stringify(answer);
  }

  async element(): Promise<PageElement> {
    return take(this.held);
  }

  async enterFrame(frame: PageElement): Promise<void> {
    const refusal = this.refusals.shift();
    if (refusal) throw refusal;
    this.frame = frame;
  }

  async pointer(actions: readonly PointerAction[]): Promise<string> {
    this.pressed.push(...actions);
    return take(this.confirmed);
  }

  dialogOpened(signal: AbortSignal): Promise<Dialog> {
    return new Promise((resolve, reject) => {
      if (this.openDialog) resolve(this.openDialog);
      this.onDialog = resolve;
      signal.addEventListener("abort", () => {
        reject(signal.reason as Error);
      });
    });
  }

  onDialog: (dialog: Dialog) => void = () => undefined;
}

function take<T>(answers: (T | PageError)[]): T {
  const answer = answers.shift();
  if (answer === undefined) throw new Error("the page was asked more often than the test expects");
  if (answer instanceof PageError) throw answer;
  return answer;
}

function contextOf(fake: FakePage) {
  const log: LogEntry[] = [];
  // The fake has all of a page that is asked for here.
  const page = fake as unknown as Page;
  return {
    page,
    signal: new AbortController().signal,
    log: (entry: LogEntry) => log.push(entry),
    variables: { used: [] },
    entries: log,
  };
}

const present = (timeoutMs: number): PageRequest => ({
  until: "state",
  state: "present",
  target: TARGET,
  timeoutMs,
});

describe("find", () => {
  test("a long wait is made of slices, and each tells how long it has been waited", async () => {
    const page = new FakePage();
    page.answers = [unsatisfied("a"), unsatisfied("b"), unsatisfied("there is no such element")];
    await expect(find(present(25_000), contextOf(page))).rejects.toThrow("there is no such element");
    expect(page.requests.map(({ timeoutMs, waitedMs }) => [timeoutMs, waitedMs])).toEqual([
      [10_000, 0],
      [10_000, 10_000],
      [5_000, 20_000],
    ]);
  });

  test("a document that is replaced is asked again, with the time already spent", async () => {
    const page = new FakePage();
    page.answers = [unsatisfied("a"), REPLACED(), REPLACED(), SATISFIED];
    const found = find(present(30_000), contextOf(page));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await found).toEqual(SATISFIED);
    expect(page.requests.at(-1)?.waitedMs).toBeGreaterThanOrEqual(10_020);
    expect(page.requests.at(-1)?.timeoutMs).toBeLessThanOrEqual(10_000);
  });

  test("documents that are replaced for ever end the wait", async () => {
    const page = new FakePage();
    page.answers = Array.from({ length: 100 }, REPLACED);
    const found = find(present(200), contextOf(page));
    const failure = expect(found).rejects.toThrow(new NotSatisfied("the page was still loading"));
    await vi.advanceTimersByTimeAsync(1_000);
    await failure;
  });

  test.each([
    [{ outcome: "invalid-locator", reason: "not a valid selector" } as const, InvalidLocator],
    [{ outcome: "impossible", reason: "no form field" } as const, Impossible],
  ])("what can never come true ends it at once: %j", async (answer, kind) => {
    const page = new FakePage();
    page.answers = [answer];
    await expect(find(present(60_000), contextOf(page))).rejects.toThrow(kind);
  });

  test("any other failure of the page is passed on", async () => {
    const page = new FakePage();
    page.answers = [new PageError("protocol", "refused")];
    await expect(find(present(60_000), contextOf(page))).rejects.toThrow("refused");
  });

  test("the script is put into each new document once, the one for roles only where a role is asked for", async () => {
    const page = new FakePage();
    page.answers = Array.from({ length: 5 }, () => SATISFIED);
    const ask = (target = TARGET) => find({ ...present(0), target }, contextOf(page));
    await ask();
    await ask();
    page.documents++;
    page.isInstalled = false;
    await ask();
    expect(page.functions.map((each) => each.length > 200)).toEqual([true, false, true]);
    expect(page.functions.some((each) => each.includes("stepwireRoles={"))).toBe(false);
    page.documents++;
    const within = { type: "role", value: "row" } as const;
    await ask({ ...TARGET, alternatives: [{ type: "text", value: "Buy", within }] });
    expect(page.functions.at(-1)).toContain("stepwireRoles={");
  });

  test("a document that lacks the script against all appearances gets it", async () => {
    const page = new FakePage();
    page.answers = [SATISFIED, SATISFIED];
    await find(present(0), contextOf(page));
    page.isInstalled = false;
    await find(present(0), contextOf(page));
    expect(page.functions.map((each) => each.length > 200)).toEqual([true, false, true]);
  });

  test("what was made ready is done in a call of its own, and made ready again when it could not be", async () => {
    const page = new FakePage();
    page.answers = [SATISFIED, SATISFIED];
    page.acted = ["it was taken out of the page", ""];
    await find({ until: "submitted", target: TARGET, timeoutMs: 1_000 }, contextOf(page));
    expect(page.requests).toHaveLength(2);
  });

  test("a submission that replaces the document is done", async () => {
    const page = new FakePage();
    page.answers = [SATISFIED];
    page.acted = [REPLACED()];
    expect(await find({ until: "submitted", target: TARGET, timeoutMs: 0 }, contextOf(page))).toEqual(
      SATISFIED,
    );
  });
});

test("that an alternative was needed is logged, once for a command", async () => {
  const page = new FakePage();
  const context = contextOf(page);
  const alternatives = [{ type: "css", value: ".buy" } as const];
  page.answers = [
    { outcome: "satisfied", value: "a", alternative: 1 },
    { outcome: "satisfied", value: "b", alternative: 1 },
  ];
  const wait = { target: { ...TARGET, alternatives }, reading: { what: "text" }, timeoutMs: 1_000 } as const;
  await waitForReading(wait, (value) => (value === "b" ? undefined : "it is not b"), context);
  expect(context.entries).toEqual([
    {
      level: "warning",
      message: "Found by alternative 1 (css '.buy'), because id 'buy' finds nothing.",
    },
  ]);
});

describe("findAndPress", () => {
  const press = { target: TARGET, button: "left", clicks: 1, timeoutMs: 1_000 } as const;
  const ready: PageResult = { outcome: "satisfied", point: { x: 3, y: 4 } };

  test("a double click with the right button is four actions after the move", async () => {
    const page = new FakePage();
    page.answers = [ready];
    page.confirmed = [""];
    await findAndPress({ ...press, button: "right", clicks: 2 }, contextOf(page));
    expect(page.pressed).toEqual([
      { type: "move", to: { x: 3, y: 4 } },
      { type: "down", button: "right", clicks: 1 },
      { type: "up", button: "right", clicks: 1 },
      { type: "down", button: "right", clicks: 2 },
      { type: "up", button: "right", clicks: 2 },
    ]);
  });

  test("a press that hit something else is made again", async () => {
    const page = new FakePage();
    page.answers = [ready, ready];
    page.confirmed = ["<div>", ""];
    await findAndPress(press, contextOf(page));
    expect(page.pressed).toHaveLength(6);
  });

  test("a press that hits something else each time fails in the end", async () => {
    const page = new FakePage();
    page.answers = [ready];
    page.confirmed = ['<div id="overlay">'];
    await expect(findAndPress({ ...press, timeoutMs: 0 }, contextOf(page))).rejects.toThrow(
      new NotSatisfied('<div id="overlay"> was in its place at each click'),
    );
  });

  test.each([
    ["another document", REPLACED()],
    ["the end of the window", new PageError("window-closed", "gone")],
  ])("a press that leads to %s is done", async (_what, error) => {
    const page = new FakePage();
    page.answers = [ready];
    page.confirmed = [error];
    await expect(findAndPress(press, contextOf(page))).resolves.toBeUndefined();
  });

  test("a press that opens a dialog which blocks the page is done", async () => {
    const page = new FakePage();
    page.answers = [ready];
    page.pointer = () => {
      page.openDialog = { kind: "alert", message: "Bought", state: "open" };
      return new Promise(() => undefined);
    };
    const pressed = expect(findAndPress(press, contextOf(page))).resolves.toBeUndefined();
    await vi.advanceTimersByTimeAsync(50);
    await pressed;
  });
});

describe("findElement", () => {
  const held: PageElement = { kind: "page-element" };

  test("an element is found again when its document went away before it was handed over", async () => {
    const page = new FakePage();
    page.answers = [SATISFIED, SATISFIED];
    page.held = [REPLACED(), held];
    expect(await findElement(TARGET, 1_000, contextOf(page))).toBe(held);
    expect(page.requests).toHaveLength(2);
  });
});

describe("findAndEnter", () => {
  const old: PageElement = { kind: "page-element" };
  const anew: PageElement = { kind: "page-element" };
  const gone = () => new PageError("frame-gone", "the frame has gone");

  test.each([gone, REPLACED])("a frame that goes as it is entered is looked for again", async (error) => {
    const page = new FakePage();
    page.answers = [SATISFIED, SATISFIED];
    page.held = [old, anew];
    page.refusals = [error()];
    const entered = findAndEnter(TARGET, 1_000, contextOf(page));
    await vi.advanceTimersByTimeAsync(100);
    await entered;
    expect(page.frame).toBe(anew);
  });

  test("one that is gone each time is waited for no longer than the time", async () => {
    const page = new FakePage();
    page.answers = Array.from({ length: 10 }, () => SATISFIED);
    page.held = Array.from({ length: 10 }, () => old);
    page.refusals = Array.from({ length: 10 }, gone);
    const entered = expect(findAndEnter(TARGET, 15, contextOf(page))).rejects.toThrow(NotSatisfied);
    await vi.advanceTimersByTimeAsync(30);
    await entered;
  });

  test("an element that is no frame fails at once", async () => {
    const page = new FakePage();
    page.answers = [SATISFIED];
    page.held = [old];
    page.refusals = [new PageError("protocol", "the element is no frame")];
    await expect(findAndEnter(TARGET, 1_000, contextOf(page))).rejects.toThrow("the element is no frame");
    expect(page.requests).toHaveLength(1);
  });
});

describe("waitForReading", () => {
  const wait = { target: TARGET, reading: { what: "text" }, timeoutMs: 1_000 } as const;
  const accept = (value: string | null) => (value === "b" ? undefined : `its text is ${value}`);

  test("each further reading is to differ from the last", async () => {
    const page = new FakePage();
    page.answers = [
      { outcome: "satisfied", value: "a" },
      { outcome: "satisfied", value: null },
      { outcome: "satisfied", value: "b" },
    ];
    expect(await waitForReading(wait, accept, contextOf(page))).toBe("b");
    const requests = page.requests as Extract<PageRequest, { until: "read" }>[];
    const [first, second] = requests.map((request) => request.as);
    expect(requests.map((request) => request.unlike)).toEqual([undefined, first, second]);
  });

  test("a reading that stays as it is fails with what was wrong with it", async () => {
    const page = new FakePage();
    page.answers = [{ outcome: "satisfied", value: "a" }, unsatisfied(UNCHANGED)];
    await expect(waitForReading(wait, accept, contextOf(page))).rejects.toThrow(
      new NotSatisfied("its text is a"),
    );
  });

  test("an element that is not there, or no longer, fails with that", async () => {
    const page = new FakePage();
    page.answers = [{ outcome: "satisfied", value: "a" }, unsatisfied("there is no such element")];
    await expect(waitForReading(wait, accept, contextOf(page))).rejects.toThrow("there is no such element");
  });
});

describe("a dialog that opens during a wait", () => {
  const dialog: Dialog = { kind: "prompt", message: "Your name?", state: "open" };

  test("is in the way when nothing answers it", async () => {
    const page = new FakePage();
    page.blocked = () => undefined;
    const failure = expect(find(present(60_000), contextOf(page))).rejects.toThrow(DialogInTheWay);
    page.openDialog = dialog;
    page.onDialog(dialog);
    await vi.advanceTimersByTimeAsync(100);
    await failure;
  });

  test("is not when something answers it as it opens", async () => {
    const page = new FakePage();
    page.answers = [unsatisfied("still nothing")];
    const failure = expect(find(present(500), contextOf(page))).rejects.toThrow("still nothing");
    page.onDialog(dialog);
    await vi.advanceTimersByTimeAsync(1_000);
    await failure;
  });
});
