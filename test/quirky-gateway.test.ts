import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  enumeration,
  listModels,
  parallelToolCalls,
  structuredOutput,
  UNKNOWN_MODEL,
} from '../src/check/requests.ts';
import { DEFAULT_MODELS, type QuirkyGateway, startQuirkyGateway } from './support/quirky-gateway.ts';
import { look, requestId } from './support/wire.ts';

const MODEL = 'gpt-4o-mini';
const EMBEDDER = 'text-embedding-3-small';
const prompt = (content: string) => ({ model: MODEL, messages: [{ role: 'user' as const, content }] });

let gateway: QuirkyGateway;
let client: OpenAI;

beforeAll(async () => {
  gateway = await startQuirkyGateway({ streamMs: 120 });
  client = new OpenAI({
    baseURL: gateway.baseUrl,
    apiKey: gateway.apiKey,
    organization: null,
    project: null,
    maxRetries: 0,
  });
});
afterAll(() => gateway.stop());

describe('a gateway without quirks serves the official client', () => {
  it('chats, and reports its usage', async () => {
    const answer = await client.chat.completions.create(prompt('Reply with the single word: pong'));
    expect(answer.choices[0]?.message.content).toBe('pong');
    expect(answer.choices[0]?.finish_reason).toBe('stop');
    expect(answer.usage?.total_tokens).toBe(
      (answer.usage?.prompt_tokens ?? 0) + (answer.usage?.completion_tokens ?? 0),
    );
    expect(answer._request_id).toMatch(/^req_/);
  });

  it('returns the requested number of choices, and honours stop', async () => {
    const answer = await client.chat.completions.create({
      ...prompt('List the integers from 1 to 9.'),
      n: 2,
      stop: ' 4',
    });
    expect(answer.choices.map((choice) => choice.message.content)).toEqual(['1 2 3', '1 2 3']);
  });

  it('streams a complete text over time, with its usage', async () => {
    const start = performance.now();
    const arrivals: number[] = [];
    let text = '';
    let usage: unknown;
    const stream = await client.chat.completions.create({
      ...prompt('List the integers from 1 to 60, separated by spaces.'),
      stream: true,
      stream_options: { include_usage: true },
    });
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      usage = chunk.usage ?? usage;
      arrivals.push(performance.now() - start);
    }
    expect(text.split(' ')).toHaveLength(60);
    expect(usage).toMatchObject({ completion_tokens: 119 });
    // Only a third of the time, because a busy machine reads the first chunks late.
    expect((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThan(40);
  });

  it('streams two tool calls in chunks that the client joins', async () => {
    const { body } = parallelToolCalls(MODEL);
    const runner = client.chat.completions.stream({ ...prompt(''), ...body });
    const message = (await runner.finalChatCompletion()).choices[0]?.message;
    expect(message?.tool_calls?.map((call) => 'function' in call && call.function.arguments)).toEqual([
      '{"city":"Paris"}',
      '{"city":"Tokyo"}',
    ]);
    expect(new Set(message?.tool_calls?.map((call) => call.id)).size).toBe(2);
  });

  it('returns a structured output that matches its schema', async () => {
    const Event = z.object({ name: z.string(), day: z.enum(['friday']), guests: z.array(z.string()) });
    const answer = await client.chat.completions.parse({
      ...prompt('A party'),
      response_format: zodResponseFormat(Event, 'event'),
    });
    expect(answer.choices[0]?.message.parsed).toEqual({
      name: 'example',
      day: 'friday',
      guests: ['example'],
    });
  });

  it('returns the same embedding in both encodings', async () => {
    // Without a format the client asks for base64 and decodes it.
    const decoded = await client.embeddings.create({ model: EMBEDDER, input: 'a small step' });
    const floats = await client.embeddings.create({
      model: EMBEDDER,
      input: ['a small step'],
      encoding_format: 'float',
    });
    expect(decoded.data[0]?.embedding).toHaveLength(1536);
    expect(decoded.data[0]?.embedding).toEqual(floats.data[0]?.embedding);
    expect(gateway.requests.at(-2)?.body).toMatchObject({ encoding_format: 'base64' });
    const short = await client.embeddings.create({ model: EMBEDDER, input: 'x', dimensions: 8 });
    expect(short.data[0]?.embedding).toHaveLength(8);
  });

  it('serves /responses, whole and streamed to the terminal event', async () => {
    const whole = await client.responses.create({ model: MODEL, input: 'Reply with the single word: pong' });
    expect(whole.output_text).toBe('pong');
    const streamed = await client.responses
      .stream({ model: MODEL, input: 'Reply with the single word: pong' })
      .finalResponse();
    expect([streamed.status, streamed.output_text]).toEqual(['completed', 'pong']);
    const cut = await client.responses.create({
      model: MODEL,
      input: 'List the integers from 1 to 200',
      max_output_tokens: 16,
    });
    expect(cut.incomplete_details?.reason).toBe('max_output_tokens');
  });

  it('calls a tool through /responses', async () => {
    const tool = {
      type: 'function' as const,
      name: 'get_weather',
      strict: true,
      parameters: { type: 'object', properties: { city: { type: 'string' } } },
    };
    const runner = client.responses.stream({ model: MODEL, input: 'The weather in Oslo?', tools: [tool] });
    expect((await runner.finalResponse()).output).toMatchObject([
      { type: 'function_call', name: 'get_weather', arguments: '{"city":"Oslo"}' },
    ]);
  });

  it('lists its models, names one, and serves the older text endpoint', async () => {
    const names = (await client.models.list()).data.map((model) => model.id);
    expect(names).toEqual(DEFAULT_MODELS);
    expect((await client.models.retrieve(MODEL)).object).toBe('model');
    const text = await client.completions.create({
      model: 'gpt-3.5-turbo-instruct',
      prompt: 'Reply with the single word: pong',
    });
    expect(text.choices[0]?.text).toBe('pong');
  });

  it('answers eight requests at once, each with its own ID', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        client.chat.completions.create(prompt(`List the integers from 0 to ${index}`)),
      ),
    );
    expect(answers.map((answer) => answer.choices[0]?.message.content?.split(' ').length)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8,
    ]);
    expect(new Set(answers.map((answer) => answer._request_id)).size).toBe(8);
  });
});

