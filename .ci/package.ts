/**
 * Writes the package that npm publishes, as a tarball: `dist/`, the Action, the config's schema, a README, and a
 * package.json without dependencies, since the bundle holds all it needs. It needs no installed package itself, so that
 * the release can run it beside its secrets.
 * @example node .ci/package.ts /tmp/package          with the committed dist/
 * @example node .ci/package.ts /tmp/package /tmp/x   with the dist/ of another build
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.resolve(import.meta.dirname, '..');
const REPOSITORY = 'https://github.com/gateway-rollout/gateway-rollout';

/** The package's own package.json; the repository's has dependencies, and is private. */
async function manifest() {
  const all = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  const { name, version, description, license, type, bin } = all;
  return {
    ...{ name, version, description, license, type, bin },
    homepage: REPOSITORY,
    // npm compares it with the workflow that publishes, for the provenance.
    repository: { type: 'git', url: `git+${REPOSITORY}.git` },
    keywords: ['openai', 'llm', 'gateway', 'migration', 'rollout', 'github-action'],
    engines: { node: '>=20' },
    exports: {
      './client': { types: './dist/client/index.d.ts', default: './dist/client.js' },
      './schema.json': './dist/gateway-rollout.schema.json',
      './package.json': './package.json',
    },
    dependencies: {},
  };
}

const README = `# gateway-rollout

Move your app from the OpenAI API to an OpenAI-compatible gateway: by configuration alone, step by step, with numbers
at each step and an automatic rollback.

\`\`\`sh
npx gateway-rollout inventory   # where your code uses the API, and what a migration would change
npx gateway-rollout init        # writes the config and the workflows of a rollout
npx gateway-rollout --help      # all commands: check, exec, observe, judge, config, app, …
\`\`\`

Needs Node 20 or newer, and installs no other package. \`gateway-rollout/client\` is a \`fetch\` for the official SDK that
splits its requests between both APIs and writes the request records.

[Documentation](${REPOSITORY}#readme) · MIT, with the licences of what it contains in \`dist/LICENSES.txt\`
`;

async function pack(folder: string, dist: string): Promise<void> {
  const staging = await mkdtemp(path.join(tmpdir(), 'gateway-rollout-package-'));
  try {
    await cp(dist, path.join(staging, 'dist'), { recursive: true });
    for (const file of ['action.yml', 'LICENSE']) await cp(path.join(root, file), path.join(staging, file));
    await writeFile(path.join(staging, 'README.md'), README);
    await writeFile(path.join(staging, 'package.json'), `${JSON.stringify(await manifest(), null, 2)}\n`);
    await mkdir(folder, { recursive: true });
    const npm = [
      'pack',
      '--json',
      '--ignore-scripts',
      '--offline',
      '--pack-destination',
      path.resolve(folder),
    ];
    const { stdout } = await promisify(execFile)('npm', npm, { cwd: staging });
    const [{ filename, size, unpackedSize, entryCount }] = JSON.parse(stdout);
    const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`;
    process.stdout.write(
      `${path.join(folder, filename)}\n${megabytes(size)}, unpacked ${megabytes(unpackedSize)}, ${entryCount} files, 0 dependencies\n`,
    );
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

const [folder, dist = path.join(root, 'dist')] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('Usage: npm run package -- <folder> [dist]\n');
  process.exitCode = 2;
} else await pack(folder, path.resolve(dist));
