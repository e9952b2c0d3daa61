import { expect, test } from "vitest";
import { requireSameRequest, toAsked } from "../../../src/protocol/idempotency.js";

const first = toAsked({ type: "execute_step", step_id: 5, retries: 0, video: undefined });

test("the same request passes, also in another order and with fields that have no value", () => {
  for (const fields of [
    { type: "execute_step", step_id: 5, retries: 0 },
    { retries: 0, step_id: 5, video: undefined, type: "execute_step" },
  ]) {
    expect(() => requireSameRequest(first, { asked: toAsked(fields) })).not.toThrow();
  }
});

test.each([
  [{ type: "execute_step", step_id: 6, retries: 0 }, "'step_id' differs"],
  [{ type: "execute_step", step_id: 6, retries: 0, video: false }, "'step_id', 'video' differ"],
  [{ type: "execute_step", step_id: 5 }, "'retries' differs"],
  [{ type: "execute_all", test_case_id: 5 }, "'type' differs"],
])("another request is a conflict: %j", (fields, difference) => {
  expect(() => requireSameRequest(first, { asked: toAsked(fields) })).toThrow(
    expect.objectContaining({ code: "conflict", message: expect.stringContaining(difference) }),
  );
});
