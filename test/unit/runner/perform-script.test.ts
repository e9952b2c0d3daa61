import { describe, expect, test } from "vitest";
import type { Command } from "../../../src/protocol/commands.js";
import type { Dialog, Page, RunGate } from "../../../src/runner/ports.js";
import { performScript } from "../../../src/runner/perform-script.js";
import { RunVariables } from "../../../src/runner/variables.js";
import { runCommands, scriptScope } from "../../support/script-context.js";

/** A page that nothing is asked of but its dialogs; what needs more has its tests in a real browser. */
function quietPage(dialogs: Dialog[] = []): Page {
  const records = { console: [], problems: [], failedRequests: [], requests: [], dialogs, downloads: [] };
  const page: Pick<Page, "records" | "openDialog" | "armDialog" | "dialogOpened"> = {
    records,
    openDialog: undefined,
    armDialog: () => undefined,
    dialogOpened: (signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => {
          reject(signal.reason as Error);
        });
      }),
  };
  return page as Page; // The commands here use no more.
}

const set = (variable: string, value: string): Command => ({ action: "set_variable", variable, value });
const log = (message: string): Command => ({ action: "log", message });
const verify = (variable: string, expected_value: string, more: object = {}): Command => ({
  action: "verify_variable",
  variable,
  expected_value,
  ...more,
});

const secretive = () => new RunVariables({ env: { BASE: "http://a.test" }, secrets: { KEY: "s3cret" } });

describe("variables", () => {
  test("are filled in everywhere in a command, and known to later ones", async () => {
    const { outcome, logs, messages } = await runCommands(
      quietPage(),
      [
        set("a", "1"),
        set("b", "${a}2"),
        log("${b}3 of ${env.BASE}"),
        verify("b", "${a}2", { description: "b is ${b}" }),
      ],
      { variables: secretive() },
    );
    expect(outcome).toEqual({ verdict: "passed" });
    expect(logs).toEqual([{ level: "info", message: "123 of http://a.test" }]);
    expect(messages.at(-1)).toBe("b is 12");
  });

  test("that are not there are an error that names them", async () => {
    const { outcome } = await runCommands(quietPage(), [log("${order}")]);
    expect(outcome).toEqual({
      verdict: "error",
      command: 1,
      message:
        "Command 1 (log): the variable 'order' has no value yet; give it one with set_variable or a store command.",
    });
  });

  test("that make a field invalid are an error that names the field", async () => {
    const click: Command = { action: "click", locator_type: "id", locator_value: "${empty}" };
    const { outcome } = await runCommands(quietPage(), [set("empty", ""), click]);
    expect(outcome).toMatchObject({
      verdict: "error",
      command: 2,
      message:
        "Command 2 (click) on id '${empty}': with its variables filled in it field 'locator_value' must not be empty.",
    });
  });

  test("that lead elsewhere than to http are an error", async () => {
    for (const url of ["file:///etc/passwd", "javascript:alert(1)", "${x}"]) {
      const script = [set("url", url.replace("$", "$$$")), { action: "navigate", url: "${url}" } as const];
      const { outcome } = await runCommands(quietPage(), script);
      expect(outcome).toMatchObject({
        verdict: "error",
        message: expect.stringContaining("an absolute http or https URL") as string,
      });
    }
  });

  test("that lead to a host that is not allowed are an error", async () => {
    const script = [set("host", "other.test"), { action: "navigate", url: "http://${host}/" } as const];
    const { outcome } = await runCommands(quietPage(), script, { allowedHosts: ["a.test"] });
    expect(outcome).toMatchObject({
      verdict: "error",
      message: expect.stringContaining(
        "the host 'other.test' is not allowed here; add it to ALLOWED_HOSTS",
      ) as string,
    });
  });
});

