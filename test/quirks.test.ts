import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { RESPONSES, responseRequest } from '../src/check/forms.ts';
import * as requests from '../src/check/requests.ts';
import { QUIRKS, type Quirk, type QuirkyGateway, startQuirkyGateway } from './support/quirky-gateway.ts';
import {
  finishReason,
  look,
  message,
  requestId,
  type Seen,
  streamedCalls,
  streamedFinishes,
  streamedText,
  streamedUsages,
  toolCalls,
  vector,
} from './support/wire.ts';

const MODEL = 'gpt-4o-mini';
const EMBEDDER = 'text-embedding-3-small';
const KEYS = { disabled: 'sk-quirky-disabled', empty: 'sk-quirky-empty' };
const OPTIONS = { keys: KEYS, streamMs: 120, silenceMs: 300, slowMs: 300 };
const PATIENCE_MS = 600;

const WRONG_KEY_CHAT = requests.withKey(requests.plainChat(MODEL), requests.WRONG_KEY);

const words = (seen: Seen) => streamedText(seen).split(' ');
const isZero = (usage: { total_tokens: number } | null | undefined) => usage?.total_tokens === 0;

type Ask = (question: requests.ProbeRequest) => Promise<Seen>;
/** Whether a gateway shows a quirk: true with it, and false without it. */
type Sign = (ask: Ask) => Promise<boolean>;

const on =
  (question: requests.ProbeRequest, sign: (seen: Seen) => boolean): Sign =>
  async (ask) =>
    sign(await ask(question));

const onStream = (sign: (seen: Seen) => boolean) => on(requests.enumeration(MODEL), sign);
const onChat = (sign: (seen: Seen) => boolean) => on(requests.plainChat(MODEL), sign);
const onAsked = (parameters: object, sign: (seen: Seen) => boolean, content: unknown = 'Say: pong') =>
  on(requests.chat(MODEL, content, { ...parameters }), sign);
const onResponse = (parameters: object, sign: (seen: Seen) => boolean): Sign => {
  const request = responseRequest(MODEL);
  return on({ ...request, body: { ...request.body, ...parameters } }, sign);
};
const get = (path: string): requests.ProbeRequest => ({ method: 'GET', path });
const hangs =
  (question: requests.ProbeRequest): Sign =>
  async (ask) =>
    (await Promise.race([ask(question).catch(() => null), sleep(PATIENCE_MS, 'silence')])) === 'silence';

