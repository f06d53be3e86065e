import { inApiCall, mayBeOfApiCall, OPTION_EXPRESSION, optionIn, variableIn } from '../call-options.ts';
import { isFallback } from '../fallback.ts';
import { rulesFor } from '../rule.ts';
import { HIDDEN } from '../site.ts';
import { pattern, URL_TEXT } from '../vocabulary.ts';
import { inAnyCall } from './request-context.ts';

/** Options for the base URL, including Azure's. */
const BASE_URL_OPTION =
  /(?:baseURL|baseUrl|apiBaseUrl|basePath|azureOpenAIBasePath|azureOpenAIEndpoint|endpoint)/;

const OPTIONS = {
  base_url: pattern()`${BASE_URL_OPTION}|azureOpenAIApiInstanceName`,
  api_key: /apiKey|openAIApiKey|azureOpenAIApiKey/,
} as const;
const ALONE = { base_url: /baseURL|basePath|apiBaseUrl/, api_key: /apiKey|openAIApiKey/ } as const;

/** Clients in JavaScript and TypeScript: where their URL and key come from. */
export const JAVASCRIPT_CLIENT_RULES = rulesFor({ families: ['javascript'] }, [
  {
    id: 'javascript-base-url-literal',
    kind: 'base_url',
    pattern: pattern()`(?:(?<![\w$.])|(?<=(?:[oO]ptions|[cC]onfig|[pP]arams|openai)\.))["']?${BASE_URL_OPTION}["']?\s*[:=]\s*(?:[^,;\n{}]{1,100}?(?:\|\||\?\?|:)\s*)?["'\`](?<value>${URL_TEXT})["'\`]`,
    needs: 'mention',
    hardCoded: (found) => !isFallback(found) && !/\benv\b/.test(found.match[0]),
    accept: (found) => (found.sdks.length > 0 ? mayBeOfApiCall(found) : inApiCall(found)),
  },
  ...(['base_url', 'api_key'] as const).flatMap((kind) =>
    rulesFor({ families: ['javascript'], needs: 'mention' }, [
      {
        id: `javascript-${kind.replaceAll('_', '-')}-option`,
        kind,
        pattern: pattern()`(?<![\w$.?])["']?${OPTIONS[kind]}["']?\s*:\s*(?<value>${OPTION_EXPRESSION})`,
        value: (expression, { match }) => variableIn(expression) ?? optionIn(match[0]),
        accept: inAnyCall,
        hardCoded: false,
      },
      {
        id: `javascript-${kind.replaceAll('_', '-')}-shorthand`,
        kind,
        pattern: pattern()`[{,]\s*(?<value>${ALONE[kind]})\s*(?=[,}])`,
        accept: inAnyCall,
        hardCoded: false,
      },
    ]),
  ),
  {
    id: 'javascript-base-url-config',
    kind: 'base_url',
    pattern: pattern()`(?<![\w$.?])["']?(?:baseURL|basePath)["']?\s*[:=]\s*(?<value>${OPTION_EXPRESSION})`,
    needs: 'client',
    value: (expression) => variableIn(expression) ?? 'baseURL',
    accept: (found) => mayBeOfApiCall(found) && !/^\w+\s*[;)]/.test(found.value),
    hardCoded: false,
    confidence: 'medium',
  },
  {
    id: 'javascript-base-url-assigned',
    kind: 'base_url',
    pattern: pattern()`(?<=(?:[oO]ptions|[cC]onfig|[pP]arams|openai)\.)(?:baseURL|basePath)\s*=(?!=)\s*(?<value>${OPTION_EXPRESSION})`,
    needs: 'client',
    value: (expression, { match }) => variableIn(expression) ?? optionIn(match[0]),
    hardCoded: false,
  },
  {
    id: 'javascript-azure-client',
    kind: 'base_url',
    pattern: pattern()`\bnew\s+\w*OpenAIClient\(\s*(?<value>${OPTION_EXPRESSION})`,
    needs: 'mention',
    value: (expression) => variableIn(expression) ?? 'endpoint',
    accept: ({ fileHolds }) => fileHolds(/@azure\/openai/),
    hardCoded: false,
    note: 'azure: the endpoint of an Azure resource.',
  },
  {
    id: 'javascript-api-key-literal',
    kind: 'api_key',
    pattern: /(?<![\w$.?])["']?(?:apiKey|openAIApiKey)["']?\s*:\s*["'`](?<value>[^"'`\s]{3,200})["'`]/,
    needs: 'mention',
    value: HIDDEN,
    accept: inAnyCall,
    hardCoded: (found) => !isFallback(found),
    confidence: 'medium',
  },
]);
