/**
 * Fields whose values the browser or this program makes up: numbers of the protocol, kinds, states, places on the
 * screen. Everything else may come from a page, a script or a secret. A key's code is no better than the text it types.
 */
const SHOWN = new Set(
  `awaitPromise backendNodeId behavior blockedReason browserContextId button buttons clickCount context contextId
  currentIndex deviceScaleFactor disposition entryId errorReason errorText executionContextId format frameId guid height
  id level lineNumber loaderId navigationType nodeId nodeType objectId parentFrameId parentId pointerType quality reason
  receivedBytes requestId scriptId session sessionId state status subtype targetId timestamp totalBytes type width x
  y`.split(/\s+/),
);

/** Fields that hold further ones, whose names the protocol fixes. */
const OPENED = new Set(
  `args arguments auxData context entry exception exceptionDetails filter frame model node object processInfo request
  response result targetInfo`.split(/\s+/),
);

/** Further fields that are shown, of methods and events that take them from nobody else. */
const ALSO_SHOWN: Record<string, string> = { "Page.lifecycleEvent": "name" };

/** Length from which a text is shown as its length, in characters; that of a shorter one would tell of a secret. */
const LONG = 1_000;
/** Longest value that is shown, in characters. */
const LONGEST_SHOWN = 100;
/** Most elements of a list that are shown. */
const MOST_ELEMENTS = 5;

/** Stands in the place of a value that is left out. */
const LEFT_OUT = "…";

/**
 * The parameters or result of a DevTools method without the values that a page, a script or a secret may be in, and
 * short: a value that is not known to be harmless is left out.
 */
export function shortened(method: string, fields: object): object {
  return shortenedFields(fields, ALSO_SHOWN[method]);
}

function shortenedFields(fields: object, alsoShown?: string): object {
  const entries = Object.entries(fields).map(([name, value]: [string, unknown]) => [
    name,
    shortenedValue(name, value, name === alsoShown || SHOWN.has(name)),
  ]);
  return Object.fromEntries(entries) as object;
}

function shortenedValue(name: string, value: unknown, isShown: boolean): unknown {
  if (typeof value === "boolean" || value === null || value === undefined) return value;
  if (Array.isArray(value)) return shortenedList(name, value);
  if (typeof value === "object") return OPENED.has(name) ? shortenedFields(value) : LEFT_OUT;
  if (!isShown) return leftOut(value);
  return typeof value === "string" ? value.slice(0, LONGEST_SHOWN) : value;
}

function shortenedList(name: string, list: readonly unknown[]): unknown {
  if (!OPENED.has(name)) return `${list.length} × ${LEFT_OUT}`;
  const shown = list.slice(0, MOST_ELEMENTS).map((element) => shortenedValue(name, element, false));
  return list.length > MOST_ELEMENTS ? [...shown, `${list.length - MOST_ELEMENTS} more`] : shown;
}

function leftOut(value: unknown): string {
  if (typeof value !== "string" || value.length < LONG) return LEFT_OUT;
  return `${LEFT_OUT} (${Math.round(value.length / 1_000)}k characters)`;
}
