/** Request records of one window with everything that they may have, and how they become rows of an engine. */
import type { RequestRecord } from '../../../../src/measure/record.ts';
import { seeded } from '../../../support/random.ts';

export const WINDOW = { from: Date.parse('2026-11-22T10:00:00Z'), to: Date.parse('2026-11-22T10:15:00Z') };

const MINUTE = 60_000;

/**
 * Tasks of both arms around the window: retries, fallbacks to the other arm, failures of many kinds, names that are used
 * again, unknown tokens, long contexts, and users of whom some have many tasks.
 */
export function records(count: number, seed = 1): RequestRecord[] {
  const random = seeded(seed);
  const turns = new Map<string, number>();
  return Array.from({ length: count }, (_, index) => task(index, random, turns)).flat();
}

/** @param turns when a conversation goes on: a reply starts when the one before is there */
function task(index: number, random: () => number, turns: Map<string, number>): RequestRecord[] {
  const one = <T>(...values: readonly T[]): T => pick(random, values);
  const name = one(undefined, `t-${index}`, `t-${index}`, `conversation-${index % 40}`);
  const isTurn = name?.startsWith('conversation') ?? false;
  const user = Math.floor(random() ** 3 * 500);
  const arm = one('official', 'gateway');
  const shared = {
    model: one('gpt-4o-mini', 'gpt-5.5', 'gpt-4o', 'text-embedding-3-small', 'in-house', ''),
    task: name,
    endpoint: '/chat/completions',
    key: one(undefined, 'web', 'batch'),
    member: one(undefined, `member-${user % 7}`),
    workload: one(undefined, 'low-risk'),
    unit: one(undefined, `user-${user}`),
  };
  let ts = WINDOW.from + Math.floor((random() * 40 - 20) * MINUTE);
  if (isTurn) ts = turns.get(name ?? '') ?? ts - 15 * MINUTE;
  const attempts = name === undefined ? 1 : one(1, 1, 1, 2, 3);
  const made = Array.from({ length: attempts }, (_, attempt): RequestRecord => {
    const start = ts;
    const duration_ms = one(Math.floor(random() * 90_000), 10, 1_000, 1_120, 4_000, random() * 3_000);
    ts += Math.ceil(duration_ms) + 1 + Math.floor(random() * 50_000);
    const isServed = random() < (attempt === attempts - 1 ? 0.95 : 0.1);
    const outcome = isServed ? answer(random, shared.model, duration_ms, isTurn) : failure(random);
    return {
      ...shared,
      ts: start,
      attempt,
      arm: attempt === 2 ? 'official' : arm,
      duration_ms,
      status: 0,
      ...outcome,
      cost_usd: one(undefined, undefined, Math.floor(random() * 1e6) / 1e7),
    };
  });
  if (name !== undefined) turns.set(name, ts + Math.floor(random() * 2 * MINUTE));
  return made;
}

function pick<T>(random: () => number, values: readonly T[]): T {
  return values[Math.floor(random() * values.length)] as T;
}

function tokens(random: () => number) {
  const sizes = [0, 7, 1_200, 271_999, 272_000, 272_001, Math.floor(random() * 400_000)];
  const output_tokens = pick(random, [0, 85, Math.floor(random() * 4_000)]);
  return { input_tokens: pick(random, sizes), output_tokens };
}

function answer(
  random: () => number,
  model: string,
  duration_ms: number,
  isTurn: boolean,
): Partial<RequestRecord> {
  const one = <T>(...values: readonly T[]): T => pick(random, values);
  const used = tokens(random);
  const cached_input_tokens = Math.floor(random() * used.input_tokens * 1.1);
  return {
    status: 200,
    // The engine cannot know that another model answered, so it cannot begin a next turn for it.
    answered_model: one(undefined, undefined, model || undefined, isTurn ? undefined : 'gpt-3.5-turbo'),
    ...one<Partial<RequestRecord>>({}, used, used, { ...used, cached_input_tokens }),
    ttft_ms: one(undefined, Math.floor(random() * duration_ms)),
    finish_reason: one(undefined, 'stop', 'length', 'max_tokens'),
    empty: one(undefined, false, true),
    used: one(undefined, undefined, true, false),
  };
}

function failure(random: () => number): Partial<RequestRecord> {
  return {
    status: pick(random, [0, 0, 429, 500, 503, 401, 200]),
    error: pick(random, ['timeout', 'unreachable', 'rate_limited', 'not_openai_shape', 'upstream_error']),
    ...pick<Partial<RequestRecord>>(random, [{}, {}, tokens(random)]),
  };
}

/** The columns of a table of records, with the engine's types. */
export const FIELDS = {
  ts: 'time',
  arm: 'text',
  task: 'text',
  attempt: 'whole',
  endpoint: 'text',
  model: 'text',
  answered_model: 'text',
  status: 'whole',
  error: 'text',
  duration_ms: 'real',
  ttft_ms: 'real',
  input_tokens: 'whole',
  cached_input_tokens: 'whole',
  output_tokens: 'whole',
  cost_usd: 'real',
  key: 'text',
  member: 'text',
  workload: 'text',
  unit: 'text',
  finish_reason: 'text',
  empty: 'flag',
  used: 'flag',
} as const;

/** A query of all of them. */
export const QUERY = `SELECT * FROM requests\n`;

/** The statements that make a table of records. */
export function tableOf(
  records: readonly RequestRecord[],
  types: Readonly<Record<(typeof FIELDS)[keyof typeof FIELDS], string>>,
  end: string,
): string[] {
  const columns = Object.entries(FIELDS).map(([name, type]) => `${name} ${types[type]}`);
  const rows = records.map((record) => {
    const values = Object.keys(FIELDS).map((name) => literal(name, record[name as keyof RequestRecord]));
    return `(${values.join(', ')})`;
  });
  const inserts = Array.from(
    { length: Math.ceil(rows.length / 5_000) },
    (_, index) => `INSERT INTO requests VALUES ${rows.slice(index * 5_000, (index + 1) * 5_000).join(', ')}`,
  );
  return [`CREATE TABLE requests (${columns.join(', ')}) ${end}`, ...inserts];
}

function literal(name: string, value: string | number | boolean | undefined): string {
  if (value === undefined) return 'NULL';
  if (name === 'ts') return `'${new Date(Number(value)).toISOString().replace('T', ' ').replace('Z', '')}'`;
  return typeof value === 'string' ? `'${value}'` : String(value);
}
