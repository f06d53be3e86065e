import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseRecord } from '../../src/measure/parse-record.ts';
import { requestRecordSchema } from '../../src/measure/record.ts';

const readme = readFileSync(resolve(import.meta.dirname, '../../src/measure/README.md'), 'utf8');

const [aboutRecords = ''] = readme.split('## Measurements');

describe('the document of the formats', () => {
  it('names every field of a record, and which must be there', () => {
    const rows = [...aboutRecords.matchAll(/^\| (`[^|]+`) \| ([^|]*)\|/gm)];
    const documented = rows.flatMap(([, names = '', must = '']) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, name], index) => {
        const word = must.split(',')[index] ?? must;
        return [name, word.includes('must')] as const;
      }),
    );
    const fields = Object.entries(requestRecordSchema.shape).filter(([name]) => name !== 'schema');
    const expected = fields.map(([name, schema]) => [name, !schema.safeParse(undefined).success] as const);
    expect(new Map(documented)).toEqual(new Map(expected));
  });

  it('shows a record that is one', () => {
    const example = /```json\n(.+)\n```/.exec(readme)?.[1] ?? '';
    expect(parseRecord(Buffer.from(example))).toMatchObject({ ok: true });
  });
});
