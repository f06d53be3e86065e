/**
 * Builds what GitHub and npm run: `dist/`. The same sources give the same bytes.
 * @example node .ci/build.ts          writes dist/
 * @example node .ci/build.ts /tmp/x   writes /tmp/x
 */
import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Plugin, rolldown } from 'rolldown';
import { parseSync } from 'rolldown/utils';
import { configJsonSchema } from './json-schema.ts';
import { licenceSections } from './licences.ts';

const ENTRIES = { index: 'src/main.ts', cli: 'src/cli.ts', client: 'src/client/index.ts' };
const root = path.resolve(import.meta.dirname, '..');

async function build(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const [packages] = await Promise.all([bundle(directory), declareClient(directory)]);
  await chmod(path.join(directory, 'cli.js'), 0o755);
  await writeFile(path.join(directory, 'LICENSES.txt'), await licenceSections(packages));
  await writeFile(
    path.join(directory, 'gateway-rollout.schema.json'),
    `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
  );
}

/** The types of `gateway-rollout/client`, in a folder of their own. */
async function declareClient(directory: string): Promise<void> {
  const options = ['--declaration', '--emitDeclarationOnly', '--noEmit', 'false', '--listFiles', 'false'];
  const settings = [
    '--target',
    'es2024',
    '--module',
    'nodenext',
    '--rewriteRelativeImportExtensions',
    '--strict',
    '--types',
    'node',
  ];
  const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
  const entry = path.join(root, ENTRIES.client);
  const emitted = await mkdtemp(path.join(tmpdir(), 'gateway-rollout-types-'));
  const call = [compiler, entry, ...options, ...settings, '--ignoreConfig', '--outDir', emitted];
  await promisify(execFile)(process.execPath, call, { cwd: root });
  // Nothing of answer.ts is public, and its types are of another room.
  const filter = (file: string) => !file.endsWith('answer.d.ts');
  await cp(path.join(emitted, 'client'), path.join(directory, 'client'), { recursive: true, filter });
  await rm(emitted, { recursive: true });
}

/** These modules read files, or work for long, at load time; the bundle contains the result. */
const READERS =
  /[/]src[/](?:inventory[/]rules[/]required|commands[/]init[/]templates|report[/]html[/]assets|measure[/]sources[/]sql[/]statement-files)\.ts$/;
const asEvaluated: Plugin = {
  name: 'as-evaluated',
  async load(id) {
    if (!READERS.test(id)) return null;
    const constants: [string, unknown][] = Object.entries(await import(id));
    const code = constants
      .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
      .join('\n');
    return { code, moduleType: 'js' };
  },
};

/**
 * Never called here. The artifact library's downloads need packages that nobody maintains; the other one installs
 * packages from npm while the program runs.
 */
const NEVER_CALLED =
  /[\\/]node_modules[\\/](?:@actions[\\/]artifact[\\/]lib[\\/]internal[\\/](?:download|find|delete)|npx-import-light)[\\/]/;

/** Replaces their functions by ones that throw. */
const withoutNeverCalled: Plugin = {
  name: 'without-never-called',
  load: {
    filter: { id: NEVER_CALLED },
    async handler(id) {
      const { staticExports } = parseSync(id, await readFile(id, 'utf8')).module;
      const names = staticExports.flatMap(({ entries }) =>
        entries.flatMap(({ exportName }) => exportName.name ?? []),
      );
      return names
        .map(
          (name) => `export function ${name}() { throw new Error('${name} is not part of this bundle.'); }`,
        )
        .join('\n');
    },
  },
};

/** Bundled as text, so the list of modules doesn't name them. */
const PACKAGES_AS_TEXT = ['uplot'];

/** Files in place of packages. */
const INSTEAD = {
  archiver: path.join(root, 'src/commands/observe/archiver.ts'),
  // Its entry for Node requires its own files in a way that can't be bundled.
  'jsonc-parser': path.join(root, 'node_modules/jsonc-parser/lib/esm/main.js'),
};

/** Loading them has no side effects, so unused parts (undici, for OIDC tokens) are left out. */
const WITHOUT_SIDE_EFFECTS =
  /[\\/]node_modules[\\/](?:@actions[\\/](?:core|http-client|exec|io)|undici)[\\/]/;

/** Returns the directories of all packages that went into the bundle, sorted. */
async function bundle(directory: string): Promise<string[]> {
  const build = await rolldown({
    cwd: root,
    input: ENTRIES,
    platform: 'node',
    plugins: [asEvaluated, withoutNeverCalled],
    resolve: { alias: INSTEAD },
    treeshake: { moduleSideEffects: [{ test: WITHOUT_SIDE_EFFECTS, sideEffects: false }] },
    // A library's optional import of a database that is not used here.
    checks: { eval: false },
  });
  const { output } = await build.write({
    dir: directory,
    format: 'esm',
    minify: true,
    comments: { legal: false },
    // Without a hash in its name, a changed chunk is a change in the diff, not a new file.
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
  });
  await build.close();
  const modules = output.flatMap((file) => (file.type === 'chunk' ? Object.keys(file.modules) : []));
  const copied = modules.filter((module) => !NEVER_CALLED.test(module));
  const asText = PACKAGES_AS_TEXT.map((name) => path.join(root, 'node_modules', name));
  return [...new Set([...asText, ...copied.flatMap((module) => packageDirectory(module) ?? [])])].sort();
}

/** `…/node_modules/@scope/name` for any file of that package, nested ones included; null for our own files. */
function packageDirectory(module: string): string | null {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(module)?.[0] ?? null;
}

await build(path.resolve(process.argv[2] ?? path.join(root, 'dist')));
