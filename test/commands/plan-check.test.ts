import { expect, test } from 'vitest';
import { planExec } from '../../src/commands/exec/plan.ts';
import { type PlanInput, planCheck } from '../../src/commands/plan-check.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/schema.ts';

const KEY = 'gw-key-0123456789';
const OPENAI_KEY = 'oa-key-0123456789';
const GATEWAY = 'https://zivv.pro/v1';
const PROBE_IDS = ['connection.reach', 'auth.accepted', 'stream.shape', 'request_id', 'models.substitution'];

function config(text = ''): Config {
  const file = `gateway: { base_url: ${GATEWAY} }\nmodels: { fast: gpt-4o-mini }\n${text}`;
  const loaded = loadConfig(file, 'gateway-rollout.yml');
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}

const request = (more: Partial<PlanInput>): PlanInput => ({
  settings: {},
  environment: {},
  front: 'command-line',
  config: null,
  probeIds: PROBE_IDS,
  profileNames: ['zivv', 'litellm'],
  inUse: null,
  ...more,
});

function plan(more: Partial<PlanInput>) {
  const planned = planCheck(request(more));
  if (planned.kind === 'problems') throw new Error(planned.problems.map(({ message }) => message).join('\n'));
  return planned;
}

/** The problems as people read them, each with its reason code. */
function problems(more: Partial<PlanInput>): string[] {
  const planned = planCheck(request(more));
  if (planned.kind === 'plan') throw new Error('planned without a problem');
  return planned.problems.map(({ reasonCode, message }) => `${reasonCode}: ${message}`);
}

test('GATEWAY_API_KEY goes to the base URL of the config', () => {
  const { plan: made, notes } = plan({ config: config(), environment: { GATEWAY_API_KEY: KEY } });
  expect(made.gateway).toEqual({ baseUrl: GATEWAY, apiKey: KEY, headers: {}, profile: 'auto' });
  expect(notes).toEqual([]);
});

test('flags win over variables, and these over the config', () => {
  const settings = { baseUrl: 'https://flag.example/v1', apiKey: 'from-input', maxCostUsd: '0.2' };
  const { plan: made } = plan({ config: config(), settings, environment: { GATEWAY_API_KEY: KEY } });
  expect(made.gateway).toMatchObject({ baseUrl: 'https://flag.example/v1', apiKey: 'from-input' });
  expect(made.maxCostUsd).toBe(0.2);
});

test('OPENAI_BASE_URL and OPENAI_API_KEY together need no config, and a default model is named', () => {
  const { plan: made, notes } = plan({
    environment: { OPENAI_BASE_URL: GATEWAY, OPENAI_API_KEY: OPENAI_KEY },
  });
  expect(made.gateway).toMatchObject({ baseUrl: GATEWAY, apiKey: OPENAI_KEY });
  expect(made.models).toEqual([{ name: 'gpt-4o-mini', gatewayName: 'gpt-4o-mini' }]);
  expect(notes).toMatchInlineSnapshot(`
    [
      "Checking gpt-4o-mini, because no model is configured. Set yours with --models, or under models in the config.",
    ]
  `);
});

test('the pair of variables stays together when the config names another gateway, and a note says so', () => {
  const environment = { OPENAI_BASE_URL: 'https://other.example/v1', OPENAI_API_KEY: OPENAI_KEY };
  const { plan: made, notes } = plan({ config: config(), environment });
  expect(made.gateway).toMatchObject({ baseUrl: 'https://other.example/v1', apiKey: OPENAI_KEY });
  expect(notes).toMatchInlineSnapshot(`
    [
      "This run uses the gateway https://other.example/v1 (OPENAI_BASE_URL), not https://zivv.pro/v1 from the config, because OPENAI_API_KEY is the only key and belongs to OPENAI_BASE_URL. To use the config's gateway, put its key into GATEWAY_API_KEY.",
    ]
  `);
});

test('OPENAI_BASE_URL beside GATEWAY_API_KEY does not change the config’s base URL, and a note says so', () => {
  const environment = {
    GATEWAY_API_KEY: KEY,
    OPENAI_BASE_URL: 'https://other.example/v1',
    OPENAI_API_KEY: OPENAI_KEY,
  };
  const { plan: made, notes } = plan({ config: config(), environment });
  expect(made.gateway).toMatchObject({ baseUrl: GATEWAY, apiKey: KEY });
  expect(notes).toMatchInlineSnapshot(`
    [
      "OPENAI_BASE_URL is not used: the key in GATEWAY_API_KEY goes to https://zivv.pro/v1 (gateway.base_url of the config).",
    ]
  `);
});

