import { describe, expect, it } from 'vitest';
import { type CheckProgress, runCheck } from '../../src/check/run.ts';
import { planFor } from '../support/plan.ts';
import {
  type QuirkyGatewayOptions,
  type RecordedRequest,
  startQuirkyGateway,
} from '../support/quirky-gateway.ts';
import { seeded } from '../support/random.ts';
import { checkOnce, MINI, probeOf, withStatus } from './check-once.ts';

const AGENT = { models: [MINI], features: ['streaming', 'tools'] } as const;

describe('a pool of upstreams, of which some drop a parameter in 27 % of the answers', () => {
  it('is found in at least 39 of 40 thorough checks, with the share, its interval and the request IDs', async () => {
    const gateway = await startQuirkyGateway({ quirks: ['pool-drops-format'], random: seeded(17) });
    const plan = planFor(gateway, {
      models: [MINI],
      features: ['structured_outputs'],
      only: ['structured'],
      repeat: 16,
      thorough: true,
    });
    const reports = [];
    for (let run = 0; run < 40; run += 1) reports.push(await runCheck(plan));
    await gateway.stop();
    const found = reports.filter(({ verdict }) => verdict === 'not-ready');
    expect(found.length).toBeGreaterThanOrEqual(39);
    for (const report of found) {
      const { summary, evidence, fix } = probeOf(report, 'structured.schema');
      expect(summary).toMatch(/^\d+ of 16 answers: A JSON schema is not enforced/);
      expect(evidence).toContainEqual(
        expect.stringMatching(/^Wrong: \d+ % of the answers \(95 % confidence interval: \d+ % to \d+ %\)\.$/),
      );
      const wrong = Number(/^\d+/.exec(summary)?.[0]);
      expect(evidence.at(-1)?.match(/req_/g)).toHaveLength(wrong);
      expect(fix).not.toMatch(/again/);
    }
  });
});

describe('the requests for one model with streaming and tools', () => {
  const plans = [
    ['on the command line', 1, false, 20],
    ['in the Action', 3, false, 40],
    ['with --thorough', 16, true, 60],
  ] as const;
  it.each([
    ...plans.map((plan) => ['one endpoint', ...plan] as const),
    ...plans.map((plan) => ['both endpoints', ...plan] as const),
  ])(
    'on %s, %s are few, and their number and cost are said before',
    async (uses, _, repeat, thorough, most) => {
      const events: CheckProgress[] = [];
      const features = [...AGENT.features, ...(uses === 'one endpoint' ? [] : (['responses'] as const))];
      const { report, requests } = await checkOnce(
        {},
        () => ({ ...AGENT, features, repeat, thorough }),
        (event) => events.push(event),
      );
      expect(report.verdict).toBe('ready');
      expect(requests.length).toBeLessThanOrEqual(most);
      const [begun] = events;
      // What follows a response cannot be counted before it.
      const second = requests.filter(({ body }) => Array.isArray(body.input));
      expect(begun).toMatchObject({ kind: 'begun', requests: requests.length - second.length });
      const expected = begun?.kind === 'begun' ? begun.mostUsd : 0;
      expect(report.usage.costUsd).toBeGreaterThan(0);
      expect(report.usage.costUsd).toBeLessThanOrEqual(expected);
      const forTools = requests.filter(({ body }) => 'tools' in body);
      expect(forTools.length).toBeLessThanOrEqual(16);
      // Each question is in other words, so that no cache can answer.
      expect(new Set(forTools.map(({ body }) => JSON.stringify(body))).size).toBe(forTools.length);
    },
  );
});

