import { expect, test } from "vitest";
import type { Action } from "../../../src/protocol/commands.js";
import { acts } from "../../../src/runner/evidence.js";

test.each<Action>([
  "click",
  "press_key",
  "input",
  "navigate",
  "back",
  "close_window",
  "new_window",
  "scroll",
])("%s acts", (action) => {
  expect(acts(action)).toBe(true);
});

test.each<Action>([
  "verify_text",
  "wait",
  "wait_for_download",
  "store_title",
  "switch_window",
  "switch_frame",
  "handle_dialog",
  "log",
  "pause",
  "screenshot",
  "set_variable",
])("%s only looks", (action) => {
  expect(acts(action)).toBe(false);
});
