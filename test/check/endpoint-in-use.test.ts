/** The check asks where the code asks: chat completions, the Responses API, embeddings. */
import { describe, expect, it } from 'vitest';
import type { CheckPlan } from '../../src/check/plan.ts';
import type { CheckReport } from '../../src/check/report.ts';
import type { CheckProgress } from '../../src/check/run.ts';
import { FEATURES } from '../../src/config/features.ts';
import { type Quirk, type QuirkyGatewayOptions, startQuirkyGateway } from '../support/quirky-gateway.ts';
import { checkOnce, EMBEDDER, MINI, probeOf, withStatus } from './check-once.ts';

const RESPONSES = { models: [MINI], features: ['responses', 'streaming', 'tools'], usesChat: false } as const;
const EMBEDDINGS = { models: [EMBEDDER], features: ['embeddings'] } as const;

/** How a stream arrives depends on how busy this machine is. */
const BY_THE_CLOCK = 'stream.incremental';

const problemsOf = (report: CheckReport) =>
  withStatus(report, 'fail', 'warn').filter((id) => id !== BY_THE_CLOCK);

const check = (options: QuirkyGatewayOptions, plan: Partial<CheckPlan>) => checkOnce(options, () => plan);

// How long a refusal takes depends on how busy this machine is: then a case is retried.
describe('code that uses only /responses', { retry: 2 }, () => {
  it('is ready for a gateway without /chat/completions, which nothing asks', async () => {
    const official = await startQuirkyGateway({ streamMs: 10 });
    const events: CheckProgress[] = [];
    const { report, requests } = await checkOnce(
      { quirks: ['chat-missing'] },
      () => ({
        ...RESPONSES,
        features: FEATURES.filter((feature) => feature !== 'embeddings'),
        official: { baseUrl: official.baseUrl, apiKey: official.apiKey },
        thorough: true,
      }),
      (event) => events.push(event),
    );
    const asked = [...requests, ...official.requests];
    await official.stop();
    expect(report.verdict).toBe('ready');
    expect(problemsOf(report)).toEqual([]);
    expect(asked.filter(({ path }) => path.includes('/chat/'))).toEqual([]);
    const families = ['models', 'chat', 'stream', 'client', 'compare', 'auth'];
    const skipped = withStatus(report, 'skip').filter((id) => families.includes(id.split('.')[0] ?? ''));
    expect(skipped.filter((id) => id !== BY_THE_CLOCK)).toEqual(['auth.disabled_key', 'models.hub']);
    expect(probeOf(report, 'client.sdk').summary).toBe(
      'The official client completes an ordinary and a streamed call.',
    );
    expect(probeOf(report, 'client.retries').evidence).toContainEqual(
      expect.stringMatching(/transient 503.*recovered/),
    );
    const words = report.probes.filter(({ id }) => /^(chat|stream)\./.test(id)).map(({ summary }) => summary);
    expect(words.join()).not.toMatch(/chat completion|max_completion_tokens|DONE/);
    // What follows a response cannot be counted before it.
    const followUps = asked.filter(
      ({ path, body }) => path.includes('/resp_') || /Which word did/.test(JSON.stringify(body.input ?? '')),
    );
    expect(events[0]).toMatchObject({ requests: asked.length - followUps.length });
  });

  it('is ready without a model list, too', async () => {
    const { report } = await check({ quirks: ['chat-missing', 'models-missing'] }, RESPONSES);
    expect(report.verdict).toBe('ready');
    expect(problemsOf(report)).toEqual(['models.list']);
  });

  const seen: readonly (readonly [quirk: Quirk, ids: readonly string[]])[] = [
    ['responses-missing', ['responses.basic']],
    ['responses-text-empty', ['responses.basic', 'responses.stream', 'client.sdk']],
    ['responses-usage-missing', ['responses.basic', 'responses.stream']],
    ['responses-no-deltas', ['responses.stream', 'client.sdk']],
    ['responses-limit-ignored', ['chat.limits']],
    ['responses-unvalidated', ['chat.bad_request']],
    ['responses-truncated', ['stream.complete']],
    ['responses-other-model', ['models.substitution']],
    ['stream-gzip', ['stream.encoding']],
    ['unknown-model-answered', ['models.unknown']],
    ['errors-as-400', ['models.unknown']],
    ['wrong-key-accepted', ['auth.refused']],
  ];
  it.each(seen)('%s is seen there, and said once', async (quirk, ids) => {
    const quirks: Quirk[] = [quirk, 'chat-missing'];
    const { report } = await check({ quirks }, { ...RESPONSES, features: ['responses', 'streaming'] });
    expect(problemsOf(report)).toEqual(ids);
  });

  it('is not ready by any probe where the features leave out the Responses API', async () => {
    const plan = { ...RESPONSES, features: ['streaming'] } as const;
    for (const quirk of ['responses-missing', 'responses-text-empty'] as const) {
      const { report } = await check({ quirks: [quirk] }, plan);
      expect(report.verdict).toBe('not-ready');
    }
    expect((await check({ quirks: ['chat-missing'] }, plan)).report.verdict).toBe('ready');
  });
});

