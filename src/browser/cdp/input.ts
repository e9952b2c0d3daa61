import type { MouseButton } from "../../protocol/commands.js";
import type { Key, Point, PointerAction } from "../../runner/ports.js";
import type { DevTools } from "../devtools-protocol.js";
import { bitsOf, keysToHold, type HeldKey } from "../modifiers.js";
import type { CdpSession } from "./connection.js";
import type { CdpDialogs } from "./dialogs.js";
import { CdpDrag } from "./drag.js";
import type { CdpFrames } from "./frames.js";
import { chordEvents, strokesOf, typingEvents, type KeyEvent } from "./keys.js";
import { CdpTouch } from "./touch.js";

/** Key strokes sent at once, so that a long text can be cancelled on its way. */
const KEYS_AT_ONCE = 200;

/** The bits of `buttons`: https://chromedevtools.github.io/devtools-protocol/tot/Input/#method-dispatchMouseEvent */
const BUTTON_BITS: Record<MouseButton, number> = { left: 1, right: 2, middle: 4 };

/** The part of a mouse event that differs from one to the next beside place and buttons. */
type MouseEventKind = Pick<
  DevTools.Input.DispatchMouseEventRequest,
  "type" | "button" | "clickCount" | "deltaX" | "deltaY"
>;

type ButtonAction = Extract<PointerAction, { button: unknown }>;

/**
 * The mouse and the keyboard of one window.
 *
 * Input is sent without waiting for the answer to each event; the browser keeps the order. It drops events that reach
 * it while a dialog is open, though, and answers as if it had not. So where an answer to the next dialog is prepared,
 * which lets the input go on behind it, each event is waited for: the browser answers an event that opens a dialog
 * only once the dialog is closed.
 */
export class CdpInput {
  readonly #session: CdpSession;
  readonly #dialogs: CdpDialogs;
  readonly #isMac: boolean;
  readonly #hasTouch: () => boolean;
  readonly #touch: CdpTouch;
  readonly drag: CdpDrag;
  /** The pointer's place in the window's viewport. */
  #position: Point = { x: 0, y: 0 };
  #buttons = 0;
  /** The button that went down last and is down still. */
  #pressed: MouseButton | undefined;
  /** True once the page watches for a drag to begin; each press or release of a button ends that. */
  #isWatched = false;
  /** Keys that are held while the pointer acts. */
  #held: readonly HeldKey[] = [];

  /**
   * @param options.isMac whether the browser runs on macOS
   * @param options.hasTouch whether the pointer is a finger at the moment
   */
  constructor(
    session: CdpSession,
    options: { isMac: boolean; frames: CdpFrames; dialogs: CdpDialogs; hasTouch: () => boolean },
  ) {
    this.#session = session;
    this.#isMac = options.isMac;
    this.#hasTouch = options.hasTouch;
    this.#touch = new CdpTouch(session);
    this.#dialogs = options.dialogs;
    this.drag = new CdpDrag(session, options.frames);
  }

  /**
   * While a button is down each movement is waited for: a page that follows a drag has to see where it went, and
   * movements that come faster than it can draw become one.
   *
   * @param place turns a point of the current frame into one of the window
   */
  async pointer(
    actions: readonly PointerAction[],
    place: (point: Point) => Point,
    signal: AbortSignal,
  ): Promise<void> {
    // A finger that is not down is nowhere: the movement before a press is none, and makes no page think of a mouse.
    const isPress = this.#touch.isDown || actions.some(({ type }) => type === "down" || type === "up");
    const isTouch = isPress && this.#hasTouch();
    const send = (action: PointerAction) => {
      if (action.type === "move") this.#position = place(action.to);
      const touched = isTouch ? this.#touch.perform(action, this.#position, signal) : undefined;
      if (touched !== undefined) return touched;
      if (isTouch && action.type === "move") return Promise.resolve();
      return this.#isDragging(action) ? this.#drag(action, signal) : this.#dispatch(action, signal);
    };
    try {
      await this.#sendEach(actions, send, (action) => this.#isDragging(action));
    } catch (error) {
      // The actions that were to let go of them may not have been sent.
      this.#held = [];
      throw error;
    }
  }

