import { rulesFor } from '../rule.ts';
import { lastName } from './client-options.ts';
import { isOfGoClient } from './constructions.ts';

/** Clients in Go: where their URL, key, timeout and retries come from. */
export const GO_CLIENT_RULES = rulesFor({ families: ['go'] }, [
  {
    id: 'go-api-key-option',
    kind: 'api_key',
    pattern:
      /\b(?:option\.WithAPIKey|openai\.WithToken|azure\.WithAPIKey|\w+\.(?:NewClient|NewOrgClient|DefaultConfig|DefaultAzureConfig))\(\s*(?<value>[A-Za-z&*][\w.[\]]{0,80})\s*[,)]/,
    needs: 'client',
    value: (expression) =>
      /^(?:option|opts|openai|ctx|azure|&|http)/.test(expression) ? null : lastName(expression),
    accept: (found) => /^(?:option|openai|azure)\./.test(found.match[0]) || isOfGoClient(found),
    hardCoded: false,
    confidence: 'medium',
  },
]);
