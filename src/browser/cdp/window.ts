import { setMaxListeners } from "node:events";
import { PageError } from "../../runner/ports.js";
import { abortable } from "../../async/abortable.js";
import { firstOf } from "../../async/first-of.js";
import { timeoutSignal } from "../../async/timeout-signal.js";
import type { Size } from "../devtools-emulation.js";
import type { DevToolsMethod, DevToolsParams } from "../devtools-protocol.js";
import { SIDE_CHANNEL_BINDING, CdpSideChannel } from "./side-channel.js";
import type { CdpClipboard } from "./clipboard.js";
import { CLIPBOARD_BINDING } from "./clipboard-scripts.js";
import { CdpError, type CdpConnection, type CdpSession } from "./connection.js";
import { CdpDialogs, type SessionDialogs } from "./dialogs.js";
import type { CdpEmulation } from "./emulation.js";
import { CdpFileChoosers } from "./files.js";
import { CdpFrames, WORLD, type FrameIds } from "./frames.js";
import { CdpInput } from "./input.js";
import type { Explain } from "../../hosts/proxy.js";
import type { CdpNetwork } from "./network.js";
import { MAX_BODY_BYTES } from "../request-records.js";
import type { CdpRecords } from "./records.js";

/** Longest time to set up a window, in milliseconds. */
const SET_UP_TIMEOUT_MS = 15_000;

/** Nobody reads the bodies of answers, which the browser would keep. */
const NETWORK = {
  maxTotalBufferSize: 0,
  maxResourceBufferSize: 0,
  maxPostDataSize: MAX_BODY_BYTES,
};

/** The function that a document calls, in the runner's world, to tell its window's name. */
const NAME_BINDING = "tellName";
/** The first script of a document. A name may be used to hold much text: only its beginning is told. */
const TELL_NAME = `if (top === self) ${NAME_BINDING}(name.slice(0, 1000));`;

/** The things that the windows of a browser session share. */
export interface WindowSurroundings {
  readonly connection: CdpConnection;
  readonly dialogs: SessionDialogs;
  readonly records: CdpRecords;
  readonly frameIds: FrameIds;
  readonly emulation: CdpEmulation;
  readonly clipboard: CdpClipboard;
  /** True when the browser runs on macOS. */
  readonly isMac: boolean;
  readonly network: CdpNetwork;
  /** Opens pages whatever their certificate. */
  readonly ignoreCertificateErrors: boolean;
  readonly explain: Explain;
}

/** A window, from before it has loaded anything. */
export class CdpWindow {
  readonly id: string;
  readonly session: CdpSession;
  readonly frames: CdpFrames;
  readonly dialogs: CdpDialogs;
  readonly input: CdpInput;
  readonly sideChannel: CdpSideChannel;
  readonly choosers = new CdpFileChoosers();
  /** `window.name`, as its document began; the browser itself does not tell it. */
  name = "";
  /** Resolves once everything is in place; the browser holds its first document back until then. */
  readonly ready: Promise<void>;
  readonly #surroundings: WindowSurroundings;
  #size: Size | undefined;
  readonly #workers = new Set<CdpSession>();
  /** Leaves the page once it is known that it may be left. */
  #leaving: { going: Promise<void>; abandoned: AbortController } | undefined;

  constructor(id: string, session: CdpSession, surroundings: WindowSurroundings) {
    this.id = id;
    this.session = session;
    this.#surroundings = surroundings;
    this.frames = new CdpFrames(id, session, surroundings.frameIds);
    this.dialogs = new CdpDialogs(session, surroundings.dialogs);
    this.sideChannel = new CdpSideChannel(session);
    const { frames, dialogs } = this;
    const { isMac, emulation } = surroundings;
    this.input = new CdpInput(session, { isMac, frames, dialogs, hasTouch: () => emulation.hasTouch });
    session.on("Inspector.targetCrashed", () => {
      this.frames.main.crashed();
    });
    session.on("Runtime.bindingCalled", ({ name, payload }) => {
      if (name === NAME_BINDING) this.name = payload;
      if (name === SIDE_CHANNEL_BINDING) this.sideChannel.answered(payload);
    });
    // A wait for the window has no command under way that would be rejected; its frames end the wait.
    session.ended.addEventListener("abort", () => {
      this.frames.close(session.ended.reason as Error);
    });
    this.ready = this.#setUp();
    // The code that awaits it gets to know of a failure.
    this.ready.catch(() => undefined);
  }

