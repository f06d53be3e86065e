import { HIDDEN, type SiteKind } from './site.ts';

/** A token shaped like a key: of any service, real or placeholder. */
const KEY_SHAPE =
  /\b(?:sk|rk|pk|gsk|xai|sess)-[\w*.…-]{4,}|\bAIza[\w-]{20,}|\bgh[pousr]_\w{16,}|\bgithub_pat_\w{16,}|\bBearer\s+\S{6,}|\beyJ[\w-]{10,}\.|\b[0-9a-fA-F]{32,}\b/;

/** What an `api_key` site may show: the name of a variable, configuration key, option or header. */
const NAME = /^\(?[A-Za-z_][A-Za-z0-9_.:-]{0,80}\)?$/;

/** A long name that mixes digits and letters is more likely a key. */
const RANDOM = /(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{20,}/;

/** The value as it may be reported: `(hidden)` for a key; a URL without user, password and query. */
export function showable(kind: SiteKind, value: string): string {
  if (KEY_SHAPE.test(value) || (kind === 'api_key' && (!NAME.test(value) || RANDOM.test(value))))
    return HIDDEN;
  return kind === 'base_url' ? value.replace(/\/\/[^/@\s]*@/, '//').replace(/[?#].*$/s, '') : value;
}
