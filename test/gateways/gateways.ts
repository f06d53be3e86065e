/**
 * Real gateways in front of the scripted upstream, and what the check must say of each. Their packages and versions are
 * in `.ci/real-tools`, Portkey's in package.json.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { startGateway } from '../demo/servers.ts';
import { freePort, type Running, responds, startChild } from './child.ts';

export const UPSTREAM_KEY = 'sk-upstream-0123456789abcdef';
export const CHAT = 'gpt-4o-mini';
export const EMBEDDER = 'text-embedding-3-small';
const USER_KEY = 'sk-user-0123456789abcdef0123';

/** A gateway that serves, and how to use it. */
export interface Served extends Running {
  readonly baseUrl: string;
  readonly apiKey?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly keys?: { readonly disabled: string; readonly empty: string };
}

interface Place {
  /** Where the gateway's package is installed; '' for one of npm's. */
  readonly tool: string;
  /** An empty folder for its config. */
  readonly work: string;
  readonly upstreamBaseUrl: string;
}

type Findings = Readonly<Record<string, readonly ['pass' | 'warn' | 'fail', RegExp]>>;

export interface Situation {
  readonly name: string;
  readonly start: (place: Place) => Promise<Served>;
  /** Names in the code → names at the gateway. */
  readonly models?: Readonly<Record<string, string>>;
  /** Instead of the gateway's own tool. */
  readonly tool?: string;
  /** What it lacks to run here; null where nothing. */
  readonly missing?: string | null;
  readonly profile: string | null;
  readonly requestIdHeader: string | null;
  /** `passed_with_warnings` and `all_passed` are ready, all others not. */
  readonly reasonCode: string;
  /** What a probe's result and fix must say; those that are not here must pass, or be skipped. */
  readonly findings: Findings;
  /** The tasks that `exec` counts, and the failed ones; by default 3 and 0. */
  readonly exec?: readonly [tasks: number, failed: number];
  readonly peculiar: string;
}

export interface Gateway {
  readonly title: string;
  /** Its name in `.ci/real-tools`; null: npm has installed it. */
  readonly tool: string | null;
  /** The package whose version is told. */
  readonly distribution: string;
  readonly situations: readonly Situation[];
}

async function inTool(
  { tool, work }: Place,
  program: string,
  args: readonly string[],
  url: string,
  env = {},
) {
  return startChild({
    command: path.join(tool, 'bin', program),
    args,
    cwd: work,
    env,
    isReady: () => responds(url),
  });
}

interface LiteLlmModel {
  readonly name: string;
  readonly model: string;
  readonly key?: string;
}

/** @param database its URL: then keys are virtual ones */
async function startLiteLlm(
  place: Place,
  models: readonly LiteLlmModel[],
  database?: string,
): Promise<Served> {
  const port = await freePort();
  const entry = ({ name, model, key = UPSTREAM_KEY }: LiteLlmModel) => ({
    model_name: name,
    litellm_params: { model: `openai/${model}`, api_base: place.upstreamBaseUrl, api_key: key },
  });
  const config = {
    model_list: models.map(entry),
    general_settings: { master_key: USER_KEY, ...(database && { database_url: database }) },
    litellm_settings: { num_retries: 0 },
  };
  const file = path.join(place.work, 'config.yaml');
  // JSON is YAML.
  await writeFile(file, JSON.stringify(config));
  const args = ['--config', file, '--host', '127.0.0.1', '--port', String(port)];
  const env = { LITELLM_LOCAL_MODEL_COST_MAP: 'True', ...(database && { DATABASE_URL: database }) };
  const origin = `http://127.0.0.1:${port}`;
  const child = await inTool(place, 'litellm', args, `${origin}/health/liveliness`, env);
  return { ...child, baseUrl: `${origin}/v1`, apiKey: USER_KEY };
}

const plainModels: readonly LiteLlmModel[] = [
  { name: CHAT, model: CHAT },
  { name: EMBEDDER, model: EMBEDDER },
];

