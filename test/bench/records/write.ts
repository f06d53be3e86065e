/**
 * `node write.ts <count> <records a second>`: writes records of one day to stdout, as a team's log would hold them:
 * 5 % of the tasks on the gateway, 2 % of the attempts failing and repeated, 100,000 users. The same every time.
 */
import { once } from 'node:events';

const COUNT = Number(process.argv[2]);
const BETWEEN_MS = 1_000 / Number(process.argv[3]);
const START = Date.parse('2026-11-22T00:00:00.000Z');
const MODELS = [
  ['gpt-4o-mini', 'gpt-4o-mini-2024-07-18'],
  ['gpt-4o', 'gpt-4o-2024-08-06'],
  ['text-embedding-3-small', 'text-embedding-3-small'],
] as const;

let random = 1;
/** From 0 to below `bound`. */
function next(bound: number): number {
  random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((random / 4_294_967_296) * bound);
}

/** Failed first attempts whose retries are still to come, by the time of their end. */
const retries: { readonly end: number; readonly line: (end: number) => string }[] = [];

let text = '';
for (let written = 0; written < COUNT; written += 1) {
  const end = START + Math.floor(written * BETWEEN_MS);
  const retry = retries[0];
  if (retry !== undefined && retry.end <= end) {
    retries.shift();
    text += retry.line(end);
  } else text += firstAttempt(written, end);
  if (text.length < 1_000_000) continue;
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  text = '';
}
process.stdout.end(text);

function firstAttempt(index: number, end: number): string {
  const [model, answered_model] = MODELS[next(MODELS.length)] ?? MODELS[0];
  const task = `task-${index.toString(36)}`;
  const common = { arm: next(20) === 0 ? 'gateway' : 'official', task, endpoint: '/chat/completions', model };
  const spender = {
    key: `key-${next(5)}`,
    member: `member-${next(40)}`,
    unit: `u${next(100_000).toString(16)}`,
  };
  const served = (attempt: number, at: number) => {
    const duration = 200 + next(3_000);
    const usage = { input_tokens: next(4_000), cached_input_tokens: 0, output_tokens: next(600) };
    const answer = { answered_model, status: 200, duration_ms: duration, ttft_ms: 150, ...usage };
    return line(at - duration, {
      ...common,
      attempt,
      ...answer,
      ...spender,
      finish_reason: 'stop',
      used: true,
    });
  };
  if (next(50) > 0) return served(0, end);
  retries.push({ end: end + 4_000, line: (at) => served(1, at) });
  return line(end - 100, {
    ...common,
    attempt: 0,
    status: 503,
    error: 'overloaded',
    duration_ms: 100,
    ...spender,
  });
}

function line(ts: number, fields: object): string {
  const request_id = `req_${next(4_294_967_296).toString(16)}${next(4_294_967_296).toString(16)}`;
  return `${JSON.stringify({ ts: new Date(ts).toISOString(), ...fields, request_id })}\n`;
}
