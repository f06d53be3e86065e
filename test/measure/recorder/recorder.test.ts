import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { startQuirkyGateway } from '../../support/quirky-gateway.ts';
import { record } from './recording.ts';

test('smoke', async () => {
  const gateway = await startQuirkyGateway({ streamMs: 20 });
  const recording = await record(gateway, { fault: '503@2,429:retry-after=1@5,cut@7,stall:300ms@8' });
  const client = new OpenAI({ baseURL: recording.baseUrl, apiKey: recording.apiKey, timeout: 200 });
  const messages = [{ role: 'user' as const, content: 'Reply with the single word: pong' }];
  for (let i = 0; i < 6; i++) {
    try {
      if (i % 2) {
        const s = await client.chat.completions.create({ model: 'gpt-4o-mini', messages, stream: true, stream_options: { include_usage: true } });
        for await (const c of s) void c;
      } else await client.chat.completions.create({ model: 'gpt-4o-mini', messages });
    } catch (e) { console.log(String(e)); }
  }
  await client.models.list();
  console.log(await recording.records(), gateway.requests.map((r) => [r.path, r.headers]).slice(0, 1), recording.failedIds);
  await gateway.stop();
});
