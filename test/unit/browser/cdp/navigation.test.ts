import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { Change } from "../../../../src/async/abortable.js";
import { CdpError } from "../../../../src/browser/cdp/connection.js";
import { traverseHistory } from "../../../../src/browser/cdp/navigation.js";
import type { CdpWindow } from "../../../../src/browser/cdp/window.js";
import { firstOf } from "../../../../src/async/first-of.js";

const HISTORY = { currentIndex: 1, entries: [{ id: 1 }, { id: 2 }] };
const GONE = new CdpError("No entry with passed id");

/** A window whose history has changed since it was asked for. */
const windowThatRefuses = () =>
  ({
    frames: { moved: new Change() },
    session: {
      send: (method: string) =>
        method === "Page.getNavigationHistory" ? Promise.resolve(HISTORY) : Promise.reject(GONE),
    },
    leave: (work: (until: AbortSignal) => Promise<void>, signal: AbortSignal) => firstOf(signal, work),
  }) as unknown as CdpWindow;

test("a step in the history that the browser refuses leaves no rejection that nobody hears", async () => {
  const unheard = vi.fn();
  process.on("unhandledRejection", unheard);
  try {
    await expect(traverseHistory(windowThatRefuses(), -1, AbortSignal.timeout(5_000))).rejects.toBe(GONE);
    await nextTurn();
    expect(unheard).not.toHaveBeenCalled();
  } finally {
    process.off("unhandledRejection", unheard);
  }
});