describe('each ability is asked for on the endpoint that the code uses', () => {
  const features = ['responses', 'tools', 'structured_outputs', 'json_mode', 'vision', 'logprobs'] as const;
  const only = ['tools', 'structured', 'ability'];
  const asked = (requests: readonly RecordedRequest[]) =>
    new Set(requests.filter(({ body }) => JSON.stringify(body).length > 250).map(({ path }) => path));

  it('on /responses alone', async () => {
    const plan = () => ({ models: [MINI], features, usesChat: false, only });
    const { report, requests } = await checkOnce({}, plan);
    expect(report.verdict).toBe('ready');
    expect(withStatus(report, 'fail', 'warn')).toEqual([]);
    expect(asked(requests)).toEqual(new Set(['/v1/responses']));
    const dropped = await checkOnce({ quirks: ['responses-parameters-dropped'] }, plan);
    expect(withStatus(dropped.report, 'fail')).toEqual([
      ...['tools.call', 'tools.parallel', 'structured.schema', 'ability.json_mode', 'ability.logprobs'],
    ]);
    expect(probeOf(dropped.report, 'structured.schema').summary).toMatch(/^On \/responses: A JSON schema/);
  });

  it('on both, where the code uses both, and on chat completions otherwise', async () => {
    const both = await checkOnce({}, () => ({ models: [MINI], features, only }));
    expect(both.report.verdict).toBe('ready');
    expect(asked(both.requests)).toEqual(new Set(['/v1/chat/completions', '/v1/responses']));
    const chat = await checkOnce({}, () => ({ models: [MINI], features: features.slice(1), only }));
    expect(asked(chat.requests)).toEqual(new Set(['/v1/chat/completions']));
  });

  it('what only chat completions have is skipped on /responses, and a missing endpoint is reported once', async () => {
    const plan = () => ({ models: [MINI], features: [...features, 'seed'] as const, usesChat: false });
    const { report } = await checkOnce({}, plan);
    expect(probeOf(report, 'ability.seed')).toMatchObject({ status: 'skip' });
    const missing = await checkOnce({ quirks: ['responses-missing'] }, plan);
    expect(withStatus(missing.report, 'fail')).toEqual(['responses.basic']);
  });
});

describe('what is wrong is said as that', () => {
  const cases: readonly (readonly [string, QuirkyGatewayOptions, string, RegExp])[] = [
    [
      'a tool of another name',
      { quirks: ['tool-name-prefixed'] },
      'tools.call',
      /its name is "functions.get_weather"/,
    ],
    ['no arguments', { quirks: ['tool-arguments-empty'] }, 'tools.call', /arguments \{\} break the schema/],
    ['an empty text', { quirks: ['content-empty'] }, 'chat.basic', /content is ""/],
    [
      'no text but reasoning',
      { quirks: ['reasoning-only'] },
      'chat.basic',
      /only reasoning \(reasoning_content\)/,
    ],
    ['a list of parts', { quirks: ['content-parts'] }, 'models.callable', /content is a list of parts/],
    ['an object without choices', { quirks: ['empty-object'] }, 'models.callable', /choices is missing/],
  ];
  it.each(cases)('%s', async (_, options, id, words) => {
    const { report } = await checkOnce(options, () => AGENT);
    expect(report).toMatchObject({ verdict: 'not-ready', reasonCode: id });
    expect(probeOf(report, id).summary).toMatch(words);
  });
});

