/** Portkey's own gateway with the recipe's weights, in front of two upstreams. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGateway, startUpstream, type Upstream } from '../../demo/servers.ts';
import { sharedDirectory } from '../../support/files.ts';
import { atShare } from '../recipe.ts';
import { armOf, portkeyHeader } from './portkey-header.ts';

const RECIPE = 'portkey-weights';
const KEYS = { official: 'sk-official-0123456789', gateway: 'sk-gateway-0123456789' };
const REQUESTS = 60;

describe('the recipe for the weights of Portkey', () => {
  const directory = sharedDirectory();
  let arms: Record<keyof typeof KEYS, Upstream>;
  let portkey: Awaited<ReturnType<typeof startGateway>>;

  beforeAll(async () => {
    const [official, gateway] = await Promise.all(
      Object.values(KEYS).map((key) => startUpstream({ apiKeys: [key] })),
    );
    if (official === undefined || gateway === undefined) throw new Error('an upstream is missing');
    arms = { official, gateway };
    portkey = await startGateway({ upstreamBaseUrl: official.baseUrl });
  });
  afterAll(async () => {
    await portkey.stop();
    await Promise.all(Object.values(arms).map((arm) => arm.stop()));
  });

  /** Where the requests arrived, and where Portkey's header says. Each upstream only accepts its own key. */
  async function sent(share: number): Promise<Record<'arrived' | 'reported', number>> {
    const path = join(directory, 'portkey.json');
    writeFileSync(path, onThisMachine(atShare(RECIPE, share)));
    const header = portkeyHeader(path, KEYS);
    const before = arms.gateway.requests().length;
    const inTurn = pLimit(8);
    const answers = await Promise.all(Array.from({ length: REQUESTS }, () => inTurn(() => ask(header))));
    expect(answers.map(({ status }) => status)).toEqual(Array(REQUESTS).fill(200));
    const reported = answers.filter(({ arm }) => arm === 'gateway').length;
    return { arrived: arms.gateway.requests().length - before, reported };
  }

  async function ask(header: string) {
    const answer = await fetch(`${portkey.baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-portkey-config': header },
      body: JSON.stringify({
        model: 'gpt-4o-mini',
        messages: [{ role: 'user', content: 'Reply with the single word: pong' }],
      }),
    });
    await answer.text();
    return { status: answer.status, arm: armOf(answer.headers.get('x-portkey-last-used-option-index')) };
  }

  function onThisMachine(text: string): string {
    return text
      .replace(
        '"provider": "openai", "weight"',
        `"provider": "openai", "custom_host": "${arms.official.baseUrl}", "weight"`,
      )
      .replace('https://gateway.example/v1', arms.gateway.baseUrl);
  }

  it('sends nothing to the gateway at 0 %, and everything at 100 %', async () => {
    expect(await sent(0)).toEqual({ arrived: 0, reported: 0 });
    expect(await sent(100)).toEqual({ arrived: REQUESTS, reported: REQUESTS });
  });

  it('splits by the share in between, and names the arm in each response', async () => {
    const { arrived, reported } = await sent(50);
    // Five standard deviations of a fair coin: about one run in a million exceeds them.
    expect(Math.abs(arrived - REQUESTS / 2)).toBeLessThanOrEqual(5 * Math.sqrt(REQUESTS / 4));
    expect(reported).toBe(arrived);
  });

  it('needs no key for an arm without traffic, and reports a missing key', () => {
    const path = join(directory, 'portkey.json');
    writeFileSync(path, atShare(RECIPE, 0));
    expect(JSON.parse(portkeyHeader(path, { official: KEYS.official })).targets[1]).not.toHaveProperty(
      'api_key',
    );
    writeFileSync(path, atShare(RECIPE, 5));
    expect(() => portkeyHeader(path, { official: KEYS.official })).toThrow('The target gateway');
  });
});
