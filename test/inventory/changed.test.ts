import { describe, expect, it } from 'vitest';
import { changedSince, isChanged, parseDiff } from '../../src/inventory/changed.ts';
import { tree, writeFiles } from '../support/files.ts';
import { git, repository } from '../support/git.ts';

describe('changed lines', () => {
  it('are those that a pull request adds, plus uncommitted ones', async () => {
    const root = repository({ 'a.py': 'one\ntwo\nthree\n', 'sub dir/ö.py': 'one\n', 'gone.py': 'x\n' });
    git(root, 'checkout', '--quiet', '-b', 'work');
    writeFiles(root, { 'a.py': 'one\nTWO\nthree\nfour\n', 'sub dir/ö.py': '++ one\n-- two\n' });
    git(root, 'rm', '--quiet', 'gone.py');
    git(root, 'commit', '--quiet', '--all', '--message', 'work');
    git(root, 'checkout', '--quiet', 'main');
    writeFiles(root, { 'a.py': 'zero\none\ntwo\nthree\n' });
    git(root, 'commit', '--quiet', '--all', '--message', 'on main meanwhile');
    git(root, 'checkout', '--quiet', 'work');
    writeFiles(root, { 'new.py': 'x\n', 'a.py': 'one\nTWO\nthree\nfour\nfive\n' });

    const answer = await changedSince(root, 'main');
    if (answer.kind === 'refused') throw new Error(answer.message);
    const changed = (file: string): number[] =>
      [1, 2, 3, 4, 5, 6].filter((line) => isChanged(answer.lines, { file, line }));
    expect(changed('a.py')).toEqual([2, 4, 5]);
    expect(changed('sub dir/ö.py')).toEqual([1, 2]);
    expect(changed('new.py')).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...answer.lines.keys()].sort()).toEqual(['a.py', 'new.py', 'sub dir/ö.py']);
  });

  it('are lines of the file even if a diff driver converts its text', async () => {
    const root = repository({ 'a.py': 'one\ntwo\n', '.gitattributes': '*.py diff=shown\n' });
    git(root, 'config', 'diff.shown.textconv', 'tail -n 1');
    writeFiles(root, { 'a.py': 'one\nTWO\n' });
    const answer = await changedSince(root, 'HEAD');
    expect(answer.kind === 'changes' && answer.lines.get('a.py')).toEqual(new Set([2]));
  });

  it('are relative to the given directory', async () => {
    const root = repository({ 'services/a.py': 'one\n', 'b.py': 'one\n' });
    writeFiles(root, { 'services/a.py': 'ONE\n', 'b.py': 'ONE\n' });
    const answer = await changedSince(`${root}/services`, 'HEAD');
    expect(answer.kind === 'changes' && [...answer.lines.keys()]).toEqual(['a.py']);
  });

  it.each([
    ['nowhere', /changed since "nowhere": .+\. Use a commit/],
    ['--output=x', /not a branch, tag or commit/],
    ['', /not a branch, tag or commit/],
  ])('are refused since %j', async (ref, message) => {
    const root = repository({ 'a.py': 'x\n' });
    const answer = await changedSince(root, ref);
    expect(answer.kind === 'refused' && answer.message).toMatch(message);
  });

  it('are refused without a repository', async () => {
    const answer = await changedSince(tree({}), 'main');
    expect(answer.kind === 'refused' && answer.message).toMatch(/not a git repository/);
  });

  it('are right even if the changed text looks like a diff', () => {
    const diff = [
      'diff --git a/a b/a',
      '--- a/a',
      '+++ b/a',
      '@@ -1,1 +1,2 @@',
      '--- a/x',
      '+++ b/y',
      '+@@ -9 +9 @@',
      '@@ -5,0 +7 @@',
      '+z',
    ].join('\n');
    expect([...parseDiff(diff)]).toEqual([['a', new Set([1, 2, 7])]]);
  });
});
