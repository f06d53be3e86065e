import type { RuleMatch } from './rule.ts';

/** The code before a literal that is used if a variable, a setting or an argument is missing. */
const OTHERWISE =
  /(?:\|\||\?\?=?|(?<!\w)\?:|\bor\b|\.presence\s*\|\|)\s*\(?\\?["'`:]?$|(?:unwrap_or(?:_else)?|or_else|orElse(?:Get)?|getOrElse|getOrDefault|firstNonEmpty|coalesce)\([^;{}\n]{0,80}$/i;

/** Calls that take a name and a default. */
const READ_WITH_DEFAULT =
  /(?:get_?env\w*|lookup_?env\w*|env_?or\w*|\benv|\benv\.\w+|fetch|config|\bget|GetValue(?:<\w+\??>)?|get_?string|getProperty|(?:get_)?(?:option|setting)\w*|setdefault|StringVarP?|flag\.String|Flags\(\)\.\w+)\(\s*(?:[&\w.]+\s*,\s*)?["'`:][^"'`\n]{0,80}["'`]?\s*,\s*(?:(?:["'][a-z]?["']|default:)\s*,?\s*)?\\?["'`]?$/i;

/** `if model == "" {` and similar, with the literal on the next line. */
const WHEN_UNSET =
  /\bif\b[^\n]{0,120}(?:==\s*(?:""|''|nil|null|0\b)|is_?(?:empty|none|blank|null)|IsNullOr\w+|\b(?:blank|nil|empty)\b|len\([^)\n]*\)\s*(?:==|<)|=== null)[^\n]{0,40}\n\s*(?:return\s+)?[^\n]{0,80}$/i;

/** The statement up to the literal, at most three lines of it. */
function statementBefore({ code, offset }: RuleMatch): string {
  const before = code.slice(Math.max(0, offset - 240), offset);
  return before
    .split('\n')
    .slice(-3)
    .join('\n')
    .replace(/^[\s\S]*[;{}]\s*\n/, '');
}

/** Whether a literal is only a default: used if the environment, a configuration or an argument is missing. */
export function isFallback(found: RuleMatch): boolean {
  const before = statementBefore(found);
  if (OTHERWISE.test(before) || READ_WITH_DEFAULT.test(before)) return true;
  return WHEN_UNSET.test(found.code.slice(Math.max(0, found.offset - 300), found.offset));
}
