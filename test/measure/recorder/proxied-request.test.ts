import { describe, expect, it } from 'vitest';
import { askAndLeave, CHAT, client, MODEL, post, quirky, record, STREAM } from './recording.ts';

describe('faults', () => {
  it('cost nothing if the request is not forwarded, and what was served if it is', async () => {
    const gateway = await quirky();
    const recording = await record(gateway, { fault: '429:retry-after=0.01@1,stall:5s@3,cut@5' });
    const sdk = client(recording, { timeout: 1_500 });
    await sdk.chat.completions.create(CHAT);
    await sdk.chat.completions.create(CHAT);
    await expect(sdk.chat.completions.create(CHAT)).rejects.toThrow('terminated');
    const records = await recording.records();
    expect(records.map(({ status, error }) => [status, error])).toEqual([
      [429, 'rate_limited'],
      [200, undefined],
      [0, 'timeout'],
      [200, undefined],
      [200, 'unreachable'],
    ]);
    expect(records.map(({ input_tokens, cost_usd }) => [input_tokens, cost_usd])).toEqual([
      [0, 0],
      [14, undefined],
      [0, 0],
      [14, undefined],
      [14, undefined],
    ]);
    expect(gateway.count('/chat/completions')).toBe(3);
  });

  it('cut a stream in its middle, and still know all its tokens', async () => {
    const gateway = await quirky({ streamMs: 2_000 });
    const recording = await record(gateway, { fault: 'cut' });
    const question = { role: 'user' as const, content: 'Count from 1 to 30, separated by spaces.' };
    const stream = await client(recording).chat.completions.create({ ...STREAM, messages: [question] });
    let text = '';
    const reading = async () => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    };
    await expect(reading()).rejects.toThrow('terminated');
    expect(text.length).toBeLessThan(20);
    const [only] = await recording.records();
    expect(only).toMatchObject({ error: 'unreachable', output_tokens: 59 });
    // The rest of the stream, which nobody gets, is no part of the task.
    expect(only?.duration_ms).toBeLessThan(1_800);
  });

  it('slow holds the answer back; a client that leaves meanwhile has spent its tokens', async () => {
    const gateway = await quirky();
    const recording = await record(gateway, { fault: 'slow:200ms' });
    const startedMs = performance.now();
    await (await post(recording, CHAT)).text();
    expect(performance.now() - startedMs).toBeGreaterThan(190);
    expect(await recording.records()).toMatchObject([{ status: 200, input_tokens: 14, used: true }]);
    const slower = await record(gateway, { fault: 'slow:20s' });
    await askAndLeave(slower, gateway);
    const [left] = await slower.records();
    expect(left).toMatchObject({ status: 0, error: 'timeout', input_tokens: 14, used: false });
    expect(left?.duration_ms).toBeLessThan(15_000);
  });

  it('a stall that the client sits out ends in an ordinary answer', async () => {
    const recording = await record(await quirky(), { fault: 'stall:100ms' });
    expect(await (await post(recording, CHAT)).json()).toMatchObject({ model: MODEL });
    const [only] = await recording.records();
    expect(only).toMatchObject({ status: 200, used: true });
    expect(only?.duration_ms).toBeGreaterThan(95);
  });

  it.each([
    ['balance', 'auto', 429, 'insufficient_balance', 'x-request-id'],
    ['balance', 'new-api', 403, 'insufficient_balance', 'x-oneapi-request-id'],
    ['balance', 'litellm', 429, 'insufficient_balance', 'x-litellm-call-id'],
    ['key-disabled', 'new-api', 403, 'disabled_key', 'x-oneapi-request-id'],
    ['key-disabled', 'auto', 401, 'disabled_key', 'x-request-id'],
    ['524', 'zivv', 524, 'timeout', 'x-request-id'],
    ['418', 'auto', 418, 'bad_request', 'x-request-id'],
  ] as const)('%s speaks as %s does', async (fault, profile, status, error, idHeader) => {
    const recording = await record(await quirky(), { fault, profile });
    const answer = await post(recording, CHAT);
    expect(answer.status).toBe(status);
    const id = answer.headers.get(idHeader);
    expect(await answer.text()).not.toBe('');
    expect(await recording.records()).toMatchObject([{ status, error, request_id: id, cost_usd: 0 }]);
    expect(recording.failedIds).toContain(id);
  });
});
