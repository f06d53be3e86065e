/** `init` in repositories of several languages: what it writes, and what it leaves alone. */
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { runConfigCommand } from '../../src/commands/config.ts';
import type { Ask, InitOptions } from '../../src/commands/init/answers.ts';
import { runInitCommand } from '../../src/commands/init.ts';
import { lineProgress } from '../../src/commands/progress.ts';
import { temporaryDirectory, tree, writeFiles } from '../support/files.ts';
import { git, repository } from '../support/git.ts';
import { startQuirkyGateway } from '../support/quirky-gateway.ts';

const CONFIG = '.github/gateway-rollout.yml';
const WORKFLOWS = ['check', 'observe', 'rollout'].map((name) => `.github/workflows/gateway-${name}.yml`);
const GATEWAY = 'https://gateway.example/v1';
/** Git allows it. */
const BRANCH = `a,b]-$\{{x}}`;
const PYTHON = {
  'app.py':
    'from openai import OpenAI\nclient = OpenAI()\nclient.chat.completions.create(model="gpt-4o-mini", messages=[], stream=True)\n',
};

afterEach(() => vi.unstubAllEnvs());

interface RunOptions extends InitOptions {
  readonly ask?: Ask;
  readonly environment?: Readonly<Record<string, string>>;
}

async function init(directory: string, { ask, environment = {}, ...options }: RunOptions = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const stderr = (text: string) => void err.push(text);
  const terminal = {
    stdout: (text: string) => void out.push(text),
    stderr,
    color: false,
    columns: 80,
    progress: async () => lineProgress(stderr, 80),
  };
  const code = await runInitCommand(options, { directory, environment, terminal, ask: ask ?? null });
  return { code, out: out.join(''), err: err.join('') };
}

const textOf = (directory: string, file: string) => readFileSync(path.join(directory, file), 'utf8');
const configOf = (directory: string) => parse(textOf(directory, CONFIG));
const isThere = (directory: string, file: string) => existsSync(path.join(directory, file));

/** What `gateway-rollout config` says of it. */
const VALID = '.github/gateway-rollout.yml: valid, no warnings\n';

async function config(directory: string): Promise<{ code: number; said: string }> {
  const said: string[] = [];
  const io = { stdout: () => undefined, stderr: (text: string) => void said.push(text) };
  const code = await runConfigCommand({ cwd: directory, json: false }, io);
  return { code, said: said.join('') };
}

/** What is said of a GitHub App for each target; of `variable` nothing has to be said. */
const APP: Readonly<Record<string, boolean>> = { workflow: false, dispatch: false, file: true };

/** Answers in order, the empty ones as the fallback. */
const answering = (...answers: readonly string[]): { ask: Ask; asked: string[] } => {
  const asked: string[] = [];
  const left = [...answers];
  const ask: Ask = async (question, fallback, flawOf) => {
    asked.push(question);
    const answer = left.shift() || fallback;
    expect(flawOf(answer)).toBeNull();
    return answer;
  };
  return { ask, asked };
};

