import type { EmulationChange, PageEmulation } from "../../runner/ports.js";
import { EmulatedSurroundings, isInEffect, type DevToolsCall, type Size } from "../devtools-emulation.js";
import { pageErrorOf } from "./calls.js";
import type { CdpSession } from "./connection.js";

interface EmulatedWindow {
  session: CdpSession;
  /** Among its sessions are those of frames in processes of their own. */
  frames: { sessions: CdpSession[] };
  /** The size that it was given in place of its device's. */
  size: Size | undefined;
  resize(size: Size | undefined, signal: AbortSignal): Promise<void>;
}

export interface CdpEmulationOptions {
  root: CdpSession;
  browserContextId: string;
  /** Every window that there is. */
  windows: () => readonly EmulatedWindow[];
}

/** The surroundings that the pages of one browser context find. */
export class CdpEmulation implements PageEmulation {
  readonly #options: CdpEmulationOptions;
  readonly #surroundings = new EmulatedSurroundings();

  constructor(options: CdpEmulationOptions) {
    this.#options = options;
  }

  /** True while the pointer is a finger. */
  get hasTouch(): boolean {
    return this.#surroundings.hasTouch;
  }

  /** The metrics of a window's viewport. @param size that it was given in place of its device's */
  metrics(size: Size | undefined) {
    return this.#surroundings.metrics(size);
  }

  async apply(change: EmulationChange, signal: AbortSignal): Promise<void> {
    const { root, browserContextId, windows } = this.#options;
    try {
      if (change.what === "permission") {
        const { name, state: setting } = change;
        await root.send("Browser.setPermission", { permission: { name }, setting, browserContextId }, signal);
        return;
      }
      const calls = this.#surroundings.change(change);
      const sent = windows().flatMap((window) => [
        ...(change.what === "device" ? [window.resize(undefined, signal)] : []),
        ...(change.what === "zoom" ? [window.resize(window.size, signal)] : []),
        ...send(window.session, calls, signal),
        ...window.frames.sessions
          .filter((other) => other !== window.session)
          // A frame may go meanwhile; one that stays has what its window has.
          .flatMap((other) => send(other, calls, signal).map(ignored)),
      ]);
      await Promise.all(sent);
    } catch (error) {
      throw pageErrorOf(error);
    }
  }

  /** Brings a session that is held back until it is set up to where the others are. */
  begin(session: CdpSession, signal: AbortSignal): Promise<unknown>[] {
    return send(session, this.#surroundings.calls, signal);
  }
}

function send(session: CdpSession, calls: readonly DevToolsCall[], signal: AbortSignal): Promise<unknown>[] {
  return calls.map(({ method, params }) =>
    // Each call was made for its own method.
    session.send(method, params as never, signal).catch((error: unknown) => {
      if (!isInEffect(error)) throw error;
    }),
  );
}

function ignored(sent: Promise<unknown>): Promise<unknown> {
  return sent.catch(() => undefined);
}
