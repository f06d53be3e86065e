import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { readEnvironment } from '../../app/environment.ts';
import { CHANGED } from '../../app/handlers/pull-request.ts';
import { INSTALLED } from '../../app/handlers/repositories.ts';
import { createLog } from '../../app/log.ts';
import { createMetrics } from '../../app/metrics.ts';
import { startServer } from '../../app/server.ts';
import { seal } from '../../app/state/envelope.ts';
import { INPUTS } from '../../src/commands/action/inputs.ts';
import { SOURCE_VARIABLES } from '../../src/measure/source-settings.ts';
import { temporaryDirectory } from '../support/files.ts';
import { commitFiles, git } from '../support/git.ts';
import { startGithub } from '../support/github/github.ts';
import { privateKey } from '../support/github/upstream.ts';
import { STATE_KEY } from '../support/start-app.ts';
import { firstState } from './state/states.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const page = read('app/README.md');
const manifest = parse(read('app/app.yml'));

const PRIVATE_KEY = privateKey();
const COMPLETE = {
  APP_ID: '12345',
  PRIVATE_KEY,
  WEBHOOK_SECRET: 'a-long-enough-webhook-secret',
  STATE_KEY,
};

const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, block]) => block ?? '',
  );
const shell = (start: string): string => {
  const found = blocks('sh').find((block) => block.startsWith(start));
  if (found === undefined) throw new Error(`no block begins with ${start}`);
  return found;
};
/** Code spans in the first column of tables below that heading. */
function firstColumn(heading: string): string[] {
  const [section = ''] = page.split(`\n## ${heading}\n`)[1]?.split('\n## ') ?? [];
  const cells = [...section.matchAll(/^\| ([^|]*)\|/gm)].map(([, cell]) => cell ?? '');
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? ''));
}