  async type(text: string, signal: AbortSignal): Promise<void> {
    const strokes = strokesOf(text);
    for (let start = 0; start < strokes.length; start += KEYS_AT_ONCE) {
      await this.#strike(typingEvents(strokes.slice(start, start + KEYS_AT_ONCE)), signal);
    }
  }

  press(keys: readonly Key[], signal: AbortSignal): Promise<void> {
    return this.#strike(chordEvents(keys, this.#isMac), signal);
  }

  async #strike(events: readonly KeyEvent[], signal: AbortSignal): Promise<void> {
    await this.#sendEach(events, ({ text, ...rest }) => {
      const typed = text === "" ? {} : { text, unmodifiedText: text };
      return this.#session.send("Input.dispatchKeyEvent", { ...rest, ...typed }, signal);
    });
  }

  /** @param isAlone whether no other input may be under way beside this one */
  async #sendEach<T>(
    events: readonly T[],
    send: (event: T) => Promise<unknown>,
    isAlone: (event: T) => boolean = () => false,
  ): Promise<void> {
    const sent: Promise<unknown>[] = [];
    for (const event of events) {
      const isWaitedFor = this.#dialogs.isArmed || isAlone(event);
      if (isWaitedFor) await Promise.all(sent.splice(0));
      sent.push(send(event));
      if (isWaitedFor) await Promise.all(sent.splice(0));
    }
    await Promise.all(sent);
  }

  #isDragging(action: PointerAction): boolean {
    return action.type === "move" ? this.#buttons !== 0 : action.type === "up" && this.drag.isOn;
  }

  /** A movement with a button down, or the end of a drag. */
  async #drag(action: PointerAction, signal: AbortSignal): Promise<void> {
    const to = { ...this.#position, modifiers: bitsOf(this.#held) };
    if (action.type === "up") {
      this.#press(action);
      await this.drag.send("drop", to, signal);
    } else if (this.drag.isOn) await this.drag.send("dragOver", to, signal);
    else {
      await this.#watchDrag(signal);
      await this.#dispatch(action, signal);
      if (await this.drag.hasBegun(signal)) await this.drag.send("dragEnter", to, signal);
    }
  }

  async #watchDrag(signal: AbortSignal): Promise<void> {
    if (this.#isWatched) return;
    await this.drag.watch(signal);
    this.#isWatched = true;
  }

  #dispatch(action: PointerAction, signal: AbortSignal): Promise<unknown> {
    switch (action.type) {
      case "move":
        return this.#send({ type: "mouseMoved", button: this.#pressed ?? "none" }, signal);
      case "wheel":
        return this.#send({ type: "mouseWheel", deltaX: action.by.x, deltaY: action.by.y }, signal);
      case "hold":
      case "release":
        return this.#hold(action, signal);
      default:
        return this.#button(action, signal);
    }
  }

  /** The keys go down or come up where the focus is, as a person's would. */
  #hold({ type, keys }: Extract<PointerAction, { keys: unknown }>, signal: AbortSignal): Promise<unknown> {
    const chord = keysToHold(keys, this.#isMac);
    const events = chordEvents(chord, this.#isMac);
    this.#held = type === "hold" ? chord : [];
    return this.#strike(
      events.filter((event) => (event.type === "keyUp") === (type === "release")),
      signal,
    );
  }

  #button(action: ButtonAction, signal: AbortSignal): Promise<unknown> {
    this.#press(action);
    const { type, button, clicks = 1 } = action;
    return this.#send(
      { type: type === "down" ? "mousePressed" : "mouseReleased", button, clickCount: clicks },
      signal,
    );
  }

  #press({ type, button }: ButtonAction): void {
    this.#isWatched = false;
    if (type === "down") this.#buttons |= BUTTON_BITS[button];
    else this.#buttons &= ~BUTTON_BITS[button];
    this.#pressed = type === "down" ? button : undefined;
  }

  #send(event: MouseEventKind, signal: AbortSignal): Promise<unknown> {
    const { x, y } = this.#position;
    const modifiers = bitsOf(this.#held);
    const params = { x, y, modifiers, buttons: this.#buttons, pointerType: "mouse" as const, ...event };
    return this.#session.send("Input.dispatchMouseEvent", params, signal);
  }
}
