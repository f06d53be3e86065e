import { expect, it } from 'vitest';
import { newApiServer } from '../../support/usage-servers.ts';
import { inTheWindow, observeAccounts } from '../observe-accounts.ts';

const TOKEN = 'token-of-the-system-1234567890';

/** A line of the platform's log: consumption, an error (5), or a refund (6). */
function line(number: number, type: 2 | 5 | 6 = 2) {
  const detailsByType = {
    2: { quota: 100, prompt_tokens: 1_000, completion_tokens: 100, content: '', other: '{}' },
    5: { quota: 0, content: 'status_code=503, upstream overloaded', other: '{"status_code":503}' },
    6: { quota: 50, content: '', other: '{}' },
  };
  return {
    id: 100 - number,
    created_at: inTheWindow / 1_000 + number,
    type,
    token_name: 'backend',
    username: 'ada',
    model_name: 'gpt-4o-mini',
    use_time: 2,
    is_stream: true,
    prompt_tokens: 0,
    completion_tokens: 0,
    ...detailsByType[type],
  };
}

it("reports the platform's quota in dollars, less refunds, next to the official account's", async () => {
  const lines = [line(9, 6), line(8, 5), ...[7, 6, 5, 4, 3, 2, 1].map((number) => line(number))];
  const { baseUrl } = await newApiServer(TOKEN, '7', lines);
  const environment = { NEW_API_URL: baseUrl, NEW_API_TOKEN: TOKEN, NEW_API_USER_ID: '7' };
  const { outcome, masked } = await observeAccounts('new-api', 140, environment);
  expect(outcome).toMatchObject({
    kind: 'observed',
    measurement: {
      source: 'new-api+openai',
      arms: {
        official: { attempts: 140, tokens: { input: 140_000, output: 14_000 } },
        gateway: {
          attempts: 8,
          failedAttempts: 1,
          errorsByClass: { overloaded: 1 },
          tokens: { input: 7_000, output: 700 },
          // 7 × 100 − 50 quota, at 500,000 a dollar.
          cost: { usd: 0.0013 },
        },
      },
    },
  });
  expect(masked).toContain(TOKEN);
});
