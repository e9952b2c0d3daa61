/** A part of a list, and where the next one begins. */
export interface Page<T> {
  items: T[];
  /** Null on the last page. */
  next_cursor: string | null;
}

export interface Paging {
  /** Most items of a page. @defaultValue 50 */
  limit?: number | undefined;
  /** `next_cursor` of the page before. */
  cursor?: string | undefined;
}

/** Everything of a list, page by page. */
export async function* every<T>(read: (paging: Paging) => Promise<Page<T>>): AsyncGenerator<T> {
  for (let cursor: string | undefined; ;) {
    const page: Page<T> = await read({ limit: 200, cursor });
    yield* page.items;
    if (page.next_cursor === null) return;
    cursor = page.next_cursor;
  }
}