  /** The size that the viewport was given in place of its device's. */
  get size(): Size | undefined {
    return this.#size;
  }

  /** @param size that of the device which windows show unless given */
  async resize(size: Size | undefined, signal: AbortSignal): Promise<void> {
    this.#size = size;
    const metrics = this.#surroundings.emulation.metrics(size);
    await this.session.send("Emulation.setDeviceMetricsOverride", metrics, signal);
  }

  /**
   * Resolves when the work is done, or as soon as a dialog blocks the page: until the dialog is closed the browser
   * answers nothing. The work's signal is aborted then.
   */
  async unlessBlocked(work: (signal: AbortSignal) => Promise<unknown>, signal: AbortSignal): Promise<void> {
    await firstOf(signal, work, (until) => this.dialogs.whenBlocked(until));
  }

  /**
   * As {@link unlessBlocked}, for work that leaves the page. Behind a question whether to leave it the work goes on, and
   * {@link afterAnswer} waits for its end.
   */
  async leave(work: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
    const abandoned = new AbortController();
    const going = work(abandoned.signal);
    // Once it is given up, nobody waits for it any more.
    going.catch(() => undefined);
    this.#leaving = undefined;
    try {
      await firstOf(
        signal,
        () => going,
        (until) => this.dialogs.whenBlocked(until),
        async (until) => {
          await this.dialogs.whenStayed(until);
          this.frames.main.navigationEnded();
        },
      );
    } finally {
      if (this.dialogs.open?.kind === "beforeunload" && !signal.aborted) this.#leaving = { going, abandoned };
      else abandoned.abort(signal.reason);
    }
  }

  /** Waits for the end of what {@link leave} has begun, once the question whether to leave is answered. */
  async afterAnswer(isLeft: boolean, signal: AbortSignal): Promise<void> {
    const leaving = this.#leaving;
    this.#leaving = undefined;
    if (isLeft) {
      if (leaving) await abortable(leaving.going, signal);
      return;
    }
    this.frames.main.navigationEnded();
    leaving?.abandoned.abort(new PageError("navigation", "the page was not left"));
  }

  /** Explains why a document did not come; in the browser's own words where nothing better is known. */
  explain(text: string, url: string): string {
    const { explain, records } = this.#surroundings;
    const explained = explain(text, url);
    // Another host failed, to which this one had sent the browser on.
    const isElsewhere = explained === text && text.includes("ERR_SOCKS_");
    return isElsewhere ? (records.failedRequests.at(-1)?.error ?? text) : explained;
  }

  /** The window, or its whole browser, has gone. */
  close(reason: Error): void {
    const sessions = [...this.frames.sessions, ...this.#workers];
    this.frames.close(reason);
    this.dialogs.close();
    for (const session of sessions) this.#surroundings.connection.endSession(session, reason);
  }

  async #setUp(): Promise<void> {
    const signal = manyListeners(timeoutSignal(SET_UP_TIMEOUT_MS));
    const { session } = this;
    await Promise.all([
      this.resize(undefined, signal),
      // Several windows are worked with at a time, each of them as if it were the one in front.
      session.send("Emulation.setFocusEmulationEnabled", { enabled: true }, signal),
      ...[NAME_BINDING, SIDE_CHANNEL_BINDING].map((name) =>
        session.send("Runtime.addBinding", { name, executionContextName: WORLD }, signal),
      ),
      ...this.#setUpSession(session, signal),
    ]);
    await this.frames.main.ready(signal);
  }

