import { describe, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import { browsing, click, id, shows } from "../../support/browsing.js";
import { ROADS } from "../../support/real-browser.js";

describe.each(ROADS)("dialog commands over %s", (road) => {
  // A test that needs a session without dialogs before it takes another.
  const { open, run, pass, fail, restart } = browsing(road, { isShared: true });
  const dialogs = () => open("/commands/dialogs");
  const handle = (response: "accept" | "dismiss", more: object = {}): Command => ({
    action: "handle_dialog",
    response,
    ...more,
  });
  const verify = (more: object): Command => ({ action: "verify_dialog", timeout: 0.3, ...more });

  test("accepts and dismisses an open dialog, and types into a prompt", async () => {
    await pass(
      dialogs(),
      click("alert"),
      handle("accept"),
      shows("answer", "alert closed"),
      click("confirm"),
      handle("accept", { expected_message: "Delete order" }),
      shows("answer", "confirmed true"),
      click("confirm"),
      handle("dismiss"),
      shows("answer", "confirmed false"),
      click("prompt"),
      handle("accept", { prompt_text: "Ada" }),
      shows("answer", "prompted Ada"),
      click("prompt"),
      handle("accept"),
      shows("answer", "prompted nobody"),
      click("prompt"),
      handle("dismiss"),
      shows("answer", "prompted null"),
    );
  });

  test("waits for a dialog that opens late", async () => {
    await pass(dialogs(), click("late"), handle("accept"), shows("answer", "confirmed late true"));
  });

  test("answers two dialogs in a row", async () => {
    await pass(
      dialogs(),
      click("twice"),
      handle("accept", { expected_message: "First" }),
      handle("accept", { expected_message: "Second" }),
      shows("answer", "both closed"),
    );
  });

  test("fails when no dialog opens", async () => {
    await restart();
    expect(await fail(dialogs(), handle("accept", { timeout: 0.3 }))).toBe(
      "Command 2 (handle_dialog): expected a dialog within 0.3 s, but no dialog opened.",
    );
  });

  test("answers a dialog with another message too, and fails", async () => {
    const wrong = handle("accept", { expected_message: "order [0-9]{5}", match: "regex", timeout: 0.5 });
    expect(await fail(dialogs(), click("confirm"), wrong)).toBe(
      "Command 3 (handle_dialog): expected a dialog whose message matches /order [0-9]{5}/ within 0.5 s, " +
        'but there was the confirm "Delete order 1001?".',
    );
    await pass(shows("answer", "confirmed true"));
  });

  describe("the next dialog", () => {
    test("is answered as it opens, once", async () => {
      await pass(
        dialogs(),
        handle("accept", { when: "next" }),
        click("confirm"),
        shows("answer", "confirmed true"),
        click("confirm"),
        handle("dismiss"),
        shows("answer", "confirmed false"),
      );
    });

    test("and the one after it have an answer each", async () => {
      await pass(
        dialogs(),
        handle("accept", { when: "next", expected_message: "First" }),
        handle("dismiss", { when: "next", expected_message: "Second" }),
        click("twice"),
        shows("answer", "both closed"),
      );
    });

    test("that never opens fails the step at its end, and is forgotten then", async () => {
      const next = handle("accept", { when: "next", expected_message: "Really?", timeout: 0.2 });
      const { outcome } = await run([dialogs(), next, click("field"), shows("answer", "no answer")]);
      expect(outcome).toEqual({
        verdict: "failed",
        command: 2,
        message:
          'Command 2 (handle_dialog): expected a dialog whose message contains "Really?" to open, ' +
          "but none did before the end of the step.",
      });
      await pass(click("alert"), handle("accept", { expected_message: "Saved order" }));
    });

    test("is waited for at the end of the step", async () => {
      const next = handle("accept", { when: "next", expected_message: "Still there?" });
      await pass(dialogs(), next, click("late"));
      await pass(shows("answer", "confirmed late true"));
    });

    test("with another message fails the command that opened it", async () => {
      const message = await fail(
        dialogs(),
        handle("accept", { when: "next", expected_message: "Cancel" }),
        click("confirm"),
      );
      expect(message).toContain(
        'expected a dialog whose message contains "Cancel", but there was the confirm "Delete order 1001?".',
      );
    });

    test("with the right message passes, and types into a prompt", async () => {
      await pass(
        dialogs(),
        handle("accept", { when: "next", expected_message: "Your name", prompt_text: "Grace" }),
        click("prompt"),
        shows("answer", "prompted Grace"),
      );
    });
  });

  describe("a dialog that nobody answers", () => {
    const forgotten = [
      click("confirm"),
      { action: "log", message: "still open" },
      { action: "wait", duration: 0.05 },
    ] satisfies Command[];

    test("fails the next command that needs the page, with its text", async () => {
      await restart();
      expect(await fail(dialogs(), ...forgotten, shows("answer", "confirmed false"))).toBe(
        "Command 5 (verify_text) on id 'answer': expected text that contains \"confirmed false\", " +
          'but the confirm "Delete order 1001?" is in the way; answer it with handle_dialog.',
      );
      await pass(handle("accept"), shows("answer", "confirmed true"));
    });

    test("fails one command only, where that is soft", async () => {
      const soft = { ...shows("answer", "no answer"), soft: true } as Command;
      const { outcome, ended } = await run([
        dialogs(),
        click("confirm"),
        soft,
        shows("answer", "confirmed false"),
      ]);
      expect(outcome).toMatchObject({ verdict: "failed", command: 3 });
      expect(ended.map(([number]) => number)).toEqual([1, 2, 3, 4]);
    });

    test("fails the step that ends with it", async () => {
      await restart();
      expect(await fail(dialogs(), click("alert"))).toBe(
        'Command 2 (click): the alert "Saved order 1001" was open at the end of the step; ' +
          "answer it with handle_dialog.",
      );
      await pass(handle("accept"), shows("answer", "alert closed"));
    });

    test("is dismissed where the server says so", async () => {
      const { outcome, logs } = await run([dialogs(), ...forgotten, shows("answer", "confirmed false")], {
        dialogs: "dismiss",
      });
      expect(outcome).toEqual({ verdict: "passed" });
      expect(logs.map(({ message }) => message)).toEqual([
        "still open",
        'Nobody answered the confirm "Delete order 1001?"; it was dismissed.',
      ]);
    });
  });

  test("a dialog that opens in the middle of another command fails it with the remedy", async () => {
    // Late enough for that command to have begun, on a busy machine too.
    const message = await fail(open("/commands/dialogs?late=2000"), click("late"), {
      ...shows("answer", "never"),
      timeout: 10,
    } as Command);
    expect(message).toBe(
      "Command 3 (verify_text) on id 'answer': expected text that contains \"never\", " +
        'but the confirm "Still there?" is in the way; answer it with handle_dialog.',
    );
    await pass(handle("accept"), shows("answer", "confirmed late true"));
  });

  describe("verify_dialog", () => {
    test("looks at the open dialog, and at the last that was answered", async () => {
      await restart();
      await pass(
        dialogs(),
        verify({ not: true }),
        click("alert"),
        verify({ expected_message: "Saved order", kind: "alert" }),
        verify({ kind: "confirm", not: true }),
        handle("accept"),
        verify({ expected_message: "Saved order 1001", match: "equals" }),
        verify({ expected_message: "Deleted", not: true }),
      );
    });

    test("waits for a dialog that opens late", async () => {
      await pass(
        dialogs(),
        click("late"),
        verify({ expected_message: "Still there?", timeout: 5 }),
        handle("dismiss"),
      );
    });

    test("fails with what was there instead", async () => {
      await restart();
      expect(await fail(dialogs(), verify({ kind: "prompt" }))).toBe(
        "Command 2 (verify_dialog): expected a prompt within 0.3 s, but no dialog has opened.",
      );
      expect(await fail(click("alert"), verify({ expected_message: "Error" }))).toContain(
        'expected a dialog whose message contains "Error" within 0.3 s, but there was the alert "Saved order 1001".',
      );
      expect(await fail(verify({ not: true }))).toContain("expected no dialog within 0.3 s");
      await pass(handle("accept"));
    });
  });

  test("typing into a page whose dialog was answered goes on as before", async () => {
    await pass(
      dialogs(),
      click("alert"),
      handle("dismiss"),
      { action: "input", ...id("field"), text: "typed" },
      { action: "verify_value", ...id("field"), expected_value: "typed" },
    );
  });

  test("an invalid pattern is an error before the dialog is answered", async () => {
    const { outcome } = await run([
      dialogs(),
      click("confirm"),
      handle("accept", { expected_message: "(", match: "regex" }),
    ]);
    expect(outcome).toMatchObject({ verdict: "error", command: 3 });
    await pass(handle("accept"), shows("answer", "confirmed true"));
  });
});