describe("the rules for secrets hold of a command as it is performed", () => {
  const click: Command = { action: "click", locator_type: "text", locator_value: "${secret.KEY}" };
  const bound = () =>
    new RunVariables({ env: {}, secrets: { KEY: "s3cret" }, secretHosts: { KEY: ["own.test"] } });

  test("none comes into a URL by way of a variable", async () => {
    const script: Command[] = [
      set("v", "${secret.KEY}"),
      { action: "navigate", url: "http://a.test/?key=${v}" },
    ];
    const { outcome } = await runCommands(quietPage(), script, { variables: secretive() });
    expect(outcome).toMatchObject({
      verdict: "error",
      command: 2,
      message: expect.stringContaining("the secret 'KEY' would come into a URL") as string,
    });
  });

  test("none is given to a page of a host that is not its own", async () => {
    const asked: string[] = [];
    const page: Pick<Page, "records" | "openDialog" | "dialogOpened" | "call"> = {
      ...quietPage(),
      dialogOpened: () => new Promise(() => undefined),
      call: async (_declaration, argument) => {
        asked.push(argument);
        return "other.test";
      },
    };
    const { outcome } = await runCommands(page as Page, [click], { variables: bound() });
    expect(outcome).toMatchObject({
      verdict: "error",
      message: expect.stringContaining("and this is 'other.test'; nothing was typed") as string,
    });
    expect(asked).toEqual([""]);
  });
});

test("a secret is masked in every message, log and name", async () => {
  const { outcome, messages, logs } = await runCommands(
    quietPage(),
    [
      set("header", "Bearer ${secret.KEY}"),
      { action: "log", message: "sent ${header}", description: "Log ${secret.KEY}" },
      verify("header", "${secret.KEY}", { soft: true }),
      verify("header", "other"),
    ],
    { variables: secretive() },
  );
  expect(messages[1]).toBe("Log ***");
  expect(logs[0]?.message).toBe("sent Bearer ***");
  expect(outcome).toMatchObject({
    verdict: "failed",
    message:
      `Command 3 (verify_variable): expected that the variable 'header' is "***", but it is "Bearer ***". ` +
      `Command 4 (verify_variable): expected that the variable 'header' is "other", but it is "Bearer ***".`,
  });
  expect(JSON.stringify([outcome, messages, logs])).not.toContain("s3cret");
});

describe("a soft check that fails", () => {
  test("lets the script go on and fails it at its end", async () => {
    const { outcome, ended, logs } = await runCommands(quietPage(), [
      set("a", "1"),
      verify("a", "2", { soft: true }),
      log("still here"),
      verify("a", "1", { not: true, soft: true }),
    ]);
    const first = `Command 2 (verify_variable): expected that the variable 'a' is "2", but it is "1".`;
    const second = `Command 4 (verify_variable): expected that the variable 'a' is not "1", but it is "1".`;
    expect(outcome).toEqual({ verdict: "failed", command: 2, message: `${first} ${second}` });
    expect(ended).toEqual([
      [1, undefined],
      [2, first],
      [3, undefined],
      [4, second],
    ]);
    expect(logs).toEqual([
      { level: "warning", message: first },
      { level: "info", message: "still here" },
      { level: "warning", message: second },
    ]);
  });

  test("is named together with what stopped the script later", async () => {
    const { outcome, ended } = await runCommands(quietPage(), [
      set("a", "1"),
      verify("a", "2", { soft: true }),
      log("${unknown}"),
      log("never"),
    ]);
    expect(outcome).toMatchObject({ verdict: "error", command: 2 });
    expect(outcome).toMatchObject({
      message: expect.stringMatching(/^Command 2 .* Command 3 \(log\): the variable 'unknown'/) as string,
    });
    expect(ended.map(([number]) => number)).toEqual([1, 2]);
  });

  test("stops the script when it could not be judged", async () => {
    const { outcome, messages } = await runCommands(quietPage(), [
      set("a", "1"),
      verify("a", "a(", { match: "regex", soft: true }),
      log("never"),
    ]);
    expect(outcome).toMatchObject({
      verdict: "error",
      command: 2,
      message: expect.stringContaining(
        "the regular expression /a(/ is not valid: missing closing )",
      ) as string,
    });
    expect(messages).toHaveLength(2);
  });
});