async function startMlflow(place: Place): Promise<Served> {
  const port = await freePort();
  const endpoint = (name: string, type: string) => ({
    name,
    endpoint_type: type,
    model: {
      provider: 'openai',
      name,
      config: { openai_api_key: UPSTREAM_KEY, openai_api_base: place.upstreamBaseUrl },
    },
  });
  const endpoints = [endpoint(CHAT, 'llm/v1/chat'), endpoint(EMBEDDER, 'llm/v1/embeddings')];
  const file = path.join(place.work, 'config.yaml');
  await writeFile(file, JSON.stringify({ endpoints }));
  const args = ['gateway', 'start', '--config-path', file, '--host', '127.0.0.1', '--port', String(port)];
  const origin = `http://127.0.0.1:${port}`;
  const child = await inTool(place, 'mlflow', args, `${origin}/health`, { MLFLOW_TRACKING_URI: place.work });
  return { ...child, baseUrl: `${origin}/v1` };
}

async function startLmProxy(place: Place): Promise<Served> {
  const port = await freePort();
  const file = path.join(place.work, 'config.json');
  await writeFile(
    file,
    JSON.stringify({
      host: '127.0.0.1',
      port,
      connections: { up: { api_type: 'open_ai', api_base: place.upstreamBaseUrl, api_key: UPSTREAM_KEY } },
      routing: { 'gpt*': 'up.*', 'text-embedding*': 'up.*' },
      groups: { default: { api_keys: [USER_KEY] } },
    }),
  );
  const origin = `http://127.0.0.1:${port}`;
  const child = await inTool(place, 'lm-proxy', ['--config', file], `${origin}/v1/models`);
  return { ...child, baseUrl: `${origin}/v1`, apiKey: USER_KEY };
}

/** Starts the embedded gateway as the official client's patch does, and says where it listens. */
const TENSORZERO_PROGRAM = `
import sys, threading
from openai import OpenAI
from tensorzero import patch_openai_client
client = patch_openai_client(OpenAI(api_key="unused"), config_file=sys.argv[1], async_setup=False)
print("listening at", client.base_url, flush=True)
threading.Event().wait()
`;

async function startTensorZero(place: Place): Promise<Served> {
  const file = path.join(place.work, 'tensorzero.toml');
  const model = (kind: string, name: string) => `
[${kind}."${name}"]
routing = ["up"]
[${kind}."${name}".providers.up]
type = "openai"
model_name = "${name}"
api_base = "${place.upstreamBaseUrl}"
`;
  await writeFile(file, model('models', CHAT) + model('embedding_models', EMBEDDER));
  let baseUrl: string | undefined;
  const child = await startChild({
    command: path.join(place.tool, 'bin', 'python'),
    args: ['-c', TENSORZERO_PROGRAM, file],
    cwd: place.work,
    env: { OPENAI_API_KEY: UPSTREAM_KEY },
    isReady(output) {
      baseUrl = /listening at (http:\S+?)\/?\s/.exec(output)?.[1];
      return baseUrl !== undefined;
    },
  });
  return { ...child, baseUrl: baseUrl ?? '' };
}

async function startPortkey({ upstreamBaseUrl }: Place): Promise<Served> {
  return { ...(await startGateway({ upstreamBaseUrl })), apiKey: UPSTREAM_KEY };
}

/** A virtual key of LiteLLM's, made by its admin. */
async function makeKey(origin: string, settings: Readonly<Record<string, unknown>>): Promise<string> {
  const { key } = await asAdmin(origin, '/key/generate', settings);
  return z.string().parse(key);
}

async function asAdmin(origin: string, route: string, body: unknown): Promise<Record<string, unknown>> {
  const response = await fetch(`${origin}${route}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${USER_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${route}: ${response.status} ${await response.text()}`);
  return z.record(z.string(), z.unknown()).parse(await response.json());
}

