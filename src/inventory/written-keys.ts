import { HIDDEN } from './site.ts';

/** What all rules for literal keys have in common. */
export const WRITTEN_KEY = {
  kind: 'api_key',
  value: HIDDEN,
  hardCoded: true,
  note: 'Everyone with read access to the repository can see this key: revoke it.',
} as const;

/** A key of the API by its shape, but not a placeholder (`sk-xxxx…`, `sk-your-key-…`). */
export const KEY_TEXT = /sk-(?!(?:proj-|svcacct-|admin-)?(?:[xX]{3}|your|YOUR))[\w-]{16,200}/;

/** A key of any shape where one is expected, but not a placeholder or a word for none. */
export const KEY_IN_PLACE = /(?!sk-[xX]{3}|your|YOUR|test|dummy|fake|demo|no)[\w-]{20,200}/;
