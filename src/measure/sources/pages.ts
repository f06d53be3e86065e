import type { SourceError } from '../source.ts';

/** One page of a list, and where the next one is; null after the last. */
export interface Page<Item, Cursor> {
  readonly kind: 'page';
  readonly items: readonly Item[];
  readonly next: Cursor | null;
}

/** No honest answer has more; a server that always names a next page would be read for ever. */
const PAGE_LIMIT = 5_000;

/**
 * Reads a list page by page to its end, or not at all: a part of it would look like little traffic.
 *
 * @param source what people call it in messages
 * @param read the page at a cursor; null: the first one
 */
export async function readPages<Item, Cursor>(
  source: string,
  read: (cursor: Cursor | null) => Promise<Page<Item, Cursor> | SourceError>,
): Promise<{ readonly kind: 'list'; readonly items: readonly Item[] } | SourceError> {
  const items: Item[] = [];
  let cursor: Cursor | null = null;
  for (let pages = 0; pages < PAGE_LIMIT; pages++) {
    const page: Page<Item, Cursor> | SourceError = await read(cursor);
    if (page.kind === 'error') return page;
    for (const item of page.items) items.push(item);
    if (page.next === null) return { kind: 'list', items };
    if (page.next === cursor) break;
    cursor = page.next;
  }
  return {
    kind: 'error',
    reasonCode: 'endless_pages',
    reason: `${source} names a next page for ever; expected its list to end. Ask its operator, or measure shorter windows.`,
  };
}
