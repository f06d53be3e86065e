import { variableIn } from '../call-options.ts';
import { type RuleMatch, rulesFor } from '../rule.ts';
import { HIDDEN, IMPLICIT } from '../site.ts';
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
    examples: {
      hit: [
        ['client := openai.NewClient(token)', IMPLICIT],
        ['cfg := openai.DefaultConfig(token)\ncfg.HTTPClient = hc', IMPLICIT],
      ],
      trap: [
        'cfg := openai.DefaultConfig(token)\ncfg.BaseURL = base',
        'rdb := redis.NewClient(&redis.Options{})',
      ],
    },
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
    examples: {
      hit: [
        ['client := openai.NewClient()', IMPLICIT],
        ['client := openai.NewClient(\n\toption.WithAPIKey(key),\n)', IMPLICIT],
      ],
      trap: [
        'client := openai.NewClient(option.WithAPIKey(key), option.WithBaseURL(url))',
        'client := openai.NewClient(opts...)',
        'rdb := redis.NewClient()',
      ],
    },
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
    examples: {
      hit: [['llm, err := openai.New(openai.WithModel(name))', IMPLICIT]],
      trap: ['llm, err := openai.New(openai.WithBaseURL(url))', 'err := errors.New("no key")'],
    },
  },
  {
    id: 'go-base-url-literal',
    kind: 'base_url',
    pattern: pattern()`(?:\.BaseURL\s*=|\bBaseURL:|WithBaseURL\(|DefaultAzureConfig\([^,\n]{1,80},|azure\.WithEndpoint\()\s*["\`](?<value>${URL_TEXT})["\`]`,
    needs: 'client',
    hardCoded: true,
    examples: {
      hit: [
        ['cfg.BaseURL = "https://gateway.example.com/v1"', 'https://gateway.example.com/v1'],
        ['option.WithBaseURL("http://localhost:8080/v1/")', 'http://localhost:8080/v1/'],
        ['openai.DefaultAzureConfig(key, "https://acme.openai.azure.com")', 'https://acme.openai.azure.com'],
      ],
      trap: ['site.HomeURL = "https://example.com"', 'cfg.BaseURL = base'],
    },
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
    examples: {
      hit: [
        ['cfg.BaseURL = baseURL', 'BaseURL'],
        ['opts = append(opts, option.WithBaseURL(os.Getenv("LLM_GATEWAY_URL")))', 'LLM_GATEWAY_URL'],
        ['cfg := openai.DefaultAzureConfig(key, endpoint)', 'DefaultAzureConfig'],
      ],
      trap: ['if cfg.BaseURL == other {', 'fmt.Println(cfg.BaseURL)'],
    },
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
    examples: {
      hit: [
        ['client := openai.NewClient(cfg.OpenAI.Token)', 'Token'],
        ['option.WithAPIKey(apiKey)', 'apiKey'],
      ],
      trap: ['client := openai.NewClient(opts...)', 'rdb := redis.NewClient(addr)'],
    },
  },
  {
    id: 'go-api-key-literal',
    ...WRITTEN_KEY,
    pattern: pattern()`\b(?:WithAPIKey|WithToken|openai\.(?:NewClient|DefaultConfig|DefaultAzureConfig))\(\s*["\`](?<value>${KEY_IN_PLACE})["\`]`,
    needs: 'client',
    examples: {
      hit: [['client := openai.NewClient("sk-abcdefghijklmnopqrstuvwx")', HIDDEN]],
      trap: ['client := openai.NewClient("your-openai-api-key-goes-here")', 'option.WithAPIKey("ollama")'],
    },
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
    examples: {
      hit: [
        ['option.WithMaxRetries(5)', 'retries'],
        ['cfg.HTTPClient = &http.Client{Timeout: time.Minute}', 'timeout'],
      ],
      trap: ['server.WithMaxConns(5)', 'cfg.HTTPClient = instrumented'],
    },
  },
]);

/** `cfg.OpenAI.Token` → `Token`, `settings.ApiKey.Value` → `ApiKey`. */
const lastName = (expression: string): string | null => /(\w+)(?:\.Value)?\W*$/.exec(expression)?.[1] ?? null;
