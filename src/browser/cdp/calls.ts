import { PageError } from "../../runner/ports.js";
import { CdpError, type CdpSession } from "./connection.js";
import type { World } from "./frame.js";
import type { DevTools } from "../devtools-protocol.js";

/** The browser's errors when a document, or its world, went away while it was spoken to. */
const REPLACED =
  /context with specified id|context was destroyed|Cannot find (context|default execution context)|target navigated or closed|Promise was collected|frame's process has gone|Could not find object|Frame with the given id/i;

/** The error as the page's port knows it. */
export function pageErrorOf(error: unknown): unknown {
  if (!(error instanceof CdpError)) return error;
  const kind = isDocumentReplaced(error) ? "document-replaced" : "protocol";
  return new PageError(kind, error.message.replace(/^[\w.]+: /, ""), { cause: error });
}

/** Tells if the document, or its world, went away while it was spoken to. */
export function isDocumentReplaced(error: unknown): boolean {
  return error instanceof CdpError && REPLACED.test(error.message);
}

/** Calls a function in a world and waits for its promise. */
export async function callIn(
  { session, contextId }: Omit<World, "number">,
  functionDeclaration: string,
  { argument = "", returnByValue }: { argument?: string | undefined; returnByValue: boolean },
  signal: AbortSignal,
): Promise<DevTools.Runtime.RemoteObject> {
  const params = {
    functionDeclaration,
    executionContextId: contextId,
    arguments: [{ value: argument }],
    awaitPromise: true,
    returnByValue,
  };
  const answer = await session.send("Runtime.callFunctionOn", params, signal);
  if (answer.exceptionDetails === undefined) return answer.result;
  const { text, exception } = answer.exceptionDetails;
  throw new PageError("protocol", `the page script failed: ${exception?.description ?? text}`);
}

export function historyOf(
  session: CdpSession,
  signal: AbortSignal,
): Promise<DevTools.Page.GetNavigationHistoryResponse> {
  return session.send("Page.getNavigationHistory", {}, signal);
}
