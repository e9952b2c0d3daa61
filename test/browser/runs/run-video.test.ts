import { unzipSync } from "fflate";
import { ALL_FORMATS, EncodedPacketSink, Input, UrlSource } from "mediabunny";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { TestClient, type Message } from "../../support/client.js";
import { observedPool } from "../../support/observed-pool.js";
import { realPool, type RealPool } from "../../support/real-browser.js";
import { startApp, type TestApp } from "../../support/test-app.js";
import { startTinySite, type TinySite } from "../../support/tiny-site.js";

/** A video as Chromium plays it. */
interface Seen {
  width: number;
  height: number;
  duration: number;
  /** At each time that was asked for: the colour in the lower right corner, as in `red`. */
  colours: string[];
  /** At each time: how many pixels are red, as the texts are in which nobody may read a secret, and how many black. */
  red: number[];
  black: number[];
}

const PLAY = `(argument) => {
  const { url, looks } = JSON.parse(argument);
  const names = { "200": "red", "002": "blue", "020": "lime", "222": "white", "000": "black" };
  const look = async () => {
    const video = document.createElement("video");
    const event = (name) => new Promise((resolve, reject) => {
      video.addEventListener(name, resolve, { once: true });
      video.addEventListener("error", () => reject(new Error(video.error.message)), { once: true });
    });
    const loaded = event("loadeddata");
    let shown = -1;
    const follow = (now, { mediaTime }) => {
      shown = mediaTime;
      video.requestVideoFrameCallback(follow);
    };
    video.requestVideoFrameCallback(follow);
    Object.assign(video, { crossOrigin: "anonymous", muted: true, src: url });
    document.body.append(video);
    await loaded;
    const seen = { width: video.videoWidth, height: video.videoHeight, duration: video.duration, colours: [], red: [], black: [] };
    const canvas = Object.assign(document.createElement("canvas"), { width: seen.width, height: seen.height });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const seek = async (time) => {
      const sought = event("seeked");
      video.currentTime = time;
      await sought;
    };
    for (const { time, frame } of looks) {
      await seek(time < 0 ? video.duration + time : time);
      // Sought, the frame before may still be the one that is drawn.
      const since = performance.now();
      for (let waits = 1; Math.abs(shown - frame) > 0.002; waits++) {
        if (performance.now() - since > 10_000) throw new Error("the frame at " + frame + " s is not shown, but that at " + shown);
        await new Promise((resolve) => setTimeout(resolve, 20));
        // No callback comes for a frame that is drawn just before one is asked for. Sought at another time of the
        // frame, it is drawn again.
        if (waits % 50 === 0) await seek(frame + waits / 50_000);
      }
      let pixels;
      do {
        // On a busy machine the frame may not be there yet to be drawn; then nothing is, and the canvas stays clear.
        context.drawImage(video, 0, 0, seen.width, seen.height);
        pixels = context.getImageData(0, 0, seen.width, seen.height).data;
        if (pixels.at(-1) === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      } while (pixels.at(-1) === 0);
      const corner = [...pixels.slice(-4, -1)].map((value) => Math.round(value / 127)).join("");
      seen.colours.push(names[corner] ?? corner);
      let red = 0, black = 0;
      for (let at = 0; at < pixels.length; at += 4) {
        const [r, g, b] = pixels.subarray(at, at + 3);
        if (r - g > 80 && r - b > 80) red++;
        else if (r + g + b < 120) black++;
      }
      seen.red.push(red);
      seen.black.push(black);
    }
    return seen;
  };
  globalThis.seen = undefined;
  look().then((seen) => (globalThis.seen = JSON.stringify(seen)), (error) => (globalThis.seen = JSON.stringify(String(error))));
  return "";
}`;

let site: TinySite;
/** Lets the page that waits for it turn blue. */
let turn: () => void;
let player: RealPool;

beforeAll(async () => {
  const page = (colour: string, content = "") =>
    `<title>${colour}</title><style>body { margin: 0; background: ${colour}; font: 24px monospace; caret-color: transparent }</style>${content}`;
  site = await startTinySite({
    "/": () => page("white"),
    "/red": () => page("red"),
    "/blue": () => page("blue"),
    "/lime": () => page("lime"),
    "/turns": () =>
      page(
        "red",
        `<script>fetch("/turn").then(() => { document.body.style.background = "blue"; document.title = "turned"; })</script>`,
      ),
    "/turn": (_query, response) => {
      turn = () => response.end();
      return undefined;
    },
    "/alert": () => page("red", `<script>setTimeout(() => { alert("stop"); }, 50)</script>`),
    "/opens": () => page("red", `<a id=a href="/blue" target=_blank>Open</a>`),
    "/echo": () =>
      page(
        "white",
        `<input type=password id=password oninput="echo.textContent = value"><p id=echo style="color: red; font-size: 60px"></p>`,
      ),
  });
  player = realPool({ size: 1 });
});
afterAll(async () => {
  await player.pool.close();
  await site.close();
});

