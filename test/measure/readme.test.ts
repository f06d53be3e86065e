import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import OpenAI from 'openai';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parseRecord } from '../../src/measure/parse-record.ts';
import { RECORD_FIELDS } from '../../src/measure/record.ts';
import { blocksOf, readDocument } from '../support/documents.ts';
import { temporaryDirectory } from '../support/files.ts';
import { startQuirkyGateway } from '../support/quirky-gateway.ts';

const readme = readDocument('src/measure/README.md');

const [aboutRecords = ''] = readme.split('## Measurements');

describe('the document of the formats', () => {
  it('names every field of a record, and which are required', () => {
    const rows = [...aboutRecords.matchAll(/^\| (`[^|]+`) \| ([^|]*)\|/gm)];
    const documented = rows.flatMap(([, names = '', must = '']) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, name], index) => {
        const word = must.split(',')[index] ?? must;
        return [name, word.includes('required')] as const;
      }),
    );
    const expected = Object.entries(RECORD_FIELDS).map(
      ([name, field]) => [name, 'required' in field] as const,
    );
    expect(new Map(documented)).toEqual(new Map(expected));
  });

  it('shows a valid record', () => {
    const [example = ''] = blocksOf(readme, 'json');
    expect(parseRecord(Buffer.from(example))).toMatchObject({ ok: true });
  });

  it('shows a program that writes such records, of answers, refusals and time-outs', async () => {
    const folder = temporaryDirectory();
    const file = join(folder, 'a.jsonl');
    const [program = ''] = blocksOf(readme, 'js');
    const { recorded } = await import(`data:text/javascript,${encodeURIComponent(program)}`);
    const ask = async (quirk: 'never-answers' | null, model = 'gpt-4o-mini') => {
      const gateway = await startQuirkyGateway({ quirks: quirk === null ? [] : [quirk] });
      onTestFinished(() => gateway.stop());
      const timeout = quirk === null ? 30_000 : 100;
      const client = new OpenAI({ baseURL: gateway.baseUrl, apiKey: gateway.apiKey, timeout });
      const request = { model, messages: [{ role: 'user', content: 'Reply with the single word: pong' }] };
      return recorded(file, 'gateway', client, request, { task: 't-1', unit: 'u-1' });
    };
    await ask(null);
    await expect(ask(null, 'no-such-model')).rejects.toThrow('404');
    await expect(ask('never-answers')).rejects.toThrow('timed out');
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    const common = { arm: 'gateway', task: 't-1', unit: 'u-1', attempt: 0 };
    expect(lines.map((line) => parseRecord(Buffer.from(line)))).toMatchObject([
      { ok: true, record: { ...common, status: 200, answered_model: 'gpt-4o-mini', output_tokens: 1 } },
      { ok: true, record: { ...common, status: 404 } },
      { ok: true, record: { ...common, status: 0, error: 'timeout' } },
    ]);
  });
});
