import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Ending, ResponseReader } from '../../src/gateway/response-reader.ts';

const SSE = { 'content-type': 'text/event-stream' };
const JSON_TYPE = { 'content-type': 'application/json' };

async function pass(
  body: string | Uint8Array,
  {
    headers = JSON_TYPE,
    status = 200,
    ending = 'complete',
    cuts = [],
    path = '',
    streams = false,
  }: {
    headers?: Record<string, string>;
    status?: number;
    ending?: Ending;
    cuts?: readonly number[];
    path?: string;
    streams?: boolean;
  } = {},
) {
  const answer = new ResponseReader({ status, headers }, performance.now(), null, {
    method: 'POST',
    path,
    streams,
  });
  const bytes = Buffer.from(body);
  const borders = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  for (const [index, from] of borders.slice(0, -1).entries()) {
    answer.feed(bytes.subarray(from, borders[index + 1]));
  }
  const { firstTokenMs, ...passed } = answer.end(ending);
  return { ...passed, sawToken: firstTokenMs !== null };
}

const chunk = (rest: object) => `data: ${JSON.stringify({ model: 'm-1', ...rest })}\n\n`;
const delta = (content: string, finish_reason: string | null = null) =>
  chunk({ choices: [{ index: 0, delta: { content }, finish_reason }] });
const USAGE = {
  prompt_tokens: 10,
  completion_tokens: 4,
  prompt_tokens_details: { cached_tokens: 3 },
  cost: 0.002,
};
const STREAM = [
  ': keep-alive\n\n',
  delta(''),
  delta('Grüße'),
  delta(' 👋', 'stop'),
  chunk({ choices: [], usage: USAGE }),
  'data: [DONE]\n\n',
].join('');
const PASSED = {
  usage: { input: 10, cachedInput: 3, output: 4 },
  reportedCostUsd: 0.002,
  model: 'm-1',
  finishReason: 'stop',
  empty: false,
  refusal: null,
  requestId: null,
  content: null,
  sawToken: true,
};

