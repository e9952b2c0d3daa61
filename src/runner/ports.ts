import type { Action, Command, ModifierKey, MouseButton, Script } from "../protocol/commands.js";
import type { TextExpectation } from "./matching.js";
import type { FileGiving } from "./ports/files.js";
import type { PageClipboard } from "./ports/clipboard.js";
import type { PageEmulation } from "./ports/emulation.js";
import type { PageTarget } from "./page/requests.js";
import type { Patience, PendingNavigation } from "./ports/navigation.js";
import type { Baselines } from "./ports/baselines.js";
import type { PagePictures, PicturePart } from "./ports/pictures.js";
import type { Point } from "./ports/point.js";
import type { PageNetwork, SentRequest } from "./ports/network.js";
import type { PageSnapshot, SnapshotOptions } from "./ports/snapshot.js";
import type { CookieJar } from "./ports/storage.js";

export type { PageClipboard } from "./ports/clipboard.js";
export type { EmulationChange, PageEmulation } from "./ports/emulation.js";
export { LEAST_CHOOSER_MS, type Chosen, type FileGiving } from "./ports/files.js";
export type {
  CannedAnswer,
  HttpLogin,
  PageNetwork,
  RequestFacts,
  RequestRule,
  ResourceType,
  SentRequest,
} from "./ports/network.js";
export type { Patience, PendingNavigation } from "./ports/navigation.js";
export type { Baselines } from "./ports/baselines.js";
export type { PagePictures, PicturePart } from "./ports/pictures.js";
export type { Point } from "./ports/point.js";
export type { PageSnapshot, SeenFrame, SeenNode, SnapshotOptions } from "./ports/snapshot.js";
export type { Cookie, CookieJar } from "./ports/storage.js";

export type PointerAction =
  | { type: "move"; to: Point }
  /** @param clicks 1 for a press of its own, 2 for the second of a double click */
  | { type: "down" | "up"; button: MouseButton; clicks?: number }
  /** Keys that go down, and stay so through the actions that follow, or come up again. */
  | { type: "hold" | "release"; keys: readonly ModifierKey[] }
  /** A turn of the wheel where the pointer is. @param by CSS pixels to the right and down */
  | { type: "wheel"; by: Point };

/**
 * A key by its `KeyboardEvent.key`: a single character or one of the names in `src/runner/keys.ts`.
 * https://www.w3.org/TR/uievents-key/
 */
export type Key = string;

/** An element inside the page, held by the adapter that made it. */
export interface PageElement {
  readonly kind: "page-element";
}

export interface PageWindow {
  /** The adapter's own name for it. */
  id: string;
  title: string;
  url: string;
  /** Its `window.name`. */
  name: string;
}

/** The window in which a session goes on once one is closed: that opened before it, or else the first that is left. */
export function windowAfter<W>(closed: W, windows: readonly W[]): W | undefined {
  const place = windows.indexOf(closed);
  return windows[place === 0 ? 1 : place - 1];
}

export interface Dialog {
  kind: "alert" | "confirm" | "prompt" | "beforeunload";
  message: string;
  /** The answer that it was given; `open` while it waits for one. */
  state: "open" | "accepted" | "dismissed";
}

export interface DialogAnswer {
  accept: boolean;
  /** Typed into a prompt before it is accepted. */
  promptText?: string | undefined;
}

export interface Download {
  /** Counts the downloads of the session from 1, in the order in which they began. */
  number: number;
  /** As the browser would name the file. */
  fileName: string;
  url: string;
  state: "in_progress" | "complete" | "failed";
  /** Bytes received so far. */
  bytes: number;
  /** The path of the file once it is complete; none where the browser is on another machine. */
  path?: string | undefined;
}

export interface ConsoleMessage {
  /** Time of the message, in milliseconds since the epoch. */
  at: number;
  level: "debug" | "info" | "warning" | "error";
  text: string;
  /** Address and line of the code that wrote it. */
  source?: string | undefined;
}

export interface FailedRequest {
  /** Time of the failure, in milliseconds since the epoch. */
  at: number;
  method: string;
  url: string;
  /** HTTP status of an answer from 400 on; none when there was no answer. */
  status?: number | undefined;
  /** The reason why there was no answer, in the browser's words. */
  error?: string | undefined;
}

