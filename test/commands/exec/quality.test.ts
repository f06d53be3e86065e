/** A scorer compares the answers of both arms, and no text of the traffic is left anywhere. */
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ExecReport } from '../../../src/measure/recorder/exec-report.ts';
import { temporaryDirectory } from '../../support/files.ts';
import { runExec } from './run-exec.ts';

/** Stands in every prompt and answer. */
const MARK = 'heliotrope';
const OFFICIAL_KEY = 'sk-official-0123456789abcdef';
const GATEWAY_KEY = 'sk-gateway-0123456789abcdef';

/** Answers chat completions and responses, whole and streamed, with the arm's own words and a tool call. */
function startArm(words: string, days: unknown) {
  const call = { name: 'weather', arguments: JSON.stringify({ city: MARK, days }) };
  const server = createServer(async (incoming, outgoing) => {
    const body = await text(incoming);
    const { stream } = JSON.parse(body);
    if (words === 'other' && body.includes('REFUSED')) {
      outgoing.statusCode = 400;
      outgoing.end(
        JSON.stringify({
          error: { message: `Not allowed: "REFUSED ${MARK}!"`, type: 'invalid_request_error' },
        }),
      );
      return;
    }
    const usage = { prompt_tokens: 3, completion_tokens: 5, input_tokens: 3, output_tokens: 5 };
    const said = `${MARK} ${words} ${stream}`;
    const message = {
      role: 'assistant',
      content: said,
      tool_calls: [{ index: 0, id: 'c1', type: 'function', function: call }],
    };
    const output = [
      { type: 'message', content: [{ type: 'output_text', text: said }] },
      { type: 'function_call', ...call },
    ];
    const response = { object: 'response', status: 'completed', model: 'gpt-4o-mini', output, usage };
    const about = { model: 'gpt-4o-mini', usage };
    const isChat = incoming.url?.endsWith('/chat/completions');
    const whole = isChat ? { ...about, choices: [{ index: 0, message, finish_reason: 'stop' }] } : response;
    const events = isChat
      ? [{ ...about, choices: [{ index: 0, delta: message, finish_reason: 'stop' }] }]
      : [
          { type: 'response.output_text.delta', delta: said },
          { type: 'response.completed', response },
        ];
    outgoing.setHeader('content-type', stream ? 'text/event-stream' : 'application/json');
    const frames = [...events.map((event) => JSON.stringify(event)), '[DONE]'];
    outgoing.end(stream ? frames.map((frame) => `data: ${frame}\n\n`).join('') : JSON.stringify(whole));
  }).listen(0, '127.0.0.1');
  return server;
}

const official = startArm('official', 2);
const gateway = startArm('other', 'two');
beforeAll(() => Promise.all([official, gateway].map((each) => each.listening || once(each, 'listening'))));
afterAll(() => {
  for (const server of [official, gateway]) server.close().closeAllConnections();
});
const urlOf = (server: typeof official) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;

const SCHEMA = { type: 'object', properties: { city: { type: 'string' }, days: { type: 'integer' } } };
/** Each endpoint whole and streamed, as often as its argument says; then what the gateway refuses. */
const PROGRAM = `
  const post = (path, body) => fetch(process.env.OPENAI_BASE_URL + path, {
    method: 'POST', body: JSON.stringify({ model: 'gpt-4o-mini', ...body }),
    headers: { authorization: 'Bearer ' + process.env.OPENAI_API_KEY, 'content-type': 'application/json' },
  }).then((answer) => answer.text());
  const parameters = ${JSON.stringify(SCHEMA)};
  (async () => {
    for (let n = 0; n < Number(process.argv[2]); n += 1) for (const stream of [false, true]) {
      const messages = [{ role: 'user', content: '${MARK}?' }];
      const input = '${MARK}?';
      await post('/chat/completions', { stream, messages, tools: [{ type: 'function', function: { name: 'weather', parameters } }] });
      await post('/responses', { stream, input, store: false, tools: [{ type: 'function', name: 'weather', parameters }] });
    }
    await post('/chat/completions', { messages: [{ role: 'user', content: 'REFUSED ${MARK}!' }] });
  })();`;

/** Prefers the words of the official arm; fails where it sees a key, or no prompt. */
const SCORER = `
  let json = '';
  process.stdin.on('data', (piece) => { json += piece; }).on('end', () => {
    const { prompt, first, second } = JSON.parse(json);
    const asked = prompt.messages?.[0].content ?? prompt.input;
    const isKeyed = Object.values(process.env).some((value) => value.includes('0123456789abcdef'));
    if (isKeyed || asked !== '${MARK}?' || !first.includes('${MARK}') || !second.includes('weather')) process.exit(3);
    console.error(json);
    console.log(first.includes('official') ? -0.5 : 1);
  });`;

async function scored() {
  const [directory, sources] = [temporaryDirectory(), temporaryDirectory()];
  const [program, file] = ['program.cjs', 'score.cjs'].map((name) => path.join(sources, name));
  writeFileSync(`${program}`, PROGRAM);
  writeFileSync(`${file}`, SCORER);
  const run = await runExec({
    settings: {
      shadow: true,
      baseUrl: urlOf(gateway),
      qualityCommand: `${process.execPath} ${file}`,
      out: path.join(directory, 'records.jsonl'),
      html: path.join(directory, 'page.html'),
      command: [process.execPath, `${program}`, '6'],
    },
    environment: {
      OFFICIAL_API_KEY: OFFICIAL_KEY,
      OFFICIAL_BASE_URL: urlOf(official),
      GATEWAY_API_KEY: GATEWAY_KEY,
    },
    directory,
    json: true,
  });
  return { ...run, directory };
}

it('says whose answers are better, on every endpoint, and keeps no text of prompts and answers', async () => {
  const { stdout, stderr, directory } = await scored();
  const report: ExecReport = JSON.parse(stdout.toString());
  expect(report.shadow).toMatchObject({
    gateway: {
      pairs: 25,
      failures: { onlyOther: 1 },
      quality: { told: 24, onlyOther: 24, onlyOfficial: 0, both: 0 },
      calls: { told: 24, differ: 24 },
      invalidArguments: { told: 24, onlyOther: 24, onlyOfficial: 0 },
      empty: { onlyOther: 0 },
    },
    again: { pairs: 5, quality: { told: 5, both: 5 }, calls: { told: 5, differ: 0 } },
    unscored: {},
  });
  expect(report.shadow?.gateway.quality.log10E).toBeGreaterThan(3);
  const written = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(directory, name))
    .filter((name) => statSync(name).isFile());
  expect(written.map((name) => path.basename(name)).sort()).toEqual(['page.html', 'records.jsonl']);
  const everything = [stdout, stderr, ...written.map((name) => readFileSync(name))].join('\n');
  expect(everything).toContain('"quality":"official"');
  expect(everything).toContain('Not allowed:');
  // Not by toContain, which would print it all.
  expect(everything.includes(MARK)).toBe(false);
  const page = readFileSync(path.join(directory, 'page.html'), 'utf8');
  expect(page).toContain('Scorer: the official answer is better in 24');
});