describe('a stream that passes', () => {
  it('is read the same wherever it is cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(5_000), { maxLength: 8 }), async (cuts) => {
        expect(await pass(STREAM, { headers: SSE, cuts })).toEqual(PASSED);
      }),
    );
  });

  it.each(['text/plain', 'application/json', ''])(
    'is known by its beginning, a comment, under "%s"',
    async (type) => {
      expect(await pass(STREAM, { headers: type === '' ? {} : { 'content-type': type } })).toEqual(PASSED);
    },
  );

  it('with a line of more than 16 MB is not read any further, and says so', async () => {
    const answer = new ResponseReader({ status: 200, headers: SSE }, performance.now(), null);
    answer.feed(Buffer.from(delta('a')));
    answer.feed(Buffer.from('data: '));
    for (let megabytes = 0; megabytes <= 16; megabytes += 1) answer.feed(Buffer.alloc(1024 * 1024, 'x'));
    answer.feed(Buffer.from(`\n\n${STREAM}`));
    expect(answer.end('complete')).toMatchObject({
      model: 'm-1',
      finishReason: null,
      refusal: {
        class: 'not_openai_shape',
        message: 'a line of the stream is longer than 16 MB; reading stopped there',
      },
    });
  });

  it.each([
    ['whole', STREAM, 'complete', null],
    ['without [DONE], but with its finish reason', STREAM.replace('data: [DONE]\n\n', ''), 'complete', null],
    ['without a finish reason', `${delta('a')}data: [DONE]\n\n`, 'complete', 'upstream_error'],
    ['that is cut', delta('a'), 'broken', 'unreachable'],
    ['that is cut before [DONE]', delta('a', 'stop'), 'broken', 'unreachable'],
    ['that does not decompress to its end', delta('a', 'stop'), 'undecodable', 'unreachable'],
    ['whose client leaves in the middle', delta('a'), 'left', 'timeout'],
    ['whose client has what it wanted', delta('a', 'stop'), 'left', null],
    [
      'with an error inside',
      `${delta('a')}${chunk({ error: { message: 'overloaded' } })}`,
      'complete',
      'overloaded',
    ],
    ['whose end is the text "null"', delta('a', 'null'), 'complete', 'upstream_error'],
    ['that is cut within its last event', `${delta('a')}data: {"choi`, 'complete', 'upstream_error'],
    ['with a plain text for an event', `data: busy\n\n${delta('a', 'stop')}`, 'complete', 'not_openai_shape'],
  ] as const)('%s', async (_, text, ending, refusal) => {
    const passed = await pass(text, { headers: SSE, ending });
    expect(passed.refusal?.class ?? null).toBe(refusal);
  });

  it.each([
    ['an event named error with a plain text', 'event: error\ndata: rate limit reached\n\n', 'rate_limited'],
    ['a code and a message', chunk({ code: 429, message: 'Slow down.' }), 'rate_limited'],
    ['an object that is an error', chunk({ object: 'error', message: 'Out of memory.' }), 'upstream_error'],
    ['a detail', chunk({ detail: 'The server is overloaded.' }), 'overloaded'],
    ['a list of errors', chunk({ errors: [{ message: 'The server is overloaded.' }] }), 'overloaded'],
    [
      'an error beside the text',
      chunk({ choices: [{ delta: {}, error: { code: 502, message: 'Gone.' } }] }),
      'upstream_error',
    ],
  ])('fails by %s, although it ends as if nothing had happened', async (_, error, refusal) => {
    const text = `${delta('a')}${error}${delta('', 'stop')}data: [DONE]\n\n`;
    expect((await pass(text, { headers: SSE })).refusal?.class).toBe(refusal);
  });

  const REASONS = [
    'insufficient_system_resource',
    'network_error',
    'abort',
    'MALFORMED_FUNCTION_CALL',
    'Error',
  ];
  it.each(REASONS)('and a body have failed when they end by "%s"', async (reason) => {
    const body = JSON.stringify({ choices: [{ message: { content: 'a' }, finish_reason: reason }] });
    for (const [text, headers] of [
      [delta('a', reason), SSE],
      [body, JSON_TYPE],
    ] as const)
      expect((await pass(text, { headers })).refusal).toMatchObject({
        class: 'upstream_error',
        message: `The response ended with finish reason "${reason}".`,
      });
  });

  it('of a response is complete at its last event', async () => {
    const event = (name: string, rest: object) =>
      `event: ${name}\ndata: ${JSON.stringify({ type: name, ...rest })}\n\n`;
    const begun = `${event('response.created', { response: { model: 'm-1' } })}${event('response.output_text.delta', { delta: 'x' })}`;
    const usage = { input_tokens: 5, output_tokens: 2 };
    const completed = event('response.completed', { response: { model: 'm-1', usage } });
    expect(await pass(begun + completed, { headers: SSE })).toMatchObject({
      usage: { input: 5, output: 2 },
      finishReason: 'stop',
      model: 'm-1',
      refusal: null,
      sawToken: true,
    });
    expect(await pass(begun, { headers: SSE })).toMatchObject({ refusal: { class: 'upstream_error' } });
    const failed = event('response.failed', { response: { error: { code: 'server_error', message: 'no' } } });
    expect((await pass(begun + failed, { headers: SSE })).refusal).not.toBeNull();
  });
});

