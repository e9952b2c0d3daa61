import { describe, expect, test } from "vitest";
import { PlainEnglishGenerator } from "../../../src/generation/plain-english/plain-english-generator.js";
import type { Command } from "../../../src/protocol/commands.js";
import { fromDescriptions } from "../../support/told.js";
import { browsing } from "../../support/browsing.js";
import { ROADS } from "../../support/real-browser.js";
import { silentLog } from "../../support/silent-log.js";

describe.each(ROADS)("a sentence that was not understood, over %s,", (road) => {
  const { run } = browsing(road, { isShared: true });
  const unknown: Command = {
    action: "not_understood",
    text: "Dance with me",
    reason: "no command says this",
  };

  test("never passes, and says why", async () => {
    const { outcome } = await run([unknown]);
    expect(outcome).toMatchObject({
      verdict: "error",
      message:
        "Command 1 (not_understood): expected “Dance with me” to be understood, but no command says this.",
    });
  });

  test("tells the ways in which it can be read", async () => {
    const readings = ["Click Save", "Click Cancel"];
    const { outcome } = await run([{ ...unknown, readings }]);
    expect(outcome).toMatchObject({
      verdict: "error",
      message: expect.stringContaining("(“Click Save” or “Click Cancel”)") as string,
    });
  });

  test("is an error of its step, and no fault of the application", async () => {
    const { steps } = await fromDescriptions(new PlainEnglishGenerator()).generateCase(
      "Click Save or Cancel.",
      {
        signal: new AbortController().signal,
        log: silentLog,
      },
    );
    const { outcome } = await run(steps.flatMap(({ commands }) => commands));
    expect(outcome.verdict).toBe("error");
  });
});
