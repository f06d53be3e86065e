import { variableIn } from '../call-options.ts';
import { type RuleMatch, rulesFor } from '../rule.ts';
import { IMPLICIT } from '../site.ts';
import { pattern, URL_TEXT } from '../vocabulary.ts';
import { KEY_IN_PLACE, WRITTEN_KEY } from '../written-keys.ts';

const IMPORT =
  /(?:(?!import\b)\b(\w+)[ \t]+)?"github\.com\/(?:sashabaranov\/go-openai|openai\/openai-go(?:\/v\d+)?|tmc\/langchaingo\/llms\/openai)"/g;

/** Imports are at the top, so the rest of a long file isn't searched for each match. */
const IMPORTS_END = 8_000;

/** Whether the match starts with the name of an imported client library. */
function isOfClient({ code, match }: RuleMatch): boolean {
  const qualifier = match[0].split('.', 1)[0];
  return [...code.slice(0, IMPORTS_END).matchAll(IMPORT)].some(
    ([, alias]) => (alias ?? 'openai') === qualifier,
  );
}

/** Arguments that may contain any option: `opts...`. */
const OPAQUE = /\w\.\.\.\s*(?:,\s*)?$/;

/** Clients in Go: where their URL, key, timeout and retries come from. */
export const GO_CLIENT_RULES = rulesFor({ families: ['go'] }, [
  {
    id: 'go-openai-client-implicit',
    kind: 'base_url',
    sdk: 'go-openai',
    pattern: /\b\w+\.(?<value>NewClient|NewOrgClient|DefaultConfig)\(/,
    needs: ['go-openai'],
    value: IMPLICIT,
    accept: (found) => isOfClient(found) && !found.fileHolds(/\.BaseURL\s*=[^=]|\bBaseURL:/),
    hardCoded: true,
    note: 'The client calls the official API: this library does not read the URL from a variable.',
  },
  {
    id: 'openai-go-client-implicit',
    kind: 'base_url',
    sdk: 'openai-go',
    pattern: /\b\w+\.(?<value>NewClient)\(/,
    needs: ['openai-go'],
    value: IMPLICIT,
    accept: (found) =>
      isOfClient(found) && !/WithBaseURL|azure\.With/.test(found.inside) && !OPAQUE.test(found.inside),
    hardCoded: false,
    note: 'The client calls the official API unless OPENAI_BASE_URL is set.',
  },
  {
    id: 'langchaingo-client-implicit',
    kind: 'base_url',
    sdk: 'langchaingo',
    pattern: /\b\w+\.(?<value>New)\(/,
    needs: ['langchaingo'],
    value: IMPLICIT,
    accept: (found) => isOfClient(found) && !/WithBaseURL/.test(found.inside) && !OPAQUE.test(found.inside),
    hardCoded: false,
    note: 'The client calls the official API unless OPENAI_BASE_URL is set.',
  },
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
    accept: (found) => /^(?:option|openai|azure)\./.test(found.match[0]) || isOfClient(found),
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