describe('a gateway without quirks refuses as the official API does', () => {
  const ask = (path: string, body?: Record<string, unknown>, apiKey = gateway.apiKey) =>
    look(gateway, { method: body ? 'POST' : 'GET', path, apiKey, ...(body ? { body } : {}) });

  it('a wrong key, without repeating it', async () => {
    const key = 'sk-gatewayrollout-this-key-does-not-exist-0000';
    const seen = await ask('/models', undefined, key);
    expect(seen.status).toBe(401);
    expect(seen.body.error).toMatchObject({ code: 'invalid_api_key', type: 'invalid_request_error' });
    expect(seen.body.error?.message).toContain('sk-gatew');
    expect(seen.text).not.toContain(key);
  });

  const missing = (param: string) => `400 ${param} missing_required_parameter`;
  const chat = '/chat/completions';
  it.each([
    ['no such model', chat, { ...prompt('x'), model: UNKNOWN_MODEL }, '404 null model_not_found'],
    ['a wrong type', chat, { ...prompt('x'), temperature: 'hot' }, '400 temperature invalid_type'],
    [
      'a number too large',
      chat,
      { ...prompt('x'), temperature: 3 },
      '400 temperature integer_above_max_value',
    ],
    ['no messages', chat, { model: MODEL }, missing('messages')],
    [
      'a wrong type deep down',
      chat,
      { model: MODEL, messages: [{ role: 1 }] },
      '400 messages[0].role invalid_type',
    ],
    ['a limit of 0', chat, { ...prompt('x'), max_tokens: 0 }, '400 max_tokens integer_below_min_value'],
    ['chat with an embedding model', chat, { ...prompt('x'), model: EMBEDDER }, '404 model null'],
    ['an embedding from a chat model', '/embeddings', { model: MODEL, input: 'x' }, '403 null null'],
    ['no such address', '/nothing-here', {}, '404 null null'],
    ['the wrong method', chat, undefined, '405 null method_not_supported'],
    ['a picture without a prompt', '/images/generations', {}, missing('prompt')],
    ['speech without a text', '/audio/speech', { model: 'tts-1' }, missing('input')],
    ['a transcription without a file', '/audio/transcriptions', {}, missing('file')],
    ['a moderation without an input', '/moderations', {}, missing('input')],
    ['a batch without a file', '/batches', {}, missing('input_file_id')],
    [
      'a batch of a file that is not there',
      '/batches',
      { input_file_id: 'file-x' },
      '400 input_file_id null',
    ],
    ['a fine-tuning without a file', '/fine_tuning/jobs', {}, missing('training_file')],
    ['assistants without the beta header', '/assistants', undefined, '400 null invalid_beta'],
    [
      'a realtime session of no known type',
      '/realtime/client_secrets',
      { session: { type: 'x' } },
      '400 session.type invalid_value',
    ],
    [
      'too small a limit of /responses',
      '/responses',
      { model: MODEL, input: 'x', max_output_tokens: 1 },
      '400 max_output_tokens integer_below_min_value',
    ],
  ])('%s', async (_name, path, body, expected) => {
    const seen = await ask(path, body);
    const { param, code } = seen.body.error ?? {};
    expect(`${seen.status} ${param} ${code}`).toBe(expected);
    expect(requestId(seen)).toMatch(/^req_/);
  });

  it('max_tokens of a reasoning model', async () => {
    const other = await startQuirkyGateway({ models: ['gpt-5-mini'] });
    const body = { ...prompt('x'), model: 'gpt-5-mini', max_tokens: 16 };
    const seen = await look(other, { method: 'POST', path: '/chat/completions', body });
    await other.stop();
    expect(seen.body.error).toMatchObject({ param: 'max_tokens', code: 'unsupported_parameter' });
  });

  it('but not a list of files, batches, vector stores or jobs', async () => {
    for (const path of ['/files', '/batches', '/vector_stores', '/fine_tuning/jobs']) {
      expect((await ask(path)).body).toMatchObject({ object: 'list', data: [] });
    }
  });
});

