import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, ftruncateSync, openSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hardCodedSites, takeInventory } from '../../src/inventory/inventory.ts';
import { tree, writeFiles } from '../support/files.ts';
import { git, repository } from '../support/git.ts';

const URL_LINE = 'url = "https://api.openai.com/v1"\n';

describe('what is read', () => {
  it('ignores only the workflow steps that run this Action', async () => {
    const workflow = `jobs:
  check:
    steps:
      - uses: actions/checkout@v5
      - name: Gateway check
        uses: gateway-rollout/gateway-rollout@v0
        with:
          official-api-key: \${{ secrets.OPENAI_API_KEY }}

      - run: npm test
        env:
          OPENAI_API_KEY: \${{ secrets.OPENAI_API_KEY }}
`;
    const root = tree({
      'a.py': URL_LINE,
      '.github/workflows/check.yml': workflow.slice(0, workflow.indexOf('      - run')),
    });
    const alone = await takeInventory(root);
    expect(alone.sites.map(({ file }) => file)).toEqual(['a.py']);
    expect(alone.readiness.score).toBe(0);
    writeFiles(root, { '.github/workflows/check.yml': workflow });
    const lines = (await takeInventory(root)).sites.filter(({ file }) => file.startsWith('.github'));
    expect(new Set(lines.map(({ line }) => line))).toEqual(new Set([12]));
  });

  it('reports a literal key in a step that runs this Action', async () => {
    const workflow = `jobs:
  check:
    steps:
      - uses: gateway-rollout/gateway-rollout@v0
        with:
          api-key: sk-proj-${'aB3d'.repeat(8)}
          official-api-key: \${{ secrets.OPENAI_API_KEY }}
`;
    const { sites } = await takeInventory(tree({ '.github/workflows/check.yml': workflow }));
    expect(sites).toMatchObject([{ kind: 'api_key', line: 6, hardCoded: true, value: '(hidden)' }]);
  });

  it('reads what git tracks or would track, and skips what it ignores', async () => {
    const root = repository({ 'a.py': URL_LINE, '.gitignore': 'ignored/\n' });
    writeFiles(root, { 'new.py': URL_LINE, 'ignored/b.py': URL_LINE });
    const inventory = await takeInventory(root);
    expect(inventory.sites.map(({ file }) => file)).toEqual(['a.py', 'new.py']);
    expect(inventory.files).toMatchObject({ listed: 3, read: 3, skipped: {} });
  });

  it('reads a directory without git by its .gitignore files', async () => {
    const root = tree({
      '.gitignore': 'build/\n*.gen.py\n!keep.gen.py\n/top.py\n',
      'a.py': URL_LINE,
      'top.py': URL_LINE,
      'sub/top.py': URL_LINE,
      'sub/x.gen.py': URL_LINE,
      'sub/keep.gen.py': URL_LINE,
      'sub/build/c.py': URL_LINE,
      'sub/.gitignore': 'local.py\n',
      'sub/local.py': URL_LINE,
      'local.py': URL_LINE,
      'node_modules/x/index.js': URL_LINE,
    });
    const inventory = await takeInventory(root);
    expect(inventory.sites.map(({ file }) => file)).toEqual([
      'a.py',
      'local.py',
      'sub/keep.gen.py',
      'sub/top.py',
    ]);
  });

  it('reads a directory that the repository around it ignores', async () => {
    const root = repository({ '.gitignore': 'inner/\n' });
    writeFiles(root, { 'inner/a.py': URL_LINE });
    expect((await takeInventory(join(root, 'inner'))).sites).toHaveLength(1);
  });

  it('gives paths relative to a directory inside a repository', async () => {
    const root = repository({ 'services/api/a.py': URL_LINE, 'other.py': URL_LINE });
    const inventory = await takeInventory(join(root, 'services'));
    expect(inventory.sites.map(({ file }) => file)).toEqual(['api/a.py']);
  });

  it('lists a file with a merge conflict once', async () => {
    const root = repository({ 'a.py': URL_LINE });
    git(root, 'checkout', '--quiet', '-b', 'other');
    writeFiles(root, { 'a.py': `${URL_LINE}# theirs\n` });
    git(root, 'commit', '--quiet', '--all', '--message', 'theirs');
    git(root, 'checkout', '--quiet', '-');
    writeFiles(root, { 'a.py': `${URL_LINE}# ours\n` });
    git(root, 'commit', '--quiet', '--all', '--message', 'ours');
    expect(() => git(root, 'merge', 'other')).toThrow();
    expect((await takeInventory(root)).files.listed).toBe(1);
  });

  it('reads the given directory even if a hook points git at another repository', async () => {
    const root = repository({ 'a.py': URL_LINE });
    const elsewhere = repository({ 'b.py': URL_LINE });
    process.env.GIT_DIR = join(elsewhere, '.git');
    try {
      expect((await takeInventory(root)).sites.map(({ file }) => file)).toEqual(['a.py']);
    } finally {
      delete process.env.GIT_DIR;
    }
  });

  it('rejects a path that is not a directory and says what to do', async () => {
    const root = tree({ 'file.txt': '' });
    await expect(takeInventory(join(root, 'gone'))).rejects.toThrow(
      /Directory .* does not exist\. Pass the path/,
    );
    await expect(takeInventory(join(root, 'file.txt'))).rejects.toThrow(/is a file\. Pass the directory/);
  });
});

