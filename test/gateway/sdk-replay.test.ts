import { describe, expect, it } from 'vitest';
import { PROFILES } from '../../src/gateway/profiles/index.ts';
import { replayToSdk } from '../../src/gateway/sdk-replay.ts';
import { COMPLETION } from './completion.ts';

describe('replayToSdk', () => {
  const refusal = (status: number, code: string | null = null, headers: Record<string, string> = {}) => ({
    status,
    headers: { 'content-type': 'application/json', ...headers },
    text: JSON.stringify({ error: { message: 'no', type: 't', param: null, code } }),
  });
  const completion = {
    status: 200,
    headers: { 'content-type': 'application/json' },
    text: JSON.stringify(COMPLETION),
  };

  it.each([
    ['429 insufficient_quota is asked for again, in vain', refusal(429, 'insufficient_quota'), 3],
    [
      'x-should-retry: false stops that',
      refusal(429, 'insufficient_quota', { 'x-should-retry': 'false' }),
      1,
    ],
    ['x-should-retry: true causes it', refusal(400, null, { 'x-should-retry': 'true' }), 3],
    ['402 is final', refusal(402), 1],
    ['403 is final', refusal(403), 1],
    ['503 is asked for again', refusal(503), 3],
    ['a pause of two minutes costs no time here', refusal(429, null, { 'retry-after': '120' }), 3],
  ])('%s', async (_, answer, requests) => {
    expect(await replayToSdk({ response: answer, maxRetries: 2 })).toEqual({
      requests,
      recovered: false,
    });
  });

  it('recovers from a 503 that passes', async () => {
    expect(await replayToSdk({ response: refusal(503), next: completion, maxRetries: 2 })).toEqual({
      requests: 2,
      recovered: true,
    });
    expect(await replayToSdk({ response: refusal(503), next: completion, maxRetries: 0 })).toMatchObject({
      requests: 1,
      recovered: false,
    });
  });

  it('replays a body that came compressed and in pieces', async () => {
    const headers = {
      ...completion.headers,
      'content-encoding': 'gzip',
      'content-length': '7',
      'transfer-encoding': 'chunked',
    };
    expect(await replayToSdk({ response: { ...completion, headers }, maxRetries: 0 })).toMatchObject({
      recovered: true,
    });
  });

  it('can replay every refusal of every profile, quickly', async () => {
    const answers = PROFILES.flatMap(({ refusals }) => refusals).map(({ status, headers = {}, body }) => ({
      status,
      headers,
      text: typeof body === 'string' ? body : JSON.stringify(body),
    }));
    const replays = await Promise.all(
      answers.map((answer) => replayToSdk({ response: answer, maxRetries: 2 })),
    );
    expect(replays.every(({ recovered, requests }) => !recovered && (requests === 1 || requests === 3))).toBe(
      true,
    );
  });
});
