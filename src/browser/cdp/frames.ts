import { PageError } from "../../runner/ports.js";
import { Change } from "../../async/abortable.js";
import type { DevTools } from "../devtools-protocol.js";
import { frameHasGone, frameIdOf } from "../frame-owner.js";
import type { CdpSession } from "./connection.js";
import { CdpFrame } from "./frame.js";

/** The world inside every document in which the runner's own functions live. */
export const WORLD = "stepwire";

/** Most frames that {@link FrameIds} remembers. */
const MOST_REMEMBERED = 1_000;

/** The frames that a browser session has or had: a download names no more than its frame. */
export class FrameIds {
  readonly #ids = new Set<string>();

  add(id: string): void {
    this.#ids.add(id);
    const [oldest] = this.#ids;
    if (this.#ids.size > MOST_REMEMBERED && oldest !== undefined) this.#ids.delete(oldest);
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }
}

/** The frames of a window, as its sessions tell of them. */
export class CdpFrames {
  readonly main: CdpFrame;
  /** Notified when any frame has gone to another place in its history. */
  readonly moved = new Change();
  readonly #frames = new Map<string, CdpFrame>();
  readonly #ids: FrameIds;
  #worlds = 0;

  constructor(mainFrameId: string, session: CdpSession, ids: FrameIds) {
    this.#ids = ids;
    this.main = new CdpFrame(mainFrameId, session);
    this.#add(this.main);
    this.listen(session);
  }

  find(frameId: string): CdpFrame | undefined {
    return this.#frames.get(frameId);
  }

  /** The frame that an element holds. @throws as {@link frameIdOf} */
  heldBy(element: DevTools.DOM.Node): CdpFrame {
    const frame = this.find(frameIdOf(element));
    // It has gone since the browser told of the element.
    if (frame === undefined) throw frameHasGone();
    return frame;
  }

  get all(): CdpFrame[] {
    return [...this.#frames.values()];
  }

  /** Every session that one of the frames is in. */
  get sessions(): CdpSession[] {
    return [...new Set(this.all.map(({ session }) => session))];
  }

  /** A frame's document has come to be in a process of its own. */
  moveTo(frameId: string, session: CdpSession): void {
    const frame = this.find(frameId);
    if (frame === undefined) return;
    frame.session = session;
    frame.setWorld(undefined);
    this.listen(session);
    session.on("Inspector.targetCrashed", () => {
      frame.crashed();
    });
  }

  /** A process that frames were in has gone; their documents are elsewhere, or will be. */
  leave(session: CdpSession): void {
    for (const frame of this.all) {
      if (frame.world?.session === session) frame.setWorld(undefined);
      if (frame.session === session && frame.parent) frame.session = frame.parent.session;
    }
  }

  /** The window has gone, and every frame with it. */
  close(reason: Error): void {
    for (const frame of this.all) frame.removed(reason);
  }

  listen(session: CdpSession): void {
    session.on("Page.frameAttached", ({ frameId, parentFrameId }) => {
      this.#attached(frameId, parentFrameId, session);
    });
    session.on("Page.frameNavigated", ({ frame: { id, parentId, loaderId } }) => {
      if (parentId !== undefined) this.#attached(id, parentId, session);
      this.find(id)?.committed(loaderId);
      for (const frame of this.all) if (frame.isLeft) frame.surroundingsChanged();
      this.moved.notify();
    });
    session.on("Page.navigatedWithinDocument", ({ frameId }) => {
      this.find(frameId)?.stopped();
      this.moved.notify();
    });
    session.on("Page.frameDetached", ({ frameId, reason }) => {
      // A frame that only moves to another process stays the same frame.
      if (reason !== "swap") this.#remove(frameId);
    });
    this.#listenToNavigation(session);
    this.#listenToWorlds(session);
  }

  #listenToNavigation(session: CdpSession): void {
    session.on("Page.frameRequestedNavigation", ({ frameId, disposition, url }) => {
      if (disposition === "currentTab") this.find(frameId)?.requested(url);
    });
    session.on("Page.frameStartedNavigating", ({ frameId, loaderId, navigationType, url }) => {
      const isWithin = navigationType === "sameDocument" || navigationType === "historySameDocument";
      if (!isWithin) this.find(frameId)?.started(loaderId, url);
    });
    session.on("Page.lifecycleEvent", ({ frameId, loaderId, name }) => {
      if (name === "DOMContentLoaded") this.find(frameId)?.interactive(loaderId);
    });
    session.on("Page.frameStoppedLoading", ({ frameId }) => {
      this.find(frameId)?.stopped();
    });
  }

  #listenToWorlds(session: CdpSession): void {
    const frames = new Map<number, CdpFrame>();
    session.on("Runtime.executionContextCreated", ({ context: { id, name, auxData } }) => {
      if (name !== WORLD) return;
      const { frameId } = auxData as { frameId: string }; // Every world of a document has it.
      const frame = this.find(frameId);
      if (frame === undefined) return;
      frame.session = session;
      frames.set(id, frame);
      frame.setWorld({ session, contextId: id, number: ++this.#worlds });
    });
    const destroyed = (contextId: number, frame: CdpFrame) => {
      frames.delete(contextId);
      if (frame.world?.session === session && frame.world.contextId === contextId) frame.setWorld(undefined);
    };
    // The unique id that is to replace this number is still an experiment.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    session.on("Runtime.executionContextDestroyed", ({ executionContextId }) => {
      const frame = frames.get(executionContextId);
      if (frame) destroyed(executionContextId, frame);
    });
    session.on("Runtime.executionContextsCleared", () => {
      for (const [contextId, frame] of [...frames]) destroyed(contextId, frame);
    });
  }

  #attached(frameId: string, parentFrameId: string, session: CdpSession): void {
    const known = this.find(frameId);
    if (known) {
      // The frame comes back from a process of its own.
      known.session = session;
      return;
    }
    const parent = this.find(parentFrameId);
    if (parent) this.#add(new CdpFrame(frameId, session, parent));
  }

  #add(frame: CdpFrame): void {
    this.#frames.set(frame.id, frame);
    this.#ids.add(frame.id);
  }

  #remove(frameId: string): void {
    const frame = this.find(frameId);
    if (frame === undefined) return;
    this.#frames.delete(frameId);
    const why = "the frame is gone; go on in the frame around it, or in the top one";
    frame.removed(new PageError("frame-gone", why));
    for (const { id, parent } of this.all) if (parent === frame) this.#remove(id);
  }
}
