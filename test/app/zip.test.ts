import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { unzip } from '../../app/zip.ts';

const LIMITS = { entries: 2, bytes: 1_000 };
const archiveOf = (files: Readonly<Record<string, string>>) =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));

describe('a zip archive that somebody else made', () => {
  it('is read as texts by name', () => {
    const archive = archiveOf({ 'a.jsonl': '{"é":1}\n', 'b.txt': '' });
    expect(unzip(archive, LIMITS)).toEqual({ ok: true, files: { 'a.jsonl': '{"é":1}\n', 'b.txt': '' } });
  });

  it('is refused before it is unpacked when it holds too much or too many', () => {
    const bomb = archiveOf({ bomb: 'a'.repeat(10_000_000) });
    expect(bomb.length).toBeLessThan(20_000);
    expect(unzip(bomb, LIMITS)).toEqual({ ok: false, problem: 'it holds more than 1000 bytes' });
    const many = archiveOf({ a: '', b: '', c: '' });
    expect(unzip(many, LIMITS)).toEqual({ ok: false, problem: 'it holds more than 2 files' });
  });

  it('is refused when it declares a smaller size than it has', () => {
    const archive = archiveOf({ a: 'a'.repeat(900) });
    const lying = Buffer.from(archive);
    for (let at = 0; at + 4 <= lying.length; at += 1) {
      if (lying.readUInt32LE(at) === 900) lying.writeUInt32LE(10, at);
    }
    const read = unzip(lying, { entries: 2, bytes: 100 });
    if (read.ok) expect(read.files.a?.length).toBeLessThanOrEqual(100);
    else expect(read.problem).toContain('damaged');
  });

  it.each([
    ['empty', Buffer.alloc(0)],
    ['no archive', Buffer.from('hello')],
    ['cut short', Buffer.from(archiveOf({ a: 'abc' })).subarray(0, 40)],
  ])('is refused when it is %s', (_what, bytes) => {
    expect(unzip(bytes, LIMITS)).toMatchObject({ ok: false });
  });
});