/** Events of a browser session since it began; the latest of each kind, and at most a few hundred. */
export interface PageRecords {
  readonly console: readonly ConsoleMessage[];
  /** Warnings and errors among them, which no number of other messages drives out. */
  readonly problems: readonly ConsoleMessage[];
  readonly failedRequests: readonly FailedRequest[];
  readonly requests: readonly SentRequest[];
  /** In the order in which they opened; all of them answered but perhaps the last. */
  readonly dialogs: readonly Dialog[];
  /** In the order in which they began. */
  readonly downloads: readonly Download[];
}

/**
 * The windows of one browser session, as the command interpreter uses them: at each time it works in one frame
 * of one window. Every method rejects with the signal's reason as soon as the signal is aborted, and with a
 * {@link PageError} when the browser refuses.
 *
 * Each method is written for every road to a browser. So a command that only reads or does something in a document
 * needs none: it is a function for {@link Page.call}, as in `ask-page.ts`, or a goal of the script in the page.
 */
export interface Page {
  /**
   * The navigation under way for which the current window, or frame, waits. Chromium answers nothing about the document
   * that is left meanwhile. Always missing over classic WebDriver.
   */
  readonly pendingNavigation: PendingNavigation | undefined;
  /** Number of documents that the current frame has had; tells when a script put into the last one is gone. */
  readonly documents: number;
  /**
   * True when functions are called in the application's own world, where it sees what they are given and can change
   * what they answer: no secret may go there. That is so with Firefox and old drivers.
   * @defaultValue false
   */
  readonly isExposed?: boolean;
  /** True while the current frame is one inside another. */
  readonly isInFrame: boolean;
  readonly records: PageRecords;
  /** The session's cookies. What the storage of a page holds is read and changed by {@link call}. */
  readonly cookies: CookieJar;
  readonly emulation: PageEmulation;
  readonly network: PageNetwork;
  /** Ways to give files to the current window other than {@link setFiles}. */
  readonly files: FileGiving;
  readonly clipboard: PageClipboard;
  /** Pictures to be compared, beside those to be looked at. */
  readonly pictures: PagePictures;

  /**
   * Opens a URL in the current window and resolves when its document is interactive, or when a dialog is in the way, such
   * as the question whether to leave the page. Leaves any frame.
   */
  navigate(url: string, signal: AbortSignal): Promise<void>;
  /** @returns whether there was a page to go to */
  traverseHistory(step: -1 | 1, signal: AbortSignal): Promise<boolean>;
  reload(signal: AbortSignal): Promise<void>;
  /**
   * The address of the current window, whatever frame is the current one. Waits first for the document that a
   * navigation under way brings.
   */
  url(signal: AbortSignal): Promise<string>;
  /** The title of the current window's document. Waits first for a navigation under way. */
  title(signal: AbortSignal): Promise<string>;

  /**
   * Calls a function of the runner's own, never of a script's, in a world of its own inside the current frame:
   * it sees the document but shares no variables with the application. Waits first for a navigation under way.
   *
   * @throws PageError `document-replaced` when the document goes before the answer; the call is in no other document,
   * and may have been made in this one or not.
   */
  call(
    functionDeclaration: string,
    argument: string,
    signal: AbortSignal,
    patience?: Patience,
  ): Promise<string>;
  /** As {@link call}, for a function that returns an element. */
  element(functionDeclaration: string, signal: AbortSignal): Promise<PageElement>;

  /**
   * Real pointer input, in order. Resolves when the page has dealt with it, or when it opened a dialog. Where
   * the pointer is and which buttons are down stays so until the next call.
   *
   * After this and any other input, whatever is asked of the page waits for the navigation that has come of it.
   *
   * @param confirm a function to call in the current frame's document once that has dealt with it
   * @returns what that has answered; empty where a dialog or another document has come first
   * @throws PageError `out-of-view` at a move to outside the window, over classic WebDriver
   */
  pointer(actions: readonly PointerAction[], signal: AbortSignal, confirm?: string): Promise<string>;
  /** Types with real key strokes into whatever has the focus; otherwise as {@link pointer}. */
  type(text: string, signal: AbortSignal, confirm?: string): Promise<string>;
  /** Holds every key but the last, presses the last, and lets go of all; otherwise as {@link pointer}. */
  press(keys: readonly Key[], signal: AbortSignal, confirm?: string): Promise<string>;
  /** Gives files of this machine to a file field. @param paths absolute */
  setFiles(element: PageElement, paths: readonly string[], signal: AbortSignal): Promise<void>;

