/**
 * Each quirk of a gateway flips exactly the probes that it should, and no others. The table is the promise: on its left
 * what a gateway does, on its right what the check then says.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CheckPlan } from '../../src/check/plan.ts';
import type { CheckReport, ProbeStatus } from '../../src/check/report.ts';
import { runCheck } from '../../src/check/run.ts';
import { planFor } from '../support/plan.ts';
import {
  DEFAULT_MODELS,
  QUIRKS,
  type Quirk,
  type QuirkyGateway,
  startQuirkyGateway,
} from '../support/quirky-gateway.ts';
import { EMBEDDER, KEYS, MINI } from './check-once.ts';

const model = (name: string) => ({ name, gatewayName: name });

type Flips = Readonly<Record<string, ProbeStatus>>;

const ALL_TOOLS: Flips = {
  'tools.call': 'fail',
  'tools.stream': 'fail',
  'tools.parallel': 'fail',
  'tools.parallel_stream': 'fail',
};
/** What is wrong is said where a text is due, and not as something else. */
const NO_TEXT: Flips = {
  'chat.basic': 'fail',
  'stream.complete': 'fail',
  'structured.schema': 'fail',
  'ability.json_mode': 'fail',
  'ability.vision': 'fail',
  'ability.file_input': 'fail',
  'client.sdk': 'fail',
};

const HOSTED_TOOLS: Flips = {
  'endpoint.web_search': 'fail',
  'endpoint.code_interpreter': 'fail',
  'endpoint.image_generation': 'fail',
  'endpoint.computer_use': 'fail',
  'endpoint.mcp': 'fail',
};

const NO_RESPONSES: Flips = {
  ...HOSTED_TOOLS,
  'responses.basic': 'fail',
  'responses.stream': 'fail',
  'responses.continue': 'fail',
  'responses.continue_stateless': 'fail',
  'ability.background': 'fail',
};

