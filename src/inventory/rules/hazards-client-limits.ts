import { chainedCalls } from '../call-chain.ts';
import type { HazardRule } from '../rule.ts';
import { familyOf, type Sdk } from '../sdks.ts';

/** A client library's own limits, and what replaces them. */
interface Limits {
  readonly sdks: readonly [Sdk, ...Sdk[]];
  /** A construction of the client, up to the parenthesis of its arguments. */
  readonly client: RegExp;
  /** What sets limits, or may do so, in the arguments or the calls chained to them. */
  readonly inCall: RegExp;
  /** The same anywhere in the file. */
  readonly inFile: RegExp;
  /** What the library does if nothing is set. */
  readonly defaults: string;
}

const TEN_MINUTES = '10 minutes per attempt and 2 retries';

const LIMITS: readonly Limits[] = [
  {
    sdks: ['openai-node'],
    client: /\bnew\s+(?<value>OpenAI|AzureOpenAI)\s*\(/,
    inCall: /\b(?:timeout|maxRetries)\b|\.\.\./,
    inFile: /\bmaxRetries\b/,
    defaults: TEN_MINUTES,
  },
  {
    sdks: ['openai-python'],
    client: /(?<![\w.])(?:openai\.)?(?<value>(?:Async)?(?:Azure)?OpenAI)\s*\(/,
    inCall: /\b(?:timeout|max_retries)\b|\*\*/,
    inFile: /\bmax_retries\b/,
    defaults: TEN_MINUTES,
  },
  {
    sdks: ['openai-go'],
    client: /\bopenai\.(?<value>NewClient)\(/,
    inCall: /\.\.\.\s*$/,
    inFile: /WithMaxRetries|WithRequestTimeout/,
    defaults: 'no timeout and 2 retries',
  },
  {
    sdks: ['go-openai'],
    client: /\b(?:openai|\w*gpt\w*|goopenai)\.(?<value>NewClient|DefaultConfig)\(/i,
    inCall: /\.\.\.\s*$/,
    inFile: /\.HTTPClient\s*=|HTTPClient:/,
    defaults: 'no timeout and no retries, so that a stalled gateway blocks a request forever',
  },
  {
    sdks: ['openai-java'],
    client: /\b(?<value>OpenAIOkHttpClient(?:Async)?)\s*\.\s*(?:builder|fromEnv)\(/,
    inCall: /\.(?:timeout|maxRetries)\(/,
    inFile: /\.maxRetries\(/,
    defaults: TEN_MINUTES,
  },
  {
    sdks: ['openai-ruby'],
    client: /\b(?<value>OpenAI::Client\.new)\(/,
    inCall: /\b(?:timeout|max_retries):|\*\*/,
    inFile: /\bmax_retries:/,
    defaults: TEN_MINUTES,
  },
  {
    sdks: ['openai-dotnet', 'azure-openai'],
    client: /\bnew\s+(?<value>OpenAIClient|AzureOpenAIClient|ChatClient)\((?=\s*[^\s)])/,
    inCall: /[oO]ptions/,
    inFile: /NetworkTimeout|RetryPolicy|MaxRetries/,
    defaults: '100 seconds per attempt and 3 retries',
  },
];

/** Clients that use their library's default timeouts and retries. */
export const CLIENT_LIMIT_HAZARD_RULES: readonly HazardRule[] = LIMITS.map(
  ({ sdks, client, inCall, inFile, defaults }) => ({
    id: `hazard-default-limits-${sdks[0]}`,
    kind: 'default_client_limits',
    families: [familyOf(sdks[0])],
    pattern: client,
    needs: sdks,
    accept: ({ inside, code, offset, fileHolds }) =>
      !inCall.test(inside) &&
      !chainedCalls(code, offset).some(({ name }) => inCall.test(`.${name}(`)) &&
      !fileHolds(inFile),
    message: `The client uses its library's defaults: ${defaults}. They multiply with the gateway's own. Set its timeout and its retries.`,
  }),
);