  /**
   * The ids of the session's windows, in the order of opening: without asking the browser, so over classic WebDriver as
   * of the last look at them, which follows each input.
   */
  readonly windowIds: readonly string[];
  /** The id of the current window. */
  readonly windowId: string | undefined;
  /** Every window of the session, in the order of opening. */
  windows(signal: AbortSignal): Promise<PageWindow[]>;
  /** Opens an empty window and makes it the current one. */
  openWindow(signal: AbortSignal): Promise<void>;
  /** Makes another window the current one, at its top frame. */
  switchWindow(id: string, signal: AbortSignal): Promise<void>;
  /**
   * Closes the current window; the one that {@link windowAfter} names becomes the current one. Resolves also when the
   * page asks whether to leave it: the answer decides.
   */
  closeWindow(signal: AbortSignal): Promise<void>;
  /** @param size of the viewport, in CSS pixels */
  resize(size: { width: number; height: number }, signal: AbortSignal): Promise<void>;
  /**
   * Makes a frame the current one.
   *
   * @throws PageError `protocol` when the element is no frame, `frame-gone` when it has gone
   */
  enterFrame(frame: PageElement, signal: AbortSignal): Promise<void>;
  /** Makes the frame around the current one, or the top one, the current one. */
  leaveFrame(to: "parent" | "top", signal: AbortSignal): Promise<void>;

  /** The dialog that is open in the current window and blocks its page. */
  readonly openDialog: Dialog | undefined;
  /** Resolves once a dialog is open in the current window. */
  dialogOpened(signal: AbortSignal): Promise<Dialog>;
  /**
   * Answers the open dialog. A navigation that waits for the answer goes on to its end first, or is over.
   *
   * @throws PageError `navigation` when the page to which it led could not be opened
   */
  answerDialog(answer: DialogAnswer, signal: AbortSignal): Promise<void>;
  /**
   * Answers the next dialog that has no answer yet as it opens, and is forgotten then. `undefined` forgets all that was
   * armed before.
   */
  armDialog(answer: DialogAnswer | undefined): void;
  /** Resolves when the records' downloads have changed. */
  downloadChanged(signal: AbortSignal): Promise<void>;

  /** A JPEG of the viewport; a PNG where the browser takes nothing else, as with classic WebDriver. */
  screenshot(signal: AbortSignal): Promise<Uint8Array>;
  /** A lossy WebP of the viewport; missing where the browser cannot take one beside the commands. */
  videoFrame?(signal: AbortSignal): Promise<Uint8Array>;
  /** The current frame's document as HTML, as it is now. */
  source(signal: AbortSignal): Promise<string>;
}

/**
 * The browser refused. `navigation`: a URL could not be opened. `document-replaced`: the document went away
 * during a call, so the call may be made again in the new one. `frame-gone`, `window-closed`: the current frame or
 * window, or a frame that was to be entered, is no longer there. `crashed`: the page's process is gone; the next page has another. `out-of-view`: the
 * pointer cannot go there. `protocol`: anything else.
 */
export class PageError extends Error {
  override readonly name = "PageError";
  readonly kind:
    | "navigation"
    | "document-replaced"
    | "frame-gone"
    | "window-closed"
    | "crashed"
    | "out-of-view"
    | "protocol";

