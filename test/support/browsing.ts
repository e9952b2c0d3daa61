import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import type { BrowserProcess } from "../../src/browser/launched-browser.js";
import type { BrowserSession } from "../../src/execution/ports.js";
import type { Command, LocatorType } from "../../src/protocol/commands.js";
import type { ScriptOutcome, SessionMemory } from "../../src/runner/ports.js";
import { startSite, type Site } from "../site/server.js";
import { realLauncher, type Road } from "./real-browser.js";
import { runCommands, type ScriptOverrides, type ScriptRecord } from "./script-context.js";

/** A browser session, and the site that its commands open. */
export interface Browsing {
  readonly site: Site;
  readonly session: BrowserSession;
  /** Closes the test's session and takes another. */
  restart(): Promise<void>;
  /** Opens a page of the site. */
  open(path: string): Command;
  /** Runs commands as one script in the test's session. */
  run(commands: readonly Command[], overrides?: ScriptOverrides): Promise<Ran>;
  /** Runs commands of which all have to pass. */
  pass(...commands: Command[]): Promise<Ran>;
  /** Runs commands of which the last has to fail. @returns the message */
  fail(...commands: Command[]): Promise<string>;
}

export type Ran = ScriptRecord & { outcome: ScriptOutcome };

export interface BrowsingOptions {
  /**
   * True lets a test go on in the session of the one before it, unless that failed: for tests that begin by opening a
   * page and leave nothing behind but that. Over classic WebDriver a fresh session is a browser of its own.
   * @defaultValue false
   */
  isShared?: boolean;
}

/**
 * Starts a browser and a site for the tests of a `describe` block, and stops both. A pool would start a second browser
 * beside it over classic WebDriver, ready for a run that never comes.
 */
export function browsing(road: Road, { isShared = false }: BrowsingOptions = {}): Browsing {
  let site: Site;
  const launcher = realLauncher({ road });
  let browser: BrowserProcess | undefined;
  let session: BrowserSession;
  /** Of the session, as a run has it. */
  let memory: SessionMemory = {};
  let isKept = false;

  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(async () => {
    await browser?.close();
    await launcher.close();
    await site.close();
  });
  beforeEach(async () => {
    if (!isKept) await take();
  });
  afterEach(async ({ task }) => {
    isKept = isShared && task.result?.state !== "fail";
    if (!isKept) await session.close();
  });

  const take = async () => {
    if (browser === undefined || browser.lost.aborted) {
      await browser?.close();
      browser = await launcher.launch(AbortSignal.timeout(20_000));
    }
    session = await browser.newSession();
    memory = {};
  };
  const run: Browsing["run"] = (commands, overrides) =>
    runCommands(session.page, commands, { memory, ...overrides });
  return {
    get site() {
      return site;
    },
    get session() {
      return session;
    },
    open: (path) => ({ action: "navigate", url: site.url + path }),
    run,
    async restart() {
      await session.close();
      await take();
    },
    async pass(...commands) {
      const ran = await run(commands);
      expect(ran.outcome, messageOf(ran.outcome)).toEqual({ verdict: "passed" });
      return ran;
    },
    async fail(...commands) {
      const { outcome } = await run(commands);
      const message = messageOf(outcome);
      expect(outcome, message).toMatchObject({ verdict: "failed", command: commands.length });
      return message;
    },
  };
}

function messageOf(outcome: ScriptOutcome): string {
  return "message" in outcome ? outcome.message : "";
}

/** A locator of the usual kind. */
export const id = (locator_value: string) => by("id", locator_value);

export function by<T extends LocatorType>(locator_type: T, locator_value: string) {
  return { locator_type, locator_value };
}

export const click = (element: string): Command => ({ action: "click", ...id(element) });
export const shows = (element: string, expected_text: string): Command => ({
  action: "verify_text",
  ...id(element),
  expected_text,
});
