import { z } from "zod";

/**
 * The answer with one page of a list.
 *
 * @param found one item more than is shown, which tells if there is another page
 * @param cursorOf the cursor of the last item that is shown
 */
export function pageOf<T>(
  found: readonly T[],
  { limit, cursorOf }: { limit: number; cursorOf: (last: T) => string },
): { items: T[]; next_cursor: string | null } {
  const items = found.slice(0, limit);
  const last = found.length > limit ? items.at(-1) : undefined;
  return { items, next_cursor: last === undefined ? null : cursorOf(last) };
}

/** The place in a list after which a page begins: the id that the page before ended with. Opaque to clients. */
export const Cursor = z
  .string()
  .max(64)
  .transform((cursor, context) => {
    const id = /^id<(\d{1,15})$/.exec(Buffer.from(cursor, "base64url").toString())?.[1];
    if (id !== undefined) return Number(id);
    context.addIssue({ code: "custom", message: "must be the next_cursor of the page before" });
    return z.NEVER;
  });

export function toCursor(id: number): string {
  return Buffer.from(`id<${id}`).toString("base64url");
}

/** The place of a run in a list, which is in the order of the runs' starts. Opaque to clients. */
export const RunCursor = z
  .string()
  .max(200)
  .transform((cursor, context) => {
    const [, ms, id] =
      /^run<(\d{1,15})<([\w-]{1,64})$/.exec(Buffer.from(cursor, "base64url").toString()) ?? [];
    if (ms !== undefined && id !== undefined) return { createdAt: new Date(Number(ms)), id };
    context.addIssue({ code: "custom", message: "must be the next_cursor of the page before" });
    return z.NEVER;
  });

export function toRunCursor({ createdAt, id }: { createdAt: Date; id: string }): string {
  return Buffer.from(`run<${createdAt.getTime()}<${id}`).toString("base64url");
}
