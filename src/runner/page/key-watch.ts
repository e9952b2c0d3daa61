/** The last key that went down in the document, once keys are watched that may belong to the browser. */
let last: KeyboardEvent | undefined;
let isWatching = false;

/** Forgets the keys of before, and hears of the next. */
export function watchKey(): void {
  last = undefined;
  if (isWatching) return;
  isWatching = true;
  const keep = (event: KeyboardEvent) => {
    if (event.isTrusted && !/^(?:Control|Shift|Alt|Meta)$/.test(event.key)) last = event;
  };
  addEventListener("keydown", keep, { capture: true });
}

/** True when the page has kept the last key for itself, and the browser is to do nothing about it. */
export function wasKept(): boolean {
  if (last !== undefined) return last.defaultPrevented;
  // A key that is not heard of has gone to a frame, or the page let nobody else hear of it.
  return !(document.activeElement instanceof HTMLIFrameElement);
}