describe('a gateway in a test', () => {
  it('remembers the requests', async () => {
    gateway.forgetRequests();
    await look(gateway, structuredOutput(MODEL));
    await look(gateway, enumeration(MODEL));
    expect(gateway.count('/chat/completions')).toBe(2);
    expect(gateway.count('/models')).toBe(0);
    expect(gateway.requests[1]).toMatchObject({
      method: 'POST',
      path: '/v1/chat/completions',
      body: { stream: true },
      headers: { authorization: `Bearer ${gateway.apiKey}` },
    });
  });

  it('stops even with a pending request', async () => {
    const silent = await startQuirkyGateway({ quirks: ['never-answers'] });
    const hanging = fetch(`${silent.baseUrl}/models`).catch((error: unknown) => error);
    while (silent.requests.length === 0) await new Promise(setImmediate);
    await silent.stop();
    expect(await hanging).toBeInstanceOf(Error);
    await expect(fetch(`${silent.baseUrl}/models`)).rejects.toThrow('fetch failed');
  });

  it('can have another base path, other models, other keys and a latency', async () => {
    const other = await startQuirkyGateway({
      basePath: '/api/openai',
      models: ['m-1'],
      keys: { valid: 'k-1' },
      latencyMs: 60,
    });
    const seen = await look(other, listModels());
    expect(seen.headersMs).toBeGreaterThan(55);
    expect(seen.body.data?.map((model) => model.id)).toEqual(['m-1']);
    expect(other.apiKey).toBe('k-1');
    await other.stop();
  });
});
