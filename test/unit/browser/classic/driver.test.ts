import { error as driverErrors, type WebDriver } from "selenium-webdriver";
import { describe, expect, test } from "vitest";
import { ClassicDriver, pageErrorOf } from "../../../../src/browser/classic/driver.js";

const { ElementNotInteractableError, JavascriptError, WebDriverError } = driverErrors;

const signal = new AbortController().signal;

describe("what a driver says of a browser that is there", () => {
  test("does not end the session, whatever words it has", async () => {
    const driver = new ClassicDriver({} as WebDriver);
    const refusal = new ElementNotInteractableError("Element <pre> is not reachable by keyboard");
    await expect(driver.send(() => Promise.reject(refusal), signal)).rejects.toBe(refusal);
    expect(driver.lost.aborted).toBe(false);
  });

  test.each([
    "Document was unloaded",
    // Firefox, of a window whose document is just going.
    '[Exception... "Component returned failure code: 0x8007000e (NS_ERROR_OUT_OF_MEMORY) [nsIXPCComponents_Utils.evalInSandbox]"',
    "Actor 'MarionetteCommands' destroyed before query 'MarionetteCommandsParent:executeScript' was resolved",
  ])("that the document has gone: %s", (message) => {
    expect(pageErrorOf(new JavascriptError(message))).toMatchObject({ kind: "document-replaced" });
  });
});

test.each([
  "chrome not reachable",
  "disconnected: not connected to DevTools",
  "msedge not reachable",
  // A hub, of a node that was switched off.
  "Unable to execute request for an existing session: Connection error (POST http://10.0.0.7:5555/session/1/execute/sync)",
])("a browser that has gone ends the session: %s", async (message) => {
  const driver = new ClassicDriver({} as WebDriver);
  const gone = () => Promise.reject(new WebDriverError(message));
  await expect(driver.send(gone, signal)).rejects.toThrow(`The browser is gone: ${message}.`);
  expect(driver.lost.aborted).toBe(true);
});
