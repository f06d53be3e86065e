import { HIDDEN } from './site.ts';

/** What every rule for a key that is written out says of its sites. */
export const WRITTEN_KEY = {
  kind: 'api_key',
  value: HIDDEN,
  hardCoded: true,
  note: 'A key in the repository is known to everyone who can read it: revoke it.',
} as const;

/** A key of the API by its shape, but no placeholder (`sk-xxxx…`, `sk-your-key-…`). */
export const KEY_TEXT = /sk-(?!(?:proj-|svcacct-|admin-)?(?:[xX]{3}|your|YOUR))[\w-]{16,200}/;

/** What stands in the place of a key, whatever its shape, but no placeholder and no word for having none. */
export const KEY_IN_PLACE = /(?!sk-[xX]{3}|your|YOUR|test|dummy|fake|demo|no)[\w-]{20,200}/;
