import { enclosingCall } from '../brackets.ts';
import { JAVASCRIPT_AND_PYTHON, OTHER_CODE } from '../languages.ts';
import { type RuleMatch, rulesFor } from '../rule.ts';
import { API_KEY_VARIABLE, BASE_URL_VARIABLE, MODEL_VARIABLE, pattern, VARIABLES } from '../vocabulary.ts';

/** The start of an expression that reads a variable, up to its name. */
const READ =
  /(?:\benv\??\.|\benv\??\[\s*["'`]|\benv(?:\.\w{1,6})?\(\s*["'`]|\.get(?:OrThrow|_secret_value)?(?:<[\w |]{1,30}>)?\(\s*["'`]|\bconfig\(\s*["'`]|getenv\(\s*f?["']|environ(?:\.get\(|\[|\.setdefault\(|\.pop\()\s*f?["']|\b(?:[sS]ettings|[cC]onfig|[eE]nvironment|secrets|userdata|ENV|Env|process\.env|vars|serverConfig)(?:\(\))?\??\.|\bget_?(?:[eE]nv|secret|setting|config|required)\w*\(\s*["'`]|\b(?:secrets|st\.secrets|environ|vars|config|app\.config|os\.environ|settings)\[\s*["'`])/;

/** The same settings as fields and options, as settings classes and schemas declare them. */
const BASE_URL_FIELD =
  /(?:[a-z]\w*_)?open_?ai_(?:api_)?(?:base_url|base|url|endpoint|host|api_base)|llm_(?:api_)?base(?:_url)?|open[aA][iI](?:Api)?(?:BaseU[rR][lLiI]|BaseURL|Endpoint|Host)/;
const API_KEY_FIELD =
  /(?:[a-z]\w*_)?open_?ai_(?:api_)?(?:key|token|secret)|llm_api_key|open[aA][iI]_?A?[pP]?[iI]?Key/;

/** A declaration in a settings class, a schema, a type of the environment, or an object of values or parsers. */
const declared = ({ after, before }: RuleMatch): boolean =>
  // A quote that goes on is a sentence's.
  !(/["'`]$/.test(before) && /^(?!["'`])/.test(after)) &&
  /^["'`]?\s*\??\s*:(?!:)|^["'`]?\s*=(?![=>])|^\([^()\n]{0,120}\)[^\n;]{0,60}\{$/.test(after) &&
  /(?:^|[{,(])\s*["'`]?(?:(?:export\s+)?(?:const|let|var|readonly|public|private|static)\s+|self\.|this\.|declare\s+const\s+)?["'`]?$/.test(
    before,
  );

/** A whole string in a list of names (`required = ["OPENAI_API_KEY", …]`), an argument, or looked for in the environment. */
const listed = ({ after, before }: RuleMatch): boolean =>
  (/[[(,]\s*["'`]$|^\s*["'`]$/.test(before) && /^["'`]\s*[\]),]/.test(after)) ||
  /^["'`]\s+(?:not\s+)?in\s+[\w.]*env/i.test(after);

/** Imports of the environment as a module (SvelteKit). */
const importedFromEnv = ({ after, line }: RuleMatch): boolean =>
  /\$env\/|\benv:|astro:env/.test(after) && /\bimport\b/.test(line);

/** `config["openai_api_key"]`, `config.get("openai_api_key")`, `{"openai_api_base": base}`. */
const isKeyOfDict = ({ before, after }: Pick<RuleMatch, 'before' | 'after'>): boolean =>
  /["']$/.test(before) &&
  /^["']/.test(after) &&
  (/(?:get\w*\(|[\w)]\[)\s*["']$/.test(before) || /(?:^|[{,(])\s*["']$/.test(before)) &&
  (/^["']\s*\]?\s*:\s*[\w(f"']/.test(after) || /(?:get\w*\(|[\w)]\[)\s*["']$/.test(before));

/** A field of a settings class or schema. TypeScript types and function parameters don't set anything. */
const isSetting = ({ after, before, code, match, path }: RuleMatch): boolean =>
  isKeyOfDict({ before, after }) ||
  (path.endsWith('.py') || path.endsWith('.ipynb')
    ? /^\s*$/.test(before) && /^\s*:\s*[\w"']/.test(after) && enclosingCall(code, match.index) !== 'def'
    : /^["'`]?\s*:\s*(?:[\w$]+(?:\(\))?\??[.[](?!\])|str\(|url\(|env\w*\(|["'`])/.test(after));

const isDeclarationOrName = (found: RuleMatch): boolean =>
  declared(found) || listed(found) || importedFromEnv(found);

const NAMES = {
  base_url: { variable: pattern()`${BASE_URL_VARIABLE}|AZURE_OPENAI_\w*ENDPOINT`, field: BASE_URL_FIELD },
  api_key: { variable: API_KEY_VARIABLE, field: API_KEY_FIELD },
} as const;

/** Environment variables and settings in JavaScript, TypeScript and Python. */
export const ENVIRONMENT_RULES = (['base_url', 'api_key'] as const).flatMap((kind) => {
  const { variable, field } = NAMES[kind];
  const id = `environment-${kind.replaceAll('_', '-')}`;
  return rulesFor({ families: JAVASCRIPT_AND_PYTHON, hardCoded: false }, [
    {
      id: `${id}-read`,
      kind,
      pattern: pattern()`${READ}(?<value>${variable})(?!\w)`,
    },
    {
      id: `${id}-place`,
      kind,
      pattern: pattern('m')`(?<![\w.$])(?<value>${variable})(?!\w)`,
      accept: isDeclarationOrName,
      confidence: 'medium',
    },
    {
      id: `${id}-setting`,
      kind,
      pattern: pattern('m')`(?<![\w.$])(?<value>${field})(?!\w)`,
      needs: 'mention',
      accept: isSetting,
      confidence: 'medium',
    },
  ]);
});

/** False if the quotes are inside a string with other quotes: they only mark a word in a sentence. */
const isString = ({ before, match }: RuleMatch): boolean =>
  !/^['`]/.test(match[0]) || (before.slice(0, -1).replace(/\\"/g, '').match(/"/g) ?? []).length % 2 === 0;

/** `"OPENAI_API_KEY: …"` is a sentence; `"${OPENAI_API_KEY:none}"` is a read with a default. */
const isName = (found: RuleMatch): boolean =>
  isString(found) && (found.match[0].startsWith('$') || !/^:/.test(found.after));

/**
 * Names of environment variables in languages that write them as strings (`os.Getenv("…")`, `ENV.fetch('…')`,
 * `env!("…")`). The string must be just the name: in a read, a list of required names, a constant.
 */
export const ENVIRONMENT_NAME_RULES = (['base_url', 'api_key', 'model'] as const).flatMap((kind) =>
  rulesFor({ families: OTHER_CODE, hardCoded: false }, [
    {
      id: `code-${kind.replaceAll('_', '-')}-variable`,
      kind,
      ...(kind === 'model' && { role: 'config' }),
      pattern: pattern()`(?:["'\`]|\$\{|\bENV\{|\bENV\.|\bSys\.setenv\()(?<value>${kind === 'model' ? MODEL_VARIABLE : VARIABLES[kind]})(?=["'\`:}]|(?:,\w{1,12}){1,3}"|\b(?<=(?:ENV\.|setenv\()\w{1,60}))`,
      accept: isName,
    },
  ]),
);
