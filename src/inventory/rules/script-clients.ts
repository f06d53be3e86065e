import { enclosingCall } from '../brackets.ts';
import { inApiCall, mayBeOfApiCall, OPTION_EXPRESSION, optionIn, variableIn } from '../call-options.ts';
import { isFallback } from '../fallback.ts';
import { type Rule, rulesFor } from '../rule.ts';
import { HIDDEN } from '../site.ts';
import { pattern, URL_TEXT } from '../vocabulary.ts';
import { inAnyCall } from './request-context.ts';

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

/** Clients in JavaScript, TypeScript and Python: where their URL and key come from. */
export const SCRIPT_CLIENT_RULES: readonly Rule[] = [
  ...optionRules('javascript'),
  ...optionRules('python'),
  ...(['base_url', 'api_key'] as const).map(
    (kind): Rule => ({
      id: `javascript-${kind.replaceAll('_', '-')}-shorthand`,
      kind,
      families: ['javascript'],
      needs: 'mention',
      pattern: pattern()`[{,]\s*(?<value>${ALONE[kind]})\s*(?=[,}])`,
      accept: inAnyCall,
      hardCoded: false,
    }),
  ),
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
