import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import archiver from '../../../src/commands/observe/archiver.ts';
import { temporaryDirectory } from '../../support/files.ts';

test('an artifact holds its files unchanged, large ones included, and its directories', async () => {
  const directory = temporaryDirectory();
  const files = { 'empty.jsonl': Buffer.alloc(0), 'é/large.jsonl': randomBytes(3_000_000) };
  const archive = archiver.create();
  for (const [index, [name, content]] of Object.entries(files).entries()) {
    const file = path.join(directory, String(index));
    writeFileSync(file, content);
    archive.file(file, { name });
  }
  archive.append('', { name: 'folder/' });
  archive.finalize();
  const entries = Object.entries(unzipSync(await buffer(archive)));
  expect(entries.map(([name, content]) => [name, Buffer.from(content)])).toEqual([
    ...Object.entries(files),
    ['folder/', Buffer.alloc(0)],
  ]);
});

test('a file that cannot be read breaks the archive', async () => {
  const archive = archiver.create();
  archive.file(path.join(temporaryDirectory(), 'missing'), { name: 'missing' });
  await expect(buffer(archive)).rejects.toThrow('ENOENT');
});