test.each([
  ['without OPENAI_BASE_URL', { OPENAI_API_KEY: OPENAI_KEY }, {}],
  [
    'with a flag for another host',
    { OPENAI_API_KEY: OPENAI_KEY, OPENAI_BASE_URL: 'https://a.example/v1' },
    { baseUrl: GATEWAY },
  ],
  [
    'with the official address',
    { OPENAI_API_KEY: OPENAI_KEY, OPENAI_BASE_URL: 'https://api.openai.com/v1' },
    {},
  ],
])('OPENAI_API_KEY is not sent to the gateway: %s', (_, environment, settings) => {
  expect(problems({ config: config(), environment, settings })).toMatchSnapshot();
});

test('without a key each front names exactly what to set', () => {
  expect(problems({ config: config() })).toMatchInlineSnapshot(`
    [
      "missing_key: The gateway's key is missing (for https://zivv.pro/v1). Set GATEWAY_API_KEY, or OPENAI_BASE_URL and OPENAI_API_KEY together.",
    ]
  `);
  expect(problems({ config: config(), front: 'action' })).toMatchInlineSnapshot(`
    [
      "missing_key: The gateway's key is missing (for https://zivv.pro/v1). Store it as a secret and pass it: "api-key: \${{ secrets.GATEWAY_API_KEY }}". If you already do, the secret is empty, has another name, or is not available to this run.",
    ]
  `);
});

test('a secret that is not set arrives as an empty string, and counts as missing', () => {
  const environment = { GATEWAY_API_KEY: '', OPENAI_API_KEY: ' ' };
  expect(problems({ config: config(), settings: { apiKey: '' }, environment })[0]).toMatch(/^missing_key/);
});

test('without a config, both key and base URL are reported as missing', () => {
  expect(problems({})).toMatchInlineSnapshot(`
    [
      "missing_key: The gateway's key is missing. Set GATEWAY_API_KEY, or OPENAI_BASE_URL and OPENAI_API_KEY together.",
      "missing_base_url: The gateway's base URL is missing. Set gateway.base_url in .github/gateway-rollout.yml, or --base-url, for example https://gateway.example/v1.",
    ]
  `);
});

test.each([
  ['a line break', `${KEY}\n`],
  ['a space', `Bearer ${KEY}`],
  ['a letter that no header can carry', `${KEY}ключ`],
  ['a control character', `${KEY}\u0007`],
])('a key with %s is refused without being shown', (_, key) => {
  const told = problems({ config: config(), environment: { GATEWAY_API_KEY: key, OFFICIAL_API_KEY: key } });
  expect(told).toHaveLength(2);
  expect(told[0]).toMatchSnapshot();
  expect(told.join()).not.toContain(KEY);
});

test.each(['zivv.pro/v1', 'ftp://zivv.pro/v1', 'https://me:hunter2@zivv.pro/v1', 'https://zivv.pro/v1?x=1'])(
  'the address %s is refused',
  (baseUrl) => {
    const told = problems({ settings: { baseUrl }, environment: { GATEWAY_API_KEY: KEY } });
    expect(told).toMatchSnapshot();
    expect(told.join()).not.toContain('hunter2');
  },
);

test('a key that would be sent in clear text gets a warning, except to this machine', () => {
  const notes = (baseUrl: string) =>
    plan({ settings: { baseUrl, models: 'm' }, environment: { GATEWAY_API_KEY: KEY } }).notes;
  expect(notes('http://gateway.example/v1')).toEqual([
    'The key is sent to gateway.example in clear text. Use https:// in the URL.',
  ]);
  expect(notes('http://127.0.0.1:8080/v1')).toEqual([]);
});

test('a URL with a password is not repeated, whatever else is wrong', () => {
  const told = problems({ environment: { OPENAI_BASE_URL: 'https://me:hunter2@gateway.example/v1' } });
  expect(told.map((problem) => problem.split(':')[0])).toEqual(['missing_key', 'malformed_base_url']);
  expect(told.join()).not.toContain('hunter2');
});

test('the official arm is probed only with its own key and base URL', () => {
  const environment = { GATEWAY_API_KEY: KEY, OFFICIAL_API_KEY: OPENAI_KEY };
  expect(plan({ config: config(), environment }).plan.official).toEqual({
    baseUrl: 'https://api.openai.com/v1',
    apiKey: OPENAI_KEY,
  });
  const elsewhere = { ...environment, OFFICIAL_BASE_URL: 'https://eu.api.openai.com/v1' };
  expect(plan({ config: config(), environment: elsewhere }).plan.official?.baseUrl).toBe(
    'https://eu.api.openai.com/v1',
  );
  expect(plan({ config: config(), environment: { GATEWAY_API_KEY: KEY } }).plan.official).toBeNull();
});

test('a model named by flag keeps the alias that the config gives it', () => {
  const { plan: made } = plan({
    config: config(),
    settings: { models: 'fast, gpt-5' },
    environment: { GATEWAY_API_KEY: KEY },
  });
  expect(made.models).toEqual([
    { name: 'fast', gatewayName: 'gpt-4o-mini' },
    { name: 'gpt-5', gatewayName: 'gpt-5' },
  ]);
});

