import type { RuleMatch } from './rule.ts';

/** The code before a literal that is used if a variable, a setting or an argument is missing. */
const OTHERWISE =
  /(?:\|\||\?\?=?|(?<!\w)\?:|\bor\b|\.presence\s*\|\||%\|\|%|\}\s*\/\/)\s*\(?\\?["'`:]?$|(?:cmp\.Or|unwrap_or(?:_else)?|or_else|orElse(?:Get)?|getOrElse|getOrDefault|firstNonEmpty|coalesce)\([^;{}\n]{0,80}$/i;

/** Calls that take a name and a default. */
const READ_WITH_DEFAULT =
  /(?:get_?env\w*|set_?default|fromEnvironment|lookup_?env\w*|env_?or\w*|\benv|\benv\.\w+|fetch|config|\bget|GetValue(?:<\w+\??>)?|get_?string|getProperty|(?:get_)?(?:option|setting)\w*|setdefault|StringVarP?|flag\.String|Flags\(\)\.\w+)\(\s*(?:[&:\w.]+\s*,\s*)?["'`:][^"'`\n]{0,80}["'`]?\s*,\s*(?:(?:["'][a-z]?["']|default(?:Value)?:|unset\s*=|default\s*=)\s*,?\s*)?\\?["'`]?$/i;

/** A parameter, an option or an attribute that is named after defaults: `default: "…"`, `.default("…")`. */
const NAMED_DEFAULT =
  /(?<![\w$])(?:env_?)?default(?:_?value)?["']?\s*(?:[:=(]|=>|,)\s*(?:\w+\(\s*)?\\?["'`]$/i;

/** A field of a class of settings, which the environment overrides: `base_url: str = "…"` of `BaseSettings`. */
const SETTINGS_FIELD = /^[ \t]+\w+\s*:\s*[\w[\]., |]+=\s*(?:Field\(\s*)?["']$/;
const SETTINGS_CLASS = /^class\s+\w+\([^)\n]*Settings[^)\n]*\)/;

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
  if (OTHERWISE.test(before) || READ_WITH_DEFAULT.test(before) || NAMED_DEFAULT.test(before)) return true;
  if (SETTINGS_FIELD.test(found.before)) {
    const above = found.code.slice(Math.max(0, found.offset - 3_000), found.offset);
    if (SETTINGS_CLASS.test(above.match(/^class\s[^\n]*/gm)?.at(-1) ?? '')) return true;
  }
  if (isBoundField(found)) return true;
  if (WHEN_UNSET.test(found.code.slice(Math.max(0, found.offset - 300), found.offset))) return true;
  return isConstantForFallback(found);
}

/** A property of a class of options, or a field of a class that a framework fills: both hold their defaults. */
const BOUND_PROPERTY = /\{\s*get;[^{}]*\}\s*=\s*(?:new\s*(?:Uri)?\()?["'`]$/;
const BOUND_FIELD = /\b(?:String|val|var)\s+\w+[^=;]*=\s*"$/;

function isBoundField({ before, code, offset, fileHolds }: RuleMatch): boolean {
  if (BOUND_FIELD.test(before)) return fileHolds(FILLED_CLASS);
  if (!BOUND_PROPERTY.test(before)) return false;
  const classes = code.slice(Math.max(0, offset - 3_000), offset).match(/\b(?:class|record)\s+\w+/g);
  return /(?:Options|Settings|Config(?:uration)?|Properties)$/.test(classes?.at(-1) ?? '');
}

const FILLED_CLASS = /@ConfigurationProperties|@ConfigProperties|@ConfigMapping/;

/** The name of a constant that a literal is assigned to. */
const CONSTANT = /\b(?<name>[A-Za-z_]\w{3,60})(?:\s*:\s*[\w&' ]{1,30})?\s*:?=\s*\\?["'`]$/;

/** Whether a literal is a constant that a read falls back to: `DEFAULT_URL = "…"`, then `env.URL || DEFAULT_URL`. */
function isConstantForFallback({ before, fileHolds }: RuleMatch): boolean {
  const name = CONSTANT.exec(before)?.groups?.name;
  if (name === undefined || !/default|fallback|official/i.test(name)) return false;
  return fileHolds(
    new RegExp(
      `(?:env|ENV|config|settings|get)[^\\n]{0,100}(?:\\?\\?|\\|\\||\\?:|\\bor\\b|,)\\s*(?:default(?:Value)?[:=]\\s*)?(?:\\w+\\.)?${name}\\b`,
    ),
  );
}
