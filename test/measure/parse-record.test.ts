import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FastRecordReader } from '../../src/measure/fast-record.ts';
import { parseRecord } from '../../src/measure/parse-record.ts';
import { formatRecord, type RequestRecord } from '../../src/measure/record.ts';
import { anyRecord, record } from './records.ts';

const plain = JSON.parse(formatRecord(record({ task: 't-1', request_id: 'req_1' })));
const line = (fields: object) => JSON.stringify({ ...plain, ...fields });
const read = (text: string) => parseRecord(Buffer.from(text));
const fast = new FastRecordReader();
const readFast = (text: string) => {
  // In the middle of other bytes, as in a file.
  const bytes = Buffer.from(`}\n${text}\n{"ts":`);
  return fast.read(bytes, 2, bytes.length - 7);
};

describe('the fast reader agrees with the schema', () => {
  const sameOrNothing = (text: string) => {
    const usual = readFast(text);
    if (usual === null) return false;
    const parsed = read(text);
    expect(parsed).toMatchObject({ ok: true });
    expect(usual).toEqual(parsed.ok ? parsed.record : null);
    return true;
  };

  it('for every record that this program writes: it is always the fast one', () => {
    fc.assert(
      fc.property(anyRecord, (some) => {
        const written = { ...some, model: some.model || 'm' };
        expect(readFast(formatRecord(written))).toEqual(written);
        expect(sameOrNothing(formatRecord(written))).toBe(true);
      }),
    );
  });

  it('in any order of fields, with the spaces of Python, and with unknown fields', () => {
    fc.assert(
      fc.property(anyRecord, fc.infiniteStream(fc.nat()), fc.boolean(), (some, stream, extra) => {
        const fields = Object.entries(JSON.parse(formatRecord(some)));
        const shuffled = fields
          .map((field) => ({ field, key: stream.next().value }))
          .sort((a, b) => a.key - b.key);
        const pairs = shuffled.map(({ field: [key, value] }) => `"${key}": ${JSON.stringify(value)}`);
        sameOrNothing(`{${[...pairs, ...(extra ? ['"extra": {"a": [1]}'] : [])].join(', ')}}`);
      }),
    );
  });

  it('for numbers, to the last bit', () => {
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.stringMatching(/^-?\d{1,18}(\.\d{0,18})?(e\d)?$/),
      fc.tuple(fc.nat(99_999_999), fc.nat(9_999_999)).map(([whole, part]) => `${whole}.${part}`),
    );
    fc.assert(
      fc.property(
        number,
        fc.constantFrom('duration_ms', 'input_tokens', 'attempt', 'cost_usd'),
        (text, field) => {
          const other = JSON.stringify({ ...plain, [field]: '#' }).replace('"#"', text);
          sameOrNothing(other);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('for times, real and impossible ones', () => {
    const two = fc.nat(99).map((number) => String(number).padStart(2, '0'));
    const time = fc
      .tuple(fc.constantFrom('2026', '2024', '1970', '0001'), two, two, two, two, two)
      .map(
        ([year, month, day, hour, minute, second]) =>
          `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`,
      );
    const near = fc.date({ min: new Date(0), noInvalidDate: true }).map((date) => date.toISOString());
    fc.assert(
      fc.property(fc.oneof(time, near, fc.constant('2026-02-29T00:00:00.000Z')), (ts) => {
        sameOrNothing(line({ ts }));
      }),
      { numRuns: 1_000 },
    );
    expect(readFast(line({ ts: '2026-02-29T00:00:00.000Z' }))).toBeNull();
    expect(readFast(line({ ts: '2024-02-29T00:00:00.000Z' }))).not.toBeNull();
  });

  it('for lines that are damaged anywhere', () => {
    const text = formatRecord(record({ task: 't', key: 'k', used: true, cost_usd: 0.25 }));
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        fc.constantFrom('', '"', ',', '}', '{', '0', '\\', ' ', 'é', '\t'),
        (at, by) => {
          sameOrNothing(text.slice(0, at) + by + text.slice(at + 1));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('a line of a record', () => {
  it('may hold what others write: null, other offsets, milliseconds, escapes, a schema', () => {
    const expected = record({ task: 't-1', request_id: 'req_1' });
    const same: object[] = [
      {},
      { key: null, used: null },
      { schema: 1 },
      { ts: expected.ts },
      { ts: new Date(expected.ts).toISOString().replace('Z', '000+00:00') },
    ];
    for (const fields of same) {
      const parsed = read(line(fields));
      expect(parsed).toEqual({ ok: true, record: expected });
    }
    expect(read(line({ member: 'Zoë "Z"' }))).toMatchObject({ ok: true, record: { member: 'Zoë "Z"' } });
  });

  it.each<[string, string]>([
    ['half a line', line({}).slice(0, 40)],
    ['a word', 'hello'],
    ['a list', '[]'],
    ['null', 'null'],
    ['negative tokens', line({ input_tokens: -5 })],
    ['half a token', line({ output_tokens: 1.5 })],
    ['a clock that ran backwards', line({ duration_ms: -20 })],
    ['a time without an offset', line({ ts: '2026-11-22T00:00:00' })],
    ['seconds since 1970', line({ ts: 1_795_305_600 })],
    ['another arm', line({ arm: 'azure' })],
    ['an unknown class', line({ error: 'APITimeoutError' })],
    ['a string for a number', line({ status: '200' })],
    ['no model', line({ model: undefined })],
    ['an endless string', line({ task: 'x'.repeat(1_001) })],
    ['another version', line({ schema: 2 })],
  ])('%s is reported with what was expected', (_, text) => {
    const parsed = read(text);
    expect(parsed.ok ? 'accepted' : `${parsed.reasonCode}: ${parsed.message}`).toMatchSnapshot();
  });

  it('that is not UTF-8 is reported, never repaired', () => {
    const bytes = Buffer.from(line({ member: 'Zoé' }), 'latin1');
    expect(parseRecord(bytes)).toMatchObject({ ok: false, reasonCode: 'not_utf8' });
  });

  it('never shows the text of a wrong field, which may be a key', () => {
    const parsed = read(line({ status: 'sk-secret' }));
    expect(JSON.stringify(parsed)).not.toContain('sk-secret');
  });

  it('is what the program writes', () => {
    const some: RequestRecord = record({ at: 3, key: 'backend' });
    expect(formatRecord(some)).toMatchInlineSnapshot(
      `"{"ts":"2026-11-22T00:00:02.500Z","arm":"gateway","attempt":0,"endpoint":"/chat/completions","model":"gpt-4o-mini","status":200,"duration_ms":500,"input_tokens":1000,"output_tokens":100,"key":"backend"}"`,
    );
  });
});
