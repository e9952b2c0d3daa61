import { describe, expect, test } from "vitest";
import { Alarm } from "../../src/wakes/alarm.js";
import { InProcessWakes } from "../../src/wakes/in-process.js";
import { eventsOf } from "../../src/wakes/ports.js";

const [ONE, OTHER] = [eventsOf("one"), eventsOf("other")];
/** Longer than a test may take, in milliseconds. */
const NEVER_MS = 1_000_000;

describe("wakes in this process", () => {
  test("reach those who listen to the topic, as often as they listen, until they end it", () => {
    const wakes = new InProcessWakes();
    const heard: string[] = [];
    const onWake = () => heard.push("one");
    const stop = wakes.listen(ONE, onWake);
    wakes.listen(ONE, onWake);
    wakes.listen(OTHER, () => heard.push("other"));

    wakes.wake(ONE);
    expect(heard).toEqual(["one", "one"]);
    stop();
    stop();
    wakes.wake(ONE, OTHER);
    expect(heard).toEqual(["one", "one", "one", "other"]);
    wakes.wakeAll();
    expect(heard).toHaveLength(6);
  });
});

describe("an alarm", () => {
  test("loses no wake between two waits, and is rung once for many", async () => {
    const wakes = new InProcessWakes();
    const alarm = new Alarm(wakes, ONE);
    wakes.wake(ONE);
    wakes.wake(ONE);
    await alarm.wait(NEVER_MS);
    let isOver = false;
    const next = alarm.wait(NEVER_MS).then(() => (isOver = true));
    await new Promise(setImmediate);
    expect(isOver).toBe(false);
    wakes.wake(OTHER);
    wakes.wake(ONE);
    await next;
  });

  test("ends a wait when its time is over, and hears nothing once it is stopped", async () => {
    const wakes = new InProcessWakes();
    const alarm = new Alarm(wakes, ONE);
    await alarm.wait(1);
    alarm.stop();
    wakes.wake(ONE);
    let isOver = false;
    const wait = alarm.wait(NEVER_MS).then(() => (isOver = true));
    await new Promise(setImmediate);
    expect(isOver).toBe(false);
    alarm.ring();
    await wait;
  });
});
