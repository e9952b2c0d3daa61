/** Calls of the script that looks at a document as people see it, which is sent along with each look. */
import { Walk } from "../snapshot/walk.ts";
import type { PartRequest, PartSnapshot } from "../snapshot-requests.ts";

declare global {
  /** The frames of the last look. */
  var stepwireFrames: Element[] | undefined;
}

/**
 * Looks at this document.
 *
 * @param argument a {@link PartRequest} as JSON
 * @returns a {@link PartSnapshot} as JSON
 */
export function lookAround(argument: string): string {
  const { maxNodes } = JSON.parse(argument) as PartRequest;
  const { nodes, frames, leftOut } = new Walk(maxNodes).look();
  globalThis.stepwireFrames = frames.map(({ element }) => element);
  const part: PartSnapshot = {
    url: location.href,
    title: document.title,
    nodes,
    frames: frames.map(({ locators, at }) => ({ locators, at })),
    leftOut,
  };
  return JSON.stringify(part);
}

/** The frame of a number that {@link lookAround} has told of. */
export function frameOfLook(index: number): Element | null {
  // An element of the page may have the name, and would be found by it like a variable of the window.
  return Object.hasOwn(globalThis, "stepwireFrames") ? (globalThis.stepwireFrames?.[index] ?? null) : null;
}