test('features are streaming, and embeddings where a model is one for them, unless the config lists them', () => {
  const environment = { GATEWAY_API_KEY: KEY };
  expect(plan({ config: config(), environment }).plan.features).toEqual(['streaming']);
  const embedding = plan({ environment, config: config(), settings: { models: 'text-embedding-3-small' } });
  expect(embedding.plan.features).toEqual(['streaming', 'embeddings']);
  expect(plan({ environment, config: config('check: { features: [tools] }') }).plan.features).toEqual([
    'tools',
  ]);
});

test('headers from the environment are sent, and are secrets', () => {
  const withHeader = config().gateway;
  const made = plan({
    config: { ...config(), gateway: { ...withHeader, headers: { 'x-route': `\${GATEWAY_ROUTE}` } } },
    environment: { GATEWAY_API_KEY: KEY, GATEWAY_ROUTE: 'route-secret' },
  });
  expect(made.plan.gateway.headers).toEqual({ 'x-route': 'route-secret' });
  expect(made.secrets).toEqual([KEY, 'route-secret']);
});

test('what the config says of prices, client, requirements and budget reaches the probes', () => {
  const text = `client: { timeout: 5s, max_retries: 0 }
check: { require: [request_id], ignore: { models.substitution: pinned }, max_cost_usd: 0.01 }
measure: { source: jsonl, prices: { gpt-4o-mini: { input: 0.1, output: 0.4 } } }
`;
  const { plan: made } = plan({ config: config(text), environment: { GATEWAY_API_KEY: KEY } });
  expect(made).toMatchObject({
    client: { timeoutMs: 5000, maxRetries: 0 },
    require: ['request_id'],
    ignore: { 'models.substitution': 'pinned' },
    maxCostUsd: 0.01,
    prices: { 'gpt-4o-mini': { input: 0.1, output: 0.4 } },
  });
});

test('everything that is wrong with a call is reported at once', () => {
  const told = problems({
    config: config('check: { require: [request_ids], ignore: { models.substitutions: x } }'),
    settings: { maxCostUsd: 'cheap', only: 'strem.shape,auth', models: ',' },
    environment: { GATEWAY_API_KEY: `${KEY} `, GATEWAY_EMPTY_KEY: 'a b' },
  });
  expect(told).toMatchInlineSnapshot(`
    [
      "malformed_key: The key in GATEWAY_API_KEY contains a space. Copy the key again, without anything before or after it, and save it.",
      "malformed_input: --models contains no model. Expected names separated by commas.",
      "malformed_key: The key in GATEWAY_EMPTY_KEY contains a space. Copy the key again, without anything before or after it, and save it.",
      "malformed_input: --max-cost is "cheap". Expected an amount in USD above 0, such as 0.05.",
      "malformed_input: --only names the probe "strem.shape", which does not exist. Did you mean stream.shape?",
      "malformed_input: check.require of the config names the probe "request_ids", which does not exist. Did you mean request_id?",
      "malformed_input: check.ignore of the config names the probe "models.substitutions", which does not exist. Did you mean models.substitution?",
    ]
  `);
});

test('a header that repeats the base URL of an arm hides nothing; any other value stays hidden', () => {
  const variables = { upstream: 'GATEWAY_UPSTREAM', hook: 'GATEWAY_HOOK', team: 'GATEWAY_TEAM' };
  const headers = Object.entries(variables).map(([name, variable]) => `x-${name}: "\${${variable}}"`);
  const text = `gateway: { base_url: ${GATEWAY}, headers: { ${headers.join(', ')} } }\nmodels: [m]\n`;
  const loaded = loadConfig(text, 'gateway-rollout.yml');
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const environment = {
    GATEWAY_API_KEY: KEY,
    GATEWAY_UPSTREAM: 'https://api.openai.com',
    GATEWAY_HOOK: 'https://hooks.example/T0/secret',
    GATEWAY_TEAM: 'v1',
  };
  const hidden = [KEY, 'https://hooks.example/T0/secret', 'v1'];
  expect(plan({ config: loaded.config, environment }).secrets).toEqual(hidden);
  const exec = planExec({
    settings: { command: ['true'] },
    environment,
    front: 'command-line',
    config: loaded.config,
  });
  expect(exec).toMatchObject({ kind: 'plan', secrets: hidden });
});

test('models in the code that the config lacks are reported; a gateway’s own prefix makes no difference', () => {
  const { notes } = plan({
    config: config(),
    environment: { GATEWAY_API_KEY: KEY },
    inUse: {
      models: ['gpt-4o', 'openai/gpt-4o-mini'],
      features: [],
      usesChat: true,
      sites: { 'gpt-4o': ['app.py:3'], 'openai/gpt-4o-mini': ['litellm.yaml:16'] },
      policy: [],
    },
  });
  expect(notes).toContain(
    'Models not checked, because the config does not list them: gpt-4o (app.py:3). Add them under models.',
  );
});
