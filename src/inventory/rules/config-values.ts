// biome-ignore-all lint/suspicious/noTemplateCurlyInString: examples are code of other languages
import { type RuleMatch, rulesFor } from '../rule.ts';
import { HIDDEN, type ModelRole } from '../site.ts';
import {
  API_KEY_VARIABLE,
  BASE_URL_VARIABLE,
  baseOfUrl,
  isModelName,
  MODEL_NAME,
  OFFICIAL_HOST,
  pattern,
  URL_TEXT,
  urlIn,
} from '../vocabulary.ts';
import { KEY_TEXT, WRITTEN_KEY } from '../written-keys.ts';

/** What comes between a variable's name and its value: `=`, `:`, JSON, and the two lines of Kubernetes and Terraform. */
const ASSIGNS =
  /["']?\s*[:=]\s*["']?(?:\$\{\w+:?-)?|["']?\s*,?\s*\n\s*(?:-\s*)?["']?value["']?\s*[:=]\s*["']?/;

/** Manifests, in which model names are only keywords and descriptions. */
const MANIFEST =
  /(?:^|\/)(?:package|composer|bower|tsconfig[\w.]*|manifest|renovate|angular|nx)\.json$|(?:^|\/)(?:Cargo|pyproject)\.toml$|(?:^|\/)(?:openapi|swagger)[\w.-]*\.(?:ya?ml|json)$|(?:^|\/)pom\.xml$|CITATION/i;
