/**
 * Builds what GitHub and npm run: `dist/`. The same sources give the same bytes.
 * @example node .ci/build.ts          writes dist/
 * @example node .ci/build.ts /tmp/x   writes /tmp/x
 */
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Plugin, rolldown } from 'rolldown';
import { parseSync, Visitor } from 'rolldown/utils';
import { configJsonSchema } from '../src/config/json-schema.ts';

const ENTRIES = { index: 'src/main.ts', cli: 'src/cli.ts' };
const root = path.resolve(import.meta.dirname, '..');

async function build(directory: string): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const packages = await bundle(directory);
  await chmod(path.join(directory, 'cli.js'), 0o755);
  await writeFile(path.join(directory, 'LICENSES.txt'), await licences(packages));
  await writeFile(
    path.join(directory, 'gateway-rollout.schema.json'),
    `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
  );
}

/** The report's page reads files at load time; the bundle contains their content. */
const asEvaluated: Plugin = {
  name: 'as-evaluated',
  async load(id) {
    if (!id.endsWith('/src/report/html/assets.ts')) return null;
    const constants: [string, unknown][] = Object.entries(await import(id));
    const code = constants
      .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
      .join('\n');
    return { code, moduleType: 'js' };
  },
};

/** Properties of the inventory's rules that only tests read. */
const TEST_DATA = ['examples', 'hit', 'trap'];

/** Leaves the rules' test data out of the bundle. */
const withoutExamples: Plugin = {
  name: 'without-examples',
  transform: {
    filter: { id: /[\\/]src[\\/]inventory[\\/]rules[\\/][^\\/]+\.ts$/ },
    handler(code, id) {
      const kept: string[] = [];
      let end = 0;
      new Visitor({
        ObjectExpression({ properties }) {
          for (const property of properties) {
            if (property.type !== 'Property' || property.start < end) continue;
            if (property.key.type !== 'Identifier' || !TEST_DATA.includes(property.key.name)) continue;
            kept.push(code.slice(end, property.start));
            end = property.end + (/^\s*,/.exec(code.slice(property.end))?.[0].length ?? 0);
          }
        },
      }).visit(parseSync(id, code).program);
      return kept.join('') + code.slice(end);
    },
  },
};

/** Bundled as text, so the list of modules doesn't name them. */
const PACKAGES_AS_TEXT = ['uplot'];

/** Its entry for Node requires its own files in a way that can't be bundled. */
const AS_MODULES = {
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
    plugins: [asEvaluated, withoutExamples],
    resolve: { alias: AS_MODULES },
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
  const asText = PACKAGES_AS_TEXT.map((name) => path.join(root, 'node_modules', name));
  return [...new Set([...asText, ...modules.flatMap((module) => packageDirectory(module) ?? [])])].sort();
}

/** `…/node_modules/@scope/name` for any file of that package, nested ones included; null for our own files. */
function packageDirectory(module: string): string | null {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(module)?.[0] ?? null;
}

/** Name, version and licence text of each bundled package, as the licences require. */
async function licences(packages: readonly string[]): Promise<string> {
  const entries = await Promise.all(
    packages.map(async (directory) => {
      const { name, version, license } = JSON.parse(
        await readFile(path.join(directory, 'package.json'), 'utf8'),
      );
      const file = (await readdir(directory))
        .filter((entry) => /^(licen[cs]e|copying)/i.test(entry))
        .sort()[0];
      const text = file === undefined ? '' : await readFile(path.join(directory, file), 'utf8');
      return { title: `${name} ${version} (${license})`, text: text.replaceAll('\r\n', '\n').trim() };
    }),
  );
  const unique = [...new Map(entries.map((entry) => [entry.title, entry])).values()];
  unique.sort((a, b) => (a.title < b.title ? -1 : 1));
  const sections = unique.map(({ title, text }) =>
    `${title}\n${'-'.repeat(title.length)}\n${text}`.trimEnd(),
  );
  return `Packages that are part of this bundle, and their licences.\n\n${sections.join('\n\n\n')}\n`;
}

await build(path.resolve(process.argv[2] ?? path.join(root, 'dist')));
