// biome-ignore-all lint/suspicious/noTemplateCurlyInString: examples are code of other languages
import type { Rule } from '../rule.ts';
import { HIDDEN } from '../site.ts';
import {
  API_KEY_VARIABLE,
  BASE_URL_VARIABLE,
  MODEL_NAME,
  MODEL_VARIABLE,
  pattern,
  URL_TEXT,
} from '../vocabulary.ts';

/** Shell scripts, Dockerfiles, Makefiles: variables that are set or given a default, and curl. */
export const SHELL_RULES: readonly Rule[] = [
  {
    id: 'shell-base-url-assigned',
    kind: 'base_url',
    families: ['shell'],
    pattern: pattern('m')`\b${BASE_URL_VARIABLE}\s*[:?+]?=\s*["']?(?<value>${URL_TEXT})`,
    needs: 'nothing',
    hardCoded: true,
    confidence: 'high',
    examples: {
      hit: [
        ['export OPENAI_BASE_URL="https://api.openai.com/v1"', 'https://api.openai.com/v1'],
        ['OPENAI_API_BASE ?= https://llm.example.com/v1', 'https://llm.example.com/v1'],
      ],
      trap: ['export OPENAI_BASE_URL="$GATEWAY_URL"', 'export SENTRY_BASE_URL=https://sentry.example.com/v1'],
    },
  },
  {
    id: 'shell-base-url-default',
    kind: 'base_url',
    families: ['shell'],
    pattern: pattern()`\$\{${BASE_URL_VARIABLE}:?[-=](?<value>${URL_TEXT})\}`,
    needs: 'nothing',
    hardCoded: false,
    confidence: 'high',
    note: 'A default: the variable decides when it is set.',
    examples: {
      hit: [['URL="${OPENAI_BASE_URL:-https://api.openai.com/v1}"', 'https://api.openai.com/v1']],
      trap: ['URL="${OPENAI_BASE_URL:?not set}"'],
    },
  },
  {
    id: 'shell-api-key-literal',
    kind: 'api_key',
    families: ['shell'],
    pattern: pattern('m')`\b${API_KEY_VARIABLE}\s*[:?+]?=\s*["']?(?<value>sk-[\w-]{16,})`,
    needs: 'nothing',
    value: HIDDEN,
    hardCoded: true,
    confidence: 'high',
    note: 'A key in the repository is known to everyone who can read it: revoke it.',
    examples: {
      hit: [['export OPENAI_API_KEY=sk-abcdefghijklmnopqrstuvwx', HIDDEN]],
      trap: ['export OPENAI_API_KEY="$(vault read openai)"', 'export OPENAI_API_KEY=sk-xxx'],
    },
  },
  {
    id: 'shell-model-assigned',
    kind: 'model',
    families: ['shell'],
    pattern: pattern(
      'm',
    )`\b(?:${MODEL_VARIABLE}|MODEL(?:_NAME|_ID)?)\s*[:?+]?=\s*["']?(?<value>${MODEL_NAME})`,
    needs: 'evidence',
    hardCoded: true,
    confidence: 'high',
    examples: {
      hit: [['OPENAI_MODEL=gpt-4o-mini', 'gpt-4o-mini']],
      trap: ['OPENAI_MODEL="$1"', 'MODEL=o1ive'],
    },
  },
  {
    id: 'shell-model-default',
    kind: 'model',
    families: ['shell'],
    pattern: pattern()`\$\{\w*MODEL\w*:?[-=](?<value>${MODEL_NAME})\}`,
    needs: 'nothing',
    hardCoded: false,
    role: 'default',
    confidence: 'high',
    examples: {
      hit: [['model=${MODEL:-gpt-4o}', 'gpt-4o']],
      trap: ['model=${MODEL:-}'],
    },
  },
];
