import type { PointerAction } from "../../runner/ports.js";

type KeyAction = Extract<PointerAction, { keys: unknown }>;
/** An action of the mouse itself. */
export type MouseAction = Exclude<PointerAction, KeyAction>;

/** Actions of the mouse, with the keys that are held meanwhile as DevTools' events tell of them. */
export interface PointerInput {
  actions: readonly MouseAction[];
  modifiers: number;
}

/** The part of some pointer input that goes into one command: WebDriver has a kind of source each. */
type PointerPart = MousePart | { kind: "keys"; action: KeyAction };

export interface MousePart {
  kind: "mouse" | "wheel";
  actions: MouseAction[];
}

export function partsOf(actions: readonly PointerAction[]): PointerPart[] {
  const parts: PointerPart[] = [];
  for (const action of actions) {
    if ("keys" in action) {
      parts.push({ kind: "keys", action });
      continue;
    }
    const kind = action.type === "wheel" ? "wheel" : "mouse";
    const last = parts.at(-1);
    if (last?.kind === kind) last.actions.push(action);
    else parts.push({ kind, actions: [action] });
  }
  return parts;
}
