import { enclosingCall } from '../brackets.ts';
import { inApiCall, mayBeOfApiCall, OPTION_EXPRESSION, optionIn, variableIn } from '../call-options.ts';
import { isFallback } from '../fallback.ts';
import { type Rule, type RuleMatch, rulesFor } from '../rule.ts';
import { HIDDEN } from '../site.ts';
import { OTHER_PROVIDER, pattern, URL_TEXT } from '../vocabulary.ts';
import { inAnyCall } from './request-context.ts';

/** Options for the base URL, including Azure's. */
const BASE_URL_OPTION = /(?:openai_)?(?:api_base|base_url|api_base_url)|openai_proxy_url|azure_endpoint/;

const API_KEY_OPTION = /(?:openai_|azure_openai_)?api_key/;

const KEYS_OF_SETTINGS = {
  base_url: /api_base|base_url|openai_base_url|openai_api_base/,
  api_key: /api_key/,
} as const;

/** Clients in Python: where their URL and key come from. */
export const PYTHON_CLIENT_RULES = rulesFor({ families: ['python'] }, [
  {
    id: 'python-base-url-literal',
    kind: 'base_url',
    pattern: pattern()`(?:(?<![\w.])|(?<=\b(?:openai|litellm|client)\.))["']?(?:\w+_)?${BASE_URL_OPTION}["']?\s*\]?\s*(?::\s*[\w[\]., |]{1,40})?[:=]\s*(?:[^,;\n]{1,80}?(?:\bor\b|,|\belse\b|\()\s*)?["'](?<value>${URL_TEXT})["']`,
    needs: 'mention',
    hardCoded: (found) => !isFallback(found) && !/environ|getenv|\bor\b/.test(found.match[0]),
    accept: (found) => (found.sdks.length > 0 ? mayBeOfApiCall(found) : inApiCall(found)),
  },
  {
    id: 'python-base-url-option',
    kind: 'base_url',
    pattern: pattern()`(?<![\w.])["']?(?:${BASE_URL_OPTION})["']?\s*[:=](?!=)\s*(?<value>${OPTION_EXPRESSION})`,
    needs: 'mention',
    value: (expression, { match }) => variableIn(expression) ?? optionIn(match[0]),
    accept: inAnyCall,
    hardCoded: false,
  },
  {
    id: 'python-base-url-assigned',
    kind: 'base_url',
    pattern: pattern()`\b(?:openai|client|litellm|litellm_params|kwargs|params|config|\w*_kwargs|\w*_params|\w*_config)(?:\.|\[["'])(?<value>api_base|base_url|openai_api_base|azure_endpoint)(?:["']\])?\s*=(?!=)\s*(?=\S)(?!None\b)(?!["']https?:)`,
    needs: 'client',
    hardCoded: false,
  },
  {
    id: 'python-api-key-option',
    kind: 'api_key',
    pattern: pattern()`(?<![\w.])["']?${API_KEY_OPTION}["']?\s*[:=](?!=)\s*(?<value>${OPTION_EXPRESSION})`,
    needs: 'mention',
    value: (expression, { match }) => variableIn(expression) ?? optionIn(match[0]),
    accept: (found) => inAnyCall(found) && enclosingCall(found.code, found.match.index) !== 'def',
    hardCoded: false,
  },
  {
    id: 'python-api-key-assigned',
    kind: 'api_key',
    pattern: /\b(?:openai|litellm)\.(?<value>api_key|openai_key|organization_key)\s*=(?!=)\s*(?!None\b)/,
    needs: 'mention',
    hardCoded: ({ after }) => /=\s*["'][^"']{8,}["']/.test(after),
  },
  {
    id: 'python-api-key-literal',
    kind: 'api_key',
    pattern: pattern()`(?<![\w.])["']?${API_KEY_OPTION}["']?\s*[:=](?!=)\s*["'](?<value>[^"'\s]{3,200})["']`,
    needs: 'mention',
    value: HIDDEN,
    accept: inAnyCall,
    hardCoded: (found) => !isFallback(found),
    confidence: 'medium',
  },
  ...(['base_url', 'api_key'] as const).map(
    (kind): Rule => ({
      id: `python-${kind.replaceAll('_', '-')}-key`,
      kind,
      families: ['python'],
      pattern: pattern()`\b(?:\w*get\w*\((?:\w+,\s*)?|(?:config|settings|cfg|conf|llm)\[)["'](?:\w+\.)?(?<value>${KEYS_OF_SETTINGS[kind]})["']`,
      needs: 'client',
      accept: isOwnSetting,
      hardCoded: false,
      confidence: 'medium',
    }),
  ),
]);

/** Whether a setting is read outside a call; in a client's arguments, the option is the site. */
function isOwnSetting({ code, match, before }: RuleMatch): boolean {
  return enclosingCall(code, match.index) === '' && !OTHER_PROVIDER.test(before);
}
