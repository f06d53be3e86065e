import { isFallback } from '../fallback.ts';
import { CODE, type LanguageFamily, languageOf } from '../languages.ts';
import { NAMED_SETTING, type Rule, type RuleMatch } from '../rule.ts';
import {
  baseOfUrl,
  ENDPOINT_PATH,
  endpointOfPath,
  OFFICIAL_HOST,
  OTHER_PROVIDER,
  pattern,
  VARIABLES,
} from '../vocabulary.ts';
import { KEY_TEXT, WRITTEN_KEY } from '../written-keys.ts';
import { PROSE } from './config-values.ts';
import { isAllowed } from './hazards-official-server.ts';

/** The host without scheme and path, as in allow-lists of proxies and firewalls. */
const BARE_HOST = /(?<![\w./:@-])(?:(?:us|eu|ae)\.)?api\.openai\.com(?![\w.-])/;

/** Families without their own rules for variable names and paths. */
const FALLBACK: readonly LanguageFamily[] = ['shell', 'config', 'docs'];

/** A line that a script adds to a file: `echo "export NAME=$value" >> ~/.profile`. */
const WRITTEN_TO_FILE = /^=.*["']\s*(?:>{1,2}\s*\S|\|\s*(?:sudo\s+)?tee\b)/;

/** False for a name in a sentence ("OPENAI_API_KEY is not set"), unless the shell expands it there. */
export function isNotMessage({ before, after }: Pick<RuleMatch, 'before' | 'after'>): boolean {
  if (
    /(?:[$%{]|\$env:)$/i.test(before) ||
    (/["'](?:export\s+)?$/.test(before) && WRITTEN_TO_FILE.test(after))
  )
    return true;
  const quote = /(["'`])(?:(?!\1).)*$/.exec(before)?.[1];
  if (quote === undefined || !after.includes(quote)) return true;
  const text = before.slice(before.lastIndexOf(quote) + 1) + after.slice(0, after.indexOf(quote));
  return !/\s/.test(text);
}

/** Attributes and options with text for people. */
const FOR_PEOPLE =
  /\b(?:placeholder|description|help\w*|label|title|tooltip|hint|example\w*)["']?\s*[=:]\s*\{?\(?["'`][^"'`]*$/i;

/** False for a URL in a sentence, in a page's text or in a hint for people. */
function isNotProse(found: RuleMatch): boolean {
  const { before, path } = found;
  const { family } = languageOf(path);
  if (FOR_PEOPLE.test(before) || isAllowed(found)) return false;
  if (family === 'shell') return !/^\s*(?:echo|printf|log|die|warn)\b/.test(before);
  if (family === 'config') return !PROSE.test(before) && !/Endpoint=$/i.test(before);
  if (family === 'docs') return true;
  const sentence = /["'`][^"'`]*\w[^"'`\w]*\s[^"'`\s]*$/.exec(before)?.[0] ?? '';
  return (sentence === '' || /\bcurl\b/.test(sentence)) && !/<\w[^<>]*>[^<>"'`={}]*$/.test(before);
}

/** A comparison, which a hazard reports. */
const COMPARED = /(?:[!=]==?|\b(?:includes|contains|(?:starts|ends)_?with|indexOf|equals)\()\s*["'`]$/i;

/** Whether a URL can only be changed by editing code: it is neither a setting nor the default of one. */
function isHardCoded(found: RuleMatch): boolean {
  const { family } = languageOf(found.path);
  if (family === 'config') return false;
  if (family === 'shell')
    return !/^\s*(?:ENV|ARG)\s|\$\{\w+:?[-=]["']?$|\$env:\w+\W.*(?:\belse\s*\{|\?\?)\s*["']$/i.test(
      found.before,
    );
  return !isFallback(found);
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
    hardCoded: isHardCoded,
  },
  {
    id: 'any-official-host',
    kind: 'base_url',
    families: 'any',
    pattern: pattern()`(?<value>${BARE_HOST})`,
    accept: (found) => isNotProse(found) && !COMPARED.test(found.before),
    hardCoded: isHardCoded,
    confidence: 'medium',
    note: 'Host only: a proxy, a firewall, or a client that adds scheme and path.',
  },
  {
    id: 'any-azure-url',
    kind: 'base_url',
    families: 'any',
    pattern:
      /(?<value>(?:https:\/\/[\w.${}<>-]{1,80}|(?<=[+.~]\s?["'`]))\.(?:openai\.azure\.com|cognitiveservices\.azure\.com)(?:\/[^\s"'`()[\]|\\,;]{0,200})?)/,
    needs: 'mention',
    accept: isNotProse,
    value: (url) => baseOfUrl(url),
    hardCoded: isHardCoded,
    note: 'azure: deployments replace models, and URLs have a different format.',
  },
  {
    id: 'any-compatible-url',
    kind: 'base_url',
    families: CODE,
    pattern: pattern()`["'\`](?<value>https?://(?!${OFFICIAL_HOST})[\w.:-]{3,80}(?:/[\w.-]{1,40}){0,4}?/(?:chat/completions|v1/(?:embeddings|responses|completions)))(?=["'\`?])`,
    value: (url) => baseOfUrl(url),
    hardCoded: isHardCoded,
  },
  {
    id: 'any-endpoint-url',
    kind: 'endpoint',
    families: 'any',
    pattern: pattern(
      'i',
    )`(?:(?:https?|wss?)://(?:${OFFICIAL_HOST}|[\w.{}$-]{1,80}\.openai\.azure\.com)|[}"'\`]\.openai\.azure\.com)/(?:v1(?:/engines/[\w.{}$-]{1,60})?|openai(?:/v1|/deployments/[\w.{}$-]{1,60})?)(?<value>${ENDPOINT_PATH})`,
    value: (path) => endpointOfPath(path),
  },
  {
    id: 'any-endpoint-path',
    kind: 'endpoint',
    families: ['config', 'docs'],
    // Many services use the other suffixes; this one is specific to OpenAI.
    pattern: /(?<value>\/chat\/completions)\b/,
    value: 'chat.completions',
    confidence: 'medium',
  },
  {
    id: 'any-key-in-place',
    ...WRITTEN_KEY,
    families: 'any',
    // What sets a client's key, and the header.
    pattern: pattern()`(?:\b(?:ApiKeyCredential|OpenAIClient|OpenAIAPI|withApiKey|OpenAI::client|openai\.(?:NewClient|Default\w*Config))\(|\bapiKey:|Authorization:\s*Bearer)\s*["']?(?<value>${KEY_TEXT})`,
    needs: 'mention',
  },
  {
    id: 'any-key-literal',
    ...WRITTEN_KEY,
    families: 'any',
    pattern:
      /(?<![\w-])(?<value>sk-(?!ant-|or-|lf-)(?:proj-|svcacct-|admin-|None-)?(?=[\w-]*\d)(?=[\w-]*[A-Z])[\w-]{32,200})(?![\w-])/,
    accept: ({ value, line }) => !/(\w)\1{5}|your|example/i.test(value) && !OTHER_PROVIDER.test(line),
  },
  ...(['base_url', 'api_key'] as const).map(
    (kind): Rule => ({
      id: `any-${kind.replaceAll('_', '-')}-variable`,
      kind,
      families: FALLBACK,
      pattern: pattern()`(?<![\w.])(?<value>${VARIABLES[kind]})(?!\w)`,
      accept: isNotMessage,
      ...NAMED_SETTING,
    }),
  ),
];