let testApp: TestApp;
let client: TestClient;

/** Called when a frame has been taken. */
let onFrame: () => void;

const start = async (environment: Record<string, string> = {}) => {
  onFrame = () => undefined;
  const onDone = (method: string) => {
    if (method === "videoFrame") onFrame();
  };
  const overrides =
    environment["BROWSER_PROTOCOL"] === undefined
      ? { pool: observedPool(realPool({ size: 1 }).pool, { onDone }) }
      : {};
  testApp = await startApp({ BROWSER_POOL_SIZE: "1", SCREENSHOTS: "off", ...environment }, overrides);
  client = await TestClient.connect(testApp.address);
};
afterEach(async () => {
  client.close();
  await testApp.close();
});

const open = (path: string) => ({ action: "navigate", url: site.url + path });
const titled = (expected_title: string) => ({ action: "verify_title", expected_title });
const PAUSE = { action: "pause" };
const WRONG = { ...titled("never"), timeout: 0.2 };

async function run(script: object[], options: object = { video: true }): Promise<Message> {
  const { stepIds } = await testApp.createCase([script]);
  client.send({ type: "execute_step", step_id: stepIds[0], ...options });
  return await client.next("execution_complete");
}

/** Resolves when two more frames have been taken, the second of them from beginning to end. */
async function twoFrames(): Promise<void> {
  for (let count = 0; count < 2; count++) await new Promise<void>((resolve) => (onFrame = resolve));
}

/** Runs a script, and holds it at each of its pauses until frames have been taken. */
async function runFilmed(script: object[]): Promise<Message> {
  const pauses = script.filter((command) => command === PAUSE).length;
  const complete = run(script);
  for (let count = 1; count <= pauses; count++) {
    const paused = () => client.received.filter(({ type }) => type === "paused");
    const { run_id } = await client.next((message) => message.type === "paused" && paused().length === count);
    await twoFrames();
    client.send({ type: "resume", run_id });
  }
  return await complete;
}

/** When something happened, in seconds since the first command began. */
function timeOf(fits: (message: Message) => boolean): number {
  const at = (found: (message: Message) => boolean) =>
    Date.parse(String(client.received.find(found)?.["ts"] ?? "never"));
  return (at(fits) - at(({ type }) => type === "progress")) / 1_000;
}

function videoUrl(complete: Message): string {
  const references = complete["artifacts"] as { kind: string; url: string }[];
  const { url } = references.find(({ kind }) => kind === "video") ?? {};
  if (url === undefined) throw new Error("there is no video");
  return `http://${testApp.address}${url}`;
}

/** Loads a video in Chromium and looks at it at some times, in seconds; just before its end, if negative. */
async function play(url: string, times: number[]): Promise<Seen> {
  const signal = AbortSignal.timeout(30_000);
  const frames = await frameTimes(url);
  const looks = times.map((time) => ({
    time,
    frame: time < 0 ? frames.at(-1) : frames.findLast((frame) => frame <= time),
  }));
  const session = await player.pool.acquire(signal);
  try {
    await session.page.navigate(`${site.url}/`, signal);
    await session.page.call(PLAY, JSON.stringify({ url, looks }), signal);
    const seen = () => session.page.call(`() => globalThis.seen ?? ""`, "", signal);
    await expect.poll(seen, { timeout: 20_000 }).not.toBe("");
    const result = JSON.parse(await seen()) as Seen | string;
    if (typeof result === "string") throw new Error(result);
    return result;
  } finally {
    await session.close();
  }
}

/** When each frame of a video begins, in seconds, as its file tells. */
async function frameTimes(url: string): Promise<number[]> {
  const input = new Input({ source: new UrlSource(url), formats: ALL_FORMATS });
  const track = await input.getPrimaryVideoTrack();
  if (track === null) throw new Error("the file has no video");
  const times: number[] = [];
  for await (const { timestamp } of new EncodedPacketSink(track).packets()) times.push(timestamp);
  return times;
}

/** Times at which every frame of a video is seen. */
async function everyTime(url: string): Promise<number[]> {
  return [...(await frameTimes(url)).map((time) => time + 0.005), -0.01];
}

/** The colours that a whole video shows, each once in a row. */
async function colours(url: string): Promise<string[]> {
  const all = (await play(url, await everyTime(url))).colours;
  return all.filter((colour, index) => colour !== all[index - 1]);
}

