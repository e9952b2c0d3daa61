/**
 * The Chrome DevTools Protocol, as its own package describes it:
 * https://chromedevtools.github.io/devtools-protocol/tot/
 */
import type { ProtocolMapping } from "devtools-protocol/types/protocol-mapping.js";

export type { Protocol as DevTools } from "devtools-protocol";

type Commands = ProtocolMapping.Commands;
type Events = ProtocolMapping.Events;

/** Such as `Page.navigate`. */
export type DevToolsMethod = keyof Commands;

/** A method's parameters; no field at all where it has none. */
export type DevToolsParams<M extends DevToolsMethod> = Commands[M]["paramsType"] extends [
  (infer Params extends object)?,
]
  ? Params
  : Record<string, never>;

/** A method's result. */
export type DevToolsResult<M extends DevToolsMethod> = Commands[M]["returnType"];

/** Such as `Page.loadEventFired`. */
export type DevToolsEvent = keyof Events;

/** An event's parameters; `undefined` where it has none. */
export type DevToolsEventParams<E extends DevToolsEvent> = Events[E] extends [infer Params]
  ? Params
  : undefined;
