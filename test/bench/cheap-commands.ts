import type { Command } from "../../src/protocol/commands.js";

/** Many commands that cost little themselves, so that what is around them shows. */
const CHECKS = 60;

export function cheapCommands(siteUrl: string): Command[] {
  const check: Command = {
    action: "verify_text",
    locator_type: "id",
    locator_value: "plain",
    expected_text: "Plain visible text",
  };
  return [{ action: "navigate", url: `${siteUrl}/text` }, ...Array.from({ length: CHECKS }, () => check)];
}
