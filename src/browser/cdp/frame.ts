import { PageError } from "../../runner/ports.js";
import { atMost } from "../../async/at-most.js";
import { Change } from "../../async/abortable.js";
import type { Patience, PendingNavigation } from "../../runner/ports.js";
import type { CdpSession } from "./connection.js";

/** Time for a frame that asked for a navigation to begin it, in milliseconds. Some never do. */
const REQUESTED_MS = 1_000;

/** A place to call functions: a world of a document, and the session that knows it. */
export interface World {
  readonly session: CdpSession;
  readonly contextId: number;
  /** A number that no other world of the window has had. */
  readonly number: number;
}

/** A navigation under way, as far as it is known. */
interface Navigation {
  /** The document it will bring; unknown before it has begun. */
  loaderId: string | undefined;
  /** The document from which it leads away. */
  readonly from: string | undefined;
  readonly timer: NodeJS.Timeout | undefined;
  readonly url: string | undefined;
  /** By `performance.now()`. */
  readonly since: number;
}

/** A frame of a window, through all its documents. */
export class CdpFrame {
  readonly id: string;
  readonly parent: CdpFrame | undefined;
  /** Number of times that the process of its page has crashed. */
  crashes = 0;
  /** The session of the process that the frame is in. Frames of other sites may be in another than their parent. */
  session: CdpSession;
  readonly #changed = new Change();
  #world: World | undefined;
  #navigation: Navigation | undefined;
  /** The current document. */
  #loaderId: string | undefined;
  /** The document around it that the frame is a part of. */
  #around: string | undefined;
  #gone: Error | undefined;
  #crashed = false;

  constructor(id: string, session: CdpSession, parent?: CdpFrame) {
    this.id = id;
    this.session = session;
    this.parent = parent;
    this.#around = parent?.loaderId;
  }

  get world(): World | undefined {
    return this.#world;
  }

  /** The document that the frame shows, by the browser's id of it. */
  get loaderId(): string | undefined {
    return this.#loaderId;
  }

  /**
   * True when the document around it was replaced. Chromium does not tell of such frames by themselves: it may keep them
   * with their document, to show it again when somebody goes back, and answers no call to them meanwhile.
   */
  get isLeft(): boolean {
    const { parent } = this;
    return parent !== undefined && (parent.isLeft || parent.loaderId !== this.#around);
  }

  /** Rejects with a PageError once {@link isLeft} is true. */
  async whenLeft(signal: AbortSignal): Promise<never> {
    while (!this.isLeft) await this.#changed.next(signal);
    throw leftError();
  }

  /** The document around it is another, perhaps. */
  surroundingsChanged(): void {
    this.#changed.notify();
  }

  /** The navigation under way that has yet to bring its document. */
  get pending(): PendingNavigation | undefined {
    const navigation = this.#navigation;
    return navigation?.from === this.#loaderId ? navigation : undefined;
  }

  get isNavigating(): boolean {
    return this.#navigation !== undefined;
  }

  /**
   * Waits for a navigation under way and answers with the world of a document that one can work with.
   *
   * @throws PageError when the frame or its process has gone
   */
  async ready(signal: AbortSignal, patience?: Patience): Promise<World> {
    for (;;) {
      this.throwIfGone();
      if (this.isLeft) throw leftError();
      if (this.#world !== undefined && this.#navigation === undefined) return this.#world;
      const restMs = patience === undefined ? Infinity : this.#rest(patience);
      if (this.#world !== undefined && restMs <= 0) return this.#world;
      await this.#changedWithin(restMs, signal);
    }
  }

  /** Resolves once a navigation has been under way for too long. */
  async outOfPatience(patience: Patience, signal: AbortSignal): Promise<void> {
    for (;;) {
      const restMs = this.#rest(patience);
      if (restMs <= 0) return;
      await this.#changedWithin(restMs, signal);
    }
  }

  async #changedWithin(ms: number, signal: AbortSignal): Promise<void> {
    const changed = this.#changed.next(signal);
    await (ms === Infinity ? changed : atMost(Math.max(ms, 1), changed));
  }

  /** The rest of the wait for a navigation, in milliseconds; only that of a window may take longer than that. */
  #rest({ graceMs, until }: Patience): number {
    const { pending } = this;
    if (pending === undefined || this.parent !== undefined) return Infinity;
    return Math.max(pending.since + graceMs, until) - performance.now();
  }

  /** Resolves when no navigation is under way. */
  settled(signal: AbortSignal): Promise<void> {
    return this.#until(() => this.#navigation === undefined, signal);
  }

  /** Resolves when a navigation is under way. */
  leaving(signal: AbortSignal): Promise<void> {
    return this.#until(() => this.#navigation !== undefined, signal);
  }

  /** Resolves when no navigation is under way that has yet to bring its document. */
  arrived(signal: AbortSignal): Promise<void> {
    return this.#until(
      () => this.#navigation === undefined || this.#navigation.from !== this.#loaderId,
      signal,
    );
  }

