/** The two servers of the benchmark `recorder`, each in a thread of its own. */
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { startRecorder } from '../../src/measure/recorder/recorder.ts';
import { Shadow } from '../../src/measure/recorder/shadow.ts';

const USAGE = { prompt_tokens: 250, completion_tokens: 20, total_tokens: 270 };
const THINKING_MS = 20;
const PIECES = 20;

if (workerData.kind === 'upstream') await startUpstream();
else await startBench();

async function startBench(): Promise<void> {
  const access = { ...workerData.target, headers: {} };
  const rename = (model: string) => model;
  const shadow = new Shadow({
    arm: 'gateway',
    access,
    every: 1,
    rename,
    score: null,
    onCopy: () => undefined,
  });
  const { baseUrl, apiKey } = await startRecorder({
    arm: 'gateway',
    access,
    shadows: workerData.kind === 'shadow' ? [shadow] : [],
    profile: 'auto',
    faults: [],
    onAttempt: () => undefined,
    onFailedId: () => undefined,
  });
  parentPort?.postMessage({ baseUrl, apiKey });
}

/** Answers a stream in pieces after a while, everything else at once. */
async function startUpstream(): Promise<void> {
  const server = createServer(async (incoming, outgoing) => {
    let body = '';
    for await (const piece of incoming) body += piece;
    const about = { id: 'chatcmpl-1', model: 'gpt-4o-mini', object: 'chat.completion' };
    if (!JSON.parse(body).stream) {
      const message = { role: 'assistant', content: 'y'.repeat(80) };
      const choices = [{ index: 0, message, finish_reason: 'stop' }];
      outgoing.writeHead(200, { 'content-type': 'application/json', 'x-request-id': 'req_1' });
      outgoing.end(JSON.stringify({ ...about, choices, usage: USAGE }));
      return;
    }
    outgoing.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'req_1' }).flushHeaders();
    await sleep(THINKING_MS);
    for (let index = 0; index <= PIECES; index += 1) {
      const finish_reason = index === PIECES ? 'stop' : null;
      const choices = [{ index: 0, delta: { content: 'word ' }, finish_reason }];
      outgoing.write(`data: ${JSON.stringify({ ...about, choices, usage: finish_reason && USAGE })}\n\n`);
      await sleep(1);
    }
    outgoing.end('data: [DONE]\n\n');
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The upstream has no port.');
    parentPort?.postMessage({
      baseUrl: `http://127.0.0.1:${address.port}/v1`,
      apiKey: 'sk-bench-0123456789abcdefghijklmnopqrstuvwxyz-0123456789',
    });
  });
}
