import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkOnce, DEFAULTS, KEYS, probeOf, withKey } from './check-once.ts';

describe('a known platform', () => {
  // The profile's status page is at an address of its own: nothing of a test may leave this machine.
  const elsewhere: { url: string; headers: Headers }[] = [];
  const local = globalThis.fetch;
  beforeEach(() => {
    elsewhere.length = 0;
    vi.stubGlobal('fetch', async (input: string | URL, init?: RequestInit) => {
      const url = new URL(input);
      if (url.hostname === '127.0.0.1') return local(input, init);
      elsewhere.push({ url: url.href, headers: new Headers(init?.headers) });
      const service = { name: 'mini', model: 'gpt-4o-mini', uptime_percent: 99.5, current: { ok: true } };
      return Response.json({ services: [service] });
    });
  });
  afterEach(() => vi.unstubAllGlobals());

  it('reports its balance and models: Zivv', async () => {
    const { report, requests } = await checkOnce({ platform: 'zivv' }, (gateway) => ({
      ...DEFAULTS,
      ...withKey(gateway.apiKey, 'zivv')(gateway),
    }));
    expect(report.gateway.profile).toBe('zivv');
    expect(report.verdict).toBe('ready');
    expect(probeOf(report, 'balance.left')).toMatchObject({ status: 'pass', severity: 'info' });
    expect(probeOf(report, 'balance.left').summary).toMatchInlineSnapshot(
      `"12.40 USD left, key limit 20.00 USD of which 7.60 used, plan standard"`,
    );
    expect(probeOf(report, 'models.hub')).toMatchObject({ status: 'pass', severity: 'info' });
    expect(probeOf(report, 'models.hub').evidence).toMatchInlineSnapshot(`
      [
        "gpt-4o-mini: context 128000 tokens; default: 0.15 in, 0.6 out USD per million tokens; chat, tools, vision; uptime 99.5 %",
      ]
    `);
    const keyed = (path: string) =>
      requests.filter((each) => each.path === path && each.headers.authorization);
    expect(keyed('/v1/user/balance')).toHaveLength(1);
    expect(keyed('/api/models/hub')).toHaveLength(0);
  });

  it('gets no key at a URL other than its own', async () => {
    await checkOnce({ platform: 'zivv' }, (gateway) => ({
      ...DEFAULTS,
      gateway: {
        ...withKey(gateway.apiKey, 'zivv')(gateway).gateway,
        headers: { 'x-routing': 'hidden-value' },
      },
    }));
    expect(elsewhere.map(({ url }) => url)).toEqual(['https://status.zivv.pro/api/status?window=7d']);
    const sent = JSON.stringify(elsewhere.map(({ headers }) => [...headers]));
    expect(sent).not.toMatch(/bearer|hidden-value/i);
  });

  it.each(['new-api', 'sub2api', 'openrouter'] as const)('reports its balance: %s', async (platform) => {
    const { report } = await checkOnce({ platform }, (gateway) => ({
      ...withKey(gateway.apiKey, platform)(gateway),
      only: ['balance'],
    }));
    expect(probeOf(report, 'balance.left')).toMatchObject({ status: 'pass' });
    expect(probeOf(report, 'balance.left').summary).toMatch(/left/);
  });

  it('is recognised by its first responses', async () => {
    const { report } = await checkOnce({ platform: 'new-api' }, withKey(KEYS.disabled));
    expect(report.gateway.profile).toBe('new-api');
  });

  it('that has changed its pages is treated like an unknown one', async () => {
    const { report } = await checkOnce({}, (gateway) => ({
      ...DEFAULTS,
      ...withKey(gateway.apiKey, 'zivv')(gateway),
      only: ['balance', 'models'],
    }));
    expect(report.verdict).toBe('ready');
    expect(probeOf(report, 'balance.left')).toMatchObject({
      status: 'skip',
      summary: expect.stringMatching(/^Zivv did not report the balance \(HTTP 404/),
    });
  });
});
