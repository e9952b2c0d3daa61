import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FramePace } from "../../../../src/execution/observers/frame-pace.js";

let pace: FramePace;
/** When frames were begun, in milliseconds since the test began. */
let begun: number[];
/** What taking a frame comes to. */
let take: () => Promise<boolean>;
let startedAt: number;

const after = (ms: number, hasChanged: boolean) => () =>
  new Promise<boolean>((resolve) => setTimeout(resolve, ms, hasChanged));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  begun = [];
  startedAt = performance.now();
  take = after(20, true);
  pace = new FramePace(() => {
    begun.push(performance.now() - startedAt);
    return take();
  });
});
afterEach(async () => {
  await vi.advanceTimersByTimeAsync(10_000);
  vi.useRealTimers();
});

const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test("nothing is taken before something has happened, and the first frame at once then", async () => {
  await wait(1_000);
  expect(begun).toEqual([]);
  pace.follow();
  expect(begun).toEqual([1_000]);
});

test("five frames a second while the page changes", async () => {
  pace.follow();
  await wait(1_000);
  expect(begun).toEqual([0, 200, 400, 600, 800, 1_000]);
});

test("fewer while it does not, down to one a second", async () => {
  take = after(20, false);
  pace.follow();
  await wait(4_000);
  expect(begun).toEqual([0, 400, 1_200, 2_200, 3_200]);
});

test("as many as before once something happens again, also while a frame is under way", async () => {
  take = after(20, false);
  pace.follow();
  await wait(1_210);
  pace.follow();
  await wait(600);
  expect(begun).toEqual([0, 400, 1_200, 1_400, 1_800]);
});

test("slow frames are taken for a quarter of the time only", async () => {
  take = after(300, true);
  pace.follow();
  await wait(2_400);
  expect(begun).toEqual([0, 1_200, 2_400]);
});

test("however often something happens, no more than that", async () => {
  for (let ms = 0; ms < 1_000; ms += 10) {
    pace.follow();
    await wait(10);
  }
  expect(begun).toEqual([0, 200, 400, 600, 800, 1_000]);
});

test("held, it waits for the frame under way and begins none until something happens", async () => {
  pace.follow();
  await wait(5);
  let isHeld = false;
  void pace.hold().then(() => (isHeld = true));
  await wait(10);
  expect(isHeld).toBe(false);
  await wait(5);
  expect(isHeld).toBe(true);
  await wait(3_000);
  expect(begun).toEqual([0]);
  pace.follow();
  expect(begun).toEqual([0, 3_020]);
});

test("held before a frame that was due, it takes none", async () => {
  pace.follow();
  await wait(190);
  await pace.hold();
  await wait(1_000);
  expect(begun).toEqual([0]);
});

test("catching up waits for nothing but the frame under way", async () => {
  pace.follow();
  await wait(10);
  pace.follow();
  pace.catchUp();
  await wait(10);
  expect(begun).toEqual([0, 20]);
  pace.catchUp();
  expect(begun).toEqual([0, 20]);
});

test("finishing takes a last frame only where something has happened since the last one", async () => {
  pace.follow();
  const first = pace.finish();
  await wait(20);
  await first;
  expect(begun).toEqual([0]);

  pace.follow();
  const second = pace.finish();
  await wait(20);
  await second;
  expect(begun).toEqual([0, 20]);
  await wait(5_000);
  expect(begun).toEqual([0, 20]);
});
