import { pino } from "pino";
import { describe, expect, test } from "vitest";
import { script } from "../../../support/fake-runner.js";
import { Bench, latch, step } from "../set-up.js";

const SECRET = 'pa"ss <&> wörd';

function setUp(...names: string[]): Bench {
  const bench = new Bench([step(11, 1, script(...names))]);
  bench.runner.behaviours.set("fails", () => "it fails");
  return bench;
}

describe("a step that does not pass keeps", () => {
  test("what the browser has written and could not load", async () => {
    const bench = setUp("fails");
    bench.seen({
      console: [{ at: 1, level: "error", text: "Uncaught TypeError", source: "app.js:3" }],
      failedRequests: [{ at: 2, method: "GET", url: "http://app.test/api", status: 500 }],
    });
    await bench.startStep(11);
    const { artifacts } = await bench.next("execution_complete");
    expect(artifacts.map(({ kind }) => kind)).toEqual([
      "screenshot",
      "page_source",
      "console",
      "network",
      "commands",
    ]);
    expect(JSON.parse(bench.artifacts.texts("console")[0] ?? "")).toEqual([
      { at: 1, level: "error", text: "Uncaught TypeError", source: "app.js:3" },
    ]);
    expect(JSON.parse(bench.artifacts.texts("network")[0] ?? "")).toMatchObject([{ status: 500 }]);
    expect(bench.artifacts.saved.filter(({ mediaType }) => mediaType === "application/json")).toHaveLength(3);
  });

  test("its last twenty commands, with when each began, how long it took and what came of it", async () => {
    const names = Array.from({ length: 22 }, (_, index) => `command ${index + 1}`);
    const bench = setUp(...names, "fails");
    await bench.startStep(11);
    await bench.next("execution_complete");
    const commands = JSON.parse(bench.artifacts.texts("commands")[0] ?? "") as Record<string, unknown>[];
    expect(commands.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, index) => index + 4));
    expect(commands[0]).toEqual({
      number: 4,
      action: "log",
      message: "command 4",
      started_ms: expect.any(Number) as number,
      duration_ms: expect.any(Number) as number,
      verdict: "passed",
      error_message: null,
    });
    expect(commands.at(-1)).toMatchObject({ message: "fails", verdict: "failed", error_message: "it fails" });
  });

  test("what is left when its browser is gone", async () => {
    const bench = setUp("crashes");
    bench.runner.behaviours.set("crashes", ({ signal }) => {
      bench.pool.lost.abort(new Error("The browser is gone: it crashed."));
      signal.throwIfAborted();
      return undefined;
    });
    await bench.startStep(11);
    const { artifacts, error_message } = await bench.next("execution_complete");
    expect(error_message).toBe("Command 1 (log) could not be finished: The browser is gone: it crashed.");
    expect(artifacts.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["console", "network", "commands"]),
    );
    expect(JSON.parse(bench.artifacts.texts("commands")[0] ?? "")).toMatchObject([{ verdict: "error" }]);
  });

  test("what it can when a picture cannot be taken", async () => {
    const bench = new Bench([step(11, 1, script("fails"))], {
      takePicture: () => Promise.reject(new Error("no picture")),
    });
    bench.runner.behaviours.set("fails", () => "it fails");
    await bench.startStep(11);
    const { artifacts, status } = await bench.next("execution_complete");
    expect(status).toBe("failed");
    expect(artifacts.map(({ kind }) => kind)).toEqual(["page_source", "console", "network", "commands"]);
  });
});

test("a dialog that is still open is dismissed before evidence is captured, and no picture waits for it", async () => {
  const order: string[] = [];
  const bench = new Bench([step(11, 1, script("opens a dialog", "fails"))], {
    screenshots: "inline",
    takePicture: async () => {
      order.push("picture");
      return Buffer.from("picture");
    },
  });
  let openDialog: object | undefined;
  Object.defineProperties(bench.pool.page, {
    openDialog: { get: () => openDialog },
    answerDialog: {
      value: async ({ accept }: { accept: boolean }) => {
        order.push(`accept: ${accept}`);
        openDialog = undefined;
      },
    },
  });
  bench.runner.behaviours.set("opens a dialog", () => {
    openDialog = { kind: "alert", message: "Sure?", state: "open" };
    return undefined;
  });
  bench.runner.behaviours.set("fails", () => "it fails");
  await bench.startStep(11);
  await bench.next("execution_complete");
  expect(order).toEqual(["accept: false", "picture"]);
});

describe("what a command keeps", () => {
  test("is announced and listed, whatever the verdict", async () => {
    const bench = setUp("keeps", "keeps more");
    bench.runner.behaviours.set("keeps", ({ keep }) => {
      keep({ kind: "screenshot", name: "basket", bytes: Buffer.from("jpeg") });
      return undefined;
    });
    bench.runner.behaviours.set("keeps more", ({ keep }) => {
      keep({ kind: "download", name: "invoice.pdf", path: "/downloads/1" });
      return undefined;
    });
    await bench.startStep(11);
    const { artifacts, status } = await bench.next("execution_complete");
    expect(status).toBe("passed");
    expect(bench.all("artifact")).toMatchObject([
      { step_id: 11, step: 1, kind: "screenshot", name: "basket", url: artifacts[0]?.url },
      { step_id: 11, step: 2, kind: "download", name: "invoice.pdf", url: artifacts[1]?.url },
    ]);
    expect(bench.artifacts.saved).toMatchObject([
      { kind: "screenshot", name: "basket", mediaType: "image/jpeg" },
      { kind: "download", name: "invoice.pdf", file: "/downloads/1", mediaType: "application/octet-stream" },
    ]);
  });
});

