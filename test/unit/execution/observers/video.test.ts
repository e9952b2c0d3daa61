import { describe, expect, test } from "vitest";
import type { VideoWriter } from "../../../../src/execution/ports.js";
import type { VideoMode } from "../../../../src/execution/facilities.js";
import { hang, script } from "../../../support/fake-runner.js";
import { Bench, latch, step } from "../set-up.js";

type Options = ConstructorParameters<typeof Bench>[1];

/** A bench whose browser can be recorded; each frame tells what was done before it. */
function setUp(names: string[], options: Options = {}): Bench {
  const bench = new Bench([step(11, 1, script(...names))], options);
  bench.pool.page.videoFrame = async () =>
    Buffer.from(`after ${bench.runner.done.join(" and ") || "nothing"}`);
  bench.runner.behaviours.set("fails", () => "it fails");
  bench.runner.behaviours.set("hangs", hang);
  return bench;
}

/** The lines of every video that was kept, without when they were taken. */
const videos = (bench: Bench) =>
  bench.artifacts.texts("video").map((text) => text.trim().replaceAll(/^\d+ /gm, "").split("\n"));

describe("a run that asks for a video", () => {
  test("announces it before its verdict, which lists it", async () => {
    const bench = setUp(["a", "b"]);
    await bench.startStep(11, { video: true });
    const { artifacts, seq } = await bench.next("execution_complete");
    expect(artifacts).toEqual([{ kind: "video", url: "/api/artifacts/1" }]);
    expect(bench.all("artifact")).toMatchObject([
      { step_id: 11, step: 0, kind: "video", name: "video.webm", url: "/api/artifacts/1", seq: seq - 1 },
    ]);
    expect(bench.artifacts.saved).toMatchObject([{ mediaType: "video/webm", stepId: 11, kind: "video" }]);
  });

  test("has the first and the last state of the page in it, and each only once", async () => {
    const bench = setUp(["a", "b"]);
    await bench.startStep(11, { video: true });
    await bench.next("execution_complete");
    const [lines] = videos(bench);
    expect(lines).toEqual(["after nothing", "after a and b", "end"]);
  });

  test("has one of a whole case, which comes with the last step that is run", async () => {
    const bench = new Bench([
      step(11, 1, script("a")),
      step(12, 2, script("fails")),
      step(13, 3, script("never")),
    ]);
    bench.pool.page.videoFrame = async () => Buffer.from("frame");
    bench.runner.behaviours.set("fails", () => "it fails");
    await bench.startCase("stop", { video: true });
    await bench.next("all_steps_complete");
    const kinds = bench.all("execution_complete").map(({ artifacts }) => artifacts.map(({ kind }) => kind));
    expect(kinds[0]).toEqual([]);
    expect(kinds[1]).toContain("video");
    expect(kinds[2]).toEqual([]);
    expect(bench.artifacts.texts("video")).toHaveLength(1);
  });

  test("has one for each attempt", async () => {
    const bench = setUp(["unreliable"]);
    let tries = 0;
    bench.runner.behaviours.set("unreliable", () => (++tries === 1 ? "it fails" : undefined));
    await bench.startStep(11, { video: true, retries: 1 });
    const { artifacts } = await bench.next("execution_complete");
    expect(bench.all("attempt_failed")[0]?.artifacts.map(({ kind }) => kind)).toContain("video");
    expect(artifacts.map(({ kind }) => kind)).toEqual(["video"]);
    expect(bench.artifacts.texts("video")).toHaveLength(2);
  });

  test("and is cancelled keeps what there is, without another look at the page", async () => {
    const bench = setUp(["a", "hangs"]);
    const runId = await bench.startStep(11, { video: true });
    await bench.next("progress", ({ message }) => message === "hangs");
    bench.execution.cancel(runId);
    const { artifacts } = await bench.next("execution_complete");
    expect(artifacts.map(({ kind }) => kind)).toEqual(["video"]);
    expect(videos(bench)[0]?.at(-1)).toBe("end");
    await bench.execution.stop();
    expect(bench.artifacts.openFiles).toBe(0);
  });

  test("and loses its browser keeps what there is", async () => {
    const bench = setUp(["a", "crashes"]);
    bench.runner.behaviours.set("crashes", ({ signal }) => {
      bench.pool.lost.abort(new Error("The browser is gone: it crashed."));
      signal.throwIfAborted();
      return undefined;
    });
    await bench.startStep(11, { video: true });
    const { artifacts, status } = await bench.next("execution_complete");
    expect(status).toBe("error");
    expect(artifacts.map(({ kind }) => kind)).toContain("video");
  });

  test("goes on without where the browser takes no such pictures, and says so", async () => {
    const bench = new Bench([step(11, 1, script("a"))]);
    await bench.startStep(11, { video: true });
    const { status, artifacts } = await bench.next("execution_complete");
    expect({ status, artifacts }).toEqual({ status: "passed", artifacts: [] });
    expect(bench.all("log")).toMatchObject([
      {
        step_id: 11,
        step: 0,
        level: "warning",
        message: expect.stringMatching(/^There is no video/) as string,
      },
    ]);
    expect(bench.artifacts.openFiles).toBe(0);
  });

  test("goes on without where none can be written, and says so", async () => {
    const broken: VideoWriter = {
      add: () => Promise.reject(new Error("no space left on device")),
      finish: () => Promise.reject(new Error("nothing to finish")),
    };
    const bench = setUp(["a", "b"], { newVideo: () => broken });
    await bench.startStep(11, { video: true });
    const { status, artifacts } = await bench.next("execution_complete");
    expect({ status, artifacts }).toEqual({ status: "passed", artifacts: [] });
    expect(bench.all("log").map(({ message }) => message)).toEqual([
      "There is no video of this run: it could not be written.",
    ]);
  });

  test("that grows too large ends there, and says so", async () => {
    const added: number[] = [];
    let finished = 0;
    const counting: VideoWriter = {
      add: async ({ byteLength }) => void added.push(byteLength),
      finish: async () => {
        finished++;
      },
    };
    const bench = setUp(["a", "b", "c"], { newVideo: () => counting });
    const frames = [1, 2, 3].map((content) => Buffer.alloc(90_000_000, content));
    bench.pool.page.videoFrame = async () => frames.shift() ?? Buffer.from("more");
    for (const name of ["a", "b", "c"]) {
      bench.runner.behaviours.set(name, async () => {
        const left = frames.length;
        // Goes on once another frame was taken.
        while (left > 0 && frames.length === left) await new Promise(setImmediate);
        return undefined;
      });
    }
    await bench.startStep(11, { video: true });
    await bench.next("execution_complete");
    expect(added).toEqual([90_000_000, 90_000_000]);
    expect(finished).toBe(1);
    expect(bench.all("log").map(({ message }) => message)).toEqual([
      "The video ends here, 30 minutes or 200 MB after it began; the run goes on.",
    ]);
  });
});

