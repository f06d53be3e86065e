import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { RESPONSES, responseRequest } from '../src/check/forms.ts';
import * as requests from '../src/check/requests.ts';
import { type Stack, startStack, startUpstream } from './demo/servers.ts';
import {
  type Endpoint,
  finishReason,
  look,
  message,
  requestId,
  streamedCalls,
  streamedFinishes,
  streamedText,
  streamedUsages,
  toolCalls,
  vector,
} from './support/wire.ts';

const MODEL = 'gpt-4o-mini';
const EMBEDDER = 'text-embedding-3-small';

let stack: Stack;
let gateway: Endpoint;
const ask = (question: requests.ProbeRequest) => look(gateway, question);

beforeAll(async () => {
  stack = await startStack();
  gateway = { ...stack.gateway, apiKey: stack.apiKey };
});
afterAll(() => stack.stop());

describe('a real gateway in front of the scripted upstream', () => {
  it('lists the models', async () => {
    const seen = await ask(requests.listModels());
    expect(seen.body.data?.map((model) => model.id)).toEqual(
      expect.arrayContaining([MODEL, 'gpt-4o', EMBEDDER]),
    );
  });

  it('chats within the given limit', async () => {
    const plain = await ask(requests.plainChat(MODEL));
    expect([message(plain)?.content, finishReason(plain), plain.body.model]).toEqual(['pong', 'stop', MODEL]);
    expect(plain.body.usage).toMatchObject({ prompt_tokens: 14, completion_tokens: 1, total_tokens: 15 });
    const limited = await ask(requests.limitedChat(MODEL));
    expect(finishReason(limited)).toBe('length');
    expect(limited.body.usage).toMatchObject({ completion_tokens: requests.LIMIT_TOKENS });
  });

  it('streams a complete enumeration over time, with one usage', async () => {
    const seen = await ask(requests.enumeration(MODEL));
    expect(seen.type).toMatch(/^text\/event-stream/);
    expect(streamedText(seen).split(' ').at(-1)).toBe(String(requests.ENUMERATION_END));
    expect(streamedFinishes(seen)).toEqual(['stop']);
    expect(streamedUsages(seen)).toMatchObject([{ completion_tokens: 119 }]);
    expect([seen.done, seen.cut, new Set(seen.chunks.map((chunk) => chunk.id)).size]).toEqual([
      true,
      false,
      1,
    ]);
    expect(seen.chunks.length).toBeGreaterThan(20);
    expect(seen.endMs - seen.firstMs).toBeGreaterThan(40);
    expect(streamedText(await ask(requests.plainStream(MODEL)))).toBe('pong');
  });

  it('calls tools: one, streamed, and two at once', async () => {
    const once = await ask(requests.toolCall(MODEL));
    expect(toolCalls(once)).toMatchObject([
      { id: expect.any(String), function: { arguments: '{"city":"Paris"}' } },
    ]);
    const pieces = streamedCalls(await ask(requests.streamed(requests.toolCall(MODEL))));
    expect(pieces.map((piece) => piece.function.arguments).join('')).toBe('{"city":"Paris"}');
    expect(pieces.every((piece) => piece.index === 0)).toBe(true);
    const both = toolCalls(await ask(requests.parallelToolCalls(MODEL)));
    expect(both.map((call) => call.function.arguments)).toEqual(['{"city":"Paris"}', '{"city":"Tokyo"}']);
    expect(new Set(both.map((call) => call.id)).size).toBe(2);
  });

  it('follows a schema', async () => {
    const content = message(await ask(requests.structuredOutput(MODEL)))?.content;
    expect(JSON.parse(content ?? '')).toEqual({ colour: requests.NONCE });
  });

  it('returns the same embedding in both encodings', async () => {
    const floats = z.array(z.number()).parse(vector(await ask(requests.embedding(EMBEDDER, 'float'))));
    const base64 = vector(await ask(requests.embedding(EMBEDDER, 'base64')));
    const bytes = Buffer.from(z.string().parse(base64), 'base64');
    expect(floats).toHaveLength(1536);
    expect(floats.map((_, index) => bytes.readFloatLE(index * 4))).toEqual(floats);
  });

  it('serves /responses, whole and streamed to the terminal event', async () => {
    const whole = await ask(responseRequest(MODEL));
    expect(whole.body).toMatchObject({ object: 'response', status: 'completed' });
    const streamed = await ask(RESPONSES.request(requests.streamed(requests.plainChat(MODEL))));
    expect(streamed.chunks.map((chunk) => chunk.type)).toEqual(
      expect.arrayContaining(['response.created', 'response.output_text.delta', 'response.completed']),
    );
    expect(streamed.chunks.at(-1)?.type).toBe('response.completed');
  });

  it.each([
    [
      'a wrong key',
      requests.withKey(requests.plainChat(MODEL), requests.WRONG_KEY),
      401,
      'invalid_api_key',
      null,
    ],
    ['an unknown model', requests.plainChat(requests.UNKNOWN_MODEL), 404, 'model_not_found', null],
    ['a parameter with a wrong type', requests.badRequest(MODEL), 400, 'invalid_value', 'temperature'],
    [
      'an embedding from an unknown model',
      requests.embedding('no-such', 'float'),
      404,
      'model_not_found',
      null,
    ],
    [
      'an embedding of an empty text',
      { method: 'POST', path: '/embeddings', body: { model: EMBEDDER, input: '' } },
      400,
      'invalid_value',
      'input',
    ],
  ] as const)('refuses %s', async (_name, question, status, code, param) => {
    const seen = await ask(question);
    expect(seen.status).toBe(status);
    expect(seen.body.error).toMatchObject({ code, param });
  });

  it('returns 404 for an unknown route', async () => {
    expect((await ask(requests.missingRoute('POST'))).status).toBe(404);
    expect((await ask(requests.missingRoute('GET'))).status).toBe(404);
  });

  it('answers eight requests at once, each with its own ID', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask(requests.enumeration(MODEL))));
    expect(answers.map((seen) => streamedText(seen).split(' ').length)).toEqual(Array(8).fill(60));
    expect(new Set(answers.map(requestId)).size).toBe(8);
  });

  it('serves the official client', async () => {
    const client = new OpenAI({
      baseURL: stack.gateway.baseUrl,
      apiKey: stack.apiKey,
      defaultHeaders: stack.gateway.headers,
      organization: null,
      project: null,
    });
    const messages = [{ role: 'user' as const, content: 'Reply with the single word: pong' }];
    const runner = client.chat.completions.stream({ model: MODEL, messages });
    expect((await runner.finalMessage()).content).toBe('pong');
  });
});