test("what a script logs is an event", async () => {
  const bench = setUp("says");
  bench.runner.behaviours.set("says", ({ log }) => {
    log({ level: "warning", message: "an alternative locator was used" });
    return undefined;
  });
  await bench.startStep(11);
  await bench.next("execution_complete");
  expect(bench.all("log")).toMatchObject([
    { step_id: 11, step: 1, level: "warning", message: "an alternative locator was used" },
  ]);
});

describe("a secret that a run has used", () => {
  const useSecret = (bench: Bench) =>
    bench.runner.behaviours.set("uses ${secret.PASSWORD}", ({ variables, log }) => {
      variables.fillIn("${secret.PASSWORD}");
      log({ level: "info", message: `typed ${SECRET}` });
      return `its text is "${SECRET}"`;
    });

  test("is in no event, no verdict, no artifact and no line of the log", async () => {
    const lines: string[] = [];
    const log = pino({ level: "trace" }, { write: (line: string) => lines.push(line) });
    const bench = new Bench([step(11, 1, script("uses ${secret.PASSWORD}"))], {
      secrets: { PASSWORD: SECRET },
      log,
    });
    useSecret(bench);
    bench.seen({
      console: [{ at: 1, level: "info", text: `password: ${SECRET}` }],
      failedRequests: [{ at: 2, method: "GET", url: `http://a.test/?p=${encodeURIComponent(SECRET)}` }],
    });
    Object.defineProperty(bench.pool.page, "source", {
      value: async () => '<p title="pa&quot;ss <&amp;> wörd">pa"ss &lt;&amp;&gt; wörd</p>',
    });
    // A fault whose message quotes the page.
    Object.defineProperty(bench.pool.page, "screenshot", {
      value: () => Promise.reject(new Error(`cannot paint ${SECRET}`)),
    });
    await bench.startStep(11);
    const complete = await bench.next("execution_complete");
    await bench.execution.stop();
    expect(complete.error_message).toBe('its text is "***"');
    expect(bench.all("log")[0]?.message).toBe("typed ***");
    expect([...bench.store.runs.values()][0]?.result?.errorMessage).toBe('Step 1: its text is "***"');
    expect(bench.store.results[0]?.errorMessage).toBe('its text is "***"');
    expect(JSON.parse(bench.artifacts.texts("console")[0] ?? "")).toMatchObject([{ text: "password: ***" }]);
    expect(bench.artifacts.texts("network")[0]).toContain("http://a.test/?p=***");
    expect(bench.artifacts.texts("page_source")[0]).toBe('<p title="***">***</p>');
    expect(lines.join("")).toContain("cannot paint ***");
    const everything = [
      ...lines,
      JSON.stringify(bench.store.batches),
      ...bench.artifacts.saved.map((artifact) => ("bytes" in artifact ? String(artifact.bytes) : "")),
    ].join("\n");
    for (const notation of [SECRET, "w\\u00f6rd", "wörd", "w%C3%B6rd"])
      expect(everything).not.toContain(notation);
  });

  test("is hidden in pictures, those that a command takes included", async () => {
    const hidden: (readonly string[])[] = [];
    const bench = new Bench([step(11, 1, script("uses ${secret.PASSWORD}", "takes"))], {
      secrets: { PASSWORD: SECRET },
      screenshots: "inline",
      takePicture: async (_page, secrets) => {
        hidden.push(secrets);
        return Buffer.from("picture");
      },
    });
    bench.runner.behaviours.set("uses ${secret.PASSWORD}", ({ variables }) => {
      variables.fillIn("${secret.PASSWORD}");
      return undefined;
    });
    bench.runner.behaviours.set("takes", async ({ takePicture, signal, keep }) => {
      keep({ kind: "screenshot", name: undefined, bytes: await takePicture(signal) });
      return undefined;
    });
    await bench.startStep(11);
    await bench.next("execution_complete");
    expect(hidden).toEqual([[SECRET], [SECRET], [SECRET]]);
    expect(bench.all("artifact")).toMatchObject([{ kind: "screenshot", name: null }]);
  });

  test("makes the next command wait for the picture, so that it cannot type one into it", async () => {
    const taking = latch();
    const taken = latch();
    const bench = new Bench([step(11, 1, script("a", "types ${secret.PASSWORD}"))], {
      screenshots: "inline",
      takePicture: async () => {
        taking.open();
        await taken.opened;
        return Buffer.from("picture");
      },
    });
    await bench.startStep(11);
    await taking.opened;
    await new Promise(setImmediate);
    expect(bench.runner.done).toEqual(["a"]);
    taken.open();
    await bench.next("execution_complete");
    expect(bench.runner.done).toHaveLength(2);
  });
});

test("without secrets no command waits for a picture", async () => {
  const taken = latch();
  const bench = new Bench([step(11, 1, script("a", "b"))], {
    screenshots: "inline",
    takePicture: async () => {
      await taken.opened;
      return Buffer.from("picture");
    },
  });
  await bench.startStep(11);
  await bench.next("progress", ({ step: number }) => number === 2);
  taken.open();
  await bench.next("execution_complete");
});
