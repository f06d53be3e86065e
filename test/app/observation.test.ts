import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { temporaryDirectory } from '../support/files.ts';
import { HOUR, MINUTE, startScenario } from './rollout-scenario.ts';

const CONFIG = `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
measure: { source: jsonl, interval: 15m }
traffic: [{ variable: { name: GATEWAY_SHARE } }]
rollout: { stages: [50%, 100%] }
`;

/** An hour of attempts, one a second on each arm in turn; some of the gateway's fail. */
function records(from: number, failing: number): string {
  const lines = Array.from({ length: 3600 }, (_, second) => {
    const arm = second % 2 === 0 ? 'gateway' : 'official';
    const fails = arm === 'gateway' && (second / 2) % 500 < failing * 500;
    return JSON.stringify({
      ts: from + second * 1000,
      arm,
      attempt: 0,
      endpoint: '/chat/completions',
      model: 'gpt-4o-mini',
      status: fails ? 429 : 200,
      ...(fails ? { error: 'rate_limited' } : {}),
      duration_ms: 400,
      input_tokens: 100,
      output_tokens: 10,
    });
  });
  return `${lines.join('\n')}\n`;
}

it("measures with the operator's source, and rolls back by it", async () => {
  const directory = temporaryDirectory();
  const file = path.join(directory, 'records.jsonl');
  await writeFile(file, '');
  const scenario = await startScenario({ app: { environment: { MEASURE_JSONL: file } } });
  await scenario.pushesConfig(CONFIG);
  const began = scenario.now();
  await writeFile(file, records(began, 0.002));
  await scenario.passes(HOUR);
  expect(await scenario.body()).toMatch(/✅ 1,\d{3} tasks on the gateway \(at least 500\)/);
  expect(await scenario.headline()).toContain(': **50%**');
  await writeFile(file, `${records(began, 0.002)}${records(began + HOUR, 0.3)}`);
  await scenario.passes(HOUR);
  expect(await scenario.headline()).toContain('Rolled back');
  expect(scenario.github.variable('GATEWAY_SHARE')).toBe('0');
});

it('says what the operator has to set where there is no source', async () => {
  const scenario = await startScenario();
  await scenario.pushesConfig(CONFIG);
  await scenario.passes(5 * MINUTE);
  expect(await scenario.body()).toContain('MEASURE_JSONL');
  const replies = await scenario.replies();
  await scenario.passes(HOUR);
  expect(await scenario.replies()).toEqual(replies);
});