describe('the servers of the demo', () => {
  it('respond after the given latency, and remember the requests', async () => {
    const upstream = await startUpstream({ latencyMs: 80, models: [MODEL, EMBEDDER] });
    const endpoint = { baseUrl: upstream.baseUrl, apiKey: 'any key at all' };
    const chat = await look(endpoint, requests.plainChat(MODEL));
    const vectors = await look(endpoint, requests.embedding(EMBEDDER, 'float'));
    const asked = upstream.requests();
    await upstream.stop();
    expect(Math.min(chat.headersMs, vectors.headersMs)).toBeGreaterThan(75);
    expect([chat.status, vectors.status]).toEqual([200, 200]);
    expect(asked).toEqual([
      { method: 'POST', path: '/v1/chat/completions', status: 200 },
      { method: 'POST', path: '/v1/embeddings', status: 200 },
    ]);
  });

  it('stop listening after stop', async () => {
    const other = await startStack();
    const endpoint = { ...other.gateway, apiKey: other.apiKey };
    expect((await look(endpoint, requests.listModels())).status).toBe(200);
    await other.stop();
    for (const { baseUrl } of [other.gateway, other.upstream]) {
      await expect(fetch(`${baseUrl}/models`)).rejects.toThrow('fetch failed');
    }
  });
});
