import type { Point, PointerAction } from "../../runner/ports.js";
import type { CdpSession } from "./connection.js";

/** A finger on the screen of one window. */
export class CdpTouch {
  readonly #session: CdpSession;
  isDown = false;

  constructor(session: CdpSession) {
    this.#session = session;
  }

  /**
   * Puts the finger down, moves it while it is down, and lifts it. Without a press a finger has no place, so a movement
   * then is none. Other buttons than the left one are no finger's.
   *
   * @returns nothing when it is not for the finger to do
   */
  perform(action: PointerAction, at: Point, signal: AbortSignal): Promise<unknown> | undefined {
    if (action.type === "move") return this.isDown ? this.#send("touchMove", [at], signal) : undefined;
    if (!("button" in action) || action.button !== "left") return undefined;
    this.isDown = action.type === "down";
    return this.isDown ? this.#send("touchStart", [at], signal) : this.#send("touchEnd", [], signal);
  }

  #send(
    type: "touchStart" | "touchMove" | "touchEnd",
    touchPoints: Point[],
    signal: AbortSignal,
  ): Promise<unknown> {
    return this.#session.send("Input.dispatchTouchEvent", { type, touchPoints }, signal);
  }
}
