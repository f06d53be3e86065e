import { variableIn } from '../call-options.ts';
import { rulesFor } from '../rule.ts';
import { pattern } from '../vocabulary.ts';
import { KEY_TEXT, WRITTEN_KEY } from '../written-keys.ts';

/** Clients in PHP: where their URL, key and timeout come from. */
export const PHP_CLIENT_RULES = rulesFor({ families: ['php'] }, [
  {
    id: 'php-base-url-literal',
    kind: 'base_url',
    // This library also accepts a URL without a scheme.
    pattern: /->withBaseUri\(\s*["'](?<value>[\w.-]+(?::\/\/|\.\w|:\d)[^"'\s]{0,200})["']/,
    needs: 'client',
    hardCoded: true,
  },
  {
    id: 'php-base-url-option',
    kind: 'base_url',
    pattern: /->withBaseUri\((?!\s*["'])\s*(?<value>[^\s)][^\n]{0,120})/,
    needs: 'client',
    value: (expression) => variableIn(expression) ?? configIn(expression) ?? 'withBaseUri',
    hardCoded: false,
  },
  {
    id: 'php-api-key-option',
    kind: 'api_key',
    pattern: /(?:->withApiKey\(|\bOpenAI::client\()(?!\s*["'])\s*(?<value>[^\s)][^\n]{0,120})/,
    needs: 'client',
    value: (expression) =>
      variableIn(expression) ??
      configIn(expression) ??
      /\$(?:this->)?(\w+)/.exec(expression)?.[1] ??
      'withApiKey',
    hardCoded: false,
  },
  {
    id: 'php-api-key-literal',
    ...WRITTEN_KEY,
    pattern: pattern()`(?:->withApiKey\(|\bOpenAI::client\()\s*["'](?<value>${KEY_TEXT})["']`,
    needs: 'client',
  },
  {
    id: 'php-client-timeout',
    kind: 'client_setting',
    pattern: /->withHttpClient\((?<value>[^;]{0,200}?["']timeout["']\s*=>)/,
    needs: 'client',
    value: 'timeout',
    hardCoded: true,
  },
  {
    id: 'php-laravel-timeout',
    kind: 'client_setting',
    files: /(?:^|\/)config\/openai\.php$/,
    pattern: /["'](?<value>request_timeout)["']\s*=>/,
    value: 'timeout',
    hardCoded: false,
  },
]);

/** `config('services.openai.key')` → `services.openai.key`. */
const configIn = (expression: string): string | null =>
  /\b(?:config|get_option|Config::get|env)\(\s*["']([\w.-]+)["']/.exec(expression)?.[1] ?? null;