describe("the gate", () => {
  test("is passed before each command", async () => {
    const order: string[] = [];
    const gate: RunGate = { pass: async () => void order.push("gate"), hold: () => undefined };
    await runCommands(quietPage(), [log("a"), log("b")], {
      gate,
      onCommandBegun: (number) => order.push(`command ${number}`),
    });
    expect(order).toEqual(["gate", "command 1", "gate", "command 2"]);
  });

  test("holds a pause until it is opened, longer than any command may take", async () => {
    let open: () => void = () => undefined;
    let reason = "";
    let onHeld: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (onHeld = resolve));
    const gate: RunGate = {
      async pass() {
        if (reason === "") return;
        onHeld();
        await new Promise<void>((resolve) => (open = resolve));
      },
      hold: (why) => (reason = why),
    };
    const { scope, record } = scriptScope(quietPage(), { gate, commandTimeoutMs: 0 });
    const running = performScript([{ action: "pause", message: "Look" }, log("after")], scope);
    await held;
    expect(reason).toBe("Look");
    expect(record.messages).toEqual(["Pause: Look"]);
    reason = "";
    open();
    expect(await running).toEqual({ verdict: "passed" });
    expect(record.messages).toEqual(["Pause: Look", "after"]);
  });

  test("does not keep a run from being cancelled", async () => {
    const cancel = new AbortController();
    const gate: RunGate = {
      pass: (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
          cancel.abort(new Error("cancelled"));
        }),
      hold: () => undefined,
    };
    const { scope, record } = scriptScope(quietPage(), { gate, signal: cancel.signal });
    await expect(performScript([log("never")], scope)).rejects.toThrow("cancelled");
    expect(record.messages).toEqual([]);
  });
});

test("an abort in the middle of a command is thrown and is no verdict", async () => {
  const cancel = new AbortController();
  const { scope } = scriptScope(quietPage(), {
    signal: cancel.signal,
    onCommandBegun: () => setImmediate(() => cancel.abort(new Error("cancelled"))),
  });
  await expect(performScript([{ action: "wait", duration: 60 }], scope)).rejects.toThrow("cancelled");
});

describe("the message that was expected of the next dialog", () => {
  const arm: Command = {
    action: "handle_dialog",
    response: "accept",
    when: "next",
    expected_message: "Sure?",
  };
  const opening = (message: string, dialogs: Dialog[], at: number) => ({
    onCommandBegun: (number: number) => {
      if (number === at) dialogs.push({ kind: "confirm", message, state: "accepted" });
    },
  });

  test("is another: the command that opened the dialog fails", async () => {
    const dialogs: Dialog[] = [{ kind: "alert", message: "Sure? An earlier one", state: "accepted" }];
    const { outcome } = await runCommands(
      quietPage(dialogs),
      [arm, log("a"), log("b"), log("c")],
      opening("Really?", dialogs, 3),
    );
    expect(outcome).toEqual({
      verdict: "failed",
      command: 3,
      message: `Command 3 (log): expected a dialog whose message contains "Sure?", but there was the confirm "Really?".`,
    });
  });

  test("is as expected, and nothing is expected of the one after it", async () => {
    const dialogs: Dialog[] = [];
    const script = [arm, log("a"), log("b")];
    const { outcome } = await runCommands(quietPage(dialogs), script, {
      onCommandBegun(number) {
        if (number > 1)
          dialogs.push({ kind: "confirm", message: number === 2 ? "Sure?" : "No", state: "accepted" });
      },
    });
    expect(outcome).toEqual({ verdict: "passed" });
  });

  test("never comes: the script fails at its end, and the next one expects nothing", async () => {
    const dialogs: Dialog[] = [];
    const memory = {};
    const first = await runCommands(quietPage(dialogs), [{ ...arm, timeout: 0 }, log("a")], { memory });
    expect(first.outcome).toEqual({
      verdict: "failed",
      command: 1,
      message:
        'Command 1 (handle_dialog): expected a dialog whose message contains "Sure?" to open, ' +
        "but none did before the end of the step.",
    });
    const { outcome } = await runCommands(quietPage(dialogs), [log("a")], {
      memory,
      ...opening("Other", dialogs, 1),
    });
    expect(outcome).toEqual({ verdict: "passed" });
  });
});
