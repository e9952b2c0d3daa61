import type { EmulationChange, PageEmulation } from "../../runner/ports.js";
import { EmulatedSurroundings, isInEffect, metricsOf, type DevToolsCall } from "../devtools-emulation.js";
import { pageErrorOf } from "./calls.js";
import type { CdpSession } from "./connection.js";

/** The sessions of a window: its own, and those of frames in processes of their own. */
interface WindowSessions {
  session: CdpSession;
  frames: { sessions: CdpSession[] };
}

export interface CdpEmulationOptions {
  root: CdpSession;
  browserContextId: string;
  /** Every window that there is. */
  windows: () => readonly WindowSessions[];
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
    return this.#surroundings.device?.hasTouch === true;
  }

  /** The metrics of a viewport of a size, on the device that windows show. */
  metrics(size?: { width: number; height: number }) {
    const { device } = this.#surroundings;
    const usual = { scale: 1, isMobile: false };
    return metricsOf({ ...VIEWPORT, ...usual, ...device, ...size });
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
      const sent = windows().flatMap(({ session, frames }) => [
        ...send(session, calls, signal),
        ...frames.sessions
          .filter((other) => other !== session)
          // A frame may go meanwhile; one that stays has what its window has.
          .flatMap((other) => send(other, forFrames(calls), signal).map(ignored)),
      ]);
      await Promise.all(sent);
    } catch (error) {
      throw pageErrorOf(error);
    }
  }

  /** Brings a session that is held back until it is set up to where the others are. */
  begin(session: CdpSession, isWindow: boolean, signal: AbortSignal): Promise<unknown>[] {
    const { calls } = this.#surroundings;
    return send(session, isWindow ? calls : forFrames(calls), signal);
  }
}

/** The viewport of a window that nobody has resized, in CSS pixels. */
export const VIEWPORT = { width: 1280, height: 720 };

function forFrames(calls: readonly DevToolsCall[]): DevToolsCall[] {
  return calls.filter(({ isForWindow }) => isForWindow !== true);
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
