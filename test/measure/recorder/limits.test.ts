import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { sendJson, serve } from '../../gateway/loopback.ts';
import { startRecorderProcess } from '../../support/recorder-process.ts';
import { CHAT, post, record } from './recording.ts';

const MB = 1024 * 1024;

/** A gateway that counts what it gets, and answers with this many megabytes on one line of a stream. */
async function gateway(lineMb = 0) {
  const received: number[] = [];
  const origin = await serve(async (incoming, response) => {
    let bytes = 0;
    for await (const piece of incoming) bytes += piece.length;
    received.push(bytes);
    if (lineMb === 0) return sendJson(response, 200, {});
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: ');
    const line = function* () {
      for (let megabytes = 0; megabytes < lineMb; megabytes += 1) yield Buffer.alloc(MB, 'x');
    };
    Readable.from(line()).pipe(response);
  });
  return { received, access: { baseUrl: `${origin}/v1`, apiKey: 'sk-real-0123456789abcdef' } };
}

function* megabytes(count: number) {
  for (let sent = 0; sent < count; sent += 1) yield Buffer.alloc(MB, 32);
}

const streamOf = (mb: number) => Readable.toWeb(Readable.from(megabytes(mb))) as ReadableStream;

test.each([
  ['announced by its length', Buffer.alloc(65 * MB, 32)],
  ['sent in chunks', streamOf(65)],
])('a body of more than 64 MB, %s, is refused with 413 and recorded', async (_, body) => {
  const { received, access } = await gateway();
  const recording = await record(access);
  const refused = await fetch(`${recording.baseUrl}/files`, {
    method: 'POST',
    headers: { authorization: `Bearer ${recording.apiKey}` },
    body,
    duplex: 'half',
  });
  expect([refused.status, refused.headers.get('x-should-retry')]).toEqual([413, 'false']);
  expect(await refused.json()).toEqual({
    error: {
      message: expect.stringContaining('larger than 64 MB'),
      type: 'invalid_request_error',
      param: null,
      code: 'gateway_rollout_recorder',
    },
  });
  expect(received).toEqual([]);
  expect(await recording.records()).toMatchObject([
    { endpoint: '/files', status: 413, error: 'bad_request', used: false, input_tokens: 0, cost_usd: 0 },
  ]);
  expect(recording.attempts[0]?.message).toContain('larger than 64 MB');
});

test.runIf(process.platform === 'linux')('neither a huge body nor a huge line takes memory', async () => {
  const { access } = await gateway(250);
  const recorder = await startRecorderProcess(access);
  const ask = (body: ReadableStream | string) =>
    fetch(`${recorder.baseUrl}/files`, {
      method: 'POST',
      headers: { authorization: `Bearer ${recorder.apiKey}` },
      body,
      duplex: 'half',
    });
  expect((await ask(streamOf(320))).status).toBe(413);
  let bytes = 0;
  for await (const piece of (await ask('{}')).body ?? []) bytes += piece.length;
  expect(bytes).toBeGreaterThan(250 * MB);
  const { attempts, peakMb } = await recorder.stop();
  expect(attempts.map(({ record }) => record.error)).toEqual(['bad_request', 'not_openai_shape']);
  expect(peakMb).toBeLessThan(450);
});

test('the model of a large body is read from its ends', async () => {
  const { access } = await gateway();
  const recording = await record(access);
  await post(recording, { ...CHAT, padding: 'x'.repeat(3 * MB) });
  await post(recording, { padding: 'x'.repeat(3 * MB), ...CHAT });
  expect(await recording.records()).toMatchObject([{ model: CHAT.model }, { model: CHAT.model }]);
});

test('a line of more than 16 MB passes whole, and its record says that it was not read', async () => {
  const { access } = await gateway(20);
  const recording = await record(access);
  const answer = await post(recording, CHAT);
  expect((await answer.arrayBuffer()).byteLength).toBe(20 * MB + 'data: '.length);
  expect(await recording.records()).toMatchObject([{ status: 200, error: 'not_openai_shape', used: false }]);
  expect(recording.attempts[0]?.message).toContain('longer than 16 MB');
});
