/**
 * Checks the table of variables that client libraries read (`src/inventory/client-reads.ts`) against the packages
 * themselves: downloads each version that the table names, and the newest one, from npm or PyPI, and looks for the names
 * in its code. Ends with 1 if the table and a package differ.
 * @example npm run clients -- openai-node
 */
import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { CLIENT_READS, CLIENT_VARIABLES, type ClientVariable } from '../src/inventory/client-reads.ts';
import { languageOf } from '../src/inventory/languages.ts';
import { maskComments } from '../src/inventory/mask.ts';

const run = promisify(execFile);

/** Puts a package's files into a folder; `''` is its newest version. */
async function download(source: string, version: string, folder: string): Promise<void> {
  const name = source.replace(/^\w+:/, '');
  if (source.startsWith('npm:')) {
    const { stdout } = await run('npm', ['pack', '--silent', `${name}@${version || 'latest'}`], {
      cwd: folder,
    });
    await run('tar', ['-xzf', stdout.trim()], { cwd: folder });
    return;
  }
  const wanted = version === '' ? name : `${name}==${version}`;
  await run('pip', ['download', '--quiet', '--no-deps', '--only-binary=:all:', wanted], { cwd: folder });
  const [wheel = ''] = globSync('*.whl', { cwd: folder });
  await run('python3', ['-m', 'zipfile', '-e', wheel, '.'], { cwd: folder });
}

/** The names that the code (without comments and docstrings) has in quotes or as a member of `env`. */
function namesIn(folder: string): string[] {
  const code = globSync('**/*.{js,cjs,mjs,py}', { cwd: folder })
    .map((file) => maskComments(readFileSync(path.join(folder, file), 'utf8'), languageOf(file).comments))
    .join('\n');
  return CLIENT_VARIABLES.filter((name) => new RegExp(`["'\`]${name}["'\`]|\\benv\\.${name}\\b`).test(code));
}

/** Whether a version reads exactly these variables. */
async function compare(
  source: string,
  version: string,
  expected: readonly ClientVariable[],
): Promise<boolean> {
  const folder = await mkdtemp(path.join(tmpdir(), 'client-reads-'));
  try {
    await download(source, version, folder);
    const found = namesIn(folder);
    const same = CLIENT_VARIABLES.every((name) => found.includes(name) === expected.includes(name));
    const verdict = same ? 'as in the table' : `DIFFERENT: the table has ${expected.join(', ') || 'none'}`;
    process.stdout.write(
      `${source} ${version || 'newest'} reads ${found.join(', ') || 'none'}: ${verdict}\n`,
    );
    return same;
  } finally {
    await rm(folder, { recursive: true });
  }
}

const only = process.argv.slice(2);
for (const [sdk, [source, ...versions]] of Object.entries(CLIENT_READS)) {
  if (source === null || !/^(?:npm|pypi):/.test(source) || (only.length > 0 && !only.includes(sdk))) continue;
  const [, newest] = versions[0];
  if (!(await compare(source, '', newest))) process.exitCode = 1;
  for (const [since, reads, special] of versions) {
    const own = reads.filter((name) => name !== special?.indirect);
    if (!(await compare(source, since, own))) process.exitCode = 1;
  }
}
