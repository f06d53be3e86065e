import { chainedCalls } from '../call-chain.ts';
import type { HazardRule } from '../rule.ts';

/** The sentence about a client whose limits nobody has set. */
const keepsItsOwn = (limits: string): string =>
  `The client keeps its own limits: ${limits}, which multiply with those of a gateway. Set its timeout and its retries.`;

const TEN_MINUTES = keepsItsOwn('10 minutes for each try, and 2 retries');

/** Clients that are left with the timeouts and retries of their library. */
export const CLIENT_LIMIT_HAZARD_RULES: readonly HazardRule[] = [
  {
    id: 'hazard-default-limits-node',
    kind: 'default_client_limits',
    families: ['javascript'],
    pattern: /\bnew\s+(?<value>OpenAI|AzureOpenAI)\s*\(/,
    needs: ['openai-node'],
    accept: ({ inside, fileHolds }) =>
      !/\b(?:timeout|maxRetries)\b|\.\.\./.test(inside) && !fileHolds(/\bmaxRetries\b/),
    message: TEN_MINUTES,
    examples: {
      hit: [['const client = new OpenAI({ apiKey })', 'OpenAI']],
      trap: [
        'const client = new OpenAI({ apiKey, timeout: 30_000, maxRetries: 1 })',
        'const client = new OpenAI({ ...options })',
      ],
    },
  },
  {
    id: 'hazard-default-limits-python',
    kind: 'default_client_limits',
    families: ['python'],
    pattern: /(?<![\w.])(?:openai\.)?(?<value>(?:Async)?(?:Azure)?OpenAI)\s*\(/,
    needs: ['openai-python'],
    accept: ({ inside, fileHolds }) =>
      !/\b(?:timeout|max_retries)\b|\*\*/.test(inside) && !fileHolds(/\bmax_retries\b/),
    message: TEN_MINUTES,
    examples: {
      hit: [['client = OpenAI(api_key=key)', 'OpenAI']],
      trap: [
        'client = OpenAI(api_key=key, timeout=30, max_retries=1)',
        'client = OpenAI(**options)',
        'class OpenAIClient(Base):',
      ],
    },
  },
  {
    id: 'hazard-default-limits-go',
    kind: 'default_client_limits',
    families: ['go'],
    pattern: /\bopenai\.(?<value>NewClient)\(/,
    needs: ['openai-go'],
    accept: ({ inside, fileHolds }) =>
      !/\.\.\.\s*$/.test(inside) && !fileHolds(/WithMaxRetries|WithRequestTimeout/),
    message: keepsItsOwn('no timeout, and 2 retries'),
    examples: {
      hit: [['client := openai.NewClient()', 'NewClient']],
      trap: ['client := openai.NewClient(option.WithMaxRetries(1))', 'client := openai.NewClient(opts...)'],
    },
  },
  {
    id: 'hazard-no-limits-go',
    kind: 'default_client_limits',
    families: ['go'],
    pattern: /\b\w+\.(?<value>NewClient|DefaultConfig)\(/,
    needs: ['go-openai'],
    accept: ({ fileHolds, match }) =>
      /^(?:openai|\w*gpt\w*|goopenai)\./i.test(match[0]) && !fileHolds(/\.HTTPClient\s*=|HTTPClient:/),
    message:
      'This client has no timeout and never tries again: a gateway that stalls holds the request for ever. Give it an HTTP client with a timeout, or a context with a deadline.',
    examples: {
      hit: [['client := openai.NewClient(token)', 'NewClient']],
      trap: [
        'cfg := openai.DefaultConfig(token)\ncfg.HTTPClient = client',
        'rdb := redis.NewClient(options)',
      ],
    },
  },
  {
    id: 'hazard-default-limits-java',
    kind: 'default_client_limits',
    families: ['jvm'],
    pattern: /\b(?<value>OpenAIOkHttpClient(?:Async)?)\s*\.\s*(?:builder|fromEnv)\(/,
    needs: ['openai-java'],
    accept: ({ code, fileHolds, offset }) =>
      !chainedCalls(code, offset).some(({ name }) => name === 'timeout' || name === 'maxRetries') &&
      !fileHolds(/\.maxRetries\(/),
    message: TEN_MINUTES,
    examples: {
      hit: [['OpenAIClient client = OpenAIOkHttpClient.fromEnv();', 'OpenAIOkHttpClient']],
      trap: ['OpenAIOkHttpClient.builder().apiKey(key).timeout(limit).build()'],
    },
  },
  {
    id: 'hazard-default-limits-ruby',
    kind: 'default_client_limits',
    families: ['ruby'],
    pattern: /\b(?<value>OpenAI::Client\.new)\(/,
    needs: ['openai-ruby'],
    accept: ({ inside }) => !/\b(?:timeout|max_retries):|\*\*/.test(inside),
    message: TEN_MINUTES,
    examples: {
      hit: [['client = OpenAI::Client.new(api_key: key)', 'OpenAI::Client.new']],
      trap: ['client = OpenAI::Client.new(api_key: key, max_retries: 1)'],
    },
  },
  {
    id: 'hazard-default-limits-dotnet',
    kind: 'default_client_limits',
    families: ['dotnet'],
    pattern: /\bnew\s+(?<value>OpenAIClient|AzureOpenAIClient|ChatClient)\(/,
    needs: ['openai-dotnet', 'azure-openai'],
    accept: ({ inside, fileHolds }) =>
      inside.trim() !== '' &&
      !/[oO]ptions/.test(inside) &&
      !fileHolds(/NetworkTimeout|RetryPolicy|MaxRetries/),
    message: keepsItsOwn('100 seconds for each try, and 3 retries'),
    examples: {
      hit: [['var client = new ChatClient(model, key);', 'ChatClient']],
      trap: ['var client = new ChatClient(model, credential, options);'],
    },
  },
];
