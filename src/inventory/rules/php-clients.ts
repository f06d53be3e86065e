import { variableIn } from '../call-options.ts';
import { rulesFor } from '../rule.ts';
import { API_KEY_VARIABLE, pattern } from '../vocabulary.ts';

/** Clients in PHP: where their key comes from. */
export const PHP_CLIENT_RULES = rulesFor({ families: ['php'], hardCoded: false }, [
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
  },
  {
    id: 'php-api-key-header',
    kind: 'api_key',
    // `'Authorization: Bearer ' . $OPENAI_API_KEY`, `"Bearer {$this->OPENAI_KEY}"`
    pattern: pattern()`\bBearer\s+(?:["']\s*\.\s*|\{)?\$(?:this->)?(?<value>${API_KEY_VARIABLE})(?!\w)`,
  },
]);

/** `config('services.openai.key')` → `services.openai.key`. */
const configIn = (expression: string): string | null =>
  /\b(?:config|get_option|Config::get|env)\(\s*["']([\w.-]+)["']/.exec(expression)?.[1] ?? null;
