import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../src/measure/parse-record.ts';
import { formatRecord, type RequestRecord } from '../../src/measure/record.ts';
import { anyRecord, record } from './records.ts';

const plain = JSON.parse(formatRecord(record({ task: 't-1', request_id: 'req_1' })));
const line = (fields: object) => JSON.stringify({ ...plain, ...fields });
const read = (text: string) => parseRecord(Buffer.from(text));
describe('a line of a record', () => {
  it('is read as it was written, in any order of fields and among unknown ones', () => {
    fc.assert(
      fc.property(anyRecord, fc.boolean(), (some, reversed) => {
        const fields = Object.entries({ ...JSON.parse(formatRecord(some)), extra: { a: [1] } });
        const written = JSON.stringify(Object.fromEntries(reversed ? fields.reverse() : fields));
        expect(read(written)).toEqual({ ok: true, record: some });
      }),
    );
  });

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
