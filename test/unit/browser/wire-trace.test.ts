import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shortened } from "../../../src/browser/shortened-message.js";
import { WireTrace } from "../../../src/browser/wire-trace.js";
import { keptLog } from "../../support/kept-log.js";

/** A trace, and the lines it has written. */
function traced() {
  const kept = keptLog("trace");
  const trace = WireTrace.to(kept.log, "devtools");
  if (trace === undefined) throw new Error("nothing is traced");
  return { trace, kept };
}

const LEVELS = ["debug", "info"] as const;
test.each(LEVELS)("nothing is traced at level %s", (level) => {
  expect(WireTrace.to(keptLog(level).log, "devtools")).toBeUndefined();
});

test("a command is told with its method, session and parameters, and its answer with the time it took", () => {
  const { trace, kept } = traced();
  const params = { type: "mousePressed", x: 12, y: 3, button: "left", clickCount: 1 };
  trace.sent({ id: 7, sessionId: "S", method: "Input.dispatchMouseEvent", params });
  trace.received({ id: 7, sessionId: "S", result: {} });
  const common = { level: 10, protocol: "devtools", id: 7, session: "S", method: "Input.dispatchMouseEvent" };
  expect(kept.lines).toMatchObject([
    { ...common, msg: "browser command sent", params },
    { ...common, msg: "browser answer received", result: {}, ms: expect.any(Number) },
  ]);
});

test("an event is told with its method, session and parameters", () => {
  const { trace, kept } = traced();
  const params = { frameId: "F", loaderId: "L", name: "DOMContentLoaded" };
  trace.received({ method: "Page.lifecycleEvent", sessionId: "S", params });
  expect(kept.lines).toMatchObject([
    { msg: "browser event received", session: "S", method: "Page.lifecycleEvent", params },
  ]);
});

test("a refusal of DevTools is told in its words, one of a driver by its code, since that may quote the page", () => {
  const { trace, kept } = traced();
  trace.sent({ id: 1, method: "Page.navigate", params: {} });
  trace.received({ id: 1, error: { code: -32000, message: "Cannot navigate to invalid URL" } });
  trace.sent({ id: 2, method: "goog:cdp.getSession", params: { context: "C" } });
  const answer = { type: "error", id: 2, error: "unexpected alert open", message: "{Alert text : hunter2}" };
  trace.received(answer);
  expect(kept.lines.filter(({ error }) => error !== undefined)).toMatchObject([
    { id: 1, error: "Cannot navigate to invalid URL" },
    { id: 2, error: "unexpected alert open" },
  ]);
  expect(kept.text()).not.toContain("hunter2");
});

test("a DevTools command inside one of BiDi is told as what it is", () => {
  const { trace, kept } = traced();
  const inner = { method: "Page.createIsolatedWorld", params: { frameId: "F" }, session: "S" };
  trace.sent({ id: 3, method: "goog:cdp.sendCommand", params: inner });
  trace.received({ id: 3, result: { result: { executionContextId: 9 } } });
  const common = { id: 3, session: "S", method: "Page.createIsolatedWorld" };
  expect(kept.lines).toMatchObject([
    { ...common, params: { frameId: "F" } },
    { ...common, result: { executionContextId: 9 } },
  ]);
});

describe("what a page, a script or a secret may be in is left out", () => {
  test.each<[what: string, method: string, fields: object, shown: object]>([
    [
      "a key that is typed",
      "Input.dispatchKeyEvent",
      { type: "keyDown", key: "h", code: "KeyH", windowsVirtualKeyCode: 72, location: 0, text: "h" },
      { type: "keyDown", key: "…", code: "…", windowsVirtualKeyCode: "…", location: "…", text: "…" },
    ],
    [
      "a script and its argument",
      "Runtime.callFunctionOn",
      { functionDeclaration: "x".repeat(52_345), executionContextId: 3, arguments: [{ value: "hunter2" }] },
      { functionDeclaration: "… (52k characters)", executionContextId: 3, arguments: [{ value: "…" }] },
    ],
    [
      "a value, be it a number",
      "Runtime.callFunctionOn",
      { result: { type: "number", value: 4711, description: "4711" } },
      { result: { type: "number", value: "…", description: "…" } },
    ],
    ["an address", "Page.navigate", { url: "https://hunter2@example.com/" }, { url: "…" }],
    [
      "the name of a frame",
      "Page.frameNavigated",
      { frame: { id: "F", name: "hunter2", url: "http://a/" } },
      { frame: { id: "F", name: "…", url: "…" } },
    ],
    [
      "a header and its name",
      "Network.requestWillBeSent",
      { requestId: "1", request: { method: "HUNTER2", headers: { "x-hunter2": "1" }, postData: "hunter2" } },
      { requestId: "1", request: { method: "…", headers: "…", postData: "…" } },
    ],
    ["a picture", "Page.captureScreenshot", { data: "A".repeat(4_000) }, { data: "… (4k characters)" }],
    ["a list of files", "DOM.setFileInputFiles", { files: ["/hunter2"] }, { files: "1 × …" }],
  ])("%s", (_what, method, fields, shown) => {
    expect(shortened(method, fields)).toEqual(shown);
  });

  test("every field that the protocol is not known to fill by itself", () => {
    const secret = "hunter2";
    const field = fc.string({ minLength: 1 }).filter((name) => !SHOWN_NAMES.test(name));
    const hiding = fc.letrec((tie) => ({
      value: fc.oneof(fc.constant(secret), fc.array(tie("value"), { minLength: 1 }), tie("object")),
      object: fc.dictionary(
        fc.oneof(field, fc.constantFrom("params", "result", "frame", "args")),
        tie("value"),
      ),
    }));
    fc.assert(
      fc.property(hiding.object, (fields) => {
        expect(JSON.stringify(shortened("Page.navigate", fields as object))).not.toContain(secret);
      }),
    );
  });
});

/** Names that a random one may be by accident. */
const SHOWN_NAMES = /^(?:id|x|y|type|level|state|width|height|button|context|session|format|reason|guid)$/;
