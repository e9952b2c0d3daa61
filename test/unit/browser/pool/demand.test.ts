import { expect, test } from "vitest";
import { Demand, DEMAND_WINDOW_MS } from "../../../../src/browser/pool/demand.js";

test("the peak is what is held now, or was within the last minute", () => {
  let now = 1_000;
  const demand = new Demand(() => now);
  expect(demand.peak).toBe(0);
  demand.change(1);
  demand.change(1);
  demand.change(1);
  expect([demand.held, demand.peak]).toEqual([3, 3]);
  now += 10;
  demand.change(-1);
  now += DEMAND_WINDOW_MS / 2;
  demand.change(-1);
  expect([demand.held, demand.peak]).toEqual([1, 3]);
  now += DEMAND_WINDOW_MS / 2;
  expect(demand.peak).toBe(3);
  now += 1;
  expect(demand.peak).toBe(2);
  now += DEMAND_WINDOW_MS / 2;
  expect(demand.peak).toBe(1);
  demand.change(-1);
  now += DEMAND_WINDOW_MS + 1;
  expect([demand.held, demand.peak]).toEqual([0, 0]);
});

test("a run after the other is a peak of one, however many there are", () => {
  let now = 0;
  const demand = new Demand(() => now++);
  for (let run = 0; run < 1_000; run++) {
    demand.change(1);
    demand.change(-1);
  }
  expect(demand.peak).toBe(1);
});
