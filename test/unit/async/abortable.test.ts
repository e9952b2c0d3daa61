import { expect, test } from "vitest";
import { pause } from "../../../src/async/abortable.js";

test("a pause ends by its signal with the signal's reason", async () => {
  const controller = new AbortController();
  const pausing = pause(60_000, controller.signal);
  const reason = new Error("cancelled");
  controller.abort(reason);
  await expect(pausing).rejects.toBe(reason);
  await expect(pause(60_000, controller.signal)).rejects.toBe(reason);
});
