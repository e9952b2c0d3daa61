import { AppError } from "./errors.js";

/** A request that is to be carried out once, however often it comes. */
export interface KeyedRequest {
  /** The owner of the request: every principal has keys of its own. */
  principal: string;
  /** Its `idempotency_key`. */
  key: string;
  /** Its content, as {@link toAsked} puts it. */
  asked: string;
}

/** The parts by which a request with a key is found again. */
export type RequestKey = Pick<KeyedRequest, "principal" | "key">;

/** The content of a request: its fields by their names in the protocol. */
export type AskedFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** The content of a request, as text that can be kept. A field without a value is as one that is not there. */
export function toAsked(fields: AskedFields): string {
  return JSON.stringify(fields);
}

/**
 * Refuses a key that has been used for something else.
 *
 * @param before - the content of the request that first used the key
 * @throws AppError `conflict`, which names the fields that differ.
 */
export function requireSameRequest(before: string, { asked }: Pick<KeyedRequest, "asked">): void {
  if (before === asked) return;
  const names = differences(JSON.parse(before) as AskedFields, JSON.parse(asked) as AskedFields);
  if (names.length === 0) return;
  const text = `${names.map((name) => `'${name}'`).join(", ")} ${names.length === 1 ? "differs" : "differ"}`;
  throw new AppError(
    "conflict",
    `This idempotency_key has been used for another request: ${text}. A new request needs a new key.`,
  );
}

function differences(before: AskedFields, now: AskedFields): string[] {
  // Requests of two types have few fields in common, and one word says it all.
  if (before["type"] !== now["type"]) return ["type"];
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].filter(
    (name) => before[name] !== now[name],
  );
}