describe('a body that passes', () => {
  it('reports tokens, model, ending and cost', async () => {
    const choices = [{ message: { content: 'hi' }, finish_reason: 'length' }];
    const body = JSON.stringify({ id: 'x', model: 'm-1', choices, usage: USAGE });
    expect(await pass(body)).toMatchObject({
      usage: { input: 10, cachedInput: 3, output: 4 },
      reportedCostUsd: 0.002,
      finishReason: 'length',
      empty: false,
      refusal: null,
    });
    const headers = { ...JSON_TYPE, 'x-litellm-response-cost': '0.25' };
    expect((await pass('{"object":"list","data":[]}', { headers })).reportedCostUsd).toBe(0.25);
  });

  it('is empty only if the model says nothing', async () => {
    const said = (message: object) => JSON.stringify({ choices: [{ message, finish_reason: 'stop' }] });
    expect((await pass(said({ content: '' }))).empty).toBe(true);
    expect((await pass(said({ content: null, tool_calls: [{ id: 'a' }] }))).empty).toBe(false);
    expect((await pass('{"object":"list","data":[]}')).empty).toBeNull();
  });

  it('that is too long to keep still reports model and tokens', async () => {
    const vectors = '{"index":0,"embedding":[0.125]},'.repeat(280_000);
    const body = `{"object":"list","model":"m-1","data":[${vectors}{}],"usage":{"prompt_tokens":77}}`;
    expect(body.length).toBeGreaterThan(8_000_000);
    expect(await pass(body, { cuts: [1_000_000, 2_500_000, 5_000_000] })).toMatchObject({
      model: 'm-1',
      usage: { input: 77, output: 0 },
      refusal: null,
    });
  });

  it.each([
    ['speech', new Uint8Array([1, 2, 3]), { 'content-type': 'audio/mpeg' }, 200, 'complete', null],
    ['nothing at all', '', {}, 204, 'complete', null],
    [
      'a page',
      '<html><title>Hi</title></html>',
      { 'content-type': 'text/html' },
      200,
      'complete',
      'not_openai_shape',
    ],
    [
      'a refusal',
      '{"error":{"message":"slow down","type":"requests","code":null}}',
      JSON_TYPE,
      429,
      'complete',
      'rate_limited',
    ],
    ['half an answer', '{"choices":[{"mess', JSON_TYPE, 200, 'broken', 'unreachable'],
    ['what the client did not wait for', '{"choices":[{"mess', JSON_TYPE, 200, 'left', 'timeout'],
    ['what does not decompress', '', JSON_TYPE, 200, 'undecodable', 'unreachable'],
    ['a refusal that does not decompress', '', JSON_TYPE, 503, 'undecodable', 'overloaded'],
  ] as const)('%s', async (_, body, headers, status, ending, refusal) => {
    const passed = await pass(body, { headers: { ...headers }, status, ending });
    expect(passed.refusal?.class ?? null).toBe(refusal);
  });
});

