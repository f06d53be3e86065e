import { execFile } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { rgPath } from '@vscode/ripgrep';
import { PREFILTER_WORDS } from '../../src/inventory/prefilter.ts';
import { annotatedApps, corpusLanguages, writeApp } from '../inventory/annotated-corpus.ts';
import { runNode } from './process.ts';
import { median, type Row } from './row.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const CLI = resolve(root, 'dist/cli.js');
const ROUNDS = 5;

/** Megabytes of a tree, and how much slower than ripgrep the whole process may be there. */
const TREES = [
  { megabytes: 10, limit: 4 },
  { megabytes: 40, limit: 3 },
  { megabytes: 150, limit: 3 },
] as const;

const MEMORY_MB = 200;

/** Every file of this tree speaks of the API, and applications call it: about as many sites as in an SDK for agents. */
const DENSE_MEGABYTES = 20;

/** How much of ast-grep's time the inventory may take on that tree, with forty times as many rules. */
const DENSE_LIMIT = 1;

/** Of npm; a package for each platform has the program. */
const AST_GREP = `@ast-grep/cli-${process.platform}-${process.arch}${process.platform === 'linux' ? '-gnu' : ''}@0.51.1`;

const AST_GREP_RULES = ['TypeScript', 'JavaScript']
  .flatMap((language) =>
    ['pattern: new OpenAI($$$)', 'pattern: $C.chat.completions.create($$$)', 'kind: string, regex: gpt-'].map(
      (rule, index) => `id: rule-${index}-${language}\nlanguage: ${language}\nrule: { ${rule} }`,
    ),
  )
  .join('\n---\n');

/** Packages that are the API's own client, mock, gateway or prices: no application is as dense with it. */
const ABOUT_THE_API = /^node_modules\/(openai|@copilotkit|@portkey-ai|@pydantic)\//;

/**
 * The inventory of trees of real code (the sources of this project's dependencies, repeated), compared with one
 * thread of ripgrep that searches for the prefilter's words. ripgrep only lists matches; the inventory also reads the
 * files.
 */
export async function benchInventory(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const { megabytes, limit } of TREES) {
    const tree = await makeTree(megabytes);
    try {
      rows.push(...(await measure(tree, megabytes, limit)));
    } finally {
      await rm(tree, { recursive: true, force: true });
    }
  }
  return [...rows, ...(await benchDense())];
}

/** A tree where most files must be searched with most rules, compared with ast-grep and six rules, a thread each. */
async function benchDense(): Promise<Row[]> {
  const tree = await makeTree(DENSE_MEGABYTES, true);
  const tools = await mkdtemp(join(tmpdir(), 'bench-ast-grep-'));
  try {
    await run('npm', ['install', '--prefix', tools, '--no-save', '--ignore-scripts', AST_GREP]);
    const [program = ''] = globSync(`${tools}/node_modules/@ast-grep/*/ast-grep{,.exe}`);
    const arguments_ = ['scan', '--threads', '1', '--inline-rules', AST_GREP_RULES, '--json=compact', tree];
    const rival = () => run(program, arguments_, { maxBuffer: 1 << 28 });
    const inventory = () => runNode([CLI, 'inventory', '--json', tree]);
    await rival();
    const { stdout } = await inventory();
    const rivals: number[] = [];
    const inventories: Awaited<ReturnType<typeof inventory>>[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const startedAt = performance.now();
      await rival();
      rivals.push(performance.now() - startedAt);
      inventories.push(await inventory());
    }
    const { sites } = JSON.parse(stdout);
    const wall = median(inventories.map(({ wallMs }) => wallMs));
    const name = `${DENSE_MEGABYTES} MB dense with the API, ${sites.length} sites:`;
    return [
      { what: `${name} inventory`, value: wall, unit: ' ms', limit: null },
      {
        what: `${name} inventory ÷ ast-grep with six rules`,
        value: wall / median(rivals),
        unit: '',
        limit: DENSE_LIMIT,
      },
      {
        what: `${name} peak memory`,
        value: Math.max(...inventories.map(({ peakMb }) => peakMb)),
        unit: ' MB',
        limit: MEMORY_MB,
      },
    ];
  } finally {
    await Promise.all([tree, tools].map((folder) => rm(folder, { recursive: true, force: true })));
  }
}

