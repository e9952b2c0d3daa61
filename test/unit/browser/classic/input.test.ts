import { expect, test } from "vitest";
import { ClassicPointer } from "../../../../src/browser/classic/input.js";
import type { Point } from "../../../../src/runner/ports.js";

const asIs = (point: Point) => point;
const movesTo = (pointer: ClassicPointer, to: Point) => {
  const { actions } = pointer.source([{ type: "move", to }], asIs) as { actions: Point[] };
  return actions.map(({ x, y }) => [x, y]);
};

test("a pointer that would make no event where it is already comes from beside it", () => {
  const pointer = new ClassicPointer({ comesAnew: true });
  expect(movesTo(pointer, { x: 40.2, y: 25 })).toEqual([[40, 25]]);
  expect(movesTo(pointer, { x: 39.8, y: 25 })).toEqual([
    [39, 25],
    [40, 25],
  ]);
  expect(movesTo(pointer, { x: 0, y: 25 })).toEqual([[0, 25]]);
  expect(movesTo(pointer, { x: 0, y: 25 })).toEqual([
    [1, 25],
    [0, 25],
  ]);
});

test("one that makes an event all the same stays where it is", () => {
  const pointer = new ClassicPointer({ comesAnew: false });
  const to = { x: 40, y: 25 };
  expect([movesTo(pointer, to), movesTo(pointer, to)]).toEqual([[[40, 25]], [[40, 25]]]);
});

test("where the driver counts from elsewhere, its points are what is compared", () => {
  const pointer = new ClassicPointer({ comesAnew: true });
  const to = { x: 10, y: 10 };
  const actions = [{ type: "move", to } as const];
  pointer.source(actions, ({ x, y }) => ({ x: x + 100, y }));
  expect(pointer.source(actions, ({ x, y }) => ({ x: x + 200, y }))).toMatchObject({
    actions: [{ type: "pointerMove", x: 210, y: 10 }],
  });
});