  #setUpSession(session: CdpSession, signal: AbortSignal): Promise<unknown>[] {
    const { connection, records, network, emulation, clipboard, ignoreCertificateErrors } =
      this.#surroundings;
    session.on("Runtime.bindingCalled", ({ name, payload, executionContextId: contextId }) => {
      if (name === CLIPBOARD_BINDING) clipboard.told(payload, { session, contextId });
    });
    records.listen(session);
    this.input.drag.listen(session);
    this.choosers.listen(session);
    session.on("Target.attachedToTarget", ({ sessionId, targetInfo }) => {
      const attached = connection.session(sessionId);
      if (targetInfo.type === "iframe") this.#addFrameSession(attached, targetInfo.targetId);
      else this.#letGo(attached);
    });
    session.on("Target.detachedFromTarget", ({ sessionId }) => {
      const left = connection.session(sessionId);
      if (!this.#workers.delete(left)) this.frames.leave(left);
      connection.endSession(left, new CdpError("the process of a frame or worker has gone"));
    });
    const send = <M extends DevToolsMethod>(method: M, params: DevToolsParams<M>) =>
      session.send(method, params, signal);
    return [
      send("Runtime.addBinding", { name: CLIPBOARD_BINDING, executionContextName: WORLD }),
      send("Page.addScriptToEvaluateOnNewDocument", {
        source: clipboard.ownWorldScript,
        runImmediately: true,
      }),
      send("Page.enable", {}),
      send("Page.setLifecycleEventsEnabled", { enabled: true }),
      send("Runtime.enable", {}),
      // After `Runtime.enable`: a world made before it has no bindings.
      send("Page.addScriptToEvaluateOnNewDocument", {
        source: `${clipboard.script} ${TELL_NAME} if (top === self) ${this.sideChannel.script}`,
        worldName: WORLD,
        runImmediately: true,
      }),
      send("Log.enable", {}),
      send("Input.setInterceptDrags", { enabled: true }),
      send("Network.enable", NETWORK),
      ...network.begin(session, signal),
      ...(ignoreCertificateErrors ? [send("Security.setIgnoreCertificateErrors", { ignore: true })] : []),
      // Frames of other sites are in processes of their own, which have to be spoken to by themselves.
      send("Target.setAutoAttach", {
        autoAttach: true,
        waitForDebuggerOnStart: true,
        flatten: true,
        // Chromium holds a worker back even where it is not attached to, and nobody could let it go then.
        filter: [{ type: "iframe" }, { type: "worker" }, { exclude: true }],
      }),
      ...emulation.begin(session, signal),
      send("Runtime.runIfWaitingForDebugger", {}),
    ];
  }

  /** Lets a page's worker run, of which nothing but its requests is anybody's business here. */
  #letGo(worker: CdpSession): void {
    const signal = timeoutSignal(SET_UP_TIMEOUT_MS);
    this.#workers.add(worker);
    this.#surroundings.records.listenToRequests(worker);
    // The worker may end before it was let go.
    worker.send("Network.enable", NETWORK, signal).catch(() => undefined);
    worker.send("Runtime.runIfWaitingForDebugger", {}, signal).catch(() => undefined);
  }

  #addFrameSession(session: CdpSession, frameId: string): void {
    this.frames.moveTo(frameId, session);
    const setUp = this.#setUpSession(session, manyListeners(timeoutSignal(SET_UP_TIMEOUT_MS)));
    // The frame may go as fast as it has come; code that works in it waits for its world.
    Promise.all(setUp).catch(() => undefined);
  }
}

/** A signal for many commands at once, which Node.js would take for a leak. */
function manyListeners(signal: AbortSignal): AbortSignal {
  setMaxListeners(0, signal);
  return signal;
}
