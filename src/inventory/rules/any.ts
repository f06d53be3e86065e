import { type LanguageFamily, languageOf } from '../languages.ts';
import type { Rule, RuleMatch } from '../rule.ts';
import { HIDDEN } from '../site.ts';
import {
  API_KEY_VARIABLE,
  BASE_URL_VARIABLE,
  baseOfUrl,
  ENDPOINT_PATH,
  endpointOfPath,
  OFFICIAL_HOST,
  pattern,
} from '../vocabulary.ts';
import { WRITTEN_KEY } from '../written-keys.ts';

/** The host without scheme and path, as in allow-lists of proxies and firewalls. */
const BARE_HOST = /(?<![\w./:@-])(?:(?:us|eu|ae)\.)?api\.openai\.com(?![\w.-])/;

/** Families without their own rules for variable names and paths. */
const FALLBACK: readonly LanguageFamily[] = ['shell', 'config', 'docs'];

/** False for a name in a sentence ("OPENAI_API_KEY is not set"), unless the shell expands it there. */
function isNotMessage({ before, after }: RuleMatch): boolean {
  if (/[$%{]$/.test(before)) return true;
  const quote = /(["'`])(?:(?!\1).)*$/.exec(before)?.[1];
  if (quote === undefined || !after.includes(quote)) return true;
  const text = before.slice(before.lastIndexOf(quote) + 1) + after.slice(0, after.indexOf(quote));
  return !/\s/.test(text);
}

/** Attributes and options with text for people. */
const FOR_PEOPLE =
  /\b(?:placeholder|description|help\w*|label|title|tooltip|hint|example\w*)["']?\s*[=:]\s*\{?\(?["'`][^"'`]*$/i;

/** False for a URL in a sentence, in a page's text or in a hint for people. */
function isNotProse({ before, path }: RuleMatch): boolean {
  const { family } = languageOf(path);
  if (FOR_PEOPLE.test(before)) return false;
  if (family === 'shell' || family === 'config' || family === 'docs') return true;
  const sentence = /["'`][^"'`]*\w[^"'`\w]*\s[^"'`\s]*$/.exec(before)?.[0] ?? '';
  return (sentence === '' || /\bcurl\b/.test(sentence)) && !/<\w[^<>]*>[^<>"'`={}]*$/.test(before);
}

/**
 * Rules for any language: URLs, text shaped like a key, and variable names in families without their own rules for them.
 * Rules for a family take precedence.
 */
export const ANY_RULES: readonly Rule[] = [
  {
    id: 'any-official-url',
    kind: 'base_url',
    families: 'any',
    pattern: pattern('i')`(?<value>(?:https?|wss?)://${OFFICIAL_HOST}(?:/[^\s"'\`<>()[\]{}|\\,;]{0,200})?)`,
    accept: isNotProse,
    value: (url) => baseOfUrl(url),
    hardCoded: true,
    examples: {
      hit: [
        ['url = "https://api.openai.com/v1"', 'https://api.openai.com/v1'],
        ['fetch("https://eu.api.openai.com/v1/chat/completions")', 'https://eu.api.openai.com/v1'],
        ['connect("wss://api.openai.com/v1/realtime?model=m")', 'wss://api.openai.com/v1'],
      ],
      trap: [
        'url = "https://platform.openai.com/docs"',
        'url = "https://api.openai.community/v1"',
        'throw new Error("nothing answers at https://api.openai.com/v1")',
        '<input placeholder="https://api.openai.com/v1" />',
        '<p>Calls https://api.openai.com/v1</p>',
      ],
    },
  },
  {
    id: 'any-official-host',
    kind: 'base_url',
    families: 'any',
    pattern: pattern()`(?<value>${BARE_HOST})`,
    hardCoded: true,
    confidence: 'medium',
    note: 'Host only: a proxy, a firewall, or a client that adds scheme and path.',
    examples: {
      hit: [['host = "api.openai.com"', 'api.openai.com']],
      trap: ['mail("help@api.openai.com")', 'host = "api.openai.com.example.org"'],
    },
  },
  {
    id: 'any-azure-url',
    kind: 'base_url',
    families: 'any',
    pattern:
      /(?<value>https:\/\/[\w.${}<>-]{1,80}\.(?:openai\.azure\.com|cognitiveservices\.azure\.com)(?:\/[^\s"'`()[\]|\\,;]{0,200})?)/,
    needs: 'mention',
    accept: isNotProse,
    value: (url) => baseOfUrl(url),
    hardCoded: true,
    note: 'azure: deployments replace models, and URLs have a different format.',
    examples: {
      hit: [['endpoint = "https://acme.openai.azure.com/"', 'https://acme.openai.azure.com']],
      trap: ['endpoint = "https://acme.search.windows.net"'],
    },
  },
  {
    id: 'any-endpoint-url',
    kind: 'endpoint',
    families: 'any',
    pattern: pattern(
      'i',
    )`(?:https?|wss?)://(?:${OFFICIAL_HOST}|[\w.-]{1,80}\.openai\.azure\.com)/(?:v1|openai(?:/v1|/deployments/[\w.{}$-]{1,60})?)(?<value>${ENDPOINT_PATH})`,
    value: (path) => endpointOfPath(path),
    examples: {
      hit: [
        ['post("https://api.openai.com/v1/chat/completions")', 'chat.completions'],
        ['post("https://api.openai.com/v1/audio/speech")', 'audio.speech'],
        ['get("https://api.openai.com/v1/models")', 'models.list'],
      ],
      trap: ['post("https://llm.example.com/v1/chatter")', 'get("https://platform.openai.com/docs/models")'],
    },
  },
  {
    id: 'any-endpoint-path',
    kind: 'endpoint',
    families: FALLBACK,
    // Many services use the other suffixes; this one is specific to OpenAI.
    pattern: /(?<value>\/chat\/completions)\b/,
    value: 'chat.completions',
    confidence: 'medium',
    examples: {
      hit: [['post(base + "/chat/completions", body)', 'chat.completions']],
      trap: ['post(base + "/chat/complete", body)'],
    },
  },
  {
    id: 'any-key-literal',
    ...WRITTEN_KEY,
    families: 'any',
    pattern:
      /(?<![\w-])(?<value>sk-(?:proj-|svcacct-|admin-|None-)?(?=[\w-]*\d)(?=[\w-]*[A-Z])[\w-]{32,200})(?![\w-])/,
    needs: 'mention',
    examples: {
      hit: [['key = "sk-proj-Abcdefghijklmnopqrstuvwxyz0123456789ABCD"', HIDDEN]],
      trap: [
        'key = "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"',
        'key = "sk-your-key-goes-here-and-nowhere-else-ever"',
      ],
    },
  },
  {
    id: 'any-base-url-variable',
    kind: 'base_url',
    families: FALLBACK,
    pattern: pattern()`(?<![\w.])(?<value>${BASE_URL_VARIABLE})(?!\w)`,
    accept: isNotMessage,
    onlyAlone: true,
    hardCoded: false,
    confidence: 'medium',
    examples: {
      hit: [
        ['url=$OPENAI_BASE_URL', 'OPENAI_BASE_URL'],
        ['curl -H "Authorization: $OPENAI_BASE_URL"', 'OPENAI_BASE_URL'],
      ],
      trap: ['lookup("SENTRY_BASE_URL")', 'die "OPENAI_BASE_URL is not set"'],
    },
  },
  {
    id: 'any-api-key-variable',
    kind: 'api_key',
    families: FALLBACK,
    pattern: pattern()`(?<![\w.])(?<value>${API_KEY_VARIABLE})(?!\w)`,
    accept: isNotMessage,
    onlyAlone: true,
    hardCoded: false,
    confidence: 'medium',
    examples: {
      hit: [
        ['key=$OPENAI_API_KEY', 'OPENAI_API_KEY'],
        ['curl -H "Authorization: $OPENAI_API_KEY"', 'OPENAI_API_KEY'],
      ],
      trap: ['lookup("STRIPE_API_KEY")', 'die "OPENAI_API_KEY is not set"'],
    },
  },
];
