import type { MouseButton } from "../../protocol/commands.js";
import type { Point } from "../../runner/ports.js";
import type { DevTools } from "../devtools-protocol.js";
import type { MouseAction, PointerInput } from "./pointer-parts.js";

/** The bits of `buttons`: https://chromedevtools.github.io/devtools-protocol/tot/Input/#method-dispatchMouseEvent */
const BUTTON_BITS: Record<MouseButton, number> = { left: 1, right: 2, middle: 4 };

type MouseEvent = DevTools.Input.DispatchMouseEventRequest;

/**
 * The pointer of a classic session whose clicks need no script in the page: chromedriver checks with one, in the
 * application's world, that a place is inside the window. Actions that hold a button longer than one call, or move
 * with a button down, are left to chromedriver, which knows how to drag.
 */
export class DevToolsPointer {
  #position: Point = { x: 0, y: 0 };
  /** Number of buttons down that chromedriver holds. */
  #held = 0;

  /**
   * @param place turns a point of the current frame into one of the window
   * @returns the events to send; nothing when chromedriver has to do it
   */
  eventsOf({ actions, modifiers }: PointerInput, place: (point: Point) => Point): MouseEvent[] | undefined {
    if (this.#held > 0 || !isWhole(actions)) {
      for (const { type } of actions) this.#held += { move: 0, wheel: 0, down: 1, up: -1 }[type];
      this.#held = Math.max(this.#held, 0);
      for (const action of actions) if (action.type === "move") this.#position = place(action.to);
      return undefined;
    }
    let buttons = 0;
    return actions.map((action) => {
      if (action.type === "move") this.#position = place(action.to);
      else if (action.type === "down") buttons |= BUTTON_BITS[action.button];
      else if (action.type === "up") buttons &= ~BUTTON_BITS[action.button];
      return { ...this.#position, pointerType: "mouse", modifiers, buttons, ...eventOf(action) };
    });
  }

  /** The pointer's place in the window's viewport. */
  get position(): Point {
    return this.#position;
  }
}

/** True when every button that goes down comes up, and nothing moves in between. */
function isWhole(actions: readonly MouseAction[]): boolean {
  let down = 0;
  for (const { type } of actions) {
    if (type === "move" && down > 0) return false;
    if (type === "down") down++;
    if (type === "up" && --down < 0) return false;
  }
  return down === 0;
}

function eventOf(
  action: MouseAction,
): Pick<MouseEvent, "type" | "button" | "clickCount" | "deltaX" | "deltaY"> {
  if (action.type === "move") return { type: "mouseMoved", button: "none" };
  if (action.type === "wheel") return { type: "mouseWheel", deltaX: action.by.x, deltaY: action.by.y };
  const { type, button, clicks = 1 } = action;
  return { type: type === "down" ? "mousePressed" : "mouseReleased", button, clickCount: clicks };
}