const FLIPS: Readonly<Record<Quirk, Flips>> = {
  // Streams
  'stream-truncated': { 'stream.complete': 'fail' },
  'stream-cut': {
    'stream.shape': 'fail',
    'stream.usage': 'fail',
    'stream.complete': 'fail',
    'tools.stream': 'fail',
    'tools.parallel_stream': 'fail',
    'responses.stream': 'fail',
    'client.sdk': 'fail',
  },
  'stream-no-done': { 'stream.shape': 'warn' },
  'stream-no-finish-reason': { 'stream.shape': 'fail' },
  'stream-error-chunk': {
    'stream.shape': 'fail',
    'stream.usage': 'fail',
    'stream.complete': 'fail',
    'tools.stream': 'fail',
    'tools.parallel_stream': 'fail',
    'client.sdk': 'fail',
  },
  'stream-error-200-json': {
    'stream.shape': 'fail',
    'tools.stream': 'fail',
    'tools.parallel_stream': 'fail',
    'responses.stream': 'fail',
    'client.sdk': 'fail',
  },
  'finish-reason-error': {
    'stream.shape': 'fail',
    'stream.usage': 'fail',
    'stream.complete': 'fail',
    'tools.stream': 'fail',
    'tools.parallel_stream': 'fail',
  },
  'usage-chunk-missing': { 'stream.usage': 'fail' },
  'usage-chunk-doubled': { 'stream.usage': 'fail' },
  'usage-chunk-zero': { 'stream.usage': 'fail' },
  'stream-id-changes': { 'stream.shape': 'fail' },
  'stream-burst': { 'stream.incremental': 'warn' },
  'stream-text-plain': { 'stream.shape': 'fail' },
  'stream-ignored': {
    'stream.shape': 'fail',
    'tools.stream': 'fail',
    'tools.parallel_stream': 'fail',
    'responses.stream': 'fail',
    'client.sdk': 'fail',
  },
  'stream-gzip': { 'stream.encoding': 'warn' },
  'responses-no-terminal-event': { 'responses.stream': 'fail' },

  // Answers
  'tool-call-without-index': { 'tools.stream': 'fail', 'tools.parallel_stream': 'fail' },
  'tool-call-without-id': ALL_TOOLS,
  'tool-arguments-object': { 'tools.call': 'fail', 'tools.parallel': 'fail' },
  'tools-dropped': { ...ALL_TOOLS, ...HOSTED_TOOLS },
  'one-tool-call-only': { 'tools.parallel': 'warn', 'tools.parallel_stream': 'warn' },
  'schema-ignored': { 'structured.schema': 'fail', 'ability.json_mode': 'fail' },
  'max-completion-tokens-refused': { 'chat.limits': 'warn' },
  'max-completion-tokens-ignored': { 'chat.limits': 'warn' },
  'parameters-dropped': {
    'chat.limits': 'warn',
    'chat.bad_request': 'warn',
    'stream.usage': 'fail',
    'tools.call': 'fail',
    'tools.stream': 'fail',
    'tools.parallel': 'fail',
    'tools.parallel_stream': 'fail',
    'structured.schema': 'fail',
    'embeddings.base64': 'fail',
    ...HOSTED_TOOLS,
    'responses.continue': 'fail',
    'ability.json_mode': 'fail',
    'ability.audio_output': 'fail',
    'ability.reasoning_effort': 'warn',
    'ability.logprobs': 'fail',
    'ability.logit_bias': 'warn',
    'ability.multiple_choices': 'fail',
    'ability.prediction': 'warn',
    'ability.store': 'warn',
    'ability.background': 'warn',
  },
  'other-model': { 'models.substitution': 'fail' },
  'dated-snapshot': { 'models.substitution': 'warn' },
  'unknown-model-answered': { 'models.unknown': 'warn' },
  'hidden-prompt': { 'compare.prompt_tokens': 'warn' },
  'usage-missing': {
    'chat.basic': 'fail',
    'ability.reasoning_effort': 'warn',
    'ability.prediction': 'warn',
  },
  'usage-zero': {
    'chat.basic': 'fail',
    'ability.reasoning_effort': 'warn',
    'ability.prediction': 'warn',
  },
  'finish-reason-missing': { 'chat.basic': 'fail' },
  'embeddings-base64-ignored': { 'embeddings.base64': 'fail' },
  'embeddings-wrong-dimension': { 'embeddings.float': 'fail' },
  'embeddings-mismatch': { 'embeddings.base64': 'fail' },

  // Contents
  'tool-name-prefixed': ALL_TOOLS,
  'tool-name-null': ALL_TOOLS,
  'tool-arguments-empty': ALL_TOOLS,
  'tool-arguments-renamed': ALL_TOOLS,
  'parallel-index-zero': { 'tools.parallel_stream': 'fail' },
  'content-empty': NO_TEXT,
  'content-null': NO_TEXT,
  'reasoning-only': NO_TEXT,
  'message-null': { 'models.callable': 'fail' },
  'content-parts': { 'models.callable': 'fail' },
  'choices-empty': { 'models.callable': 'fail' },
  'empty-object': { 'models.callable': 'fail' },
  'empty-body': { 'models.callable': 'fail' },
  'stream-empty': {
    'stream.shape': 'fail',
    'tools.stream': 'fail',
    'tools.parallel_stream': 'fail',
    'client.sdk': 'fail',
  },
  'stream-options-refused': { 'stream.usage': 'fail' },
  'max-tokens-refused': {},
  'thinks-first': {},
  // These show to --thorough.
  'caches-prompts': {},
  'head-cut': {},
  'output-padded': { 'chat.limits': 'warn' },
  'preview-snapshot': { 'models.substitution': 'warn' },
  'passing-503': { 'client.retries': 'warn' },

  // Abilities
  'json-mode-dropped': { 'ability.json_mode': 'fail' },
  // Asked twice, and dropped by both: the draws of the test are all below the share.
  'pool-drops-format': { 'structured.schema': 'fail', 'ability.json_mode': 'fail' },
  'pictures-dropped': { 'ability.vision': 'fail' },
  'audio-input-dropped': { 'ability.audio_input': 'fail' },
  'audio-output-dropped': { 'ability.audio_output': 'fail' },
  'files-dropped': { 'ability.file_input': 'fail' },
  'reasoning-effort-dropped': { 'ability.reasoning_effort': 'warn' },
  'logprobs-dropped': { 'ability.logprobs': 'fail' },
  'top-logprobs-dropped': { 'ability.logprobs': 'fail' },
  'logit-bias-dropped': { 'ability.logit_bias': 'warn' },
  // Another model in use takes it.
  'seed-refused-by-one': {},
  'seed-refused': { 'ability.seed': 'fail' },
  'prompt-cache-key-refused': { 'ability.prompt_cache_key': 'fail' },
  'n-dropped': { 'ability.multiple_choices': 'fail' },
  'prediction-dropped': { 'ability.prediction': 'warn' },
  'service-tier-dropped': { 'ability.service_tier': 'warn' },
  'store-dropped': { 'ability.store': 'warn' },
  'background-dropped': { 'ability.background': 'warn' },
  'hosted-tools-dropped': HOSTED_TOOLS,
  'hosted-tools-refused': HOSTED_TOOLS,
  'responses-forgotten': { 'responses.continue': 'fail' },
  'encrypted-reasoning-refused': { 'responses.continue_stateless': 'warn' },

  // Endpoints
  'models-missing': { 'models.list': 'warn' },
  'models-empty': {},
  'models-paged': {},
  'model-unlisted-but-callable': {},
  'responses-missing': NO_RESPONSES,
  'endpoints-missing': {
    'models.callable': 'fail',
    'embeddings.float': 'fail',
    'embeddings.base64': 'fail',
    ...NO_RESPONSES,
    'ability.store': 'warn',
    'endpoint.completions': 'fail',
    'endpoint.images': 'fail',
    'endpoint.audio': 'fail',
    'endpoint.moderations': 'fail',
    'endpoint.files': 'fail',
    'endpoint.batches': 'fail',
    'endpoint.assistants': 'fail',
    'endpoint.vector_stores': 'fail',
    'endpoint.fine_tuning': 'fail',
    'endpoint.realtime': 'fail',
  },
  'html-page': { 'connection.json': 'fail' },
  'challenge-page': { 'connection.json': 'fail' },
  redirect: { 'connection.base_url': 'fail' },
  'cloudflare-524': { 'models.callable': 'fail' },
  'portkey-html-message': { 'models.callable': 'fail' },
  'error-200': { 'models.callable': 'fail' },
  'never-answers': { 'connection.reach': 'fail' },
  slow: { 'client.timeout': 'warn' },

  // Refusals
  'wrong-key-accepted': {
    'auth.refused': 'warn',
    'auth.disabled_key': 'warn',
    'balance.insufficient': 'warn',
  },
  'wrong-key-html': { 'auth.refused': 'warn', 'auth.disabled_key': 'warn' },
  'wrong-key-hangs': { 'auth.refused': 'warn', 'auth.disabled_key': 'warn', 'client.timeout': 'warn' },
  'hidden-retries': { 'client.retries': 'warn' },
  'errors-as-400': { 'models.unknown': 'warn' },
  'insufficient-quota-retried': { 'client.retries': 'warn' },
  'refusals-200': { 'auth.refused': 'warn', 'models.unknown': 'warn', 'chat.bad_request': 'warn' },
  // The echo changes the answering model's name and the text that should be JSON.
  'echoes-key': {
    'models.substitution': 'fail',
    'structured.schema': 'fail',
    'ability.json_mode': 'fail',
  },

  // Request ids
  'no-request-id': { request_id: 'warn' },
  'no-request-id-on-errors': { request_id: 'warn' },
  'same-request-id': { request_id: 'warn' },
  'oneapi-request-id': {},
  'request-id-only-in-message': { request_id: 'warn' },
};