/** Uses a key until its budget is spent: LiteLLM writes down what was spent some time later. */
async function spend(baseUrl: string, key: string): Promise<void> {
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(1_000)) {
    const { status } = await fetch(`${baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        model: CHAT,
        messages: [{ role: 'user', content: 'Reply with the word pong' }],
      }),
    });
    if (status !== 200) return;
  }
  throw new Error('The budget of a key was never spent.');
}

async function startWithKeys(place: Place, which: 'good' | 'expired' | 'spent'): Promise<Served> {
  const served = await startLiteLlm(place, plainModels, DATABASE_URL);
  const origin = new URL(served.baseUrl).origin;
  const [good, disabled, empty, expired] = await Promise.all([
    makeKey(origin, { max_budget: 10 }),
    makeKey(origin, {}),
    makeKey(origin, { max_budget: 0.000001 }),
    makeKey(origin, { duration: '1s' }),
  ]);
  await asAdmin(origin, '/key/block', { key: disabled });
  await spend(served.baseUrl, empty);
  return { ...served, apiKey: { good, expired, spent: empty }[which], keys: { disabled, empty } };
}

/** LiteLLM's database; its schema is created in it. */
const DATABASE_URL = process.env.GATEWAYS_DATABASE_URL ?? '';

const withDatabase = {
  tool: 'litellm-database',
  missing: DATABASE_URL === '' ? 'GATEWAYS_DATABASE_URL names no PostgreSQL' : null,
};

const LITELLM = { profile: 'litellm', requestIdHeader: 'x-litellm-call-id' } as const;
const NO_PROFILE = { profile: null, requestIdHeader: null } as const;

/** The scripted upstream answers the last message alone. */
const FORGETFUL: Findings = { 'responses.continue_stateless': ['warn', /the first turn is forgotten/] };

/** What LiteLLM does without a database, whatever its models. */
const LITELLM_WARNINGS: Findings = {
  ...FORGETFUL,
  'auth.refused': ['warn', /status is 400 instead of 401/],
  'models.unknown': ['warn', /HTTP 400 model_not_found: .*model=gateway-rollout-no-such-model/],
  request_id: ['warn', /3 responses without a request ID/],
};

const NO_RESPONSES: Findings = {
  'responses.basic': ['fail', /404/],
  'responses.stream': ['fail', /404/],
};

const NO_KEYS_NO_IDS: Findings = {
  'auth.refused': ['warn', /A wrong key is accepted/],
  'models.list': ['warn', /404/],
  request_id: ['warn', /No response has a request ID/],
};

export const GATEWAYS: readonly Gateway[] = [
  {
    title: 'LiteLLM',
    tool: 'litellm',
    distribution: 'litellm',
    situations: [
      {
        name: 'one key, no database',
        start: (place) => startLiteLlm(place, plainModels),
        ...LITELLM,
        reasonCode: 'passed_with_warnings',
        findings: LITELLM_WARNINGS,
        peculiar: 'An unknown model gets 400, and without a database so does a wrong key.',
      },
      {
        name: 'wildcards',
        start: (place) =>
          startLiteLlm(
            place,
            ['gpt-*', 'text-*', 'whisper-*'].map((name) => ({ name, model: name })),
          ),
        models: { 'whisper-1': 'whisper-1' },
        ...LITELLM,
        reasonCode: 'passed_with_warnings',
        findings: {
          ...LITELLM_WARNINGS,
          'models.unknown': ['warn', /HTTP 400 model_not_found: .*no healthy deployments/],
        },
        peculiar: 'Lists no models, and serves them.',
      },
      {
        name: '`gpt-4o` behind `gpt-4o-mini`',
        start: (place) =>
          startLiteLlm(place, [
            { name: CHAT, model: 'gpt-4o' },
            { name: EMBEDDER, model: EMBEDDER },
          ]),
        ...LITELLM,
        reasonCode: 'models.substitution',
        findings: {
          ...LITELLM_WARNINGS,
          'models.substitution': ['fail', /gpt-4o-mini is served by gpt-4o\b/],
          'models.hub': ['warn', /prices gpt-4o-mini unlike the official API/],
        },
        peculiar:
          'Its answers repeat the requested name; a header and the price in its hub name the other model.',
      },
      {
        name: 'its provider refuses its key',
        start: (place) =>
          startLiteLlm(
            place,
            plainModels.map((model) => ({ ...model, key: 'sk-refused-0123456789' })),
          ),
        ...LITELLM,
        reasonCode: 'models.callable',
        findings: {
          'models.callable': ['fail', /The gateway's own key at its provider is refused; tell its operator/],
        },
        exec: [1, 1],
        peculiar: 'The 401 reads like one for your own key.',
      },
      {
        name: 'virtual keys',
        start: (place) => startWithKeys(place, 'good'),
        ...withDatabase,
        ...LITELLM,
        reasonCode: 'passed_with_warnings',
        findings: {
          ...FORGETFUL,
          'models.unknown': ['warn', /HTTP 400 model_not_found/],
          request_id: ['warn', /without a request ID/],
          'balance.left': ['pass', /left of the key's budget of 10\.00 USD/],
          'auth.disabled_key': ['pass', /disabled_key/],
          'balance.insufficient': ['pass', /key_quota/],
        },
        peculiar: 'A blocked key and a spent one are refused in different words.',
      },
      {
        name: 'an expired key',
        start: (place) => startWithKeys(place, 'expired'),
        ...withDatabase,
        ...LITELLM,
        reasonCode: 'auth.accepted',
        findings: {
          'auth.accepted': ['fail', /disabled_key: .*Expired Key/],
          'auth.disabled_key': ['pass', /disabled_key/],
          'balance.insufficient': ['pass', /key_quota/],
        },
        exec: [1, 1],
        peculiar: 'Refused as expired.',
      },
      {
        name: 'a spent key',
        start: (place) => startWithKeys(place, 'spent'),
        ...withDatabase,
        ...LITELLM,
        reasonCode: 'models.callable',
        findings: {
          'models.callable': ['fail', /key_quota/],
          'balance.left': ['warn', /0\.00 USD left/],
          'auth.disabled_key': ['pass', /disabled_key/],
          'balance.insufficient': ['pass', /key_quota/],
        },
        exec: [1, 1],
        peculiar: 'Refused as `budget_exceeded`.',
      },
    ],
  },
  {
    title: 'Portkey',
    tool: null,
    distribution: '@portkey-ai/gateway',
    situations: [
      {
        name: 'passes your key on',
        start: startPortkey,
        profile: 'portkey',
        requestIdHeader: 'x-request-id',
        reasonCode: 'passed_with_warnings',
        findings: FORGETFUL,
        peculiar: 'None.',
      },
    ],
  },
  {
    title: 'MLflow',
    tool: 'mlflow',
    distribution: 'mlflow',
    situations: [
      {
        name: 'its gateway',
        start: startMlflow,
        ...NO_PROFILE,
        reasonCode: 'responses.basic',
        findings: {
          ...NO_RESPONSES,
          ...NO_KEYS_NO_IDS,
          'models.unknown': ['warn', /HTTP 500/],
          'chat.bad_request': ['warn', /temperature/],
          'stream.shape': ['warn', /without \[DONE\]/],
        },
        peculiar: 'Streams without `[DONE]`, asks for no key, lists no models, and has no Responses API.',
      },
    ],
  },
  {
    title: 'TensorZero',
    tool: 'tensorzero',
    distribution: 'tensorzero',
    situations: [
      {
        name: 'embedded',
        start: startTensorZero,
        models: {
          [CHAT]: `tensorzero::model_name::${CHAT}`,
          [EMBEDDER]: `tensorzero::embedding_model_name::${EMBEDDER}`,
        },
        ...NO_PROFILE,
        reasonCode: 'responses.basic',
        findings: {
          ...NO_RESPONSES,
          ...NO_KEYS_NO_IDS,
          'models.unknown': ['warn', /HTTP 400/],
          'chat.bad_request': ['warn', /temperature/],
        },
        peculiar: 'Names models by a prefix, asks for no key, lists no models, and has no Responses API.',
      },
    ],
  },
  {
    title: 'lm-proxy',
    tool: 'lm-proxy',
    distribution: 'lm-proxy',
    situations: [
      {
        name: 'routes by patterns',
        start: startLmProxy,
        ...NO_PROFILE,
        reasonCode: 'models.callable',
        findings: {
          ...NO_RESPONSES,
          'auth.refused': ['warn', /status is 403 instead of 401/],
          'models.callable': ['fail', /404/],
          'models.unknown': ['warn', /HTTP 500/],
          'chat.basic': ['fail', /usage is missing/],
          'chat.bad_request': ['warn', /temperature/],
          'stream.usage': ['fail', /no usage/],
          'tools.call': ['fail', /tool_choice/],
          'tools.stream': ['fail', /tool_choice/],
          'tools.parallel': ['fail', /tool_choice/],
          'tools.parallel_stream': ['fail', /tool_choice/],
          'embeddings.float': ['fail', /404/],
          'embeddings.base64': ['fail', /404/],
          request_id: ['warn', /No response has a request ID/],
        },
        exec: [3, 1],
        peculiar:
          'Has no usage, no embeddings and no Responses API, and takes `tool_choice` as an object alone.',
      },
    ],
  },
];
