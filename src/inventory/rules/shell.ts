// biome-ignore-all lint/suspicious/noTemplateCurlyInString: examples are code of other languages
import { rulesFor } from '../rule.ts';
import { HIDDEN } from '../site.ts';
import {
  API_KEY_VARIABLE,
  BASE_URL_VARIABLE,
  baseOfUrl,
  MODEL_NAME,
  MODEL_VARIABLE,
  pattern,
  URL_TEXT,
  urlIn,
} from '../vocabulary.ts';
import { KEY_TEXT, WRITTEN_KEY } from '../written-keys.ts';

/** `NAME=`, `NAME := `, `$env:NAME = `, `set NAME=`, Docker's `ENV NAME `, `setx NAME `. */
const ASSIGNS = /\s*[:?+]?=\s*\\?["']?|(?<=\b(?:ENV|ARG|setx|setenv|set-?x?|-gx)\s+\w{1,60})\s+["']?/;

/** Scripts, Dockerfiles, Makefiles, Procfiles: variables that are set or have a default, and curl. */
export const SHELL_RULES = rulesFor({ families: ['shell'] }, [
  {
    id: 'shell-base-url-assigned',
    kind: 'base_url',
    // The value includes the name, so that both are one site.
    pattern: pattern('m')`\b(?<value>${BASE_URL_VARIABLE}(?:${ASSIGNS})${URL_TEXT})`,
    value: urlIn,
    hardCoded: true,
    examples: {
      hit: [
        ['export OPENAI_BASE_URL="https://api.openai.com/v1"', 'https://api.openai.com/v1'],
        ['OPENAI_API_BASE ?= https://llm.example.com/v1', 'https://llm.example.com/v1'],
        ['ENV OPENAI_BASE_URL http://litellm:4000/v1', 'http://litellm:4000/v1'],
        ['docker run -e OPENAI_API_BASE=http://host:8080/v1 app', 'http://host:8080/v1'],
      ],
      trap: [
        'export OPENAI_BASE_URL="$GATEWAY_URL"',
        'export SENTRY_BASE_URL=https://sentry.example.com/v1',
        'echo "$OPENAI_BASE_URL https://example.com"',
      ],
    },
  },
  {
    id: 'shell-base-url-default',
    kind: 'base_url',
    pattern: pattern()`\$\{(?<value>(?:${BASE_URL_VARIABLE}|\w*(?:API|LLM|AI|GPT)\w*(?:URL|BASE|ENDPOINT|HOST)):?[-=]${URL_TEXT})\}`,
    needs: 'mention',
    value: urlIn,
    hardCoded: false,
    note: 'A default: the variable overrides it.',
    examples: {
      hit: [
        ['URL="${OPENAI_BASE_URL:-https://api.openai.com/v1}"', 'https://api.openai.com/v1'],
        ['API_URL="${API_URL:-https://api.openai.com/v1}"', 'https://api.openai.com/v1'],
      ],
      trap: ['URL="${OPENAI_BASE_URL:?not set}"', 'SITE="${SITE_URL:-https://example.com}"'],
    },
  },
  {
    id: 'shell-official-url',
    kind: 'base_url',
    pattern: /(?<value>https:\/\/api\.openai\.com(?:\/[^\s"'`<>()[\]{}|\\,;]{0,200})?)/,
    value: (url) => baseOfUrl(url),
    accept: ({ before }) => !/^\s*(?:echo|printf|log|die|warn)\b/.test(before),
    hardCoded: true,
    examples: {
      hit: [
        ['curl -s https://api.openai.com/v1/chat/completions \\\n  -d "$body"', 'https://api.openai.com/v1'],
      ],
      trap: ['echo "See https://api.openai.com/v1 for more"', 'curl https://platform.openai.com/docs'],
    },
  },
  {
    id: 'shell-api-key-literal',
    ...WRITTEN_KEY,
    pattern: pattern('m')`\b(?<value>${API_KEY_VARIABLE}(?:${ASSIGNS})${KEY_TEXT})`,
    examples: {
      hit: [['export OPENAI_API_KEY=sk-abcdefghijklmnopqrstuvwx', HIDDEN]],
      trap: [
        'export OPENAI_API_KEY="$(vault read openai)"',
        'export OPENAI_API_KEY=sk-xxx',
        'export OPENAI_API_KEY=sk-xxxxxxxxxxxxxxxxxxxxxxxx',
      ],
    },
  },
  {
    id: 'shell-bearer-literal',
    ...WRITTEN_KEY,
    pattern: pattern()`Authorization:\s*Bearer\s+(?<value>${KEY_TEXT})`,
    needs: 'mention',
    examples: {
      hit: [['curl -H "Authorization: Bearer sk-abcdefghijklmnopqrstuvwx" "$URL"', HIDDEN]],
      trap: ['curl -H "Authorization: Bearer $TOKEN" "$URL"'],
    },
  },
  {
    id: 'shell-model-assigned',
    kind: 'model',
    pattern: pattern(
      'm',
    )`\b(?:${MODEL_VARIABLE}|\w*(?:MODEL|model|ENGINE|engine)\w*)(?:${ASSIGNS})(?<value>${MODEL_NAME})`,
    hardCoded: true,
    role: ({ before }) => (/default|\?=\s*$/i.test(before) ? 'default' : 'use'),
    examples: {
      hit: [
        ['OPENAI_MODEL=gpt-4o-mini', 'gpt-4o-mini'],
        ['model="o3"', 'o3'],
        ['ENV LLM_MODEL gpt-4o', 'gpt-4o'],
      ],
      trap: ['OPENAI_MODEL="$1"', 'MODEL=o1ive', 'echo "no model, using gpt-4o"'],
    },
  },
  {
    id: 'shell-model-default',
    kind: 'model',
    pattern: pattern()`\$\{\w+:?[-=](?<value>${MODEL_NAME})\}`,
    hardCoded: false,
    role: 'default',
    examples: {
      hit: [['model=${MODEL:-gpt-4o}', 'gpt-4o']],
      trap: ['model=${MODEL:-}'],
    },
  },
  {
    id: 'shell-model-argument',
    kind: 'model',
    pattern: pattern()`(?:--?(?:\w+-)?(?:model|engine|m)(?:-\w+)?[ =]["']?|\\?["']?\b(?:model|engine)\\?["']?\s*:\s*\\?["']|^\s*["']?|[!=]=\s*["']|\|\s*)(?<value>${MODEL_NAME})(?=[\s"'\\),|;*]|$)`,
    accept: ({ value, before, match }) =>
      match[0] !== value && (!/^o[134]$/.test(value) || /model|engine/i.test(before)),
    hardCoded: true,
    role: ({ before }) => (/[!=]=\s*["']?$|\bcase\b/.test(before) ? 'prefix_check' : 'use'),
    examples: {
      hit: [
        ['ai-chat --model gpt-4o "$prompt"', 'gpt-4o'],
        ['curl "$URL" -d \'{"model": "gpt-4o-mini", "messages": []}\'', 'gpt-4o-mini'],
        ['-d "{\\"model\\": \\"o1\\"}"', 'o1'],
        ['if [[ "$MODEL" == "gpt-4" ]]; then', 'gpt-4'],
      ],
      trap: ['echo "--model picks the model (gpt-4o)"', 'tool -m o10'],
    },
  },
]);