async function measure(tree: string, megabytes: number, limit: number): Promise<Row[]> {
  const words = PREFILTER_WORDS.flatMap((word) => ['-e', word]);
  const search = () =>
    run(rgPath, ['-j1', '--no-unicode', '-i', '-F', '-c', ...words, tree], { maxBuffer: 1 << 28 });
  const inventory = () => runNode([CLI, 'inventory', '--json', tree]);
  // Once each without counting, so that both read from the cache.
  await search();
  await inventory();
  const searches: number[] = [];
  const inventories: Awaited<ReturnType<typeof inventory>>[] = [];
  // In turns, so that a busy machine is busy for both.
  for (let round = 0; round < ROUNDS; round += 1) {
    const startedAt = performance.now();
    await search();
    searches.push(performance.now() - startedAt);
    inventories.push(await inventory());
  }
  const { files } = JSON.parse(inventories[0]?.stdout ?? '{}');
  const wall = median(inventories.map(({ wallMs }) => wallMs));
  const name = `${megabytes} MB, ${files.listed} files:`;
  return [
    { what: `${name} inventory`, value: wall, unit: ' ms', limit: null },
    {
      what: `${name} megabytes read per second`,
      value: files.bytes / 1e6 / (wall / 1000),
      unit: ' MB/s',
      limit: null,
    },
    { what: `${name} inventory ÷ rg -j1`, value: wall / median(searches), unit: '', limit },
    {
      what: `${name} peak memory`,
      value: Math.max(...inventories.map(({ peakMb }) => peakMb)),
      unit: ' MB',
      limit: MEMORY_MB,
    },
  ];
}

/**
 * Sources of node_modules, round after round, until the tree has the size; and an application of the tests' corpus to
 * every megabyte, since about one file in a hundred of a repository speaks of the API.
 * @param dense an application to every fortieth source instead, and each source imports the client
 */
async function makeTree(megabytes: number, dense = false): Promise<string> {
  const tree = await mkdtemp(join(tmpdir(), 'bench-tree-'));
  const sources = globSync('node_modules/**/*.{ts,js,mjs,cjs,md,json,yml}', { cwd: root })
    .filter((source) => !ABOUT_THE_API.test(source))
    .sort();
  const apps = corpusLanguages().flatMap(annotatedApps);
  let bytes = 0;
  let written = 0;
  let files = 0;
  for (let round = 0; bytes < megabytes * 1e6; round += 1) {
    // Every seventh file, another seventh in each round, so that small trees are mixed, too.
    for (const source of sources.filter((_, index) => index % 7 === round % 7)) {
      const text = textOf(source, dense);
      if (text === null) continue;
      files += 1;
      const path = source.replaceAll('node_modules/', '').replace(/\.min\.js$/, '.js');
      const target = join(tree, `round-${round}`, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
      bytes += text.length;
      const app = apps[written % apps.length];
      const due = dense ? files % 40 === 0 : bytes > written * 1e6;
      if (app !== undefined && due) {
        writeApp(app, join(tree, `app-${written}`));
        written += 1;
      }
      if (bytes >= megabytes * 1e6) break;
    }
  }
  await run('git', ['init', '--quiet'], { cwd: tree });
  await run('git', ['add', '--all'], { cwd: tree, maxBuffer: 1 << 28 });
  return tree;
}

/** A source's text, for a dense tree with an import of the client; null if it is empty or large. */
function textOf(source: string, dense: boolean): Buffer | null {
  const text = readFileSync(join(root, source));
  if (text.length === 0 || text.length > 300_000) return null;
  return dense ? Buffer.concat([Buffer.from("import OpenAI from 'openai';\n"), text]) : text;
}
