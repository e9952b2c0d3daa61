import { expect, test } from "vitest";
import { keyed } from "../../../src/execution/run-request.js";
import { requireSameRequest } from "../../../src/protocol/idempotency.js";

const KEY = "0123456789abcdef";
const ASKED = { type: "execute_step", step_id: 1 };

function request(variables: Record<string, string>, key = KEY) {
  const once = keyed({ idempotencyKey: key, variables }, ASKED);
  if (once === undefined) throw new Error("It has a key.");
  return once;
}

test("values of variables are not part of what is kept of a request", () => {
  const { asked } = request({ PASSWORD: "hunter2" });
  expect(asked).not.toContain("hunter2");
  expect(asked).not.toContain("PASSWORD");
});

test("a request with the same variables in any order is the same", () => {
  const first = request({ A: "1", B: "2" });
  expect(() => {
    requireSameRequest(first.asked, request({ B: "2", A: "1" }));
  }).not.toThrow();
});

test.each([{ A: "2" }, { A: "1", B: "" }, {}])(
  "one with the variables %j is another, and says so",
  (other) => {
    expect(() => {
      requireSameRequest(request({ A: "1" }).asked, request(other));
    }).toThrow("'variables' differs");
  },
);

test("equal values under two keys cannot be told to be equal", () => {
  expect(request({ A: "1" }).asked).not.toBe(request({ A: "1" }, `${KEY}x`).asked);
});
