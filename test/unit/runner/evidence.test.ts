import { expect, test } from "vitest";
import { ACTIONS, COMMANDS, type Action } from "../../../src/protocol/commands.js";
import { executorOf } from "../../../src/runner/commands/index.js";

const acts = (action: Action) => executorOf(COMMANDS[action].example).acts;

test.each<Action>([
  "click",
  "press_key",
  "input",
  "navigate",
  "back",
  "close_window",
  "new_window",
  "scroll",
  "set_clipboard",
])("%s acts", (action) => {
  expect(acts(action)).toBe(true);
});

test.each<Action>(["switch_window", "switch_frame", "handle_dialog", "log", "pause", "screenshot"])(
  "%s only looks",
  (action) => {
    expect(acts(action)).toBe(false);
  },
);

test("checks, waits and what is kept in mind are no acts", () => {
  const looking = ACTIONS.filter((action) => /^(?:verify|wait|store|switch)(?:_|$)/.test(action));
  expect(looking.filter(acts)).toEqual([]);
});