describe("a video", () => {
  test("shows what the page showed, at the time at which it did, for as long as the run took", async () => {
    await start();
    const complete = await runFilmed([open("/red"), PAUSE, open("/blue")]);
    expect(complete).toMatchObject({ status: "passed" });
    const redUntil = timeOf(({ type }) => type === "resumed");
    const end = timeOf(({ type }) => type === "execution_complete");

    const seen = await play(videoUrl(complete), [-0.01, redUntil, -0.01, redUntil]);
    expect(seen).toMatchObject({ width: 1280, height: 720, colours: ["blue", "red", "blue", "red"] });
    expect(Math.abs(seen.duration - end)).toBeLessThan(1);
    expect(client.received.filter(({ type }) => type === "artifact")).toMatchObject([
      { step: 0, kind: "video", name: "video.webm", seq: Number(complete["seq"]) - 1 },
    ]);

    const trace = `http://${testApp.address}/api/runs/${String(complete["run_id"])}/trace`;
    const files = unzipSync(new Uint8Array(await (await fetch(trace)).arrayBuffer()));
    const video = new Uint8Array(await (await fetch(videoUrl(complete))).arrayBuffer());
    expect(Buffer.compare(files["artifacts/video.webm"] ?? new Uint8Array(), video)).toBe(0);
  });

  test("shows what changes while no command does anything", async () => {
    await start();
    const running = run([open("/turns"), titled("turned")]);
    await client.next(({ type, step }) => type === "progress" && step === 2);
    await twoFrames();
    turn();
    const complete = await running;
    expect((await colours(videoUrl(complete))).slice(-2)).toEqual(["red", "blue"]);
  });

  test("follows the run through windows, and windows through their sizes", async () => {
    await start();
    const complete = await runFilmed([
      open("/opens"),
      PAUSE,
      { action: "click", locator_type: "id", locator_value: "a" },
      { action: "switch_window", last: true },
      titled("blue"),
      PAUSE,
      { action: "switch_window", index: 0 },
      titled("red"),
      PAUSE,
      { action: "set_window_size", width: 600, height: 900 },
      open("/lime"),
    ]);
    expect(complete).toMatchObject({ status: "passed", error_message: null });
    const shown = await colours(videoUrl(complete));
    // A frame taken between two pages may show either.
    expect(shown.filter((colour) => ["red", "blue", "lime"].includes(colour))).toEqual([
      "red",
      "blue",
      "red",
      "lime",
    ]);
  });

  test("goes on after a dialog that was open for a while", async () => {
    await start();
    const complete = await run([
      open("/alert"),
      { action: "verify_dialog", expected_message: "stop" },
      { action: "handle_dialog", response: "accept" },
      open("/blue"),
    ]);
    expect(complete).toMatchObject({ status: "passed", error_message: null });
    expect((await play(videoUrl(complete), [-0.01])).colours).toEqual(["blue"]);
  });

  test("never shows a secret, where it would show any other text", async () => {
    const look = async (text: string) => {
      const complete = await run([
        open("/echo"),
        { action: "input", locator_type: "id", locator_value: "password", text },
        { action: "press_key", keys: "End" },
        { ...titled("never"), timeout: 0.5 },
      ]);
      expect(complete).toMatchObject({ status: "failed" });
      return await play(videoUrl(complete), await everyTime(videoUrl(complete)));
    };
    await start({ SECRET_PASSWORD: "WWWWWWWWWWWWWWWW" });
    const hidden = await look("${secret.PASSWORD}");
    expect(Math.max(...hidden.red)).toBe(0);
    // In its place, from when it was typed to the end.
    expect(hidden.black.at(-1)).toBeGreaterThan(10_000);

    client.received.length = 0;
    const shown = await look("MMMMMMMMMMMMMMMM");
    expect(shown.red.at(-1)).toBeGreaterThan(1_000);
  });
});

describe("a run with a video", () => {
  test("is cancelled within a second, and keeps what there is", async () => {
    await start();
    const { stepIds } = await testApp.createCase([[open("/red"), { action: "wait", duration: 60 }]]);
    client.send({ type: "execute_step", step_id: stepIds[0], video: true });
    const { run_id } = await client.next(({ type, step }) => type === "progress" && step === 2);
    await twoFrames();
    const asked = performance.now();
    client.send({ type: "cancel", run_id });
    const complete = await client.next("execution_complete");
    expect(performance.now() - asked).toBeLessThan(1_000);
    expect(complete).toMatchObject({ status: "error", error_message: "Cancelled" });
    const seen = await play(videoUrl(complete), [0]);
    expect(seen).toMatchObject({ width: 1280, height: 720 });
  });

  test("that passes keeps none where only failures are of interest, and one that fails does", async () => {
    await start({ VIDEO: "on_failure" });
    const passed = await run([open("/red")], {});
    expect(passed).toMatchObject({ status: "passed", artifacts: [] });
    client.received.length = 0;
    const failed = await run([open("/red"), WRONG], {});
    expect((await play(videoUrl(failed), [-0.01])).colours).toEqual(["red"]);
  });

  test("goes on without one over classic WebDriver", async () => {
    await start({ BROWSER_PROTOCOL: "classic" });
    const complete = await run([open("/red"), titled("red")]);
    expect(complete).toMatchObject({ status: "passed", artifacts: [] });
    expect(client.received.filter(({ type }) => type === "log")).toMatchObject([
      { step: 0, level: "warning", message: expect.stringMatching(/^There is no video/) as string },
    ]);
  });
});
