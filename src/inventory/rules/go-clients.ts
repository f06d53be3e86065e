import { variableIn } from '../call-options.ts';
import { rulesFor } from '../rule.ts';
import { pattern, URL_TEXT } from '../vocabulary.ts';
import { KEY_IN_PLACE, WRITTEN_KEY } from '../written-keys.ts';
import { isOfGoClient } from './clients.ts';

/** Clients in Go: where their URL, key, timeout and retries come from. */
export const GO_CLIENT_RULES = rulesFor({ families: ['go'] }, [
  {
    id: 'go-base-url-literal',
    kind: 'base_url',
    pattern: pattern()`(?:\.BaseURL\s*=|\bBaseURL:|WithBaseURL\(|DefaultAzureConfig\([^,\n]{1,80},|azure\.WithEndpoint\()\s*["\`](?<value>${URL_TEXT})["\`]`,
    needs: 'client',
    hardCoded: true,
  },
  {
    id: 'go-base-url-option',
    kind: 'base_url',
    pattern:
      /(?:\.(?<field>BaseURL)\s*=(?!=)|\b(?<option>WithBaseURL|WithEndpoint)\(|\b(?<azure>DefaultAzureConfig)\((?![^\n]{0,200}"http))(?!\s*["`)])\s*(?<value>[^\n]{1,120})/,
    needs: 'client',
    value: (expression, { match: { groups = {} } }) =>
      variableIn(expression) ?? groups.field ?? groups.option ?? groups.azure ?? null,
    hardCoded: false,
  },
  {
    id: 'go-api-key-option',
    kind: 'api_key',
    pattern:
      /\b(?:option\.WithAPIKey|openai\.WithToken|azure\.WithAPIKey|\w+\.(?:NewClient|NewOrgClient|DefaultConfig|DefaultAzureConfig))\((?<value>[A-Za-z&*][\w.[\]]{0,80})\s*[,)]/,
    needs: 'client',
    value: (expression) =>
      /^(?:option|opts|openai|ctx|azure|&|http)/.test(expression) ? null : lastName(expression),
    accept: (found) => /^(?:option|openai|azure)\./.test(found.match[0]) || isOfGoClient(found),
    hardCoded: false,
    confidence: 'medium',
  },
  {
    id: 'go-api-key-literal',
    ...WRITTEN_KEY,
    pattern: pattern()`\b(?:WithAPIKey|WithToken|openai\.(?:NewClient|DefaultConfig|DefaultAzureConfig))\(\s*["\`](?<value>${KEY_IN_PLACE})["\`]`,
    needs: 'client',
  },
  {
    id: 'go-client-timeout',
    kind: 'client_setting',
    pattern:
      /(?:option\.(?<value>WithRequestTimeout|WithMaxRetries)\(|\.HTTPClient\s*=|option\.WithHTTPClient\()/,
    needs: 'client',
    value: (_, { match, fileHolds }) => {
      if (match[0].includes('MaxRetries')) return 'retries';
      return match[0].includes('Timeout') || fileHolds(/\bTimeout\s*[:=]/) ? 'timeout' : null;
    },
    hardCoded: true,
  },
]);

/** `cfg.OpenAI.Token` → `Token`, `settings.ApiKey.Value` → `ApiKey`. */
const lastName = (expression: string): string | null => /(\w+)(?:\.Value)?\W*$/.exec(expression)?.[1] ?? null;