/** Quirks of time need a timeout that the test can wait for, but far longer than a busy machine adds. */
const SLOW_QUIRKS: ReadonlySet<Quirk> = new Set(['never-answers', 'wrong-key-hangs', 'slow']);
const HURRY: Partial<CheckPlan> = { client: { timeoutMs: 3_000, maxRetries: 2 }, features: [] };

describe('each quirk flips its probes and no others', () => {
  let official: QuirkyGateway;
  let usual: CheckReport;

  const check = async (quirks: readonly Quirk[], overrides: Partial<CheckPlan> = {}) => {
    const models = [...DEFAULT_MODELS, 'gpt-4o-audio-preview'];
    const gateway = await startQuirkyGateway({
      quirks,
      models,
      keys: KEYS,
      slowMs: 1_700,
      streamMs: 300,
      random: () => 0,
    });
    try {
      return await runCheck(
        planFor(gateway, {
          keys: KEYS,
          models: [MINI, model('gpt-4o'), EMBEDDER, model('gpt-4o-audio-preview')],
          official: { baseUrl: official.baseUrl, apiKey: official.apiKey },
          ...overrides,
        }),
      );
    } finally {
      await gateway.stop();
    }
  };

  beforeAll(async () => {
    official = await startQuirkyGateway({ streamMs: 10 });
    usual = await check([]);
  });
  afterAll(() => official.stop());

  it('is ready without any quirk', () => {
    expect(usual.verdict).toBe('ready');
    expect(notPassing(usual)).toEqual({
      'balance.left': 'skip',
      'models.hub': 'skip',
      'usage.truth': 'skip',
      'context.head': 'skip',
      'cache.read': 'skip',
      'fidelity.model': 'skip',
    });
  });

  it('has a line for every quirk', () => {
    expect(Object.keys(FLIPS).sort()).toEqual(Object.keys(QUIRKS).sort());
  });

  // How a stream arrives depends on the clock, and a busy machine bunches its pieces: then the case is retried.
  it.concurrent.each(Object.keys(QUIRKS) as Quirk[])('%s', { retry: 2 }, async (quirk) => {
    const report = await check([quirk], SLOW_QUIRKS.has(quirk) ? HURRY : {});
    expect(flips(usual, report)).toEqual(FLIPS[quirk]);
  });
});

function notPassing({ probes }: CheckReport): Flips {
  return Object.fromEntries(
    probes.filter(({ status }) => status !== 'pass').map(({ id, status }) => [id, status]),
  );
}

/** The probes whose status differs, consequences (`skip`) excluded: what matters is which probes report a problem. */
function flips(usual: CheckReport, report: CheckReport): Flips {
  const before = new Map(usual.probes.map(({ id, status }) => [id, status]));
  const changed = report.probes.filter(({ id, status }) => status !== before.get(id) && status !== 'skip');
  return Object.fromEntries(changed.map(({ id, status }) => [id, status]));
}