  /** Resolves when the world, the document or the navigation under way has changed. */
  async changed(signal: AbortSignal): Promise<void> {
    await this.#changed.next(signal);
  }

  /** @throws PageError when the frame has gone, though not when only its page crashed */
  throwIfClosed(): void {
    if (this.#gone) throw this.#gone;
  }

  /** @throws PageError when the frame or its process has gone */
  throwIfGone(): void {
    this.throwIfClosed();
    if (this.#crashed) throw crashError();
  }

  /** A navigation was asked for, which may come to nothing. */
  requested(url: string): void {
    if (this.#navigation) return;
    const timer = setTimeout(() => {
      if (this.#navigation?.loaderId === undefined) this.navigationEnded();
    }, REQUESTED_MS);
    this.#begin({ loaderId: undefined, timer, url });
  }

  /** A navigation has begun; it takes the place of one that was under way. */
  started(loaderId: string | undefined, url?: string): void {
    // A page that crashed comes back with the next document.
    this.#crashed = false;
    this.#begin({ loaderId, timer: undefined, url });
  }

  committed(loaderId: string): void {
    this.#loaderId = loaderId;
    this.#around = this.parent?.loaderId;
    this.#crashed = false;
    this.#changed.notify();
  }

  /** A document has been read to its end. */
  interactive(loaderId: string): void {
    const navigation = this.#navigation;
    if (navigation === undefined) return;
    const isIts =
      navigation.loaderId === undefined ? navigation.from !== loaderId : navigation.loaderId === loaderId;
    if (isIts) this.navigationEnded();
  }

  /** Loading has come to an end, perhaps without a new document. */
  stopped(): void {
    if (this.#navigation?.loaderId !== undefined) this.navigationEnded();
  }

  /** A navigation was given up before its document came. @param loaderId that document's; another may be on its way */
  abandoned(loaderId: string | undefined): void {
    const current = this.#navigation?.loaderId;
    if (current === undefined || current === loaderId) this.navigationEnded();
  }

  navigationEnded(): void {
    clearTimeout(this.#navigation?.timer);
    this.#navigation = undefined;
    this.#changed.notify();
  }

  setWorld(world: World | undefined): void {
    this.#world = world;
    if (world !== undefined) this.#around = this.parent?.loaderId;
    this.#changed.notify();
  }

  crashed(): void {
    this.#crashed = true;
    this.crashes++;
    this.#world = undefined;
    this.navigationEnded();
    this.session.rejectCommands(crashError());
  }

  /** The frame is no longer part of its window. */
  removed(reason: Error): void {
    this.#gone ??= reason;
    this.#world = undefined;
    this.navigationEnded();
  }

  /** @throws PageError when the frame or its process has gone before the condition holds */
  async #until(isSo: () => boolean, signal: AbortSignal): Promise<void> {
    while (!isSo()) {
      this.throwIfGone();
      await this.#changed.next(signal);
    }
  }

  #begin(navigation: Omit<Navigation, "from" | "since">): void {
    clearTimeout(this.#navigation?.timer);
    this.#navigation = { ...navigation, from: this.#loaderId, since: performance.now() };
    this.#changed.notify();
  }
}

function leftError(): PageError {
  return new PageError("document-replaced", "the page around the frame was replaced");
}

export function crashError(): PageError {
  return new PageError("crashed", "the page crashed");
}
