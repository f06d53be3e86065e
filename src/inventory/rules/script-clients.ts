import { enclosingCall } from '../brackets.ts';
import { inApiCall, mayBeOfApiCall, OPTION_EXPRESSION, optionIn, variableIn } from '../call-options.ts';
import { isFallback } from '../fallback.ts';
import { CODE } from '../languages.ts';
import { type Rule, type RuleMatch, rulesFor } from '../rule.ts';
import { HIDDEN } from '../site.ts';
import { inAnySpelling, pattern, URL_TEXT } from '../vocabulary.ts';
import { OTHER_SERVICE } from './bare-names.ts';
import { CALLS_OVER_HTTP, inAnyCall } from './request-context.ts';

/**
 * How a language names the options of a client, what a name may follow (objects whose fields are options too), what joins
 * it and its value, what may come before a literal that is only a default, and a read of the environment.
 */
const WORDS = {
  javascript: {
    base_url:
      /baseURL|baseUrl|apiBaseUrl|basePath|azureOpenAIBasePath|azureOpenAIEndpoint|endpoint|azureOpenAIApiInstanceName/,
    api_key: /apiKey|openAIApiKey|azureOpenAIApiKey/,
    start: /(?<![\w$.?])/,
    owner: /(?<=(?:[oO]ptions|[cC]onfig|[pP]arams|openai)\.)/,
    sets: /:/,
    otherwise: /[^,;\n{}]{1,100}?(?:\|\||\?\?|:)/,
    reads: /\benv\b/,
  },
  python: {
    base_url: /(?:openai_)?(?:api_base|base_url|api_base_url)|openai_proxy_url|azure_endpoint/,
    api_key: /(?:openai_|azure_openai_)?api_key/,
    start: /(?<![\w.])/,
    owner: /(?<=\b(?:openai|oai|litellm|client)\.)/,
    sets: /[:=](?!=)/,
    otherwise: /[^,;\n]{1,80}?(?:\bor\b|,|\belse\b|\()/,
    reads: /environ|getenv|\bor\b/,
  },
} as const;

/** URLs of servers, rather than of one of another service's calls. */
const COMPATIBLE_URL = /^\w+:\/\/[^/]+\/?$|\/v\d|open_?ai|llm|completions|inference/i;

/** Options of clients in JavaScript and Python: URLs and keys, written out or read from elsewhere. */
function optionRules(family: keyof typeof WORDS): readonly Rule[] {
  const { start, owner, sets, otherwise, reads, ...names } = WORDS[family];
  return rulesFor({ families: [family], needs: 'mention' }, [
    {
      id: `${family}-base-url-literal`,
      kind: 'base_url',
      pattern: pattern()`(?:${start}|${owner})["']?(?:[a-z]\w*_)?${names.base_url}["']?\s*\]?\s*(?::\s*[\w[\]., |]{1,40}(?==))?[:=]\s*(?:${otherwise}\s*)?["'\`](?<value>${URL_TEXT})["'\`]`,
      hardCoded: (found) => !isFallback(found) && !reads.test(found.match[0]),
      accept: (found) =>
        inApiCall(found) ||
        (found.sdks.length > 0 && COMPATIBLE_URL.test(found.value) && mayBeOfApiCall(found)),
    },
    ...(['base_url', 'api_key'] as const).map(
      (kind): Rule => ({
        id: `${family}-${kind.replaceAll('_', '-')}-option`,
        kind,
        families: [family],
        pattern: pattern()`${start}["']?${names[kind]}["']?\s*${sets}\s*(?<value>${OPTION_EXPRESSION})`,
        value: (expression, { match }) => variableIn(expression) ?? optionIn(match[0]),
        accept: (found) => inAnyCall(found) && enclosingCall(found.code, found.match.index) !== 'def',
        hardCoded: false,
      }),
    ),
    {
      id: `${family}-api-key-literal`,
      kind: 'api_key',
      pattern: pattern()`${start}["']?${names.api_key}["']?\s*${sets}\s*["'\`](?<value>[^"'\`\s]{3,200})["'\`]`,
      value: HIDDEN,
      accept: inAnyCall,
      hardCoded: (found) => !isFallback(found),
      confidence: 'medium',
    },
  ]);
}

const ALONE = { base_url: /baseURL|basePath|apiBaseUrl/, api_key: /apiKey|openAIApiKey/ } as const;
/** Names of settings, which a program may begin with its own. */
const NAMES_OF_SETTINGS = {
  base_url: inAnySpelling([
    'api_base',
    'api_url',
    'api_endpoint',
    'base_url',
    'openai_base_url',
    'openai_api_base',
  ]),
  api_key: inAnySpelling(['api_key']),
} as const;
/** Reads of what another program sends, rather than of settings. */
const OF_REQUEST = /\b(?:req\w*|headers?|params?|query|cookies?|session|form|body)\b[^\n=;]*$/i;
/** Services whose keys stand in the same files. */
const OTHER_KEY = /stripe|twilio|sendgrid|mail|weather|maps?_|news|search|git|slack|telegram|discord/i;
const STORE = /pinecone|qdrant|weaviate/i;
const ALL_KEYS = /\w+[_-]?api[_-]?key(?=["'])/gi;

/**
 * Whether a setting is read outside a call, in a file that calls the API; in a client's arguments, the option is the site.
 * A name with more words counts only without a client, and if it is the only key's.
 */
function isOwnSetting({ code, match, before, value, sdks, fileHolds }: RuleMatch): boolean {
  if (enclosingCall(code, match.index) !== '' || OF_REQUEST.test(before + match[0])) return false;
  if (OTHER_SERVICE.test(before + value) || OTHER_KEY.test(value) || fileHolds(STORE)) return false;
  if (value === value.toUpperCase()) return false;
  const calls = fileHolds(CALLS_OVER_HTTP);
  if (/^(?:api|base|openai)/i.test(value)) return sdks.length > 0 || calls;
  return sdks.length === 0 && calls && new Set(code.match(ALL_KEYS)).size < 2;
}

/** Clients in JavaScript, TypeScript and Python: where their URL and key come from. */
export const SCRIPT_CLIENT_RULES: readonly Rule[] = [
  ...optionRules('javascript'),
  ...optionRules('python'),
  ...(['base_url', 'api_key'] as const).flatMap((kind): Rule[] => [
    {
      id: `javascript-${kind.replaceAll('_', '-')}-shorthand`,
      kind,
      families: ['javascript'],
      needs: 'mention',
      pattern: pattern()`[{,]\s*(?<value>${ALONE[kind]})\s*(?=[,}])`,
      accept: inAnyCall,
      hardCoded: false,
    },
    {
      id: `client-settings-${kind.replaceAll('_', '-')}`,
      kind,
      families: CODE,
      needs: 'mention',
      pattern: pattern()`\b(?:\w*(?:[gG]et|[fF]etch)\w*!?(?:<\w+>)?\((?:[\w:.$]+,\s*)?\[?|(?:[cC]onfig(?:uration)?|[sS]ettings|[oO]ptions|opts|cfg|conf|llm)\[)[:"'](?:(?:llm|openai|ai)\.)?(?<value>(?:\w{1,30}[_-])??${NAMES_OF_SETTINGS[kind]})(?!\w)`,
      accept: isOwnSetting,
      hardCoded: false,
      confidence: 'medium',
    },
  ]),
  {
    id: 'javascript-base-url-assigned',
    kind: 'base_url',
    families: ['javascript'],
    needs: 'client',
    pattern: pattern()`(?<=(?:[oO]ptions|[cC]onfig|[pP]arams|openai)\.)(?:baseURL|basePath)\s*=(?!=)\s*(?<value>${OPTION_EXPRESSION})`,
    value: (expression, { match }) => variableIn(expression) ?? optionIn(match[0]),
    hardCoded: false,
  },
  {
    id: 'javascript-azure-client',
    kind: 'base_url',
    families: ['javascript'],
    needs: 'mention',
    pattern: pattern()`\bnew\s+\w*OpenAIClient\(\s*(?<value>${OPTION_EXPRESSION})`,
    value: (expression) => variableIn(expression) ?? 'endpoint',
    accept: ({ fileHolds }) => fileHolds(/@azure\/openai/),
    hardCoded: false,
    note: 'azure: the endpoint of an Azure resource.',
  },
  {
    id: 'python-base-url-assigned',
    kind: 'base_url',
    families: ['python'],
    needs: 'client',
    pattern:
      /\b(?:openai|client|litellm|litellm_params|kwargs|params|config|\w*_kwargs|\w*_params|\w*_config)(?:\.|\[["'])(?<value>api_base|base_url|openai_api_base|azure_endpoint)(?:["']\])?\s*=(?!=)\s*(?=\S)(?!None\b)(?!["']https?:)/,
    hardCoded: false,
  },
  {
    id: 'python-api-key-assigned',
    kind: 'api_key',
    families: ['python'],
    needs: 'mention',
    pattern: /\b(?:openai|oai|litellm)\.(?<value>api_key|openai_key|organization_key)\s*=(?!=)\s*(?!None\b)/,
    hardCoded: ({ after }) => /=\s*["'][^"']{8,}["']/.test(after),
  },
];