describe.each([
  ['in a git repository', (root: string) => void git(root, 'init', '--quiet')],
  ['without git', () => undefined],
])('what a file system may hold, %s', (_, prepare) => {
  it('skips it with a count and still reads the rest', async () => {
    const root = tree({
      'good.py': URL_LINE,
      'latin1.py': Buffer.from([...Buffer.from(`${URL_LINE}# caf`), 0xe9, 0x0a]),
      'nul.py': Buffer.from(`${URL_LINE}\0`),
      'logo.png': 'not read',
      'app.min.js': URL_LINE,
      'yarn.lock': URL_LINE,
      'vendor/lib/x.py': URL_LINE,
      'strings.po': URL_LINE,
      'generated.go': `// Code generated by tool. DO NOT EDIT.\n// ${URL_LINE}`,
      'models.freezed.dart': URL_LINE,
    });
    prepare(root);
    symlinkSync('nowhere', join(root, 'broken-link'));
    symlinkSync('.', join(root, 'cyclic-link'));
    symlinkSync('good.py', join(root, 'second-name.py'));
    sparse(join(root, 'huge.py'), 200 * 1024 * 1024);
    const inventory = await takeInventory(root);
    expect(inventory.sites.map(({ file }) => file)).toEqual(['good.py']);
    expect(inventory.files.skipped).toEqual({
      link: 3,
      'not-utf8': 1,
      binary: 2,
      'too-large': 1,
      generated: 3,
      'lock-file': 1,
      vendored: 1,
      data: 1,
    });
    expect(inventory.files.listed).toBe(14);
    expect(inventory.files.read).toBe(1);
  });
});

describe('unusual trees', () => {
  it('counts submodules and tracked files that are missing', async () => {
    const inner = repository({ 'a.py': URL_LINE });
    const root = repository({ 'b.py': URL_LINE, 'gone.py': URL_LINE });
    git(root, 'submodule', '--quiet', 'add', inner, 'inner');
    git(root, 'rm', '--quiet', '--cached', 'gone.py');
    git(
      root,
      'update-index',
      '--add',
      '--cacheinfo',
      `100644,${git(root, 'hash-object', '-w', 'b.py')},gone2.py`,
    );
    const inventory = await takeInventory(root);
    expect(inventory.files.skipped).toEqual({ submodule: 1, missing: 1 });
    expect(inventory.sites.map(({ file }) => file)).toEqual(['b.py', 'gone.py']);
  });

  it('counts files and directories without read permission', async () => {
    const root = tree({ 'open.py': URL_LINE, 'shut.py': URL_LINE, 'shut/a.py': URL_LINE });
    chmodSync(root, 0o755);
    chmodSync(join(root, 'shut.py'), 0);
    chmodSync(join(root, 'shut'), 0);
    const inventory = await asNobody(() => takeInventory(root));
    expect(inventory.files.skipped).toEqual({ unreadable: 2 });
    expect(inventory.sites.map(({ file }) => file)).toEqual(['open.py']);
  });

  it('does not block on a pipe', async () => {
    const root = tree({ 'a.py': URL_LINE });
    spawnSync('mkfifo', [join(root, 'pipe.py')]);
    git(root, 'init', '--quiet');
    expect((await takeInventory(root)).sites).toHaveLength(1);
  });

  it('reads names with spaces, quotes, line ends and other scripts', async () => {
    const names = ['with space.py', 'quo"te.py', 'líne\nend.py', '模型.py', '-dash.py', ':colon.py'];
    const root = repository(Object.fromEntries(names.map((name) => [name, URL_LINE])));
    const inventory = await takeInventory(root);
    expect(inventory.sites.map(({ file }) => file).sort()).toEqual([...names].sort());
  });

  it('reads an empty directory', async () => {
    const inventory = await takeInventory(tree({}));
    expect(inventory.files).toEqual({ listed: 0, read: 0, bytes: 0, skipped: {} });
    expect(inventory.readiness.findings.map(({ reasonCode }) => reasonCode)).toEqual(['nothing_found']);
  });

  it('reads a byte order mark without moving the columns', async () => {
    const [site] = (await takeInventory(tree({ 'a.py': `\uFEFF${URL_LINE}` }))).sites;
    expect(site).toMatchObject({ line: 1, column: 9 });
  });

  it('reads two thousand files in one pass and reports progress', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 2000 }, (_, n) => [`d${n % 50}/f${n}.py`, n % 100 === 0 ? URL_LINE : 'x = 1\n']),
    );
    const seen: number[] = [];
    const inventory = await takeInventory(tree(files), { onProgress: ({ listed }) => seen.push(listed) });
    expect(inventory.files.read).toBe(2000);
    expect(inventory.sites).toHaveLength(20);
    expect(seen.at(-1)).toBe(2000);
  });
});

