import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { currentDocuments } from '../.ci/readme.ts';
import { PROBES } from '../src/check/probes/index.ts';
import { INPUTS } from '../src/commands/action/inputs.ts';
import { loadConfig } from '../src/config/load.ts';
import { COMMANDS } from '../src/conversation/command-help.ts';
import {
  anchorsOf,
  blocksOf,
  codeOf,
  DOCUMENTS,
  linksOf,
  RECIPE_WORKFLOWS,
  readDocument,
  shownWorkflows,
} from './support/documents.ts';

const root = resolve(import.meta.dirname, '..');
const readme = readDocument('README.md');

describe('the documents match the code', () => {
  it('repeats what the code says about commands, inputs, outputs and settings', async () => {
    for (const [document, text] of await currentDocuments()) {
      expect(readDocument(document), `${document} is stale. Run: npx node .ci/readme.ts`).toBe(text);
    }
  });

  it('lists every probe with its severity, in the order of the report', () => {
    const rows = [
      ...readDocument('src/check/README.md').matchAll(/^\| `([\w.]+)` \| (block|warn|info) \|/gm),
    ];
    const listed = rows.map(([, id, severity]) => ({ id, severity }));
    expect(listed).toEqual(PROBES.map(({ id, severity }) => ({ id, severity })));
  });

  it('shows valid configs, the same that the tests load', () => {
    const fixtures = ['least.yml', 'all.yml'].map((name) => readDocument(`test/config/fixtures/${name}`));
    expect(blocksOf(readDocument('src/config/README.md'), 'yaml')).toEqual(fixtures);
    const [config = '', ...others] = blocksOf(readme, 'yaml');
    expect(others).toEqual([]);
    expect(loadConfig(config, 'README.md')).toMatchObject({ ok: true, warnings: [] });
  });

  it('shows workflows with inputs that exist, and with keys from secrets', () => {
    const workflows = shownWorkflows();
    expect(RECIPE_WORKFLOWS.length).toBeGreaterThanOrEqual(9);
    expect(workflows.length).toBeGreaterThanOrEqual(2 + RECIPE_WORKFLOWS.length);
    for (const { text } of workflows) {
      const { jobs } = parse(text);
      for (const { steps } of Object.values<{ steps: { uses?: string; with?: object }[] }>(jobs)) {
        const ours = steps.filter(({ uses }) => uses?.startsWith('gateway-rollout/'));
        for (const [name, value] of ours.flatMap((step) => Object.entries(step.with ?? {}))) {
          expect(INPUTS).toContain(name);
          if (/(key|token|password)$/.test(name)) expect(value).toMatch(/^\$\{\{ secrets\./);
        }
      }
    }
  });

  it('shows pictures at full width for light and dark pages, each with an alternative text', () => {
    const pictures = [
      ...readme.matchAll(
        /<source media="\(prefers-color-scheme: dark\)" srcset="([^"]+)">\s*<img src="([^"]+)" width="100%" alt="[^"]{40,}">/g,
      ),
    ];
    expect(pictures).toHaveLength(1);
    for (const file of pictures.flatMap(([, dark = '', light = '']) => [dark, light])) {
      const bytes = readFileSync(join(root, file));
      expect(bytes.subarray(1, 4).toString()).toBe('PNG');
      expect(bytes.length, `${file} in bytes`).toBeLessThanOrEqual(250_000);
    }
  });

  it('lists every room for contributors, with the file to open first', () => {
    const rows = [
      ...readDocument('CONTRIBUTING.md').matchAll(/^\| `([\w/]+)\/` \| .+ \| \[.+\]\((.+)\) \|$/gm),
    ];
    const listed = new Map(rows.map(([, room = '', file = '']) => [room, file]));
    const rooms = ['app', ...globSync('src/*/', { cwd: root }).map((room) => room.replace(/\/$/, ''))];
    for (const room of rooms) expect(listed.get(room), room).toMatch(new RegExp(`^${room}/`));
  });

  it('has a README of at most 1,200 words', () => {
    expect(readme.split(/\s+/).length).toBeLessThanOrEqual(1_200);
  });
});

describe('what the documents name exists', () => {
  const sources = globSync('{src,app,test,.ci}/**/*.ts', { cwd: root });

  it.each(DOCUMENTS)('files and headings that %s links to', (document) => {
    const broken = linksOf(readDocument(document)).filter((target) => !resolves(document, target));
    expect(broken).toEqual([]);
  });

  it('finds a broken link', () => {
    expect(resolves('README.md', 'src/no-such-file.md')).toBe(false);
    expect(resolves('README.md', 'app/README.md#no-such-heading')).toBe(false);
    expect(resolves('README.md', 'http://example.com')).toBe(false);
    expect(linksOf('[a](b.md) and <img src="c.png" alt=""> but not `[d](e.md)`')).toEqual(['b.md', 'c.png']);
  });

  it.each(DOCUMENTS)('source files that %s names without a link', (document) => {
    expect(unknownFiles(document, readDocument(document))).toEqual([]);
  });

  it('finds the name of a file that was renamed', () => {
    expect(unknownFiles('src/judge/README.md', '`judge.ts`, `rollout/look.ts`, `renamed.ts`')).toEqual([
      'renamed.ts',
    ]);
  });

  const { scripts } = JSON.parse(readDocument('package.json'));
  const help = readDocument('src/commands/README.md');
  it.each(DOCUMENTS)('commands and options that %s writes', (document) => {
    const unknown = codeOf(readDocument(document)).flatMap((code) => [
      ...unknownScripts(code),
      ...unknownCommands(code),
      ...unknownComments(code),
    ]);
    expect(unknown).toEqual([]);
  });

  it('finds a misspelt command', () => {
    expect(unknownScripts('npm ci && npm run demmo')).toEqual(['npm run demmo']);
    expect(unknownCommands('gateway-rollout chek')).toEqual(['chek']);
    expect(unknownCommands('node dist/cli.js check --jsn')).toEqual(['check --jsn']);
    expect(unknownCommands('gateway-rollout exec -- anything --at-all')).toEqual([]);
    expect(unknownComments('/advanse-rollout to 5%')).toEqual(['/advanse-rollout']);
  });

  /** A file may be named by its path, from `src/` or from the document's folder, or below that folder by its end. */
  function unknownFiles(document: string, text: string): string[] {
    const folder = dirname(document);
    const below = folder === '.' ? '' : `${folder}/`;
    const exists = (name: string) =>
      sources.some(
        (file) =>
          [name, `src/${name}`, join(folder, name)].includes(file) ||
          (file.startsWith(below) && file.endsWith(`/${name}`)),
      );
    const named = text
      .replaceAll(/\[[^\]]*\]\([^)]*\)/g, '')
      .matchAll(/(?<![\w./*-])(?:[\w-]+\/)*[\w-]+\.ts\b/g);
    return [...named].map(([name]) => name).filter((name) => !exists(name));
  }

  function unknownScripts(code: string): string[] {
    const named = [...code.matchAll(/\bnpm (?:run (?:--silent )?([\w:]+)|(test|start))\b/g)];
    return named.filter(([, run, own]) => !((run ?? own ?? '') in scripts)).map(([whole]) => whole);
  }

  function unknownCommands(code: string): string[] {
    return [...code.matchAll(/(?:\bgateway-rollout|dist\/cli\.js) ([a-z]+)(.*?)(?= -- |$)/g)].flatMap(
      ([, name = '', rest = '']) => {
        const [, section] = help.split(`\n### ${name}\n`);
        const [own = ''] = section?.split('\n### ') ?? [];
        if (own === '') return [name];
        const options = [...rest.matchAll(/(?<=\s|\[)--[a-z-]+/g)].map(([option]) => option);
        return options.filter((option) => !own.includes(`  ${option} `)).map((option) => `${name} ${option}`);
      },
    );
  }

  function unknownComments(code: string): string[] {
    const [word] = /^\/(?:[a-z]+-rollout|rollout-[a-z]+)\b/.exec(code) ?? [];
    return word === undefined || COMMANDS.some((command) => command.word === word) ? [] : [word];
  }
});

describe('shell blocks', () => {
  /** Each block, by its document and first command, and the test that runs it. A block that no test can run is `text`. */
  const RUN_BY: Readonly<Record<string, string>> = {
    'README.md: npm ci && npm run demo': '.ci/run',
    'README.md: gateway-rollout inventory': 'test/docs-commands.test.ts',
    'README.md: export GATEWAY_API_KEY=… OFFICIAL_API_KEY=…': 'test/docs-commands.test.ts',
    'README.md: gateway-rollout init': 'test/docs-commands.test.ts',
    'app/README.md: openssl rand -hex 32': 'test/app/readme.test.ts',
    'app/README.md: curl -fsS http://localhost:3000/healthz': 'test/app/readme.test.ts',
    'app/README.md: git fetch --quiet origin gateway-rollout/assistant': 'test/app/readme.test.ts',
    'app/README.md: git log origin/gateway-rollout/assistant -- state.json': 'test/app/readme.test.ts',
    'app/README.md: git push --quiet origin origin/gateway-rollout/assistant:refs/heads/gateway-rollout/assistant':
      'test/app/readme.test.ts',
    'app/state/README.md: git fetch origin gateway-rollout/assistant': 'test/app/documents.test.ts',
    'app/state/README.md: before=null': 'test/app/documents.test.ts',
    "test/recipes/README.md: jq -c '.results.results[]": 'test/recipes/evaluations.test.ts',
  };

  it('are all run by a test', () => {
    const found = DOCUMENTS.flatMap((document) =>
      blocksOf(readDocument(document), 'sh').map((block) => {
        const [first = ''] = block.split('\n');
        return `${document}: ${first.replace(/\s+#.*$/, '')}`;
      }),
    );
    expect(found.sort(), 'Let a test run the block and name it here, or make it a text block.').toEqual(
      Object.keys(RUN_BY).sort(),
    );
    for (const file of Object.values(RUN_BY)) expect(existsSync(join(root, file)), file).toBe(true);
  });

  it('of the first screen are what CI runs in a fresh clone', () => {
    const [first = ''] = blocksOf(readme, 'sh');
    const ci = readFileSync(join(root, '.ci/run'), 'utf8').replaceAll(' --silent', '');
    const commands = first.split('\n').flatMap((line) => line.replace(/#.*$/, '').split('&&'));
    const named = commands.map((command) => command.trim()).filter((command) => command !== '');
    expect(named).toEqual(['npm ci', 'npm run demo', 'npm ci', 'npm test']);
    for (const command of named) expect(ci).toMatch(new RegExp(`^${command}\\b`, 'm'));
  });
});

/** Whether a link leads to an existing file and heading of the repository, or to an https address. */
function resolves(document: string, target: string): boolean {
  if (/^[a-z]+:/.test(target)) return URL.parse(target)?.protocol === 'https:';
  const [path = '', heading] = target.split('#');
  const file = path === '' ? document : join(dirname(document), path);
  if (!existsSync(join(root, file))) return false;
  return heading === undefined || anchorsOf(readDocument(file)).includes(heading);
}
