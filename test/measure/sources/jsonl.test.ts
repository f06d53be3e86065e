import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { ARMS } from '../../../src/config/arms.ts';
import { loadPriceBook } from '../../../src/measure/models.ts';
import { endOf, formatRecord, type RequestRecord } from '../../../src/measure/record.ts';
import type { SourceResult } from '../../../src/measure/source.ts';
import { jsonlSource } from '../../../src/measure/sources/jsonl.ts';
import { temporaryDirectory } from '../../support/files.ts';
import { count, record, START, windowOf } from '../records.ts';

const book = await loadPriceBook([], {});

/** The usual `measure.interval`. */
const INTERVAL_MS = 900_000;

let folder = '';
beforeEach(() => {
  folder = temporaryDirectory();
});

const lines = (records: readonly RequestRecord[]) =>
  records.map((each) => `${formatRecord(each)}\n`).join('');
const many = (count: number, fields: Partial<RequestRecord> = {}) =>
  Array.from({ length: count }, (_, at) => record({ at: at / 10, request_id: `req_${at}`, ...fields }));

async function write(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** Reads an hour. @param now milliseconds since its beginning */
function measure(path: string, now = 7_200_000): Promise<SourceResult> {
  const options = { arms: ARMS, book, intervalMs: INTERVAL_MS };
  const query = { window: windowOf(3_600), now: START + now, slice: null, without: [] };
  return jsonlSource({ paths: [path], ...options }).measure(query);
}

async function tasks(path: string): Promise<unknown> {
  const answer = await measure(path);
  return answer.kind === 'measured' ? answer.arms.gateway?.tasks : answer;
}

/** What the answer says to a person. */
function told(answer: SourceResult): unknown {
  if (answer.kind === 'measured') return answer.notes;
  return answer.kind === 'error' ? { error: answer.reasonCode, reason: answer.reason } : answer.reason;
}

describe('files of records', () => {
  it('are read plain and zipped, alone and as a directory', async () => {
    const plain = await write('a.jsonl', lines(many(100)));
    const zipped = await write('b.ndjson.gz', gzipSync(lines(many(50, { request_id: undefined }))));
    await write('notes.txt', 'not records');
    await write('.hidden.jsonl', 'not records either');
    expect(await tasks(plain)).toBe(100);
    expect(await tasks(zipped)).toBe(50);
    expect(await tasks(folder)).toBe(150);
  });

  it('may have the line ends of Windows, a byte order mark, blank lines, and no line break at the end', async () => {
    const text = lines(many(3)).replaceAll('\n', '\r\n\r\n');
    expect(await tasks(await write('a.jsonl', `\uFEFF${text.trimEnd()}`))).toBe(3);
  });

  it('larger than what is read at a time are read whole, whatever lies on a border', async () => {
    const text = lines(many(1_000, { member: 'Zoë', key: 'x'.repeat(1_000) }));
    expect(Buffer.byteLength(text)).toBeGreaterThan(1_000_000);
    expect(await tasks(await write('a.jsonl', text))).toBe(1_000);
    expect(await tasks(await write('b.jsonl.gz', gzipSync(text)))).toBe(1_000);
  });

  it('zipped in several parts, as rotation by appending makes them, are read to the end', async () => {
    const path = await write('a.jsonl.gz', gzipSync(lines(many(10))));
    await appendFile(path, gzipSync(lines(many(10, { request_id: undefined }))));
    expect(await tasks(path)).toBe(20);
  });

  it('are read in order of time: a task whose attempts are in two files is one task', async () => {
    const day = 86_400;
    const old = Array.from({ length: 200 }, (_, index) => record({ at: 4_000 + (index * day) / 200 }));
    await write(
      'official.jsonl',
      lines([record({ at: 12, task: 't', attempt: 1, arm: 'official' }), ...old]),
    );
    await write('gateway.jsonl', lines([record({ at: 10, task: 't', status: 503 }), ...old]));
    const answer = await measure(folder, 1e9);
    expect(answer).toMatchObject({
      kind: 'measured',
      arms: { gateway: { tasks: 1, failedTasks: 1, fallbacks: 1 }, official: { tasks: 0 } },
      notes: [],
    });
  });

  it('count like the same records in memory: served answers that were not used are one task with their retries', async () => {
    const log = Array.from({ length: 3_000 }, (_, at) => {
      const [task, unit, key] = [`t-${at}`, `u-${at % 70}`, `k-${at % 3}`];
      const first = record({ at: at / 10, task, unit, key, used: at % 50 > 0, finish_reason: 'stop' });
      return at % 50 > 0 ? [first] : [first, record({ at: at / 10 + 40, task, unit, key, attempt: 1 })];
    }).flat();
    log.sort((a, b) => endOf(a) - endOf(b));
    await write('a.jsonl', lines(log.filter(({ unit }) => unit !== 'u-0')));
    await write('b.jsonl.gz', gzipSync(lines(log.filter(({ unit }) => unit === 'u-0'))));
    const arms = await count(log);
    expect(arms.gateway).toMatchObject({ tasks: 3_000, retriedTasks: 60, attempts: 3_060 });
    expect(await measure(folder)).toEqual({ kind: 'measured', arms, notes: [] });
  });

  it('that hold a copy of another are counted once', async () => {
    await write('a.jsonl', lines(many(100)));
    await write('a.jsonl.1', lines(many(100)));
    const answer = await measure(folder);
    expect(answer).toMatchObject({ kind: 'measured', arms: { gateway: { tasks: 100 } } });
    expect(told(answer)).toMatchObject([
      { reasonCode: 'duplicate', message: expect.stringContaining('100 lines') },
    ]);
  });

  it('without a record in the window give no data, not an empty measurement', async () => {
    expect(await measure(await write('a.jsonl', lines([record({ at: 9_000 })])))).toMatchObject({
      kind: 'error',
    });
    const path = await write('b.jsonl', lines([record({ at: 4_000 })]));
    expect(told(await measure(path))).toMatchInlineSnapshot(
      `"No record in b.jsonl ended from 2026-11-22T00:00:00.000Z to 2026-11-22T01:00:00.000Z."`,
    );
  });
});

describe('bad input', () => {
  it('a last line that is half written is left out and reported', async () => {
    const answer = await measure(
      await write('a.jsonl', `${lines(many(10))}${formatRecord(record()).slice(0, 90)}`),
    );
    expect(answer).toMatchObject({ kind: 'measured', arms: { gateway: { tasks: 10 } } });
    expect(told(answer)).toMatchInlineSnapshot(`
      [
        {
          "message": "1 line skipped, not yet complete: a.jsonl:11.",
          "reasonCode": "half_written_line",
        },
      ]
    `);
  });

  it('a few bad lines are left out, each named; the good ones count', async () => {
    const good = lines(many(400));
    const bad = formatRecord(record()).replace('"input_tokens":1000', '"input_tokens":-1000');
    const answer = await measure(
      await write('a.jsonl', `${good}${bad}\nnonsense\n${lines([record({ at: 50 })])}`),
    );
    expect(answer).toMatchObject({ kind: 'measured', arms: { gateway: { tasks: 401 } } });
    expect(told(answer)).toMatchInlineSnapshot(`
      [
        {
          "message": "1 line skipped, not a record: a.jsonl:401 (input_tokens is -1000; expected input tokens, a whole number from 0 to 1000000000000).",
          "reasonCode": "not_a_record",
        },
        {
          "message": "1 line skipped, not JSON: a.jsonl:402 (the line is not JSON; expected one object per line).",
          "reasonCode": "not_json",
        },
      ]
    `);
  });

  it('more than one in a hundred are refused: what is missing could be the failures', async () => {
    const other = many(20).map((each) => formatRecord(each).replace('{', '{"schema":2,'));
    const answer = await measure(await write('a.jsonl', `${lines(many(100))}${other.join('\n')}\n`));
    expect(told(answer)).toMatchInlineSnapshot(`
      {
        "error": "unreadable_records",
        "reason": "20 records of the window (16.7%) cannot be counted; expected at most 1%. 20 lines skipped, another version of the format: a.jsonl:101 (schema is 2; expected 1, the version of the format that this program reads); a.jsonl:102; a.jsonl:103; a.jsonl:104; a.jsonl:105; and 15 more. Fix the program that writes them.",
      }
    `);
  });

  it('bad lines of another day do not spoil the window', async () => {
    const answer = await measure(
      await write('a.jsonl', `${lines([...many(10), record({ at: 4_000 })])}${'nonsense\n'.repeat(20)}`),
    );
    expect(answer).toMatchObject({ kind: 'measured', arms: { gateway: { tasks: 10 } } });
  });

  it('truncated gzip data is refused: what is missing is unknown', async () => {
    const zipped = gzipSync(lines(many(5_000)));
    const answer = await measure(await write('a.jsonl.gz', zipped.subarray(0, zipped.length / 2)));
    expect(answer).toMatchObject({
      kind: 'error',
      reasonCode: 'gzip_cut',
      reason: expect.stringMatching(/^a\.jsonl\.gz:\d+: the gzip data is truncated/),
    });
  });

  it('unless the whole window is before the cut', async () => {
    const later = Array.from({ length: 5_000 }, (_, at) =>
      record({ at: 4_400 + at / 10, request_id: `req_${at * 7919}` }),
    );
    const zipped = gzipSync(lines([...many(10), ...later]));
    const answer = await measure(await write('a.jsonl.gz', zipped.subarray(0, zipped.length - 20)));
    expect(answer).toMatchObject({
      kind: 'measured',
      arms: { gateway: { tasks: 10 } },
      notes: [{ reasonCode: 'gzip_cut' }],
    });
  });

  it('a record from the future shows a wrong clock, however long the window is', async () => {
    const ofNow = (seconds: number) => lines([record(), record({ at: 7_200 + seconds })]);
    expect(await measure(await write('a.jsonl', ofNow(90)))).toMatchObject({ kind: 'measured' });
    expect(told(await measure(await write('a.jsonl', ofNow(91))))).toMatchInlineSnapshot(`
      {
        "error": "clock_skew",
        "reason": "a.jsonl:2: the record ended at 2026-11-22T02:01:31.000Z, after the current time (2026-11-22T02:00:00.000Z); expected clocks to agree within 90 s, a tenth of measure.interval. Set the clock of the machine that writes the records, or of this one.",
      }
    `);
  });

  it('a retry that starts before its task is counted with it, and named', async () => {
    const torn = [
      record({ at: 100, task: 't', status: 503, duration_ms: 2_000 }),
      record({ at: 97, task: 't', attempt: 1 }),
    ];
    const answer = await measure(await write('a.jsonl', lines([...many(10), ...torn])));
    expect(answer).toMatchObject({ arms: { gateway: { tasks: 11, attempts: 12, failedTasks: 0 } } });
    expect(told(answer)).toMatchInlineSnapshot(`
      [
        {
          "message": "1 line counted although the retry starts before the attempt that it retries: a.jsonl:12.",
          "reasonCode": "clock_backwards",
        },
      ]
    `);
  });

  it('a log with all of it is reported line by line, in one result', async () => {
    const good = many(900);
    const text = [
      ...good.map(formatRecord),
      ...good.slice(-2).map(formatRecord),
      formatRecord(record({ at: 95 })).replace('{', '{"schema":2,'),
      formatRecord(record({ at: 95 })).replace('"output_tokens":100', '"output_tokens":-1'),
      formatRecord(record({ at: 95 })).replace('"duration_ms":500', '"duration_ms":-500'),
      formatRecord(record({ at: 100, task: 't', status: 503 })),
      formatRecord(record({ at: 97, task: 't', attempt: 1 })),
      formatRecord(record({ at: 101 })).slice(0, 40),
    ];
    const answer = await measure(await write('a.jsonl', text.join('\n')));
    expect(answer).toMatchObject({ arms: { gateway: { tasks: 901, attempts: 902 } } });
    expect(told(answer)).toMatchInlineSnapshot(`
      [
        {
          "message": "1 line skipped, another version of the format: a.jsonl:903 (schema is 2; expected 1, the version of the format that this program reads).",
          "reasonCode": "unknown_schema",
        },
        {
          "message": "2 lines skipped, not a record: a.jsonl:904 (output_tokens is -1; expected output tokens, a whole number from 0 to 1000000000000); a.jsonl:905 (duration_ms is -500; expected how long the attempt took in milliseconds, a number from 0 to 86400000).",
          "reasonCode": "not_a_record",
        },
        {
          "message": "2 lines skipped, duplicate: a.jsonl:901; a.jsonl:902.",
          "reasonCode": "duplicate",
        },
        {
          "message": "1 line counted although the retry starts before the attempt that it retries: a.jsonl:907.",
          "reasonCode": "clock_backwards",
        },
        {
          "message": "1 line skipped, not yet complete: a.jsonl:908.",
          "reasonCode": "half_written_line",
        },
      ]
    `);
  });

  it('files joined out of order are refused, not split wrongly', async () => {
    const half = many(200).map((each, at) => ({ ...each, request_id: `other_${at}` }));
    const late = Array.from({ length: 200 }, (_, at) => record({ at: 2_000 + at, request_id: `late_${at}` }));
    const answer = await measure(await write('a.jsonl', lines([...late, ...half])));
    expect(answer).toMatchObject({
      kind: 'error',
      reasonCode: 'unreadable_records',
      reason: expect.stringContaining('tasks may be incomplete'),
    });
  });

  it('retries without their first attempts are refused', async () => {
    const path = await write(
      'a.jsonl',
      lines([...many(50), ...many(5, { attempt: 1, request_id: undefined })]),
    );
    expect(await measure(path)).toMatchObject({
      kind: 'error',
      reason: expect.stringContaining('first attempt missing'),
    });
  });

  it('an endless line takes no memory and spoils no other', async () => {
    const text = `${lines(many(200))}${'x'.repeat(3_000_000)}\n${lines([record({ at: 30 })])}`;
    const answer = await measure(await write('a.jsonl', text));
    expect(answer).toMatchObject({ kind: 'measured', arms: { gateway: { tasks: 201 } } });
    expect(told(answer)).toMatchInlineSnapshot(`
      [
        {
          "message": "1 line skipped, too long: a.jsonl:201 (the line is longer than 131072 bytes; expected one record per line).",
          "reasonCode": "line_too_long",
        },
      ]
    `);
  });

  it.each([
    ['a path that is not there', 'nothing.jsonl'],
    ['a directory without records', 'empty'],
  ])('%s is an error with the next step', async (_, name) => {
    await mkdir(join(folder, 'empty'));
    const answer = await measure(join(folder, name));
    expect(answer.kind === 'error' && answer.reason.replaceAll(folder, 'FOLDER')).toMatchSnapshot();
  });

  it('an empty file gives no data', async () => {
    expect(await measure(await write('a.jsonl', ''))).toMatchObject({ kind: 'no-data' });
    expect(await measure(await write('b.jsonl', '\n\n'))).toMatchObject({ kind: 'no-data' });
  });
});