const SIGNS: Readonly<Record<Quirk, Sign>> = {
  'stream-truncated': onStream(
    (seen) =>
      seen.done &&
      streamedFinishes(seen)[0] === 'stop' &&
      !words(seen).includes('60') &&
      words(seen)[0] === '1',
  ),
  'stream-cut': onStream((seen) => seen.cut && seen.chunks.length > 3 && !seen.done),
  'stream-no-done': onStream((seen) => !seen.done && !seen.cut && streamedFinishes(seen)[0] === 'stop'),
  'stream-no-finish-reason': onStream((seen) => seen.done && streamedFinishes(seen).length === 0),
  'stream-error-chunk': onStream((seen) => seen.status === 200 && seen.chunks.some((chunk) => chunk.error)),
  'stream-error-200-json': onStream(
    (seen) => seen.type === 'application/json' && seen.body.error !== undefined,
  ),
  'finish-reason-error': onStream((seen) => streamedFinishes(seen)[0] === 'error' && seen.done),
  'usage-chunk-missing': onStream((seen) => streamedUsages(seen).length === 0 && seen.done),
  'usage-chunk-doubled': onStream((seen) => streamedUsages(seen).length === 2),
  'usage-chunk-zero': onStream(
    (seen) => streamedUsages(seen).length === 1 && streamedUsages(seen).every(isZero),
  ),
  'stream-id-changes': onStream((seen) => new Set(seen.chunks.map((chunk) => chunk.id)).size > 1),
  'stream-burst': onStream((seen) => seen.firstMs - seen.headersMs > 250 && seen.endMs - seen.firstMs < 100),
  'stream-stalls': hangs(requests.enumeration(MODEL)),
  'stream-json-broken': onStream((seen) => seen.chunks.some((chunk) => Object.keys(chunk).length === 0)),
  'stream-foreign-lines': onStream((seen) => /^still generating$/m.test(seen.text)),
  'stream-comments': onStream((seen) => /^: still generating$/m.test(seen.text)),
  'stream-delta-null': onStream((seen) => seen.text.includes('"delta":null')),
  'stream-choices-missing': onStream((seen) => seen.chunks.some((chunk) => !('choices' in chunk))),
  'stream-role-missing': onStream((seen) => !seen.text.includes('"role"')),
  'stream-text-plain': onStream((seen) => seen.type.startsWith('text/plain') && seen.done),
  'stream-ignored': onStream((seen) => seen.type === 'application/json' && message(seen) !== undefined),
  'stream-gzip': on(
    { ...requests.enumeration(MODEL), headers: { 'accept-encoding': 'identity' } },
    (seen) => seen.headers.get('content-encoding') === 'gzip' && words(seen).length === 60,
  ),
  'tool-call-without-index': on(
    requests.streamed(requests.toolCall(MODEL)),
    (seen) => streamedCalls(seen).length > 1 && streamedCalls(seen).every((call) => call.index === undefined),
  ),
  'tool-call-without-type': on(
    requests.streamed(requests.toolCall(MODEL)),
    (seen) => streamedCalls(seen).length > 1 && !seen.text.includes('"type":"function"'),
  ),
  'tool-ids-shared': on(
    requests.parallelToolCalls(MODEL),
    (seen) => toolCalls(seen).length === 2 && new Set(toolCalls(seen).map(({ id }) => id)).size === 1,
  ),
  'tool-call-without-id': on(
    requests.toolCall(MODEL),
    (seen) => toolCalls(seen).length === 1 && toolCalls(seen)[0]?.id === undefined,
  ),
  'tool-arguments-object': on(
    requests.toolCall(MODEL),
    (seen) => typeof toolCalls(seen)[0]?.function.arguments === 'object',
  ),
  'tools-dropped': on(requests.toolCall(MODEL), (seen) => Boolean(message(seen)?.content)),
  'one-tool-call-only': on(requests.parallelToolCalls(MODEL), (seen) => toolCalls(seen).length === 1),
  'schema-ignored': on(
    requests.structuredOutput(MODEL),
    (seen) => seen.status === 200 && !seen.text.includes(requests.NONCE),
  ),
  'max-completion-tokens-refused': on(
    requests.limitedChat(MODEL),
    (seen) => seen.status === 400 && seen.text.includes('max_completion_tokens'),
  ),
  'max-completion-tokens-ignored': on(requests.limitedChat(MODEL), (seen) => finishReason(seen) === 'stop'),
  'tool-name-prefixed': on(
    requests.toolCall(MODEL),
    (seen) => toolCalls(seen)[0]?.function.name === 'functions.get_weather',
  ),
  'tool-name-null': on(requests.toolCall(MODEL), (seen) => toolCalls(seen)[0]?.function.name === null),
  'tool-arguments-empty': on(
    requests.toolCall(MODEL),
    (seen) => toolCalls(seen)[0]?.function.arguments === '{}',
  ),
  'tool-arguments-renamed': on(requests.toolCall(MODEL), (seen) => seen.text.includes('\\"input\\"')),
  'parallel-index-zero': on(requests.streamed(requests.parallelToolCalls(MODEL)), (seen) =>
    streamedCalls(seen).every((call) => call.index === 0),
  ),
  'tool-index-from-one': on(requests.streamed(requests.toolCall(MODEL)), (seen) =>
    streamedCalls(seen).every((call) => call.index === 1),
  ),
  'tool-name-repeated': on(requests.streamed(requests.toolCall(MODEL)), (seen) =>
    streamedCalls(seen).every((call) => call.function?.name === 'get_weather'),
  ),
  'content-empty': onChat((seen) => message(seen)?.content === ''),
  'content-null': onChat((seen) => message(seen)?.content === null),
  'message-null': onChat((seen) => seen.text.includes('"message":null')),
  'reasoning-only': onChat((seen) => seen.text.includes('"reasoning_content":"pong"')),
  'content-parts': onChat((seen) => seen.text.includes('"content":[{')),
  'choices-empty': onChat((seen) => seen.text.includes('"choices":[]')),
  'empty-object': onChat((seen) => seen.status === 200 && seen.text === '{}'),
  'empty-body': onChat((seen) => seen.status === 200 && seen.text === ''),
  'stream-empty': onStream((seen) => seen.done && seen.chunks.length === 0),
  'stream-options-refused': onStream((seen) => seen.status === 400),
  'max-tokens-refused': onChat((seen) => seen.status === 400),
  'low-limits-refused': onChat((seen) => seen.status === 400),
  'store-refused': onResponse({}, (seen) => seen.status === 500),
  'thinks-first': onChat((seen) => message(seen)?.content === '' && finishReason(seen) === 'length'),
  'caches-prompts': onAsked({}, (seen) => !seen.text.includes('"cached_tokens":0'), 'one two '.repeat(1_200)),
  'head-cut': onAsked(
    {},
    (seen) => seen.text.includes('I do not know'),
    `The word is x.\n${'one '.repeat(6_000)}\nWhich word is named in the first line?`,
  ),
  'output-padded': onChat((seen) => seen.text.includes('"completion_tokens":2')),
  'preview-snapshot': onChat((seen) => seen.body.model === `${MODEL}-2025-03-11`),
  'passing-503': async (ask) => {
    const seen = [];
    for (let request = 1; request <= 4; request += 1)
      seen.push((await ask(requests.plainChat(MODEL))).status);
    return seen.join() === '200,200,503,200';
  },
  'json-mode-dropped': onAsked(
    { response_format: { type: 'json_object' } },
    (seen) => !String(message(seen)?.content).startsWith('{'),
  ),
  'pool-drops-format': async (ask) => {
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => ask(requests.structuredOutput(MODEL))),
    );
    return answers.some((seen) => !seen.text.includes(requests.NONCE));
  },
  'pictures-dropped': onAsked({}, (seen) => seen.text.includes('no picture'), [
    { type: 'text', text: 'Which colour fills this picture?' },
    { type: 'image_url', image_url: { url: 'data:image/png;base64,' } },
  ]),
  'files-dropped': onAsked({}, (seen) => seen.text.includes('no file'), [
    { type: 'text', text: 'Which word does the file name?' },
    { type: 'file', file: { file_data: `data:,${Buffer.from('The word is x').toString('base64')}` } },
  ]),
  'audio-input-dropped': onAsked({}, (seen) => seen.text.includes('"cached_tokens":0,"audio_tokens":0'), [
    { type: 'text', text: 'x' },
    { type: 'input_audio', input_audio: { data: '', format: 'wav' } },
  ]),
  'audio-output-dropped': onAsked({ modalities: ['audio'] }, (seen) => !seen.text.includes('"audio":{')),
  'reasoning-effort-dropped': onAsked({ reasoning_effort: 'high' }, (seen) =>
    seen.text.includes('"reasoning_tokens":0'),
  ),
  'logprobs-dropped': onAsked({ logprobs: true }, (seen) => seen.text.includes('"logprobs":null')),
  'top-logprobs-dropped': onAsked({ logprobs: true, top_logprobs: 2 }, (seen) => !seen.text.includes('ping')),
  'logit-bias-dropped': onAsked({ logit_bias: { 1000: 100 } }, (seen) => !seen.text.includes('forced')),
  'seed-refused-by-one': onAsked({ seed: 1 }, (seen) => seen.status === 400),
  'seed-refused': onAsked({ seed: 1 }, (seen) => seen.status === 400),
  'prompt-cache-key-refused': onAsked({ prompt_cache_key: 'x' }, (seen) => seen.status === 400),
  'n-dropped': onAsked({ n: 2 }, (seen) => !seen.text.includes('"index":1')),
  'prediction-dropped': onAsked({ prediction: { type: 'content', content: 'x' } }, (seen) =>
    seen.text.includes('"accepted_prediction_tokens":0'),
  ),
  'service-tier-dropped': onAsked({}, (seen) => !seen.text.includes('service_tier')),
  'store-dropped': async (ask) => {
    const { body } = await ask(requests.chat(MODEL, 'x', { store: true }));
    return (await ask(get(`/chat/completions/${body.id}`))).status === 404;
  },
  'abilities-refused': onAsked({ seed: 1 }, (seen) => seen.status === 400),
  'background-dropped': onResponse({ background: true }, (seen) => seen.text.includes('"background":false')),
  'hosted-tools-dropped': onResponse(
    { tools: [{ type: 'mcp', server_url: 'gateway-rollout' }] },
    (seen) => seen.status === 200,
  ),
  'hosted-tools-refused': onResponse({ tools: [{ type: 'mcp' }] }, (seen) => seen.status === 400),
  'responses-forgotten': onResponse({ previous_response_id: 'resp_none' }, (seen) => seen.status === 200),
  'encrypted-reasoning-refused': onResponse(
    { input: [{ role: 'assistant', content: [{ type: 'output_text', text: 'noted' }] }] },
    (seen) => seen.status === 400,
  ),
  'other-model': onChat((seen) => seen.body.model === 'qwen2.5-7b-instruct'),
  'dated-snapshot': onChat((seen) => seen.body.model === `${MODEL}-2024-07-18`),
  'unknown-model-answered': on(
    requests.plainChat(requests.UNKNOWN_MODEL),
    (seen) => seen.status === 200 && seen.body.model === MODEL,
  ),
  'parameters-dropped': async (ask) =>
    (await ask(requests.badRequest(MODEL))).status === 200 &&
    finishReason(await ask(requests.limitedChat(MODEL))) === 'stop',
  'hidden-prompt': onChat((seen) => (seen.body.usage?.prompt_tokens ?? 0) > 30),
  'usage-missing': onChat((seen) => message(seen)?.content === 'pong' && seen.body.usage === undefined),
  'usage-zero': onChat((seen) => isZero(seen.body.usage)),
  'finish-reason-missing': onChat((seen) => finishReason(seen) === undefined),
  'embeddings-base64-ignored': on(requests.embedding(EMBEDDER, 'base64'), (seen) =>
    Array.isArray(vector(seen)),
  ),
  'embeddings-base64-refused': on(requests.embedding(EMBEDDER, 'base64'), (seen) => seen.status === 400),
  'embeddings-always-base64': on(
    requests.embedding(EMBEDDER, 'float'),
    (seen) => typeof vector(seen) === 'string',
  ),
  'embeddings-usage-missing': on(
    requests.embedding(EMBEDDER, 'float'),
    (seen) => seen.status === 200 && !seen.text.includes('"usage"'),
  ),
  'embeddings-wrong-dimension': on(
    requests.embedding(EMBEDDER, 'float'),
    (seen) => z.array(z.number()).parse(vector(seen)).length === 768,
  ),
  'embeddings-mismatch': async (ask) => {
    const floats = z.array(z.number()).parse(vector(await ask(requests.embedding(EMBEDDER, 'float'))));
    const bytes = Buffer.from(String(vector(await ask(requests.embedding(EMBEDDER, 'base64')))), 'base64');
    return bytes.length === floats.length * 4 && bytes.readFloatLE(0) !== floats[0];
  },
  'responses-text-empty': onResponse({}, (seen) => seen.text.includes('"text":""')),
  'responses-reasoning-only': onResponse({}, (seen) => !seen.text.includes('output_text')),
  'responses-think-first': onResponse({}, (seen) => seen.text.includes('"incomplete"')),
  'responses-object-missing': onResponse({}, (seen) => !seen.text.includes('"object":"response"')),
  'responses-status-missing': onResponse({}, (seen) => seen.status === 200 && !('status' in seen.body)),
  'responses-failed': onResponse({}, (seen) => seen.status === 200 && seen.text.includes('"failed"')),
  'responses-usage-missing': onResponse({}, (seen) => seen.text.includes('"usage":null')),
  'responses-parameters-dropped': onResponse(
    { tools: [{ type: 'mcp', server_label: 'x' }], text: { format: { type: 'json_object' } } },
    (seen) => seen.status === 200 && seen.text.includes('"tools":[]'),
  ),
  'responses-type-missing': on(RESPONSES.request(requests.streamed(requests.plainChat(MODEL))), (seen) =>
    seen.chunks.every((chunk) => chunk.type === undefined),
  ),
  'responses-no-deltas': on(
    RESPONSES.request(requests.streamed(requests.plainChat(MODEL))),
    (seen) => seen.text.includes('response.completed') && !seen.text.includes('.delta'),
  ),
  'responses-limit-ignored': onResponse({ max_output_tokens: 1 }, (seen) => seen.status === 200),
  'responses-unvalidated': onResponse({ temperature: 'hot' }, (seen) => seen.status === 200),
  'responses-other-model': onResponse({}, (seen) => seen.body.model === 'qwen2.5-7b-instruct'),
  'responses-wrong-key-accepted': on(
    requests.withKey(responseRequest(MODEL), requests.WRONG_KEY),
    (seen) => seen.status === 200,
  ),
  'responses-unknown-model-answered': on(
    responseRequest(requests.UNKNOWN_MODEL),
    (seen) => seen.status === 200,
  ),
  'responses-client-refused': on(
    { ...responseRequest(MODEL), headers: { 'x-stainless-lang': 'js' } },
    (seen) => seen.status === 403,
  ),
  'responses-truncated': onResponse(
    { stream: true, input: 'List the integers from 1 to 60.', max_output_tokens: 250 },
    (seen) => seen.text.includes('"delta":"1') && !/"delta":" ?60"/.test(seen.text),
  ),
  'chat-missing': on(requests.plainChat(MODEL), (seen) => seen.status === 404),
  'responses-missing': on(responseRequest(MODEL), (seen) => seen.status === 404),
  'responses-no-terminal-event': on(
    RESPONSES.request(requests.streamed(requests.plainChat(MODEL))),
    (seen) => seen.chunks.length > 3 && !seen.chunks.some((chunk) => chunk.type === 'response.completed'),
  ),
  'endpoints-missing': async (ask) =>
    (await ask(get('/files'))).status === 404 && (await ask(requests.plainChat(MODEL))).status === 200,
  'models-missing': on(requests.listModels(), (seen) => seen.status === 404),
  'models-empty': on(requests.listModels(), (seen) => seen.body.data?.length === 0),
  'models-paged': async (ask) => {
    const first = (await ask(requests.listModels())).body;
    const second = (await ask(get(`/models?after=${first.data?.at(-1)?.id}`))).body;
    return (
      first.has_more === true && first.data?.length === 2 && second.data?.[0]?.id === 'gpt-3.5-turbo-instruct'
    );
  },
  'model-unlisted-but-callable': async (ask) => {
    const listed = (await ask(requests.listModels())).body.data?.map((model) => model.id);
    return !listed?.includes(MODEL) && (await ask(requests.plainChat(MODEL))).status === 200;
  },
  'html-page': on(requests.listModels(), (seen) => seen.status === 200 && seen.type.startsWith('text/html')),
  'challenge-page': onChat((seen) => seen.status === 403 && seen.headers.has('cf-mitigated')),
  redirect: onChat(
    (seen) =>
      seen.status === 302 && seen.headers.get('location') === 'http://127.0.0.1:9/v1/chat/completions',
  ),
  'cloudflare-524': onChat((seen) => seen.status === 524 && seen.type.startsWith('text/html')),
  'portkey-html-message': onChat((seen) => 'html-message' in seen.body),
  'never-answers': hangs(requests.listModels()),
  slow: onChat((seen) => seen.headersMs > 290 && seen.status === 200),
  'wrong-key-accepted': on(WRONG_KEY_CHAT, (seen) => seen.status === 200),
  'wrong-key-html': on(WRONG_KEY_CHAT, (seen) => seen.type.startsWith('text/html')),
  'wrong-key-hangs': hangs(WRONG_KEY_CHAT),
  'hidden-retries': on(
    requests.plainChat(requests.UNKNOWN_MODEL),
    (seen) => seen.headersMs > 290 && seen.status === 404,
  ),
  'errors-as-400': on(requests.plainChat(requests.UNKNOWN_MODEL), (seen) => seen.status === 400),
  'error-200': onChat((seen) => seen.status === 200 && seen.body.error !== undefined),
  'refusals-200': on(
    requests.plainChat(requests.UNKNOWN_MODEL),
    (seen) => seen.status === 200 && seen.body.error?.code === 'model_not_found',
  ),
  'insufficient-quota-retried': on(
    requests.withKey(requests.plainChat(MODEL), KEYS.empty),
    (seen) => seen.body.error?.code === 'insufficient_quota' && !seen.headers.has('x-should-retry'),
  ),
  'echoes-key': async (ask) => {
    const answer = await ask(requests.plainChat(MODEL));
    const refusal = await ask(WRONG_KEY_CHAT);
    const key = 'sk-quirky-valid-0123456789abcdef';
    return (
      [answer.body.model, message(answer)?.content, requestId(answer)].every((text) => text?.includes(key)) &&
      refusal.text.includes(requests.WRONG_KEY)
    );
  },
  'no-request-id': onChat((seen) => requestId(seen) === null),
  'no-request-id-on-errors': async (ask) =>
    requestId(await ask(requests.badRequest(MODEL))) === null &&
    requestId(await ask(requests.plainChat(MODEL))) !== null,
  'same-request-id': async (ask) =>
    requestId(await ask(requests.plainChat(MODEL))) === requestId(await ask(requests.listModels())),
  'oneapi-request-id': onChat((seen) => requestId(seen) === null && seen.headers.has('x-oneapi-request-id')),
  'request-id-only-in-message': on(
    requests.badRequest(MODEL),
    (seen) => requestId(seen) === null && /request id: req_/.test(seen.body.error?.message ?? ''),
  ),
};

