import { isFallback } from './fallback.ts';
import type { RuleMatch } from './rule.ts';
import type { ModelRole } from './site.ts';

/** An operator, a `case` (with other names before this one), or a comparing call, up to the literal's quote. */
const COMPARED_BEFORE =
  /(?:[!=]==?|=~)\s*\(?\\?["'`]?$|\b(?:case|when)\s+(?:(?:["'][^"'\n]{0,60}["']|\.\w{1,40})\s*[,|]\s*){0,10}(?:\\?["'`])?$|(?:starts?_?with\??|ends?_?with\??|has_?prefix|contains?\w*|includes?\??|strpos|equals(?:IgnoreCase)?|EqualFold|in_array|indexOf|search|match\w*\??|is_match|\bhas)\s*[( ](?:[^;{}()\n]|\([^()\n]{0,40}\)){0,80}$/i;
const COMPARED_AFTER = /^\\?["'`]\s*[!=]==?[^>]/;

/** Whether the code compares something with this name or part of it. */
export const isCompared = ({ before, after }: Pick<RuleMatch, 'before' | 'after'>): boolean =>
  COMPARED_BEFORE.test(before) || COMPARED_AFTER.test(after);

/** The name is the key of a map, or one entry of a list: `"gpt-4": 8192`, `'gpt-4' => …`, `"gpt-4" to 8192`. */
const KEY_AFTER =
  /^\\?["'`](?:\.to_string\(\)|\.to_owned\(\)|\.into\(\)|\.freeze)?\s*(?:\]?\s*(?::(?!:)|=>|\bto\b|->)|,\s*[\d.]+\s*[),\]}])/;
const ALONE_AFTER = /^\\?["'`](?:\.to_string\(\)|\.to_owned\(\)|\.into\(\)|\.freeze)?\s*[,\]})]*\s*$/;
const NEIGHBOUR =
  /["'`](?:gpt-|chatgpt-|o[134]\b|o[134]-|text-embedding|claude-|gemini-|dall-e)[\w.:-]*["'`]|\.[gG][pP][tT]_?\d\w*/;

/** What a quoted model name is used for, judging by the code around it. */
export function roleInCode(found: RuleMatch): ModelRole {
  // A constant's type or package says nothing.
  const before = found.before.replace(/[\w.]*\.$/, '');
  const { after } = found;
  if (isCompared({ before, after })) return 'prefix_check';
  if (KEY_AFTER.test(after)) return 'table';
  if (isFallback(found) || /default|fallback/i.test(before)) return 'default';
  const aloneOnLine = /^\s*[[({]*\s*\\?["'`:]$/.test(before) && ALONE_AFTER.test(after);
  if (NEIGHBOUR.test(before) || NEIGHBOUR.test(after.slice(1))) return 'table';
  return aloneOnLine && betweenNames(found) ? 'table' : 'use';
}

/** Whether another model name is on the line above or below. */
function betweenNames({ code, offset }: RuleMatch): boolean {
  return (
    NEIGHBOUR.test(
      code
        .slice(Math.max(0, offset - 80), offset - 1)
        .split('\n')
        .slice(-2, -1)
        .join(''),
    ) || NEIGHBOUR.test(code.slice(offset, offset + 120).split('\n')[1] ?? '')
  );
}
