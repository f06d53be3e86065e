/** LiteLLM as the check sees it: its own headers on model calls alone, its provider's model and key behind its names. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { runCheck } from '../../src/check/run.ts';
import { planFor } from '../support/plan.ts';
import { startQuirkyGateway } from '../support/quirky-gateway.ts';
import { DEFAULTS, probeOf } from './check-once.ts';

interface Behaviour {
  /** The provider's model, as the header names it. */
  readonly served?: string;
  /** The status and body of every model call. */
  readonly refusal?: readonly [number, unknown];
  /** Instead of its own words for a key that it does not know. */
  readonly wrongKey?: readonly [number, unknown];
  readonly pages?: Readonly<Record<string, unknown>>;
}

/** Runs the check against a proxy that adds what LiteLLM adds. */
async function checkBehind({ served = 'openai/gpt-4o-mini', refusal, wrongKey, pages = {} }: Behaviour) {
  const gateway = await startQuirkyGateway({ streamMs: 10 });
  const proxy = createServer(async (request, response) => {
    const body = await text(request);
    const url = request.url ?? '';
    const isCall = request.method === 'POST';
    const answer = (status: number, json: unknown) =>
      response
        .writeHead(status, {
          'content-type': 'application/json',
          ...(isCall && { 'x-litellm-call-id': crypto.randomUUID() }),
        })
        .end(JSON.stringify(json));
    if (url in pages) return void answer(200, pages[url]);
    const isOwnKey = request.headers.authorization === `Bearer ${gateway.apiKey}`;
    if (isCall && !isOwnKey && wrongKey) return void answer(...wrongKey);
    if (isCall && isOwnKey && refusal) return void answer(...refusal);
    const { authorization = '', 'content-type': type = 'application/json' } = request.headers;
    const passed = await fetch(`${gateway.origin}${url}`, {
      method: request.method ?? 'GET',
      headers: { authorization, 'content-type': type },
      ...(isCall && { body }),
    });
    const own = {
      'x-litellm-call-id': crypto.randomUUID(),
      ...(passed.ok && { 'x-litellm-model-name': served }),
    };
    const kept = ['content-type', 'x-request-id'].flatMap((name) => [name, passed.headers.get(name) ?? '']);
    response.writeHead(passed.status, [...kept, ...(isCall ? Object.entries(own).flat() : [])]);
    response.end(await passed.text());
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(async () => {
    proxy.close();
    await gateway.stop();
  });
  const address = proxy.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const plan = planFor(gateway, DEFAULTS);
  const target = { ...plan.gateway, baseUrl: `http://127.0.0.1:${port}/v1`, profile: 'auto' };
  return runCheck({ ...plan, gateway: target, keys: { disabled: 'sk-disabled-0123456789' } });
}

const providers401 = {
  error: {
    message: 'litellm.AuthenticationError: OpenAIException - Incorrect API key provided',
    code: '401',
  },
};

it('is recognised by a completion, and gives its own balance and request ID', async () => {
  const report = await checkBehind({ pages: { '/key/info': { info: { spend: 0.000001, max_budget: 10 } } } });
  expect(report.gateway).toMatchObject({ profile: 'litellm', requestIdHeader: 'x-litellm-call-id' });
  expect(probeOf(report, 'balance.left').summary).toBe("10.00 USD left of the key's budget of 10.00 USD");
  expect(probeOf(report, 'models.substitution').status).toBe('pass');
});

it('says that nothing is left, and not less than nothing', async () => {
  const info = { spend: 0.000002, max_budget: 0.000001 };
  const report = await checkBehind({ pages: { '/key/info': { info } } });
  expect(probeOf(report, 'balance.left').summary).toBe(
    "No balance left: 0.00 USD left of the key's budget of 0.00 USD",
  );
});

it('is caught with another model by its header, and by the price in its hub', async () => {
  const group = { model_group: 'gpt-4o-mini', input_cost_per_token: 2.5e-6, output_cost_per_token: 1e-5 };
  const report = await checkBehind({
    served: 'openai/gpt-4o',
    pages: { '/model_group/info': { data: [group] } },
  });
  expect(report.reasonCode).toBe('models.substitution');
  expect(report.models[0]?.answeredAs).toBe('gpt-4o');
  expect(probeOf(report, 'models.substitution').summary).toContain('gpt-4o-mini is served by gpt-4o.');
  expect(probeOf(report, 'models.hub')).toMatchObject({ status: 'warn', severity: 'info' });
});

it.each(['azure/team-chat-prod', 'openai/gpt-4o-mini-2024-07-18', 'azure/gpt-4o-mini'])(
  'is not blamed for %s',
  async (served) => {
    const report = await checkBehind({ served });
    expect(probeOf(report, 'models.substitution').status).not.toBe('fail');
  },
);

it('is not taken for its user where its provider refuses the key', async () => {
  const report = await checkBehind({ refusal: [401, providers401] });
  expect(report.reasonCode).toBe('models.callable');
  expect(probeOf(report, 'auth.accepted').status).toBe('pass');
  expect(probeOf(report, 'models.callable').fix).toMatch(
    /own key at its provider is refused; tell its operator/,
  );
});

it('that passes keys on is not said to have accepted one', async () => {
  const report = await checkBehind({ refusal: [401, providers401], wrongKey: [401, providers401] });
  expect(probeOf(report, 'auth.accepted').status).not.toBe('pass');
  expect(probeOf(report, 'models.callable').fix).toContain('If the gateway passes your key on');
});

it('is warned about a disabled key that only the status refuses', async () => {
  const bare = { error: { message: 'error', type: 'error', code: null } };
  const silent = await checkBehind({ wrongKey: [401, bare] });
  expect(probeOf(silent, 'auth.disabled_key')).toMatchObject({
    status: 'warn',
    summary: expect.stringContaining('without a word of why'),
  });
  const clear = { error: { ...bare.error, message: 'Authentication Error, Key is blocked.' } };
  const said = await checkBehind({ wrongKey: [401, clear] });
  expect(probeOf(said, 'auth.disabled_key').status).toBe('pass');
});