describe('a 200 that is not an answer', () => {
  const chat = '/chat/completions';
  const said = (message: unknown, finish = 'stop') =>
    JSON.stringify({ choices: [{ message, finish_reason: finish }] });
  it.each([
    ['an empty object', chat, '{}', 'choices is missing or empty'],
    ['null', chat, 'null', 'choices is missing or empty'],
    ['a text', chat, '"pong"', 'choices is missing or empty'],
    ['nothing', chat, '', 'choices is missing or empty'],
    ['no choice', chat, '{"choices":[]}', 'choices is missing or empty'],
    ['a choice that is null', chat, '{"choices":[null]}', 'choices is missing or empty'],
    ['a message that is null', chat, said(null), 'message is null'],
    ['no message', chat, '{"choices":[{"text":"pong"}]}', 'message is missing'],
    [
      'a list of parts',
      chat,
      said({ content: [{ text: 'pong' }] }),
      'content is a list of parts, not a text',
    ],
    ['an object', chat, said({ content: { text: 'pong' } }), 'content is of another type, not a text'],
    ['an older completion without a text', '/completions', said({}), 'choices[0].text is not a text'],
    ['a response without output', '/responses', '{"object":"response"}', 'output is not a list'],
    ['no vector', '/embeddings', '{"data":[]}', 'data[0].embedding is missing or empty'],
    [
      'a vector of null',
      '/embeddings',
      '{"data":[{"embedding":[0.5,null]}]}',
      'data[0].embedding holds something other than numbers',
    ],
    [
      'an empty vector',
      '/embeddings',
      '{"data":[{"embedding":[]}]}',
      'data[0].embedding is missing or empty',
    ],
    ['no picture', '/images/generations', '{"data":[]}', 'data[0] has neither url nor b64_json'],
    ['a picture of null', '/images/edits', '{"data":[{"url":null}]}', 'data[0] has neither url nor b64_json'],
    ['no verdict', '/moderations', '{"results":[]}', 'results is missing or empty'],
  ])('%s', async (_, path, body, defect) => {
    expect((await pass(body, { path })).refusal).toMatchObject({
      class: 'not_openai_shape',
      message: `Not an answer: ${defect}.`,
    });
    // Of another endpoint, nothing is known.
    expect((await pass(body, { path: '/files' })).refusal).toBeNull();
  });

  it.each(['failed', 'cancelled'])('a response whose status is %s', async (status) => {
    const response = { object: 'response', status, error: null, output: [] };
    const streamed = `data: {"type":"response.${status}","response":${JSON.stringify(response)}}\n\n`;
    const body = { headers: JSON_TYPE, path: '/responses' };
    expect((await pass(JSON.stringify(response), body)).refusal?.class).toBe('upstream_error');
    expect((await pass(streamed, { headers: SSE, path: '/responses' })).refusal?.class).toBe(
      'upstream_error',
    );
  });

  it('but a picture, a verdict and a streamed picture are', async () => {
    const picture = { path: '/images/generations' };
    const served = [
      pass('{"data":[{"b64_json":"aGk="}]}', picture),
      pass('{"results":[{"flagged":false}]}', { path: '/moderations' }),
      pass('data: {"type":"image_generation.completed","b64_json":"aGk="}\n\n', { headers: SSE, ...picture }),
    ];
    for (const { refusal } of await Promise.all(served)) expect(refusal).toBeNull();
  });

  it('one body although a stream was requested', async () => {
    const body = said({ content: 'pong' });
    expect((await pass(body, { path: chat })).refusal).toBeNull();
    expect((await pass(body, { path: chat, streams: true })).refusal?.message).toMatch(
      /stream: true is ignored/,
    );
  });

  it('a stream without an event, and one of lists', async () => {
    expect((await pass('data: [DONE]\n\n', { headers: SSE, path: chat })).refusal?.class).toBe(
      'upstream_error',
    );
    const parts = chunk({ choices: [{ delta: { content: [{ text: 'x' }] }, finish_reason: 'stop' }] });
    expect((await pass(parts, { headers: SSE, path: chat })).refusal?.class).toBe('not_openai_shape');
  });

  it('but an empty text, and reasoning alone, are answers that are empty', async () => {
    for (const message of [{ content: '' }, { content: null, reasoning_content: 'Hm.' }]) {
      expect(await pass(said(message), { path: chat })).toMatchObject({ refusal: null, empty: true });
    }
    const thought = chunk({ choices: [{ delta: { reasoning: 'Hm.' }, finish_reason: 'stop' }] });
    expect(await pass(thought, { headers: SSE, path: chat })).toMatchObject({ empty: true, sawToken: true });
  });

  it('and what else has no text is one: tool calls, refusals, audio, a response that thinks, a list', async () => {
    for (const message of [
      { content: null, tool_calls: [{ id: 'a' }] },
      { refusal: 'no' },
      { audio: { id: 'a' } },
    ]) {
      expect(await pass(said(message), { path: chat })).toMatchObject({ refusal: null, empty: false });
    }
    expect((await pass('{"object":"response","output":[]}', { path: '/responses' })).refusal).toBeNull();
    const vector = '{"data":[{"embedding":"AAAA"}]}';
    expect((await pass(vector, { path: '/embeddings' })).refusal).toBeNull();
  });
});