describe("the App's page", () => {
  it('lists every variable that the server reads, and no other', () => {
    const asked = new Set<string>();
    // A problem ends the reading of its setting, so reads an empty and a complete environment.
    for (const variables of [{}, COMPLETE]) {
      readEnvironment(
        new Proxy<Readonly<Record<string, string>>>(variables, {
          get(given, name) {
            asked.add(String(name));
            return given[String(name)];
          },
        }),
      );
    }
    const ofSources = new Set(
      Object.values(SOURCE_VARIABLES).flatMap((some) => some.map(({ name }) => name)),
    );
    const server = [...asked].filter((name) => !ofSources.has(name));
    const named = firstColumn('Run it on a server').filter((code) => /^[A-Z_]+$/.test(code));
    expect(named.sort()).toEqual(server.sort());
    for (const name of ofSources) expect(page).toContain(`\`${name}\``);
  });

  it('lists every metric, and every permission of the manifest with its level', () => {
    const metrics = createMetrics()
      .registry.getMetricsAsArray()
      .map(({ name }) => name);
    const named = firstColumn('Run it on a server').filter((code) => code.startsWith('gateway_rollout_'));
    expect(named).toEqual(metrics);
    const levels = [...page.matchAll(/^\| `(\w+)` \| (read|write) \|/gm)].map(([, name, level]) => [
      name,
      level,
    ]);
    const optional = [...read('app/app.yml').matchAll(/^ {2}# (\w+): (read|write)/gm)].map(
      ([, name, level]) => [name, level],
    );
    expect(levels).toEqual([...Object.entries(manifest.default_permissions), ...optional]);
  });

  it('registers the App that the manifest describes', () => {
    const link = blocks('text').find((block) => block.startsWith('https:')) ?? '';
    const { searchParams } = new URL(link.trim());
    const events = searchParams.getAll('events[]');
    const { name, description, url, ...rest } = Object.fromEntries(searchParams);
    expect({ name, description, url }).toEqual({
      name: manifest.name,
      description: manifest.description,
      url: manifest.url,
    });
    const { 'events[]': _, public: isPublic, webhook_active, ...permissions } = rest;
    expect([isPublic, webhook_active]).toEqual(['false', 'true']);
    expect(permissions).toEqual(manifest.default_permissions);
    expect(events).toEqual(manifest.default_events);
  });

  it('subscribes to every event that the App handles, except those that GitHub always sends', () => {
    const handled = new Set(
      [...read('app/app.ts').matchAll(/probot\.on\('(\w+)/g)].map(([, event]) => event ?? ''),
    );
    const always = ['check_suite', 'installation', 'installation_repositories'];
    expect([...handled].filter((event) => !always.includes(event)).sort()).toEqual(
      [...manifest.default_events].sort(),
    );
  });

  it('links to a workflow with existing inputs, whose jobs wait for each other', () => {
    const path = 'src/commands/init/templates/gateway-rollout.yml';
    expect(page).toContain(`(../${path})`);
    const workflow = parse(read(path));
    const { with: inputs, uses } = workflow.jobs.rollout.steps[0];
    expect(Object.keys(inputs).filter((name) => !INPUTS.includes(name))).toEqual([]);
    expect(inputs.command).toBe('app');
    expect(uses).toBe('gateway-rollout/gateway-rollout@v0');
    expect(workflow.concurrency).toEqual({ group: 'gateway-rollout', queue: 'max' });
    const named = [...read('app/app.ts').matchAll(/'(\w+\.\w+)'/g)].map(([, event]) => event);
    const handled = [...named, ...INSTALLED, ...CHANGED];
    for (const [event, on] of Object.entries<{ types?: string[] } | null>(workflow.on)) {
      for (const type of on?.types ?? []) expect(handled).toContain(`${event}.${type}`);
    }
  });

  it('makes keys that are long enough', () => {
    const key = execFileSync('sh', ['-c', shell('openssl')], { encoding: 'utf8' }).trim();
    expect(key).toMatch(/^[0-9a-f]{64}$/);
  });
});

it('queries a server with the commands of the page', async () => {
  const github = await startGithub();
  onTestFinished(() => github.close());
  const { appId } = github.app;
  const read = readEnvironment({
    ...COMPLETE,
    APP_ID: String(appId),
    HOST: '127.0.0.1',
    PORT: '0',
  });
  if (!read.ok) throw new Error(read.problems.join('\n'));
  const environment = { ...read.environment, baseUrl: github.url };
  const log = createLog('fatal', []);
  const server = await startServer({ environment, variables: {}, log });
  onTestFinished(() => server.close());
  const script = shell('curl').replaceAll('http://localhost:3000', server.url);
  const { stdout } = await promisify(execFile)('sh', ['-ec', script]);
  expect(stdout).toMatch(/^ok\n/);
  expect(stdout).toContain('gateway_rollout_last_tick_timestamp_seconds');
});

describe("the commands of the App's page, in a clone", () => {
  const BRANCH = 'gateway-rollout/assistant';
  let origin: string;
  let clone: string;

  /** As the App writes it: a branch without history of the code, one commit for each transition. */
  beforeEach(() => {
    const directory = temporaryDirectory();
    const work = join(directory, 'work');
    origin = join(directory, 'origin.git');
    clone = join(directory, 'clone');
    let previous: string | null = null;
    for (const sequence of [1, 2, 3]) {
      const content = { started: 0, sequence, previous, message: `number ${sequence}`, state: firstState() };
      const text = seal(content, { repository: 1, rollout: 'assistant', keys: ['k'.repeat(32)] });
      commitFiles(work, { 'state.json': text });
      git(work, 'commit', '--quiet', '--amend', '--message', `advance ${sequence}\n\nActor: ana\n`);
      previous = git(work, 'rev-parse', 'HEAD:state.json');
    }
    git(work, 'branch', '--move', 'main', BRANCH);
    git(directory, 'clone', '--quiet', '--bare', work, origin);
    git(directory, 'clone', '--quiet', origin, clone);
  });

  const run = (script: string): string =>
    execFileSync('sh', ['-ec', script], { cwd: clone, encoding: 'utf8', stdio: 'pipe' }).trim();

  it('read the log, and what the last transition changed', () => {
    expect(
      run(shell('git fetch'))
        .split('\n')
        .map((line) => line.split(' ').slice(4).join(' ')),
    ).toEqual(['advance 3', 'advance 2', 'advance 1']);
    const [log = '', diff = ''] = shell('git log').trim().split('\n');
    expect(run(log)).toContain('Actor: ana');
    expect(run(diff)).toMatch(/^\+ {2}"sequence": 3,$/m);
  });

  it('restore a branch that was deleted', () => {
    run(shell('git fetch'));
    const before = git(origin, 'rev-parse', BRANCH);
    git(origin, 'branch', '--delete', '--force', BRANCH);
    run(shell('git push'));
    expect(git(origin, 'rev-parse', BRANCH)).toBe(before);
  });
});
