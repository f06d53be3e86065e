import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckReport } from '../../src/check/report.ts';
import { runCheck } from '../../src/check/run.ts';
import { planFor } from '../support/plan.ts';
import { type QuirkyGateway, type RecordedRequest, startQuirkyGateway } from '../support/quirky-gateway.ts';
import { checkOnce, DEFAULTS, EMBEDDER, KEYS, MINI, probeOf } from './check-once.ts';

const OTHER_MODEL = { name: 'gpt-4o', gatewayName: 'gpt-4o' };

/** `POST /v1/chat/completions gpt-4o-mini, stream`. */
function titleOf({ method, path, body }: RecordedRequest): string {
  const details = [body.model, body.stream === true ? 'stream' : null].filter(
    (each) => typeof each === 'string',
  );
  return `${method} ${path} ${details.join(', ')}`.trim();
}

describe('the requests', () => {
  it('of a default run with one model are few', async () => {
    const { report, requests } = await checkOnce({}, () => DEFAULTS);
    expect(report.verdict).toBe('ready');
    expect(report.usage.requests).toBe(requests.length);
    expect(requests.length).toBeLessThanOrEqual(12);
    expect(requests.map(titleOf).sort()).toMatchInlineSnapshot(`
      [
        "GET /v1/models",
        "POST /v1/chat/completions gateway-rollout-no-such-model",
        "POST /v1/chat/completions gpt-4o-mini",
        "POST /v1/chat/completions gpt-4o-mini",
        "POST /v1/chat/completions gpt-4o-mini",
        "POST /v1/chat/completions gpt-4o-mini",
        "POST /v1/chat/completions gpt-4o-mini",
        "POST /v1/chat/completions gpt-4o-mini, stream",
        "POST /v1/chat/completions gpt-4o-mini, stream",
        "POST /v1/chat/completions gpt-4o-mini, stream",
      ]
    `);
  });

  it('are sent once each; only the official client repeats them, as programs do', async () => {
    const { requests } = await checkOnce();
    const own = requests.filter(({ headers }) => headers['user-agent'] === 'gateway-rollout');
    const questions = own.map(({ method, path, headers, body }) =>
      JSON.stringify([method, path, headers.authorization, headers['accept-encoding'], body]),
    );
    expect(questions.filter((each, index) => questions.indexOf(each) !== index)).toEqual([]);
    // Two on the first endpoint, and one on the second.
    expect(requests.length - own.length).toBe(3);
  });

  it('are at most 8 at once, seen from the gateway', async () => {
    const latencyMs = 200;
    const { requests } = await checkOnce({ latencyMs }, () => ({ models: [MINI, OTHER_MODEL, EMBEDDER] }));
    // Whatever arrives within the latency of a request is under way beside it.
    const beside = requests.map(
      ({ at }) => requests.filter((other) => other.at >= at && other.at < at + latencyMs).length,
    );
    expect(Math.max(...beside)).toBeLessThanOrEqual(8);
    expect(Math.max(...beside)).toBeGreaterThan(4);
  });

  it('are all counted, those to the official arm as well', async () => {
    const official = await startQuirkyGateway({ streamMs: 10 });
    const { report, requests } = await checkOnce({}, () => ({
      official: { baseUrl: official.baseUrl, apiKey: official.apiKey },
    }));
    await official.stop();
    expect(official.requests.length).toBeGreaterThan(0);
    expect(report.usage.requests).toBe(requests.length + official.requests.length);
  });
});

describe('two arms', () => {
  const KEY_HERE = 'sk-here-0123456789abcdef';
  const KEY_THERE = 'sk-there-0123456789abcdef';
  const HEADERS = { 'x-portkey-config': 'routing-secret-0123', 'x-team': 'team-blue' };
  let here: QuirkyGateway;
  let there: QuirkyGateway;
  let report: CheckReport;

  beforeAll(async () => {
    const keys = { ...KEYS, valid: KEY_HERE };
    [here, there] = await Promise.all([
      startQuirkyGateway({ keys, streamMs: 10 }),
      startQuirkyGateway({ keys: { valid: KEY_THERE }, streamMs: 10 }),
    ]);
    report = await runCheck(
      planFor(here, {
        gateway: { baseUrl: here.baseUrl, apiKey: KEY_HERE, headers: HEADERS, profile: 'auto' },
        official: { baseUrl: there.baseUrl, apiKey: KEY_THERE },
        keys: KEYS,
      }),
    );
  });
  afterAll(() => Promise.all([here.stop(), there.stop()]));

  it('are compared', () => {
    expect(report.verdict).toBe('ready');
    expect(probeOf(report, 'compare.prompt_tokens').status).toBe('pass');
    expect(probeOf(report, 'compare.latency').summary).toMatch(
      /^Gateway: first chunk \d+ ms.*; official: first/,
    );
  });

  it('never see the key of the other', () => {
    expect(JSON.stringify(here.requests)).not.toContain(KEY_THERE);
    const official = JSON.stringify(there.requests);
    for (const key of [KEY_HERE, ...Object.values(KEYS)]) expect(official).not.toContain(key);
    expect(JSON.stringify(here.requests)).toContain(KEY_HERE);
    expect(official).toContain(KEY_THERE);
  });

  it('have headers of their own: those of the gateway go with every request to it and with none elsewhere', () => {
    for (const { headers } of here.requests) expect(headers).toMatchObject(HEADERS);
    expect(here.requests.length).toBeGreaterThan(20);
    const official = JSON.stringify(there.requests);
    for (const text of Object.entries(HEADERS).flat()) expect(official).not.toContain(text);
  });
});
