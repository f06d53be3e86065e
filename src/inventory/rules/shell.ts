import { type RuleMatch, rulesFor } from '../rule.ts';
import {
  API_KEY_VARIABLE,
  BASE_URL_VARIABLE,
  MODEL_NAME,
  MODEL_VARIABLE,
  pattern,
  URL_TEXT,
  urlIn,
} from '../vocabulary.ts';
import { KEY_TEXT, WRITTEN_KEY } from '../written-keys.ts';

/** `NAME=`, `NAME := `, `$env:NAME = `, `set NAME=`, Docker's `ENV NAME `, `setx NAME `. */
const ASSIGNS = /\s*[:?+]?=\s*\\?["']?|(?<=\b(?:ENV|ARG|setx|setenv|set-?x?|-gx)\s+\w{1,60})\s+["']?/;

/** False for defaults: those of a Dockerfile (`ENV`, `ARG`) and of a Makefile (`?=`). */
const isScriptOnly = ({ before, match }: RuleMatch): boolean =>
  !/^\s*(?:ENV|ARG)\s/.test(before) && !match[0].includes('?=');

/** Scripts, Dockerfiles, Makefiles, Procfiles: variables that are set or have a default, and curl. */
export const SHELL_RULES = rulesFor({ families: ['shell'] }, [
  {
    id: 'shell-base-url-assigned',
    kind: 'base_url',
    // The value includes the name, so that both are one site.
    pattern: pattern('m')`\b(?<value>${BASE_URL_VARIABLE}(?:${ASSIGNS})${URL_TEXT})`,
    value: urlIn,
    hardCoded: isScriptOnly,
  },
  {
    id: 'shell-api-key-literal',
    ...WRITTEN_KEY,
    pattern: pattern('m')`\b(?<value>${API_KEY_VARIABLE}(?:${ASSIGNS})${KEY_TEXT})`,
  },
  {
    id: 'shell-model-assigned',
    kind: 'model',
    pattern: pattern(
      'm',
    )`\b(?:${MODEL_VARIABLE}|\w*(?:MODEL|model|ENGINE|engine)\w*)(?:${ASSIGNS})(?<value>${MODEL_NAME})`,
    hardCoded: isScriptOnly,
    role: (found) => (/default/i.test(found.before) || !isScriptOnly(found) ? 'default' : 'use'),
  },
  {
    id: 'shell-model-default',
    kind: 'model',
    pattern: pattern()`\$\{\w+:?[-=](?<value>${MODEL_NAME})\}`,
    hardCoded: false,
    role: 'default',
  },
  {
    id: 'shell-model-argument',
    kind: 'model',
    pattern: pattern()`(?:--?(?:\w+-)?(?:model|engine|m)(?:-\w+)?[ =]["']?|\\?["']?\b(?:model|engine)\\?["']?\s*:\s*\\?["']|^\s*["']?|[!=]=\s*["']|\|\s*)(?<value>${MODEL_NAME})(?=[\s"'\\),|;*]|$)`,
    accept: ({ value, before, match }) =>
      match[0] !== value && (!/^o[134]$/.test(value) || /model|engine/i.test(before)),
    hardCoded: true,
    role: ({ before }) => (/[!=]=\s*["']?$|\bcase\b/.test(before) ? 'prefix_check' : 'use'),
  },
]);