  constructor(kind: PageError["kind"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** True when the document went away before it had answered; the call may be made again in the next one. */
export function isDocumentReplaced(error: unknown): boolean {
  return error instanceof PageError && error.kind === "document-replaced";
}

const GONE = new Set<PageError["kind"]>(["document-replaced", "frame-gone", "window-closed"]);

/** True when the document has gone, perhaps with its frame or window: the next call that needs them will tell. */
export function isGone(error: unknown): boolean {
  return error instanceof PageError && GONE.has(error.kind);
}

/** True when the current frame is no longer part of its page. */
export function isFrameGone(error: unknown): error is PageError {
  return error instanceof PageError && error.kind === "frame-gone";
}

/** True when the process of the page has crashed. */
export function isCrash(error: unknown): boolean {
  return error instanceof PageError && error.kind === "crashed";
}

/** The values that `${…}` in a script stands for. They live as long as a run's browser session. */
export interface Variables {
  /**
   * Fills in the places of a text: `${name}`, `${env.NAME}`, `${secret.NAME}`; `$${` stands for `${`.
   *
   * @throws UnknownVariable when one of them has no value.
   */
  fillIn(text: string): string;
  get(name: string): string | undefined;
  /** @param from names of the secrets that the value comes from, beside those that can be seen in it */
  set(name: string, value: string, from?: readonly string[]): void;
  /** Names of the secrets that a text with places brings along, by itself or by variables that come from them. */
  secretsOf(text: string): readonly string[];
  /** The only hosts on which a secret may be used, `*.` in front for any subdomain; empty: every host. */
  hostsOf(secret: string): readonly string[];
  /** The secrets that were filled in so far, for hiding them in pictures and in other notations. Never shown. */
  readonly used: readonly string[];
  /** The text with every secret that was filled in so far replaced by `***`, however it is written. */
  mask(text: string, options?: MaskOptions): string;
  /** As {@link mask}, for a text that may be long: others have their turn in between. */
  maskLong(text: string): Promise<string>;
}

export interface MaskOptions {
  /**
   * True when beginnings of secrets are masked too, as a page tells of them while one is typed key by key: from four
   * characters on at the end of a word, from eight on anywhere.
   * @defaultValue false
   */
  typed?: boolean;
}

/** A text names a variable that has no value. */
export class UnknownVariable extends Error {
  override readonly name = "UnknownVariable";
}

/** A gate at which a run can be held. */
export interface RunGate {
  /** Resolves when the next command may begin. */
  pass(signal: AbortSignal): Promise<void>;
  /** Holds the run from the next {@link pass} on, until someone lets it go on. */
  hold(reason: string): void;
}

/** A message for those who watch the run. */
export interface LogEntry {
  level: "info" | "warning";
  message: string;
}

/** Memory that commands keep for later commands of the same browser session, in whatever step. It begins empty. */
export interface SessionMemory {
  /** The frames that commands have entered, one in the other, and why the last of them is no longer there. */
  frames?: { path: readonly PageTarget[]; gone?: PageError | undefined } | undefined;
  /** Permissions that commands have set by name. */
  permissions?: Set<string>;
  /** The factor by which keys have zoomed the pages; 1 unless given. */
  zoom?: number;
  /** The dialogs that `handle_dialog` has prepared an answer for, in the order in which they have to open. */
  expectedDialogs?: ExpectedDialog[] | undefined;
  /** The dialog for which a command has not passed: it fails no other. */
  failedBy?: Dialog | undefined;
  /** The question whether to leave the page that a command such as `navigate` has called forth. */
  leaving?: Dialog | undefined;
  /** The last command that acts, and what there was when it began; see `evidence.ts`. */
  lastAct?: LastAct;
  /** Numbers of the downloads that `wait_for_download` has had: each command waits for one of its own. */
  takenDownloads?: Set<number>;
  /** The windows that were gone to as the last one opened. */
  takenWindows?: Set<string>;
}

/** A dialog that is to open after a command, and had its answer prepared there. */
export interface ExpectedDialog {
  /** Of the message; nothing when any will do. */
  expectation: TextExpectation | undefined;
  /** The dialog before it. */
  after: Dialog | undefined;
  /** Number of the command. */
  command: number;
  /** Longest wait for it at the end of the script, in milliseconds. */
  timeoutMs: number;
}

/** A command that acts, with what there was already when it began: no check after it may count that. */
export interface LastAct {
  action: Action;
  /** The last one. */
  dialog: Dialog | undefined;
  /** Numbers of those that had ended. */
  downloads: ReadonlySet<number>;
  /** Number of the last one. */
  request: number;
  /** The last one. */
  problem: ConsoleMessage | undefined;
  /** Time of its beginning, in milliseconds since the epoch. */
  at: number;
  windows: ReadonlySet<string>;
}

/** The reason why a command did not pass. */
export interface CommandFailure {
  verdict: "failed" | "error";
  /** Names the command. */
  message: string;
  /** No command comes after it: it was not soft. */
  endsScript: boolean;
}

/** Is told what a script does as it does it; the script does not wait for that. Numbers of commands are 1-based. */
export interface ScriptListener {
  onCommandBegun(number: number, command: Command, message: string): void;
  /** @param failure missing when the command passed */
  onCommandEnded(number: number, command: Command, failure?: CommandFailure): void;
  onLog(number: number, entry: LogEntry): void;
  /** Called with what a command made, to be kept as an artifact of the run. */
  onArtifact(number: number, artifact: ScriptArtifact): void;
}

/** The part of a run's scope that its scripts see. */
export interface ScriptScope {
  page: Page;
  /** Aborted when the script is to end, for whatever reason. */
  signal: AbortSignal;
  /** Time for commands that name no `timeout` of their own, in milliseconds. */
  commandTimeoutMs: number;
  /**
   * Longest wait of a command that gives input for what makes the document answer it, in milliseconds.
   * @defaultValue 5,000
   */
  readyTimeoutMs?: number | undefined;
  /**
   * Time between two keys of a text, for commands that name no `delay` of their own, in milliseconds.
   * @defaultValue 0
   */
  keyDelayMs?: number | undefined;
  /**
   * True when a command that does not tell refuses a locator that finds several elements which can be seen.
   * @defaultValue false
   */
  strictLocators?: boolean | undefined;
  /**
   * Time that a navigation under way has to bring its document before checks look at the page that is there, in
   * milliseconds; input, and what is not to be there, waits longer.
   * @defaultValue 1,500
   */
  navigationGraceMs?: number | undefined;
  /** Hosts that may be opened; empty: every host. A `*.` in front stands for any subdomain. */
  allowedHosts: readonly string[];
  /** The address that the paths of `navigate` and `new_window` belong to. @defaultValue there is none */
  baseUrl?: string | undefined;
  /** The folder in which `upload_file` finds its files; none when the server has no such folder. */
  uploadsDir: string | undefined;
  variables: Variables;
  memory: SessionMemory;
  /**
   * What becomes of a dialog that no command expects: it fails the command that it is in the way of, or the script at
   * its end; or it is dismissed, and the log says so.
   */
  dialogs: "fail" | "dismiss";
  /**
   * Takes a {@link Page.screenshot}, or a {@link PagePictures.lossless} of a part, on which no secret can be read that the
   * run has used so far.
   */
  takePicture(signal: AbortSignal, part?: PicturePart): Promise<Uint8Array>;
  /**
   * The pictures that `verify_screenshot` compares with.
   * @defaultValue none is stored
   */
  baselines?: Baselines | undefined;
  gate: RunGate;
  listener: ScriptListener;
}

export type ScriptArtifact =
  | { kind: "accessibility"; name: string | undefined; bytes: Uint8Array }
  | { kind: "screenshot"; name: string | undefined; bytes: Uint8Array }
  /** Pictures of a comparison with a baseline, as PNG. @param variant see {@link Baselines.read} */
  | {
      kind: "screenshot_expected" | "screenshot_actual" | "screenshot_diff";
      name: string;
      variant: string;
      bytes: Uint8Array;
    }
  | { kind: "download"; name: string; path: string };

export type ScriptOutcome =
  | { verdict: "passed" }
  /** @param command number of the first command that did not pass */
  | { verdict: "failed" | "error"; message: string; command: number };

/**
 * Performs commands one after the other and stops at the first that does not pass, unless that is `soft`. A failed
 * command is a result; the promise rejects with the signal's reason once that is aborted, and with nothing else.
 */
export type PerformScript = (commands: Script, scope: ScriptScope) => Promise<ScriptOutcome>;

/**
 * Takes a picture of the page, such as a {@link Page.screenshot}, on which none of the secrets can be read.
 *
 * @param part given for a {@link PagePictures.lossless}
 * @throws Error when that cannot be made sure.
 */
export type PictureTaker = (
  page: Page,
  secrets: readonly string[],
  signal: AbortSignal,
  part?: PicturePart,
) => Promise<Uint8Array>;

/**
 * Looks at the current frame's document of a page and at every frame in it, as people see them. It changes nothing, and
 * the current frame is the same one afterwards.
 *
 * @throws PageError `document-replaced` when the page was left meanwhile
 */
export type TakeSnapshot = (page: Page, options: SnapshotOptions) => Promise<PageSnapshot>;