describe('the report', () => {
  it('is the same on every run', async () => {
    const root = repository({ 'b.py': URL_LINE, 'a/z.py': URL_LINE, 'a.py': URL_LINE, 'B.py': URL_LINE });
    const [one, two] = await Promise.all([takeInventory(root), takeInventory(root)]);
    expect(two).toEqual(one);
    expect(one.sites.map(({ file }) => file)).toEqual(['B.py', 'a.py', 'a/z.py', 'b.py']);
  });

  it('finds where settings files set the variables that the code reads under its own names', async () => {
    const inventory = await takeInventory(
      repository({
        'shop/ask.py':
          'import os\nfrom openai import OpenAI\nclient = OpenAI(api_key=os.environ["SHOP_TALK_KEY"], base_url=os.environ["API_URL"])\n',
        'docker-compose.yml': 'services:\n  shop:\n    environment:\n      - SHOP_TALK_KEY=$SHOP_TALK_KEY\n',
        'deploy/values.yaml': 'env:\n  SHOP_TALK_KEY: set-by-ops\n  API_URL: https://shop.example.com\n',
        '.env.example': 'API_URL=http://litellm:4000/v1\nSHOP_TALK_KEY_FILE=/run/key\n',
        'run.sh': 'echo "SHOP_TALK_KEY is not set"\n',
        Dockerfile: 'ENV API_URL=http://litellm:4000/v1\n',
      }),
    );
    const places = inventory.sites.filter(({ file }) => file !== 'shop/ask.py');
    expect(places.map(({ file, line, kind, value }) => [file, line, kind, value])).toEqual([
      ['.env.example', 1, 'base_url', 'http://litellm:4000/v1'],
      ['Dockerfile', 1, 'base_url', 'http://litellm:4000/v1'],
      ['deploy/values.yaml', 2, 'api_key', 'SHOP_TALK_KEY'],
      ['docker-compose.yml', 4, 'api_key', 'SHOP_TALK_KEY'],
    ]);
    expect(inventory.files.read).toBe(6);
  });

  it('finds settings in files that never name the API, in a program that calls it', async () => {
    const settings = 'class Settings {\n  val apiKey: String by prefs("api_key")\n  val timeout = 30\n}\n';
    const limits = 'val http = OkHttpClient.Builder().readTimeout(90, SECONDS).build()\n';
    const inventory = await takeInventory(
      repository({
        'app/src/Talk.kt': 'val url = "https://api.openai.com/v1/chat/completions"\n',
        'app/src/settings/SettingsStore.kt': settings,
        'app/src/net/HttpUtil.kt': limits,
        'app/src/WeatherSettings.kt': settings,
        'app/src/test/HttpUtilTest.kt': limits,
        'shop/src/SettingsStore.kt': settings,
      }),
    );
    const places = inventory.sites.filter(({ file }) => file !== 'app/src/Talk.kt');
    expect(places.map(({ file, line, kind, confidence }) => [file, line, kind, confidence])).toEqual([
      ['app/src/net/HttpUtil.kt', 1, 'client_setting', 'medium'],
      ['app/src/settings/SettingsStore.kt', 2, 'api_key', 'medium'],
    ]);
    expect(inventory.files.read).toBe(6);
  });

  it('knows routes with a version for those of the API where its URL has none', async () => {
    const files = {
      'api/files.go': 'package api\n\nconst Files = "/v1/files"\n',
      'api/audio.go': 'package api\n\nconst base = "/v1/audio"\nconst speech = base + "/speech"\n',
      'batch.go': 'package main\n\nvar allowed = []string{"/v1/embeddings"}\n',
      'server.go': 'package main\n\nfunc serve() { router.GET("/v1/models", list) }\n',
    };
    const url = (text: string) => `package main\n\nconst baseUrl = "${text}"\n`;
    const bare = await takeInventory(tree({ ...files, 'main.go': url('https://api.openai.com') }));
    expect(bare.endpoints).toEqual(['embeddings', 'audio.transcriptions', 'audio.speech', 'files']);
    expect(bare.hazards.map(({ file, line, kind }) => [file, line, kind])).toEqual([
      ['api/audio.go', 3, 'appended_version'],
      ['api/files.go', 3, 'appended_version'],
    ]);
    const whole = await takeInventory(tree({ ...files, 'main.go': url('https://api.openai.com/v1') }));
    expect([whole.endpoints, whole.hazards]).toEqual([[], []]);
  });

  it.each([
    [
      'ask.ps1',
      "$base = if ($env:OPENAI_BASE_URL) { $env:OPENAI_BASE_URL } else { 'https://api.openai.com/v1' }",
    ],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: code of a shell
    ['ask.sh', 'base="${OPENAI_BASE_URL:-https://api.openai.com/v1}"'],
    ['Dockerfile', 'ENV OPENAI_BASE_URL=https://api.openai.com/v1'],
    ['shop.service', 'Environment=OPENAI_BASE_URL=https://api.openai.com/v1'],
    ['Caddyfile', 'reverse_proxy https://api.openai.com'],
    ['flake.nix', '{ OPENAI_BASE_URL = "https://api.openai.com/v1"; }'],
  ])('takes what %s sets for a setting, not for code', async (file, line) => {
    const { sites } = await takeInventory(tree({ [file]: `${line}\n` }));
    expect(sites.map(({ hardCoded }) => hardCoded)).not.toContain(true);
    expect(sites).not.toHaveLength(0);
  });

  it('reports documentation and tests separately and never counts them', async () => {
    const root = tree({ 'README.md': URL_LINE, 'tests/test_a.py': URL_LINE, 'docs/conf.py': URL_LINE });
    const inventory = await takeInventory(root);
    expect(inventory.sites.map(({ scope }) => scope)).toEqual(['docs', 'docs', 'test']);
    expect(inventory.readiness).toMatchObject({ score: 100, configured: 0, scattered: 0 });
    expect(hardCodedSites(inventory)).toEqual([]);
  });

  it('never shows a key anywhere in the result', async () => {
    const key = 'sk-proj-Abcdefghijklmnopqrstuvwxyz0123456789ABCD';
    const root = tree({
      '.env': `OPENAI_API_KEY=${key}\n`,
      'a.sh': `export OPENAI_API_KEY=${key}\ncurl https://user:${key}@api.openai.com/v1/models?key=${key}\n`,
      'a.py': `from openai import OpenAI\nclient = OpenAI(api_key="${key}", base_url="https://api.openai.com/v1?api_key=${key}")\n`,
      'a.ts': `import OpenAI from 'openai'\nnew OpenAI({ apiKey: '${key}' })\n`,
      'n.ipynb': JSON.stringify({
        cells: [{ cell_type: 'code', source: [`import openai\nopenai.api_key = "${key}"\n`] }],
      }),
    });
    const inventory = await takeInventory(root);
    expect(
      inventory.sites.filter(({ kind, hardCoded }) => kind === 'api_key' && hardCoded).length,
    ).toBeGreaterThanOrEqual(4);
    expect(JSON.stringify(inventory)).not.toContain(key.slice(0, 12));
  });
});

/** Run without the rights of the superuser, who may read everything. */
async function asNobody<T>(run: () => Promise<T>): Promise<T> {
  const user = process.geteuid?.();
  if (user !== 0) return run();
  process.seteuid?.(65_534);
  try {
    return await run();
  } finally {
    process.seteuid?.(user);
  }
}

/** A file of this size (bytes) that takes no room on the disk. */
function sparse(path: string, size: number): void {
  writeFileSync(path, URL_LINE);
  const descriptor = openSync(path, 'r+');
  ftruncateSync(descriptor, size);
  closeSync(descriptor);
}