describe('a healthy gateway is not blocked', () => {
  it('when a third of its answers is a 503 that passes; the share is reported', async () => {
    const { report } = await checkOnce({ quirks: ['passing-503'] }, () => AGENT);
    expect(report.verdict).toBe('ready');
    // How a stream arrives depends on how busy this machine is.
    const warned = withStatus(report, 'warn').filter((id) => id !== 'stream.incremental');
    expect(warned).toEqual(['client.retries']);
    expect(probeOf(report, 'client.retries').summary).toMatch(
      /\d+ of \d+ requests failed at first, and were served when asked again/,
    );
  });

  it('when a preview model is answered by its own snapshot', async () => {
    const name = 'gpt-4o-search-preview';
    const { report } = await checkOnce({ quirks: ['preview-snapshot'], models: [name] }, () => ({
      models: [{ name, gatewayName: name }],
      features: ['streaming'],
    }));
    expect(report.verdict).toBe('ready');
    expect(probeOf(report, 'models.substitution')).toMatchObject({ status: 'warn', severity: 'info' });
  });

  it.each(['team-reasoner', 'azure-gpt-5-mini', 'openai.gpt-5-mini'])(
    'when a reasoning model is called %s, and max_tokens is refused',
    async (gatewayName) => {
      const { report, requests } = await checkOnce(
        { quirks: ['max-tokens-refused', 'thinks-first'], models: [gatewayName] },
        () => ({ models: [{ name: 'gpt-5-mini', gatewayName }], features: ['streaming'] }),
      );
      expect(report.verdict).toBe('ready');
      const sent = requests.filter(({ body }) => body.model === gatewayName);
      expect(sent.some(({ body }) => 'max_tokens' in body)).toBe(false);
    },
  );

  it('when an alias says nothing: the refusal names the parameter, and is followed once', async () => {
    const { report } = await checkOnce({ quirks: ['max-tokens-refused'], models: ['fast'] }, () => ({
      models: [{ name: 'fast', gatewayName: 'fast' }],
      features: ['streaming'],
    }));
    expect(report.verdict).toBe('ready');
  });

  it('when its list lacks models that answer, is empty, or lists patterns', async () => {
    const models = [MINI, { name: 'whisper-1', gatewayName: 'whisper-1' }];
    for (const quirk of ['models-empty', 'model-unlisted-but-callable'] as const) {
      const { report } = await checkOnce({ quirks: [quirk] }, () => ({ models, features: ['streaming'] }));
      expect(report.verdict).toBe('ready');
      expect(probeOf(report, 'models.available').summary).toMatch(/Unknown: whisper-1/);
    }
    const { report } = await checkOnce({ models: ['gpt-4o-mini', 'gpt-*', 'whisper-*'] }, () => ({ models }));
    expect(report.models).toMatchObject([{ listed: true }, { listed: true }]);
    const missing = await checkOnce({ models: ['gpt-4o-mini', 'gpt*'] }, () => ({ models }));
    expect(missing.report.models[1]).toMatchObject({ listed: false, suggestion: null });
  });
});

it('the team policy is part of the verdict, whatever the gateway does', async () => {
  const policy = ['assistants is in use src/a.ts:3'];
  const { report } = await checkOnce({}, () => ({ ...AGENT, policy }));
  expect(report).toMatchObject({ verdict: 'not-ready', reasonCode: 'policy' });
  expect(probeOf(report, 'policy').evidence).toEqual(policy);
});

describe('thorough probes', () => {
  const thorough = async (options: QuirkyGatewayOptions, official: QuirkyGatewayOptions = {}) => {
    const other = await startQuirkyGateway({ streamMs: 10, ...official });
    const { report } = await checkOnce(options, () => ({
      models: [MINI],
      features: ['streaming'],
      thorough: true,
      only: ['usage', 'context', 'cache'],
      official: { baseUrl: other.baseUrl, apiKey: other.apiKey },
    }));
    const asked = other.requests.filter(({ body }) => JSON.stringify(body).length > 4_000).length;
    await other.stop();
    return { report, asked };
  };

  it('pass where both sides are alike, and say when nothing could be seen', async () => {
    const { report } = await thorough({});
    expect(withStatus(report, 'pass')).toEqual(expect.arrayContaining(['usage.truth', 'context.head']));
    expect(probeOf(report, 'cache.read').summary).toMatch(/did not read its prompt cache either/);
  });

  it('find a cache that is never read, in 12 requests, and say what that costs', async () => {
    const { report, asked } = await thorough({}, { quirks: ['caches-prompts'] });
    expect(probeOf(report, 'cache.read')).toMatchObject({
      status: 'warn',
      summary: expect.stringMatching(
        /^The gateway never reads the prompt cache. The official API read \d+ of \d+/,
      ),
      fix: expect.stringMatching(/1,000 of these cost [\d.]+ USD instead of [\d.]+ USD/),
    });
    expect(asked).toBe(7);
    const both = await thorough({ quirks: ['caches-prompts'] }, { quirks: ['caches-prompts'] });
    expect(probeOf(both.report, 'cache.read').status).toBe('pass');
  });

  it('find a head that is cut, and tokens that are billed twice', async () => {
    const cut = await thorough({ quirks: ['head-cut'] });
    expect(probeOf(cut.report, 'context.head')).toMatchObject({ status: 'fail' });
    const padded = await thorough({ quirks: ['output-padded'] });
    expect(probeOf(padded.report, 'usage.truth')).toMatchObject({ status: 'warn' });
  });
});
