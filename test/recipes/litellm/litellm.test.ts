import { expect, it } from 'vitest';
import { litellmServer } from '../../support/usage-servers.ts';
import { inTheWindow, observeAccounts } from '../observe-accounts.ts';

const KEY = 'sk-litellm-1234567890abcdef';
const FAILED = { error_information: { error_code: '429', error_class: 'RateLimitError' } };

/** A row of the log of LiteLLM's proxy. */
function row(number: number, failed = false) {
  const time = new Date(inTheWindow + number * 1_000).toISOString();
  const metadata = {
    user_api_key_alias: 'backend',
    ...(failed ? { status: 'failure', ...FAILED } : { status: 'success' }),
  };
  return {
    request_id: `request-${number}`,
    call_type: 'acompletion',
    startTime: time,
    endTime: new Date(inTheWindow + number * 1_000 + 900).toISOString(),
    model: 'openai/gpt-4o-mini',
    model_group: 'gpt-4o-mini',
    api_key: '88dc28d0f030c55ed4ab77ed8faf098196cb1c05df778539800c9f1243fe6b4b',
    user: 'ada',
    spend: failed ? 0 : 0.0002,
    prompt_tokens: failed ? 0 : 1_000,
    completion_tokens: failed ? 0 : 100,
    total_tokens: failed ? 0 : 1_100,
    status: failed ? 'failure' : 'success',
    metadata,
  };
}

it("reports LiteLLM's spend next to the official account's", async () => {
  const rows = Array.from({ length: 20 }, (_, number) => row(number, number === 7));
  const { baseUrl } = await litellmServer(KEY, rows, rows.length);
  const { outcome, masked } = await observeAccounts('litellm', 400, {
    LITELLM_URL: baseUrl,
    LITELLM_KEY: KEY,
  });
  expect(outcome).toMatchObject({
    kind: 'observed',
    measurement: {
      source: 'litellm+openai',
      arms: {
        official: { attempts: 400, tokens: { input: 400_000, output: 40_000 } },
        gateway: {
          attempts: 20,
          failedAttempts: 1,
          errorsByClass: { rate_limited: 1 },
          tokens: { input: 19_000, output: 1_900 },
          cost: { usd: 0.0038 },
        },
      },
    },
  });
  expect(masked).toContain(KEY);
});
