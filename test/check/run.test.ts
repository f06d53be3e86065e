import { describe, expect, it } from 'vitest';
import { PROBES } from '../../src/check/probes/index.ts';
import { type CheckProgress, runCheck } from '../../src/check/run.ts';
import { planFor } from '../support/plan.ts';
import { startQuirkyGateway } from '../support/quirky-gateway.ts';
import { checkOnce, DEFAULTS, EMBEDDER, KEYS, MINI, probeOf, withKey, withStatus } from './check-once.ts';

// Pauses between retries depend on the clock: on a busy machine a case is retried.
describe('one cause gives one failure', { retry: 2 }, () => {
  it.each([
    ['a wrong key', {}, withKey('sk-wrong-key-000000000000')],
    ['a disabled key, as one-api words it', { platform: 'one-api' }, withKey(KEYS.disabled)],
    ['a disabled key, as sub2api words it', { platform: 'sub2api' }, withKey(KEYS.disabled)],
    ['a disabled key, which the official API calls wrong', { platform: 'openai' }, withKey(KEYS.disabled)],
  ] as const)('%s is reported by auth.accepted alone', async (_, options, overrides) => {
    const { report } = await checkOnce(options, overrides);
    expect(report).toMatchObject({ verdict: 'not-ready', reasonCode: 'auth.accepted' });
    expect(withStatus(report, 'fail', 'warn')).toEqual(['auth.accepted']);
    expect(probeOf(report, 'chat.basic')).toMatchObject({
      status: 'skip',
      summary: 'Not judged, because auth.accepted failed.',
      fix: null,
    });
  });

  it('the next step differs for a wrong and for a disabled key', async () => {
    const fixOf = async (apiKey: string) => {
      const { report } = await checkOnce({ platform: 'one-api' }, (gateway) => ({
        ...withKey(apiKey)(gateway),
        only: ['auth.accepted'],
      }));
      return probeOf(report, 'auth.accepted').fix;
    };
    expect(await fixOf('sk-wrong-key-000000000000')).toMatchInlineSnapshot(
      `"Set the gateway's key (input api-key, or GATEWAY_API_KEY) to a key that the gateway accepts."`,
    );
    expect(await fixOf(KEYS.disabled)).toMatchInlineSnapshot(
      `"Enable the key in the gateway's console, or use another one."`,
    );
  });

  it.each(['openai', 'new-api', 'one-api', 'sub2api', 'litellm', 'openrouter'] as const)(
    'an empty account is reported by models.callable alone, with the next step: %s',
    async (platform) => {
      const { report } = await checkOnce({ platform }, withKey(KEYS.empty, platform));
      expect(report).toMatchObject({ verdict: 'not-ready', reasonCode: 'models.callable' });
      expect(withStatus(report, 'fail', 'warn')).toEqual(['models.callable']);
      expect(probeOf(report, 'models.callable').fix).toMatch(/^(Top up|Raise the key's quota)/);
      expect(probeOf(report, 'auth.accepted').status).toBe('pass');
    },
  );

  it('a model that is missing is reported by models.available, with the nearest name', async () => {
    const { report } = await checkOnce({}, () => ({
      models: [{ name: 'fast', gatewayName: 'gpt-4o-mni' }, EMBEDDER],
    }));
    expect(report).toMatchObject({ verdict: 'not-ready', reasonCode: 'models.available' });
    expect(withStatus(report, 'fail', 'warn')).toEqual(['models.available']);
    expect(probeOf(report, 'models.available')).toMatchObject({
      summary: 'The gateway does not serve gpt-4o-mni.',
      fix: 'Map fast to gpt-4o-mini (models: { fast: gpt-4o-mini } in the config).',
    });
    expect(report.models[0]).toEqual({
      name: 'fast',
      gatewayName: 'gpt-4o-mni',
      listed: false,
      callable: false,
      answeredAs: null,
      status: 'fail',
      suggestion: 'gpt-4o-mini',
    });
    expect(report.models[1]).toMatchObject({ callable: true, status: 'pass' });
  });

  it('a second model that is missing does not hide what the first can do', async () => {
    const { report } = await checkOnce({}, () => ({
      models: [MINI, { name: 'gpt-9', gatewayName: 'gpt-9' }],
      features: ['streaming', 'tools'],
    }));
    expect(withStatus(report, 'fail')).toEqual(['models.available']);
    for (const id of ['chat.basic', 'stream.complete', 'tools.call', 'client.sdk']) {
      expect(probeOf(report, id).status).toBe('pass');
    }
    expect(report.models.map(({ status }) => status)).toEqual(['pass', 'fail']);
  });

  it('with a wrong key, no model is said to be served', async () => {
    const { report } = await checkOnce({}, (gateway) => ({
      ...withKey('sk-wrong-key-000000000000')(gateway),
      models: [MINI, { name: 'gpt-9', gatewayName: 'gpt-9' }],
    }));
    expect(probeOf(report, 'models.available')).toMatchObject({
      status: 'skip',
      summary: expect.stringContaining('unknown which are served'),
    });
  });

  it('an outage is reported by models.callable, and says nothing about the key', async () => {
    const { report } = await checkOnce({ quirks: ['cloudflare-524'] });
    expect(withStatus(report, 'fail')).toEqual(['models.callable']);
    expect(probeOf(report, 'models.available').summary).toMatch(/^Every model in use is listed: /);
    expect(probeOf(report, 'auth.accepted')).toMatchObject({
      status: 'skip',
      summary: expect.stringMatching(/^Unknown: HTTP 524 timeout/),
    });
  });

  it('an endpoint without an API is reported by connection.base_url alone', async () => {
    const { report } = await checkOnce({}, ({ origin, apiKey }) => ({
      gateway: { baseUrl: `${origin}/v2`, apiKey, headers: {}, profile: 'auto' },
    }));
    expect(withStatus(report, 'fail', 'warn')).toEqual(['connection.base_url']);
    expect(probeOf(report, 'chat.basic').summary).toBe('There is no connection to the API.');
  });

  it('an endpoint that cannot be reached is reported by connection.reach alone, and has cost nothing', async () => {
    const gone = await startQuirkyGateway();
    await gone.stop();
    const report = await runCheck(planFor(gone));
    expect(withStatus(report, 'fail', 'warn')).toEqual(['connection.reach']);
    expect(report.usage).toMatchObject({ inputTokens: 0, outputTokens: 0, costUsd: 0 });
  });

  it('a failure is never attributed to a probe that did not fail in the same report', async () => {
    const { report } = await checkOnce({}, (gateway) => ({
      ...withKey('sk-wrong-key-000000000000')(gateway),
      only: ['chat', 'stream.shape'],
    }));
    expect(report).toMatchObject({ verdict: 'not-ready', reasonCode: 'chat.basic' });
    expect(withStatus(report, 'skip')).not.toContain('chat.basic');
    const ignored = await checkOnce({}, (gateway) => ({
      ...withKey('sk-wrong-key-000000000000')(gateway),
      ignore: { 'auth.accepted': 'a mistake' },
    }));
    expect(ignored.report.verdict).toBe('not-ready');
  });
});

describe('models that cannot be listed or called', () => {
  it('a missing list does not stop a team that only embeds', async () => {
    const { report } = await checkOnce({ quirks: ['models-missing'] }, () => ({
      models: [EMBEDDER],
      features: ['embeddings'],
    }));
    expect(report.verdict).toBe('ready');
    expect(withStatus(report, 'warn')).toEqual(['models.list']);
    expect(report.models).toMatchObject([{ listed: null, callable: true }]);
  });

  it('a model that makes pictures is looked up and never called', async () => {
    const { report, requests } = await checkOnce({ models: ['gpt-4o-mini', 'dall-e-3'] }, () => ({
      models: [MINI, { name: 'dall-e-3', gatewayName: 'dall-e-3' }],
      features: ['images'],
    }));
    expect(report.models[1]).toMatchObject({ listed: true, callable: null, status: 'pass' });
    expect(requests.filter(({ body }) => body.model === 'dall-e-3')).toEqual([]);
    expect(probeOf(report, 'models.callable').summary).toMatch(/^1 of 2 models responded; 1 of another kind/);
  });
});

describe('the choice of probes', () => {
  const idsWith = async (only: readonly string[]) =>
    (await checkOnce({}, () => ({ only }))).report.probes.map(({ id }) => id);
  const CONNECTION = ['connection.reach', 'connection.base_url', 'connection.json'];

  it('is all of them by default, in the order of the families', async () => {
    const { report } = await checkOnce();
    expect(report.probes.map(({ id }) => id)).toEqual(PROBES.map(({ id }) => id));
  });

  it('may be a probe or a family, and the connection is always looked at', async () => {
    expect(await idsWith(['chat.basic'])).toEqual([...CONNECTION, 'chat.basic']);
    expect(await idsWith(['request_id', 'chat'])).toEqual([
      ...CONNECTION,
      'chat.basic',
      'chat.limits',
      'chat.bad_request',
      'request_id',
    ]);
    expect(await idsWith(['connection'])).toEqual(CONNECTION);
  });
});

describe('the budget', () => {
  it.each([
    ['ordinarily', []],
    ['where the model list is missing', ['models-missing']],
  ] as const)('is never ready when it is too small for a single request: %s', async (_, quirks) => {
    const { report, requests } = await checkOnce({ quirks }, () => ({ ...DEFAULTS, maxCostUsd: 1e-9 }));
    expect(report).toMatchObject({ verdict: 'not-ready', reasonCode: 'auth.accepted' });
    expect(probeOf(report, 'auth.accepted')).toMatchObject({
      summary: 'Not run: it could have cost more than what is left of 1e-9 USD.',
      fix: 'Raise check.max_cost_usd in the config, or set the price of the model (measure.prices).',
    });
    expect(report.usage).toMatchObject({ inputTokens: 0, outputTokens: 0, costUsd: 0 });
    expect(requests.filter(({ body }) => 'model' in body)).toEqual([]);
  });

  it('is kept to and never ready when it ends in the middle', async () => {
    for (const maxCostUsd of [0.00004, 0.0001]) {
      const { report } = await checkOnce({}, () => ({ ...DEFAULTS, maxCostUsd }));
      expect(report.verdict).toBe('not-ready');
      expect(report.usage.costUsd).toBeGreaterThan(0);
      expect(report.usage.costUsd).toBeLessThanOrEqual(maxCostUsd);
    }
  });
});

it('progress reports first how many probes run, then when each starts and finishes', async () => {
  const events: CheckProgress[] = [];
  const { report } = await checkOnce(
    {},
    (gateway) => ({ ...withKey('sk-wrong-key-000000000000')(gateway), features: ['streaming'] }),
    (event) => events.push(event),
  );
  const started = events.flatMap((event) => (event.kind === 'started' ? [event.id] : []));
  const finished = events.flatMap((event) => (event.kind === 'finished' ? [event.result] : []));
  expect(events[0]).toMatchObject({ kind: 'begun', probes: started.length });
  expect(finished.map(({ id }) => id).toSorted()).toEqual(started.toSorted());
  expect(report.probes).toEqual(expect.arrayContaining(finished));
  const silent = report.probes.filter((probe) => !finished.includes(probe));
  expect(silent.map(({ status }) => status)).toEqual(silent.map(() => 'skip'));
  expect(silent.map(({ id }) => id)).toContain('tools.call');
  for (const id of started) {
    const begin = events.findIndex((event) => event.kind === 'started' && event.id === id);
    const end = events.findIndex((event) => event.kind === 'finished' && event.result.id === id);
    expect(begin).toBeLessThan(end);
  }
});

it('fails a required probe that cannot run, since it proves nothing', async () => {
  const { report } = await checkOnce({}, () => ({ require: ['auth.disabled_key'] }));
  expect(report).toMatchObject({ verdict: 'not-ready', reasonCode: 'auth.disabled_key' });
  expect(probeOf(report, 'auth.disabled_key').summary).toMatch(/^Required, but skipped: No disabled key/);
});

it('reports once that the budget is spent', async () => {
  const { report } = await checkOnce({}, () => ({ maxCostUsd: 1e-9 }));
  expect(report.verdict).toBe('not-ready');
  expect(withStatus(report, 'fail')).toEqual(['auth.accepted']);
  expect(probeOf(report, 'chat.basic').summary).toBe('The budget is spent, see auth.accepted.');
});

it('reports nothing about the models if the key is refused', async () => {
  const { report } = await checkOnce({}, withKey('sk-quirky-wrong-00000000000000'));
  expect(report.models.map(({ status }) => status)).toEqual(report.models.map(() => 'skip'));
});

it('names each reason why a faulty gateway is not ready', async () => {
  const { report } = await checkOnce(
    { quirks: ['stream-ignored', 'parameters-dropped', 'hidden-retries', 'errors-as-400'] },
    () => ({ features: ['streaming', 'tools', 'structured_outputs'] }),
  );
  expect(report.verdict).toBe('not-ready');
  const reasons = report.probes.filter(({ status }) => status === 'fail' || status === 'warn');
  expect(
    reasons.map(({ id, status, summary }) => `${status} ${id}: ${summary.replace(/[\d.]+ m?s\b/g, '# s')}`),
  ).toMatchInlineSnapshot(`
    [
      "warn models.unknown: An unknown model is refused, but not with 404 model_not_found: HTTP 400 model_not_found: The model \`gateway-rollout-no-such-model\` does not exist or you do not have access to it.",
      "warn chat.limits: max_completion_tokens: 16 was accepted but not enforced (finish_reason stop, 399 tokens).",
      "warn chat.bad_request: temperature: "hot" is accepted: the gateway drops parameters or does not validate them.",
      "fail stream.shape: A streamed chat completion failed: HTTP 200 not_openai_shape: Not an answer: stream: true is ignored, and the body is not a stream.",
      "fail tools.call: A tool call was required, but none came: tools or tool_choice are dropped.",
      "fail tools.stream: A streamed tool call failed: HTTP 200 not_openai_shape: Not an answer: stream: true is ignored, and the body is not a stream.",
      "fail tools.parallel: A parallel tool call was required, but none came: tools or tool_choice are dropped.",
      "fail tools.parallel_stream: A streamed parallel tool call failed: HTTP 200 not_openai_shape: Not an answer: stream: true is ignored, and the body is not a stream.",
      "fail structured.schema: A JSON schema is not enforced: the gateway returns 200 and output that does not match.",
      "fail client.sdk: The official client gets no text from a stream, and no error.",
      "warn client.retries: Retries: a refusal took # s, while served requests usually took # s: the gateway seems to retry silently.",
    ]
  `);
});
