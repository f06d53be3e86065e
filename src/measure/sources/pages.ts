import { type Read, sourceError } from '../source.ts';

/** One page of a list, and where the next one is; null after the last. */
export interface ListPage<Item, Cursor> {
  readonly items: readonly Item[];
  readonly next: Cursor | null;
}

/** A real list is never longer; it stops a server that always names a next page. */
const PAGE_LIMIT = 5_000;

/**
 * Reads a list page by page to its end, or fails: part of a list would look like little traffic.
 *
 * @param source what people call it in messages
 * @param read the page at a cursor; null: the first one
 */
export async function readPages<Item, Cursor>(
  source: string,
  read: (cursor: Cursor | null) => Promise<Read<ListPage<Item, Cursor>>>,
): Promise<Read<readonly Item[]>> {
  const items: Item[] = [];
  let cursor: Cursor | null = null;
  for (let pages = 0; pages < PAGE_LIMIT; pages++) {
    const page: Read<ListPage<Item, Cursor>> = await read(cursor);
    if (page.kind === 'error') return page;
    for (const item of page.value.items) items.push(item);
    const { next } = page.value;
    if (next === null) return { kind: 'read', value: items };
    if (next === cursor) break;
    cursor = next;
  }
  const reason = `${source} always names a next page; expected its list to end. Contact its operator, or measure shorter windows.`;
  return sourceError('endless_pages', reason);
}
