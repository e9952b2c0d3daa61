/** Tells that a movement of the pointer has begun a drag, before the browser does. */

declare global {
  var stepwireDrag: { event: DragEvent | undefined };
}

/** Keeps the last `dragstart` of the document for {@link dragBegun}, and forgets the one before. */
export function watchDrag(): string {
  if (!Object.hasOwn(globalThis, "stepwireDrag")) {
    globalThis.stepwireDrag = { event: undefined };
    const keep = (event: DragEvent) => {
      globalThis.stepwireDrag.event = event;
    };
    addEventListener("dragstart", keep, true);
  }
  globalThis.stepwireDrag.event = undefined;
  return "";
}

/** @returns "begun" when there was a `dragstart` that the page let happen */
export function dragBegun(): string {
  const event = Object.hasOwn(globalThis, "stepwireDrag") ? globalThis.stepwireDrag.event : undefined;
  return event && !event.defaultPrevented ? "begun" : "";
}
