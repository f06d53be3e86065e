import { strToU8, Zip, ZipDeflate, ZipPassThrough, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { unzip } from '../../src/measure/zip.ts';

const LIMITS = { entries: 2, bytes: 1_000 };
const archiveOf = (files: Readonly<Record<string, string>>) =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));

describe('a zip archive that somebody else made', () => {
  it('is read as texts by name', async () => {
    const archive = archiveOf({ 'a.jsonl': '{"é":1}\n', 'b.txt': '' });
    expect(await unzip(archive, LIMITS)).toEqual({
      ok: true,
      files: { 'a.jsonl': '{"é":1}\n', 'b.txt': '' },
    });
  });

  it('is refused before it is unpacked when it holds too much or too many', async () => {
    const bomb = archiveOf({ bomb: 'a'.repeat(10_000_000) });
    expect(bomb.length).toBeLessThan(20_000);
    expect(await unzip(bomb, LIMITS)).toEqual({ ok: false, problem: 'it holds more than 1000 bytes' });
    const many = archiveOf({ a: '', b: '', c: '' });
    expect(await unzip(many, LIMITS)).toEqual({ ok: false, problem: 'it holds more than 2 files' });
  });

  it('is bounded by what comes out, when its headers declare less', async () => {
    const lying = Buffer.from(archiveOf({ a: 'a'.repeat(5_000_000) }));
    for (let at = 0; at + 4 <= lying.length; at += 1) {
      if (lying.readUInt32LE(at) === 5_000_000) lying.writeUInt32LE(10, at);
    }
    expect(await unzip(lying, LIMITS)).toEqual({ ok: false, problem: 'it holds more than 1000 bytes' });
  });

  it('does not keep the process from other work', async () => {
    const bomb = archiveOf({ bomb: 'a'.repeat(60_000_000) });
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 1);
    expect(await unzip(bomb, { entries: 2, bytes: 1e9 })).toMatchObject({ ok: true });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
  });

  it('may be written as a stream, with sizes behind the data', async () => {
    const chunks: Uint8Array[] = [];
    const zip = new Zip((_error, chunk) => chunks.push(chunk));
    for (const [name, entry] of [
      ['a', new ZipDeflate('a')],
      ['b', new ZipPassThrough('b')],
    ] as const) {
      zip.add(entry);
      entry.push(strToU8(`${name} one `));
      entry.push(strToU8('two'), true);
    }
    zip.end();
    expect(await unzip(Buffer.concat(chunks), LIMITS)).toEqual({
      ok: true,
      files: { a: 'a one two', b: 'b one two' },
    });
  });

  it.each([
    ['empty', Buffer.alloc(0)],
    ['no archive', Buffer.from('hello')],
    ['cut short', Buffer.from(archiveOf({ a: 'abc' })).subarray(0, 40)],
  ])('is refused when it is %s', async (_what, bytes) => {
    expect(await unzip(bytes, LIMITS)).toMatchObject({ ok: false });
  });
});
