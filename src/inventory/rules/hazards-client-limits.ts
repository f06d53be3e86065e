import { chainedCalls } from '../call-chain.ts';
import type { HazardRule } from '../rule.ts';

/** The message for a client without its own timeout and retries. */
const defaultLimits = (limits: string): string =>
  `The client uses its library's defaults: ${limits}. They multiply with the gateway's own. Set its timeout and its retries.`;

const TEN_MINUTES = defaultLimits('10 minutes per attempt and 2 retries');

/** Clients that use their library's default timeouts and retries. */
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
  },
  {
    id: 'hazard-default-limits-go',
    kind: 'default_client_limits',
    families: ['go'],
    pattern: /\bopenai\.(?<value>NewClient)\(/,
    needs: ['openai-go'],
    accept: ({ inside, fileHolds }) =>
      !/\.\.\.\s*$/.test(inside) && !fileHolds(/WithMaxRetries|WithRequestTimeout/),
    message: defaultLimits('no timeout and 2 retries'),
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
      'This client has no timeout and no retries, so a stalled gateway blocks the request forever. Give it an HTTP client with a timeout, or a context with a deadline.',
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
  },
  {
    id: 'hazard-default-limits-ruby',
    kind: 'default_client_limits',
    families: ['ruby'],
    pattern: /\b(?<value>OpenAI::Client\.new)\(/,
    needs: ['openai-ruby'],
    accept: ({ inside }) => !/\b(?:timeout|max_retries):|\*\*/.test(inside),
    message: TEN_MINUTES,
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
    message: defaultLimits('100 seconds per attempt and 3 retries'),
  },
];