describe('code that uses both endpoints', () => {
  it.each(['chat-missing', 'responses-missing'] as const)('is blocked by %s', async (quirk) => {
    const { report } = await check({ quirks: [quirk] }, { ...RESPONSES, usesChat: true });
    expect(report.verdict).toBe('not-ready');
  });

  it.each([
    ['responses-wrong-key-accepted', 'auth.refused', 'On /responses: A wrong key is accepted.'],
    ['responses-unknown-model-answered', 'models.unknown', 'On /responses: An unknown model is served by '],
    [
      'responses-client-refused',
      'client.sdk',
      'On /responses: The official client fails on a stream: PermissionDeniedError',
    ],
    [
      'responses-other-model',
      'models.substitution',
      'The gateway substitutes a model: gpt-4o-mini is served ',
    ],
  ] as const)('%s is seen on /responses alone, and said as that', async (quirk, id, words) => {
    const { report } = await check({ quirks: [quirk] }, { ...RESPONSES, usesChat: true });
    expect(problemsOf(report)).toEqual([id]);
    expect(probeOf(report, id).summary).toContain(words);
    expect(probeOf(report, id).summary).toContain('/responses');
  });
});

describe('code that uses only images, and names no model', () => {
  const IMAGES = { models: [], features: ['images'] } as const;
  const others = ['chat-missing', 'responses-missing', 'models-missing'] as const;

  it('is ready for a gateway that serves nothing else, and is asked for nothing else', async () => {
    const { report, requests } = await check({ quirks: others }, IMAGES);
    expect(report.verdict).toBe('ready');
    expect(withStatus(report, 'fail', 'warn')).toEqual(['models.list']);
    for (const id of ['auth.accepted', 'auth.refused', 'endpoint.images'])
      expect(probeOf(report, id).status).toBe('pass');
    for (const id of ['models.available', 'models.callable', 'models.substitution', 'client.sdk'])
      expect(probeOf(report, id)).toMatchObject({
        status: 'skip',
        summary: expect.stringMatching(/^No .*model is/),
      });
    expect(requests.filter(({ path }) => /chat|responses|embeddings/.test(path))).toEqual([]);
  });

  it('is not ready where the gateway has no images, or refuses the key', async () => {
    const missing = await check({ quirks: ['endpoints-missing'] }, IMAGES);
    expect(withStatus(missing.report, 'fail')).toEqual(['endpoint.images']);
    const { report } = await checkOnce({}, ({ baseUrl }) => ({
      ...IMAGES,
      gateway: { baseUrl, apiKey: 'sk-wrong-key-000000000000', headers: {}, profile: 'auto' },
    }));
    expect(withStatus(report, 'fail')).toEqual(['auth.accepted']);
  });
});

describe('code that uses only embeddings', () => {
  it.each([
    ['by its name', EMBEDDER],
    ['by the name in the code, whatever the gateway calls it', { ...EMBEDDER, gatewayName: 'team-vectors' }],
  ])('is ready for a gateway that serves nothing else: %s', async (_, model) => {
    const quirks = ['chat-missing', 'responses-missing', 'models-missing'] as const;
    const options = { quirks, models: [model.gatewayName] };
    const { report, requests } = await check(options, { ...EMBEDDINGS, models: [model] });
    expect(report.verdict).toBe('ready');
    expect(withStatus(report, 'warn')).toEqual(['models.list']);
    for (const id of ['auth.accepted', 'auth.refused', 'models.callable', 'models.unknown', 'request_id'])
      expect(probeOf(report, id).status).toBe('pass');
    for (const id of ['chat.basic', 'chat.bad_request', 'client.sdk'])
      expect(probeOf(report, id)).toMatchObject({ status: 'skip', summary: 'No chat model is in use.' });
    expect(requests.filter(({ path }) => /chat|responses/.test(path))).toEqual([]);
  });
});
