import type { Command, Script } from "../protocol/commands.js";

/** A position in the viewport, in CSS pixels. */
export interface Point {
  x: number;
  y: number;
}

/**
 * One tab of a browser, as the command interpreter uses it. Every method rejects with the signal's reason as
 * soon as the signal is aborted, and with a {@link PageError} when the browser refuses.
 */
export interface Page {
  /** How many documents the tab has had; tells when a script put into the last one is gone. */
  readonly documents: number;
  /** Opens a URL and resolves when its document is interactive. */
  navigate(url: string, signal: AbortSignal): Promise<void>;
  /**
   * Calls a function of the runner's own, never of a script's, in a world of its own inside the page: it sees
   * the document but shares no variables with the application. Waits first for a navigation under way.
   */
  call(functionDeclaration: string, argument: string, signal: AbortSignal): Promise<string>;
  /** Clicks with real pointer input. */
  click(point: Point, signal: AbortSignal): Promise<void>;
  /** Types with real key strokes into whatever has the focus. */
  type(text: string, signal: AbortSignal): Promise<void>;
  /** Presses one key that is no character, by its code point in WebDriver's table of keys. */
  press(key: "Delete", signal: AbortSignal): Promise<void>;
  /** A JPEG of the viewport. */
  screenshot(signal: AbortSignal): Promise<Uint8Array>;
  /** The document as HTML, as it is now. */
  source(signal: AbortSignal): Promise<string>;
}

/**
 * The browser refused. `navigation`: a URL could not be opened. `document-replaced`: the document went away
 * during a call, so the call may be made again in the new one. `protocol`: anything else.
 */
export class PageError extends Error {
  override readonly name = "PageError";
  readonly kind: "navigation" | "document-replaced" | "protocol";

  constructor(kind: PageError["kind"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

export interface ScriptContext {
  page: Page;
  signal: AbortSignal;
  /** For commands that name no `timeout` of their own, in milliseconds. */
  commandTimeoutMs: number;
  allowedHosts: readonly string[];
  /** Called before each command, with its 1-based number in this script. */
  onCommand(number: number, command: Command, message: string): void;
  /** Called after each command that passed. */
  onCommandPassed(number: number): void;
}

export type ScriptOutcome =
  { verdict: "passed" } | { verdict: "failed" | "error"; message: string; command: number };

/**
 * Runs commands one after the other and stops at the first that does not pass. A failed command is a result;
 * the promise rejects with the signal's reason once that is aborted, and with nothing else.
 */
export type ScriptRunner = (commands: Script, context: ScriptContext) => Promise<ScriptOutcome>;
