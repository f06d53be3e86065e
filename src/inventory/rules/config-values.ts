import { NAMED_SETTING, type Rule, type RuleMatch, rulesFor } from '../rule.ts';
import type { ModelRole } from '../site.ts';
import {
  API_KEY_VARIABLE,
  BASE_URL_VARIABLE,
  isModelName,
  MODEL_NAME,
  MODEL_VARIABLE,
  pattern,
  URL_TEXT,
  urlIn,
  VARIABLES,
} from '../vocabulary.ts';
import { KEY_TEXT, WRITTEN_KEY } from '../written-keys.ts';

/** What comes between a variable's name and its value: `=`, `:`, JSON, and the two lines of Kubernetes and Terraform. */
const ASSIGNS =
  /["']?\s*[:=]\s*["']?(?:\$\{\w+:?-)?|["']?\s*,?\s*\n\s*(?:-\s*)?["']?value["']?\s*[:=]\s*["']?/;

/** Manifests, in which model names are only keywords and descriptions. */
const MANIFEST =
  /(?:^|\/)(?:package|composer|bower|tsconfig[\w.]*|manifest|renovate|angular|nx)\.json$|(?:^|\/)(?:Cargo|pyproject)\.toml$|(?:^|\/)(?:openapi|swagger)[\w.-]*\.(?:ya?ml|json)$|(?:^|\/)pom\.xml$|CITATION/i;
/** Settings with text for people, and names of Azure's deployments, which are no models. */
export const PROSE =
  /["']?\b(?:description|title|summary|help|label|placeholder|keywords?|tags?|topics?|example|examples|comment|homepage|azure[\w.-]*deployment\w*)["']?\s*[:=]/i;

function roleInConfig({ before, after }: RuleMatch): ModelRole {
  if (/^["']?\s*:\s*(?:\{|\[|$|[\d.]+)/.test(after) && /^\s*["']?$/.test(before)) return 'table';
  if (/^\s*(?:-\s*)?["']?$/.test(before)) return 'table';
  return /:-$|\$\{[\w.-]+:$/.test(before) ? 'default' : 'config';
}

/** Values recognizable by themselves or by their name: variables, models, connection strings. */
export const CONFIG_VALUE_RULES = rulesFor({ families: ['config'], hardCoded: false }, [
  {
    id: 'config-base-url-variable',
    kind: 'base_url',
    pattern: pattern()`(?<![\w.])(?<value>${BASE_URL_VARIABLE}(?:${ASSIGNS})${URL_TEXT})`,
    value: urlIn,
  },
  {
    id: 'config-api-key-literal',
    ...WRITTEN_KEY,
    pattern: pattern()`(?<![\w.])(?<value>${API_KEY_VARIABLE}(?:${ASSIGNS})${KEY_TEXT})`,
  },
  {
    id: 'config-named-api-key',
    kind: 'api_key',
    pattern:
      /(?:^[ \t]*(?:- )?["']?|["'{,]\s*["']|\bvariable\s+"|\bvar\.)(?<value>[a-z][\w.-]{0,40}?(?:open_?-?ai|chat_?-?gpt)_?-?(?:api)?_?-?(?:key|token|secret)|(?:open_?-?ai|chat_?-?gpt)_?-?(?:api)?_?-?(?:key|token|secret))\b(?=["']?\s*(?:[:=}\s,)]|$))/im,
    accept: ({ before, value }) => !/[A-Z]{6}/.test(value) && !PROSE.test(before),
    confidence: 'medium',
  },
  ...(['base_url', 'api_key'] as const).map(
    (kind): Rule => ({
      id: `config-secret-${kind.replaceAll('_', '-')}`,
      kind,
      families: ['config'],
      pattern: pattern()`\b(?:secrets|vars|env)\.(?<value>${VARIABLES[kind]})(?!\w)`,
      hardCoded: false,
    }),
  ),
  {
    id: 'config-connection-string',
    kind: 'base_url',
    pattern: pattern('i')`\bEndpoint=(?<value>${URL_TEXT})`,
    needs: 'mention',
    note: 'A connection string: Endpoint=…;Key=….',
  },
  {
    id: 'config-model',
    kind: 'model',
    pattern: pattern(
      'm',
    )`(?:(?<=[:=,[{(|>]\s{0,6}(?:- )?["']?)|(?<=^[ \t]*(?:- )?["']?)|(?<=\$\{[\w.-]{2,80}:-?))(?<value>${MODEL_NAME})(?=\\?["']?[ \t]*(?:[,\]}):#;|<>]|/>|\r?$))`,
    accept: ({ value, before, path, code, offset }) =>
      (!MANIFEST.test(path) || /"default":\s*"$/.test(before)) &&
      !PROSE.test(before) &&
      isModelName(value, code, offset),
    role: roleInConfig,
  },
  {
    id: 'config-model-variable',
    kind: 'model',
    pattern: pattern()`(?<![\w.])(?<value>${MODEL_VARIABLE})(?!\w)`,
    role: 'config',
    ...NAMED_SETTING,
  },
  {
    id: 'config-client-setting',
    kind: 'client_setting',
    families: ['config', 'shell'],
    pattern:
      /(?<![\w.])(?<value>(?:[a-z\d]{1,20}_){0,3}(?:open_?-?ai|llm_)[\w-]{0,30}?(?:time_?-?out|retries)(?:[_-]?[a-z]{1,12})?)["']?\s*(?:[:=]|,?\s*\n\s*(?:-\s*)?["']?value)/i,
    // Texts for people have the same names.
    accept: ({ after }) => !/[:=]\s*["']?\S+\s+\S+\s+\S/.test(after),
    value: (name) => (/retries/i.test(name) ? 'retries' : 'timeout'),
  },
]);