const PROSE =
  /["']?\b(?:description|title|summary|help|label|placeholder|keywords?|tags?|topics?|example|examples|comment|homepage)["']?\s*[:=]/i;

function roleInConfig({ before, after }: RuleMatch): ModelRole {
  if (/^["']?\s*:\s*(?:\{|\[|$|[\d.]+)/.test(after) && /^\s*["']?$/.test(before)) return 'table';
  if (/^\s*(?:-\s*)?["']?$/.test(before)) return 'table';
  return /:-$|\$\{[\w.-]+:$/.test(before) ? 'default' : 'config';
}

/** Values recognizable by themselves or by their name: variables, models, connection strings. */
export const CONFIG_VALUE_RULES = rulesFor({ families: ['config'] }, [
  {
    id: 'config-base-url-variable',
    kind: 'base_url',
    pattern: pattern()`(?<![\w.])(?<value>${BASE_URL_VARIABLE}(?:${ASSIGNS})${URL_TEXT})`,
    value: urlIn,
    hardCoded: false,
    examples: {
      hit: [
        ['OPENAI_BASE_URL: "https://gateway.example.com/v1"', 'https://gateway.example.com/v1'],
        [
          '      - OPENAI_API_BASE=${OPENAI_API_BASE:-https://api.openai.com/v1}',
          'https://api.openai.com/v1',
        ],
        ['- name: OPENAI_BASE_URL\n  value: http://litellm:4000/v1', 'http://litellm:4000/v1'],
      ],
      trap: ['SENTRY_BASE_URL: https://sentry.example.com/v1', 'OPENAI_BASE_URL: ""'],
    },
  },
  {
    id: 'config-official-url',
    kind: 'base_url',
    pattern: pattern(
      'i',
    )`(?<value>(?:https?|wss?)://(?:${OFFICIAL_HOST}|[\w-]{1,60}\.openai\.azure\.com)(?:/[^\s"'\`<>()[\]{}|\\,;]{0,200})?)`,
    value: (url) => baseOfUrl(url),
    accept: ({ before }) => !PROSE.test(before) && !/Endpoint=$/i.test(before),
    hardCoded: false,
    examples: {
      hit: [['chatUrl: https://api.openai.com/v1/chat/completions', 'https://api.openai.com/v1']],
      trap: ['docs: https://platform.openai.com/docs', 'description: Calls https://api.openai.com/v1'],
    },
  },
  {
    id: 'config-api-key-literal',
    ...WRITTEN_KEY,
    pattern: pattern()`(?<![\w.])(?<value>${API_KEY_VARIABLE}(?:${ASSIGNS})${KEY_TEXT})`,
    examples: {
      hit: [['OPENAI_API_KEY=sk-abcdefghijklmnopqrstuvwx', HIDDEN]],
      trap: ['OPENAI_API_KEY=sk-xxxxxxxxxxxxxxxxxxxxxxxx', 'OPENAI_API_KEY=sk-your-key-goes-here-please'],
    },
  },
  {
    id: 'config-named-api-key',
    kind: 'api_key',
    pattern:
      /(?:^[ \t]*(?:- )?["']?|["'{,]\s*["']|\bvariable\s+"|\bvar\.)(?<value>[a-z][\w.-]{0,40}?(?<!azure_?|azure-)open_?-?ai_?-?(?:api)?_?-?(?:key|token|secret)|open_?-?ai_?-?(?:api)?_?-?(?:key|token|secret))\b(?=["']?\s*(?:[:=}\s,)]|$))/im,
    accept: ({ before, value }) => !/[A-Z]{6}/.test(value) && !PROSE.test(before),
    hardCoded: false,
    confidence: 'medium',
    examples: {
      file: 'main.tf',
      hit: [
        ['variable "openai_api_key" {\n  sensitive = true\n}', 'openai_api_key'],
        ['  key = var.openai_api_key', 'openai_api_key'],
      ],
      trap: ['variable "stripe_api_key" {}', 'description = "openai_api_key of the team"'],
    },
  },
  {
    id: 'config-secret-api-key',
    kind: 'api_key',
    pattern: pattern()`\b(?:secrets|vars|env)\.(?<value>${API_KEY_VARIABLE})(?!\w)`,
    hardCoded: false,
    examples: {
      file: '.github/workflows/review.yml',
      hit: [['apikey: ${{ secrets.OPENAI_API_KEY }}', 'OPENAI_API_KEY']],
      trap: ['token: ${{ secrets.GITHUB_TOKEN }}'],
    },
  },
  {
    id: 'config-secret-base-url',
    kind: 'base_url',
    pattern: pattern()`\b(?:secrets|vars|env)\.(?<value>${BASE_URL_VARIABLE})(?!\w)`,
    hardCoded: false,
    examples: {
      file: '.github/workflows/review.yml',
      hit: [['endpoint: ${{ vars.OPENAI_BASE_URL }}', 'OPENAI_BASE_URL']],
      trap: ['endpoint: ${{ vars.SENTRY_URL }}'],
    },
  },
  {
    id: 'config-connection-string',
    kind: 'base_url',
    pattern: pattern('i')`\bEndpoint=(?<value>${URL_TEXT})`,
    needs: 'mention',
    hardCoded: false,
    note: 'A connection string: Endpoint=…;Key=….',
    examples: {
      file: 'appsettings.json',
      hit: [['"openai": "Endpoint=https://acme.openai.azure.com/;Key=",', 'https://acme.openai.azure.com/']],
      trap: ['"bus": "Endpoint=sb://acme.servicebus.windows.net/"'],
    },
  },
  {
    id: 'config-model',
    kind: 'model',
    pattern: pattern(
      'm',
    )`(?:(?<=[:=,[{(|>]\s{0,6}(?:- )?["']?)|(?<=^[ \t]*(?:- )?["']?)|(?<=\$\{[\w.-]{2,80}:-?))(?<value>${MODEL_NAME})(?=\\?["']?[ \t]*(?:[,\]}):#;|<]|\r?$))`,
    accept: ({ value, before, path, code, offset }) =>
      !MANIFEST.test(path) && !PROSE.test(before) && isModelName(value, code, offset),
    hardCoded: false,
    role: roleInConfig,
    examples: {
      hit: [
        ['model: gpt-4o-mini', 'gpt-4o-mini'],
        ['OPENAI_MODEL: ${OPENAI_MODEL:-gpt-4o}', 'gpt-4o'],
        ['models:\n  - gpt-4.1\n  - "o3-mini"', 'o3-mini'],
        ['      gpt-4o:\n        fallback: gpt-4', 'gpt-4'],
      ],
      trap: ['description: gpt-4o', 'image: acme/gpt-4o:latest', 'zone: o1', 'title: Ask gpt-4o'],
    },
  },
  {
    id: 'config-client-setting',
    kind: 'client_setting',
    families: ['config', 'shell'],
    pattern:
      /(?<![\w.])(?<value>OPENAI_(?:[A-Z]+_)?(?:TIMEOUT|MAX_RETRIES|RETRIES)(?:_[A-Z]+)?|(?:[\w-]+\.){1,5}open-?ai\.(?:[\w-]+\.){0,3}(?:timeout|max-retries|read-timeout|connect-timeout))["']?\s*[:=]/,
    value: (name) => (/retries/i.test(name) ? 'retries' : 'timeout'),
    hardCoded: false,
    examples: {
      hit: [
        ['OPENAI_TIMEOUT: 30', 'timeout'],
        ['OPENAI_MAX_RETRIES=3', 'retries'],
        ['langchain4j.open-ai.chat-model.timeout=60s', 'timeout'],
      ],
      trap: ['REDIS_TIMEOUT: 30'],
    },
  },
]);