describe("whether a video is kept", () => {
  const cases: [VideoMode, boolean | undefined, string, number][] = [
    ["off", undefined, "fails", 0],
    ["off", true, "passes", 1],
    ["on", undefined, "passes", 1],
    ["on", false, "fails", 0],
    ["on_failure", undefined, "passes", 0],
    ["on_failure", undefined, "fails", 1],
    ["on_failure", true, "passes", 1],
    ["on_failure", false, "fails", 0],
  ];
  test.each(cases)("VIDEO=%s, asked for: %s, a run that %s: %i", async (mode, video, name, kept) => {
    const bench = setUp([name], { video: mode });
    await bench.startStep(11, { video });
    await bench.next("execution_complete");
    await bench.execution.stop();
    expect(bench.artifacts.texts("video")).toHaveLength(kept);
    expect(bench.all("artifact")).toHaveLength(kept);
    expect(bench.artifacts.openFiles).toBe(0);
  });

  test("is told by the attempt: that which failed is kept, that which passed is not", async () => {
    const bench = setUp(["unreliable"], { video: "on_failure" });
    let tries = 0;
    bench.runner.behaviours.set("unreliable", () => (++tries === 1 ? "it fails" : undefined));
    await bench.startStep(11, { retries: 1 });
    await bench.next("execution_complete");
    expect(bench.all("attempt_failed")[0]?.artifacts.map(({ kind }) => kind)).toContain("video");
    expect(bench.artifacts.texts("video")).toHaveLength(1);
  });
});

describe("a run that uses secrets", () => {
  test("begins no command while a frame is being taken, and takes none during a command", async () => {
    const bench = setUp(["${secret.PASSWORD}", "b", "c"], { secrets: { PASSWORD: "hidden" } });
    let isInCommand = false;
    let framesUnderWay = 0;
    const overlaps: string[] = [];
    const { opened, open } = latch();
    bench.pool.page.videoFrame = async () => {
      framesUnderWay++;
      if (isInCommand) overlaps.push("a frame during a command");
      for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
      framesUnderWay--;
      open();
      return Buffer.from(`frame ${bench.runner.done.length}`);
    };
    for (const name of ["${secret.PASSWORD}", "b", "c"]) {
      bench.runner.behaviours.set(name, async () => {
        if (framesUnderWay > 0) overlaps.push("a command during a frame");
        isInCommand = true;
        for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
        isInCommand = false;
        return undefined;
      });
    }
    await bench.startStep(11, { video: true });
    await bench.next("execution_complete");
    await opened;
    expect(overlaps).toEqual([]);
    expect(videos(bench)[0]?.slice(-2)).toEqual(["frame 3", "end"]);
  });
});
