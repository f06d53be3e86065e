import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { licenceSections } from '../../.ci/licences.ts';
import { temporaryDirectory } from '../support/files.ts';

const PERMISSION = 'Permission is hereby granted, free of charge, to any person obtaining a copy';

/** A package with these files. */
function packageOf(about: object, files: Readonly<Record<string, string>> = {}): string {
  const directory = path.join(temporaryDirectory(), 'some');
  mkdirSync(directory);
  const all = { ...files, 'package.json': JSON.stringify({ name: 'some', version: '1.2.3', ...about }) };
  for (const [name, text] of Object.entries(all)) writeFileSync(path.join(directory, name), text);
  return directory;
}
const sectionOf = async (...wanted: Parameters<typeof packageOf>) => licenceSections([packageOf(...wanted)]);

describe('the licence of a bundled package', () => {
  it('is its own files, notices included', async () => {
    const files = { 'LICENCE.md': 'Copyright A\r\n', NOTICE: 'Made by B', 'README.md': '## License\nMIT' };
    expect(await sectionOf({ license: 'Apache-2.0' }, files)).toContain(
      'some 1.2.3 (Apache-2.0)\n-----------------------\nCopyright A\n\nMade by B\n',
    );
  });

  it('is else that part of its README', async () => {
    const readme = `# some\n## License\n\nCopyright (c) 2013 C\n\n${PERMISSION}\n\n## Thanks\nD`;
    const section = await sectionOf({ license: 'ISC' }, { 'readme.md': readme });
    expect(section).toContain(`-\nCopyright (c) 2013 C\n\n${PERMISSION}\n`);
    expect(section).not.toContain('Thanks');
  });

  it.each([
    ['Eve <eve@example.com> (https://example.com)', 'Eve'],
    [{ name: 'Eve' }, 'Eve'],
  ])('is else the MIT text with the line of its author %j', async (author, holder) => {
    const section = await sectionOf({ license: 'MIT', author }, { 'README.md': '## License\n\nMIT' });
    expect(section).toMatch(new RegExp(`^Copyright \\(c\\) ${holder}$`, 'm'));
    expect(section).toContain(PERMISSION);
    expect(section).not.toContain('gateway-rollout');
  });

  it.each([
    ['names none', { author: 'Eve' }],
    ['has MIT and no author', { license: 'MIT' }],
    ['has another licence without its text', { license: 'ISC', author: 'Eve' }],
  ])('stops the build if the package %s', async (_, about) => {
    await expect(sectionOf(about)).rejects.toThrow(/licence/);
  });
});