describe('init --yes', () => {
  it.each([
    ['Python', PYTHON, ['gpt-4o-mini']],
    [
      'a monorepo of TypeScript and Go',
      {
        'services/chat/ask.ts': `import OpenAI from 'openai';\nnew OpenAI().responses.create({ model: 'gpt-4.1', input: '' });\n`,
        'services/search/main.go':
          'package main\n\nimport openai "github.com/sashabaranov/go-openai"\n\nvar request = openai.EmbeddingRequest{Model: "text-embedding-3-small"}\n',
        'services/search/go.mod': 'module search\n\nrequire github.com/prometheus/client_golang v1.20.0\n',
      },
      ['gpt-4.1', 'text-embedding-3-small'],
    ],
    [
      'Java',
      {
        'src/main/java/Ask.java':
          'import com.openai.client.okhttp.OpenAIOkHttpClient;\nclass Ask { Object client = OpenAIOkHttpClient.fromEnv(); String model = "gpt-4o"; }\n',
        'pom.xml':
          '<artifactId>openai-java</artifactId><artifactId>micrometer-registry-prometheus</artifactId>\n',
      },
      ['gpt-4o'],
    ],
    [
      'a program whose model comes from the environment',
      {
        'ask.rb':
          'require "openai"\nclient = OpenAI::Client.new(access_token: ENV["OPENAI_API_KEY"])\nclient.chat(parameters: { model: ENV.fetch("MODEL"), messages: [] })\n',
      },
      ['gpt-4o-mini'],
    ],
  ] as const)('writes a config that is accepted: %s', async (_, files, models) => {
    const root = tree(files);
    const { code, err } = await init(root);
    expect(code).toBe(0);
    expect(configOf(root).models).toEqual(models);
    expect(await config(root)).toMatchObject({ code: 0 });
    expect(err).toContain('Replace https://gateway.example/v1 in the config, or use --gateway.');
    expect(textOf(root, 'deploy/share.json')).toBe('{ "gateway": 0 }\n');
  });

  it('needs no git, and no metrics', async () => {
    const root = tree(PYTHON);
    const { code, out, err } = await init(root, { gateway: GATEWAY, app: false });
    expect([code, await config(root)]).toEqual([0, { code: 0, said: VALID }]);
    expect(configOf(root).measure.source).toBe('jsonl');
    expect(err).toContain('Nothing that counts calls was found');
    expect(textOf(root, '.github/workflows/gateway-observe.yml')).toContain('measure-jsonl: records');
    expect(out.slice(out.indexOf('Next:'))).toMatchInlineSnapshot(`
      "Next:
        GATEWAY_API_KEY=… gateway-rollout check
        gh secret set GATEWAY_API_KEY
        git add .github deploy && git commit -m "Add gateway-rollout" && git push
      Traffic moves once your program reads deploy/share.json: https://github.com/gateway-rollout/gateway-rollout/blob/main/test/recipes/python
      The rollout also needs the secret ROLLOUT_STATE_KEY: https://github.com/gateway-rollout/gateway-rollout/blob/main/app/README.md#three-ways-to-run-it
      "
    `);
  });

  it('puts the share where kustomize reads it, and says how the program follows it', async () => {
    const kustomization = 'apiVersion: kustomize.config.k8s.io/v1beta1\nresources: [app.yaml]\n';
    const root = tree({ ...PYTHON, 'k8s/kustomization.yaml': kustomization });
    const { code, out, err } = await init(root, { gateway: GATEWAY, app: false });
    expect([code, await config(root)]).toEqual([0, { code: 0, said: VALID }]);
    expect(configOf(root).traffic).toEqual([
      { file: { path: 'k8s/share.json', deployed_by: 'pull', set: { '/gateway': 'share' } } },
    ]);
    expect(textOf(root, 'k8s/share.json')).toBe('{ "gateway": 0 }\n');
    expect(err).toContain('Kubernetes (k8s/kustomization.yaml): the share can be in a ConfigMap.');
    expect(out).toContain('git add .github k8s ');
    expect(out).toMatch(/once your program reads k8s\/share\.json: https:\S+\/recipes\/python\n/);
  });

  it('does not guess between several kustomizations', async () => {
    const root = tree({ ...PYTHON, 'base/kustomization.yaml': '', 'overlays/eu/kustomization.yaml': '' });
    expect((await init(root, { gateway: GATEWAY })).code).toBe(0);
    expect(isThere(root, 'deploy/share.json')).toBe(true);
  });

  it('next to counters, sends nobody to a client that hides the arm from them', async () => {
    const root = tree({ ...PYTHON, 'requirements.txt': 'prometheus_client\n' });
    const { out, err } = await init(root, { gateway: GATEWAY, app: false });
    expect(err).toContain('/recipes/prometheus-python');
    expect(out).toContain('gh variable set PROMETHEUS_URL\n');
    expect(out).toMatch(/deploy\/share\.json: \S+\/traffic\/README\.md#reading-the-share\n/);
  });

  it('knows a proxy with weights, and takes no model twice from its config', async () => {
    const root = tree({
      ...PYTHON,
      'proxy/config.yaml':
        'model_list:\n  - model_name: gpt-4o-mini\n    litellm_params:\n      model: openai/gpt-4o-mini\n      api_base: https://api.openai.com/v1\nlitellm_settings: { callbacks: ["prometheus"] }\n',
      'docker-compose.yml': 'services: { proxy: { image: litellm } }\n',
    });
    const { code, err } = await init(root, { gateway: GATEWAY });
    expect(code).toBe(0);
    expect(configOf(root).models).toEqual(['gpt-4o-mini']);
    expect(err).toContain('LiteLLM (proxy/config.yaml): its weights can split the traffic');
    expect(err).not.toMatch(/a proxy reports cost|Prometheus \(/);
  });

  it('writes nothing where the code does not use the API, and says what to do', async () => {
    const root = tree({ 'main.go': 'package main\n\nfunc main() {}\n' });
    const { code, out, err } = await init(root, { gateway: GATEWAY });
    expect([code, out]).toEqual([1, 'No use of the OpenAI API found.\n']);
    expect(err).toContain('Nothing was written. Run init where the code calls the API, or use --models.');
    expect(isThere(root, CONFIG)).toBe(false);
    expect((await init(root, { gateway: GATEWAY, models: 'gpt-4o, gpt-4o-mini' })).code).toBe(0);
    expect(configOf(root).models).toEqual(['gpt-4o', 'gpt-4o-mini']);
  });

  it('works from a folder of the repository', async () => {
    const root = repository({ ...PYTHON, 'docs/a.md': '' });
    expect((await init(path.join(root, 'docs'))).code).toBe(0);
    expect(isThere(root, CONFIG)).toBe(true);
  });

  it.each(['workflow', 'dispatch', 'variable', 'file'])('sets up the target %s', async (target) => {
    const root = tree(PYTHON);
    expect((await init(root, { gateway: GATEWAY, target, app: APP[target] })).code).toBe(0);
    const { code, said } = await config(root);
    expect(code).toBe(0);
    expect(said).toBe(VALID);
    expect(Object.keys(configOf(root).traffic[0])).toEqual([target]);
    const rollout = parse(textOf(root, '.github/workflows/gateway-rollout.yml'));
    const inputs = rollout.jobs.rollout.steps[0].with;
    const isApp = target === 'variable' || target === 'file';
    expect(['app-private-key' in inputs, 'contents' in rollout.permissions]).toEqual([isApp, !isApp]);
  });
});

describe('init', () => {
  it('overwrites nothing: it names what is there, and writes nothing', async () => {
    const root = tree({ ...PYTHON, '.github/workflows/gateway-check.yml': 'on: push\n' });
    const { code, err } = await init(root, { gateway: GATEWAY });
    expect([code, err]).toEqual([
      1,
      expect.stringContaining('There already: .github/workflows/gateway-check.yml'),
    ]);
    expect(isThere(root, CONFIG)).toBe(false);
    const other = tree({ ...PYTHON, '.github/gateway-rollout/assistant.yml': '' });
    expect(await init(other)).toMatchObject({ code: 1, err: expect.stringContaining('gateway-rollout.') });
  });

  it('writes nothing through a link that leads out of the repository', async () => {
    const outside = temporaryDirectory();
    const root = tree(PYTHON);
    symlinkSync(outside, path.join(root, 'deploy'));
    const { code, err } = await init(root, { gateway: GATEWAY });
    expect([code, err]).toEqual([2, expect.stringContaining("Can't write deploy/share.json")]);
    expect([isThere(root, CONFIG), isThere(outside, 'share.json')]).toEqual([false, false]);
  });

  it('prints the files with --dry-run, and writes none', async () => {
    const root = tree(PYTHON);
    const { code, out } = await init(root, { gateway: GATEWAY, dryRun: true });
    expect(code).toBe(0);
    for (const file of [CONFIG, 'deploy/share.json']) expect(out).toContain(`\n# ${file}\n`);
    expect(isThere(root, CONFIG)).toBe(false);
  });

  it('refuses flags that are wrong, all at once, and repeats no password', async () => {
    const root = tree(PYTHON);
    const flags = {
      gateway: 'https://me:hunter2@gateway.example',
      target: 'variable',
      app: false,
      tasks: '-1',
    };
    const { code, err } = await init(root, flags);
    expect(code).toBe(2);
    expect(err).toMatchInlineSnapshot(`
      "error: --gateway contains a user name or a password.
      error: --tasks is not a whole number.
      error: --target variable needs a GitHub App, so leave out --no-app.
      "
    `);
    expect(isThere(root, CONFIG)).toBe(false);
  });

  it('writes names from the code and from git as values, whatever they contain', async () => {
    const root = repository({
      'a.py': PYTHON['app.py'].replace('gpt-4o-mini', 'ft:gpt-4o:acme:#1:{x}'),
    });
    git(root, 'checkout', '--quiet', '-b', BRANCH);
    const gateway = 'https://gateway.example/v1/a:b,%5Bc';
    expect((await init(root, { gateway, models: 'a:#b,&c,{d' })).code).toBe(0);
    expect(configOf(root)).toMatchObject({
      gateway: { base_url: gateway },
      models: ['a:#b', '&c', '{d'],
    });
    const check = parse(textOf(root, '.github/workflows/gateway-check.yml'));
    expect(check.on.push.branches).toEqual([BRANCH]);
    expect(await config(root)).toMatchObject({ code: 0 });
  });

  it('asks on a terminal what no flag says', async () => {
    const root = tree({ ...PYTHON, 'requirements.txt': 'prometheus_client\n' });
    const { ask, asked } = answering('https://llm.acme.example/v1', 'file', 'yes', '', '3000');
    expect((await init(root, { ask })).code).toBe(0);
    expect(asked).toHaveLength(5);
    expect(configOf(root)).toMatchObject({
      gateway: { base_url: 'https://llm.acme.example/v1' },
      measure: { source: 'prometheus' },
      traffic: [{ file: { deployed_by: 'pull' } }],
    });
  });

  it.each([
    ['much', 'records', '50000', '5%'],
    ['little', 'records', '500', 'shadow: 100%'],
    ['little', 'opentelemetry-sdk', '500', '25%'],
  ])('takes a road that fits the traffic: %s, with %s', async (_, library, tasks, first) => {
    const root = tree({ ...PYTHON, 'requirements.txt': `${library}\n` });
    const { code, out } = await init(root, { gateway: GATEWAY, tasks, app: false });
    expect([code, await config(root)]).toEqual([0, { code: 0, said: VALID }]);
    expect(configOf(root).rollout.stages[2]).toBe(first);
    expect(out).toContain('tasks a day');
    const { file } = configOf(root).traffic[0];
    expect(Object.values(file.set)).toEqual(first.startsWith('shadow') ? ['share', 'shadow'] : ['share']);
  });

  it('checks the gateway with the key at hand, and sends it nowhere else', async () => {
    const gateway = await startQuirkyGateway();
    const environment = { GATEWAY_API_KEY: gateway.apiKey };
    const { code, out } = await init(tree(PYTHON), { gateway: gateway.baseUrl, environment });
    const asked = gateway.count();
    const other = { OPENAI_BASE_URL: gateway.baseUrl, OPENAI_API_KEY: gateway.apiKey };
    await init(tree(PYTHON), { gateway: GATEWAY, environment: other });
    expect([code, gateway.count()]).toEqual([0, asked]);
    expect(asked).toBeGreaterThan(5);
    expect(out).toMatch(/^Ready/m);
    expect(out).not.toContain('gateway-rollout check');
    await gateway.stop();
  });
});

describe('init --pr', () => {
  /** A `gh` that keeps what it is given, the only other program beside git. */
  function withGh(root: string): string {
    const bin = temporaryDirectory();
    const script = `#!/bin/sh\nif [ "$1" = pr ]; then printf '%s\\n' "$@" > ${bin}/given; echo https://github.com/acme/shop/pull/7; fi\n`;
    writeFiles(bin, { gh: script });
    chmodSync(path.join(bin, 'gh'), 0o755);
    vi.stubEnv('PATH', `${bin}:${process.env.PATH}`);
    git(root, 'config', 'user.name', 'Test');
    git(root, 'config', 'user.email', 'test@example.invalid');
    return bin;
  }

  it('opens a pull request with the files alone, and says what merging does', async () => {
    const root = repository(PYTHON);
    const remote = temporaryDirectory();
    git(remote, 'init', '--quiet', '--bare');
    git(root, 'remote', 'add', 'origin', remote);
    writeFiles(root, { 'unfinished.py': '' });
    git(root, 'add', 'unfinished.py');
    const bin = withGh(root);
    const { code, out } = await init(root, { gateway: GATEWAY, app: false, pr: true });
    expect([code, out]).toEqual([0, expect.stringContaining('https://github.com/acme/shop/pull/7')]);
    const files = git(remote, 'diff', '--name-only', 'add-gateway-rollout~1', 'add-gateway-rollout');
    expect(files.split('\n')).toEqual([CONFIG, ...WORKFLOWS, 'deploy/share.json']);
    const given = readFileSync(path.join(bin, 'given'), 'utf8');
    expect(given.slice(given.indexOf('--body'))).toMatchInlineSnapshot(`
      "--body
      - \`66 % of your OpenAI settings (base URLs, keys, models) are configurable; 1 file needs an edit.\`
      - \`In use: chat.completions, streaming, gpt-4o-mini.\`
      - \`app.py:3 model hard-coded\`

      Merging this starts two things: each pull request gets a check whether https://gateway.example/v1 is ready, and an issue opens for the rollout. It moves no traffic before somebody comments \`/advance-rollout\` there. [Set the secrets](https://github.com/gateway-rollout/gateway-rollout/blob/main/app/README.md#three-ways-to-run-it) first.

      - \`.github/gateway-rollout.yml\`
      - \`deploy/share.json\`
      - \`.github/workflows/gateway-check.yml\`
      - \`.github/workflows/gateway-observe.yml\`
      - \`.github/workflows/gateway-rollout.yml\`
      "
    `);
  });

  it('says what failed where the files are written and no pull request is open', async () => {
    const root = repository(PYTHON);
    withGh(root);
    const { code, err } = await init(root, { gateway: GATEWAY, pr: true });
    expect([code, err]).toEqual([2, expect.stringMatching(/error: The files are written, but .*push/)]);
    expect(isThere(root, CONFIG)).toBe(true);
  });

  it('needs gh, and writes nothing without it', async () => {
    const root = repository(PYTHON);
    const bin = temporaryDirectory();
    mkdirSync(path.join(bin, 'empty'));
    vi.stubEnv('PATH', bin);
    const { code, err } = await init(root, { gateway: GATEWAY, pr: true });
    vi.unstubAllEnvs();
    expect([code, err]).toEqual([2, expect.stringContaining("--pr needs gh, GitHub's command line")]);
    expect(isThere(root, CONFIG)).toBe(false);
    expect(await init(tree(PYTHON), { pr: true })).toMatchObject({ code: 2 });
  });
});