describe('a quirk shows on the wire, and only if it is turned on', () => {
  let plain: QuirkyGateway;
  beforeAll(async () => {
    plain = await startQuirkyGateway(OPTIONS);
  });
  afterAll(() => plain.stop());

  // Streams are checked against the clock, and a busy machine bunches chunks, so failures are retried.
  it.concurrent.each(namesOf(SIGNS).map((name) => ({ name, ...QUIRKS[name] })))(
    '$name: $does',
    { retry: 2 },
    async ({ name }) => {
      const sign = SIGNS[name];
      const quirky = await startQuirkyGateway({ ...OPTIONS, quirks: [name] });
      try {
        expect(await sign((question) => look(quirky, question)), 'with the quirk').toBe(true);
        expect(await sign((question) => look(plain, question)), 'without it').toBe(false);
      } finally {
        await quirky.stop();
      }
    },
  );

  it('two quirks show together', async () => {
    const both = await startQuirkyGateway({ ...OPTIONS, quirks: ['dated-snapshot', 'no-request-id'] });
    const ask: Ask = (question) => look(both, question);
    expect([await SIGNS['dated-snapshot'](ask), await SIGNS['no-request-id'](ask)]).toEqual([true, true]);
    await both.stop();
  });
});

function namesOf<T extends object>(table: T): Extract<keyof T, string>[] {
  const names: Extract<keyof T, string>[] = [];
  for (const name in table) names.push(name);
  return names;
}
