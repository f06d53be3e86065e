import { generateKeyPairSync } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import type { HostSettings } from '../../app/host.ts';
import { runInitCommand } from '../../src/commands/init.ts';
import { tree } from '../support/files.ts';
import type { Github } from '../support/github/github.ts';
import { STATE_KEY } from '../support/start-app.ts';
import { openRepository } from './open-repository.ts';
import { job, openGithub, withToken } from './run-job.ts';

const PATH = '.github/gateway-rollout.yml';
const configOf = (target: string) => `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
traffic: [{ ${target} }]
rollout: { stages: [local, 5%, 100%], gates: { local: { manual: true } } }
`;
const DISPATCH = 'dispatch: { event_type: gateway-rollout }';
const VARIABLE = 'variable: { name: GATEWAY_SHARE }';

const lastReply = async (github: Github) => (await github.issue(1))?.comments.at(-1)?.body ?? '';

describe('the App without a server', () => {
  it('runs a rollout, one job for each event', async () => {
    const github = await openGithub();
    await github.pushes({ [PATH]: configOf(VARIABLE) }, { by: 'alice' });
    expect((await job(github)).outcome).toEqual({ kind: 'hosted', statuses: ['progressing'], errors: 0 });
    expect((await github.issue(1))?.author).toBe('gateway-rollout[bot]');
    await github.person('alice').comments(1, '/advance-rollout');
    await job(github);
    expect(github.variable('GATEWAY_SHARE')).toBe('5');
    expect(await lastReply(github)).toContain('**5%**');
  });

  it('finds on a schedule what other jobs have missed', async () => {
    const github = await openGithub();
    await github.pushes({ [PATH]: configOf(VARIABLE) }, { by: 'alice' });
    await job(github, { name: 'schedule' });
    await github.person('alice').comments(1, '/advance-rollout');
    await github.person('alice').comments(1, '/rollback-rollout');
    await job(github, { name: 'schedule' });
    expect((await github.issue(1))?.body).toContain('olled back');
    expect(github.variable('GATEWAY_SHARE')).toBe('0');
  });

  it('sends few requests if nothing has happened', async () => {
    const github = await openGithub();
    await github.pushes({ [PATH]: configOf(VARIABLE) }, { by: 'alice' });
    await job(github);
    github.forgetRequests();
    await job(github, { name: 'schedule' });
    const asked = github.requests().map(({ method, route }) => `${method} ${route}`);
    expect(asked).toMatchInlineSnapshot(`
      [
        "GET /repos/:owner/:repo/installation",
        "POST /app/installations/:id/access_tokens",
        "GET /repos/:owner/:repo",
        "GET /repos/:owner/:repo/contents/*path",
        "GET /repos/:owner/:repo/git/matching-refs/*prefix",
        "GET /repos/:owner/:repo/contents/*path",
        "GET /repos/:owner/:repo/activity",
        "GET /repos/:owner/:repo/issues",
      ]
    `);
  });

  it('starts on a push whose payload does not list the files', async () => {
    const github = await openGithub();
    await github.pushes({ [PATH]: `${configOf(VARIABLE)}modles: []\n` }, { by: 'alice' });
    const { payload } = github.deliveries().at(-1) ?? {};
    const { commits, ...push } = Object(payload);
    const sent = commits.map(({ id, message }: { id: string; message: string }) => ({ id, message }));
    await job(github, { event: { name: 'push', payload: { ...push, commits: sent } } });
    expect(await github.checks(await github.head())).toMatchObject([
      { name: 'gateway-rollout', conclusion: 'failure' },
    ]);
  });

  it('posts the check run on pull_request_target, without reading the checkout', async () => {
    const github = await openGithub();
    await github.opensPull({ [PATH]: configOf(VARIABLE) }, { by: 'alice' });
    await job(github, { name: 'pull_request_target' });
    const { payload } = github.deliveries().find(({ event }) => event === 'pull_request') ?? {};
    const { sha } = Object(payload).pull_request.head;
    expect(await github.checks(sha)).toMatchObject([
      { conclusion: 'success', title: 'Would start a rollout' },
    ]);
  });

  it("uses an App's token from an earlier step", async () => {
    const github = await openGithub();
    await github.pushes({ [PATH]: configOf(VARIABLE) }, { by: 'alice' });
    const { octokit } = await openRepository(github);
    const { token } = Object(await octokit.auth({ type: 'installation' }));
    await job(github, withToken(token));
    expect((await github.issue(1))?.author).toBe('gateway-rollout[bot]');
    expect(github.variable('GATEWAY_SHARE')).toBe('0');
  });
});

describe('the files that init writes', () => {
  it.each([
    ["with the job's own token", false],
    ['as a GitHub App', true],
  ])('lead from the first push to 5 % and back, in a workflow %s', async (_, app) => {
    const directory = tree({
      'ask.py':
        'import openai\nopenai.OpenAI().embeddings.create(model="text-embedding-3-small", input="")\n',
    });
    const quiet = {
      stdout: () => undefined,
      stderr: () => undefined,
      color: false,
      columns: 80,
      progress: vi.fn(),
    };
    const host = { directory, environment: {}, terminal: quiet, ask: null };
    expect(await runInitCommand({ app, gateway: 'https://gateway.example/v1' }, host)).toBe(0);
    const names = globSync(['.github/**/*.yml', 'deploy/*'], { cwd: directory });
    const files = Object.fromEntries(
      names.map((name) => [name, readFileSync(join(directory, name), 'utf8')]),
    );
    const { permissions } = parse(files['.github/workflows/gateway-rollout.yml'] ?? '');
    const github = await openGithub();
    const granted = Object.entries(permissions).map(([name, level]) => [name.replace('-', '_'), level]);
    const auth = app ? {} : withToken(github.jobToken(Object.fromEntries(granted)));
    const says = async (words: string) => {
      await github.person('alice').comments(1, words);
      expect((await job(github, auth)).outcome).toMatchObject({ kind: 'hosted', errors: 0 });
    };
    await github.pushes(files, { by: 'alice' });
    await job(github, auth);
    await says('/advance-rollout');
    expect((await github.issue(1))?.body).toContain('**local**');
    await github.runFinished('gateway-check.yml');
    for (const stage of ['staging', '5%']) await says(`/advance-rollout to ${stage}`);
    expect(await github.file('deploy/share.json')).toBe('{ "gateway": 5 }\n');
    await says('/rollback-rollout');
    expect(await github.file('deploy/share.json')).toBe('{ "gateway": 0 }\n');
  });
});

describe("the App with the job's own token", () => {
  const permissions = {
    contents: 'write',
    issues: 'write',
    checks: 'write',
    actions: 'read',
    pull_requests: 'read',
    deployments: 'write',
  } as const;

  it('dispatches', async () => {
    const github = await openGithub();
    await github.pushes({ [PATH]: configOf(DISPATCH) }, { by: 'alice' });
    const token = github.jobToken(permissions);
    await job(github, withToken(token));
    await github.person('alice').comments(1, '/advance-rollout');
    await job(github, withToken(token));
    expect((await github.issue(1))?.author).toBe('github-actions[bot]');
    expect(github.dispatches().at(-1)?.payload).toMatchObject({ stage: '5%', shares: { everything: 5 } });
  });

  it('starts a workflow, and finds its end in a later job', async () => {
    const github = await openGithub();
    const file = 'gateway-traffic.yml';
    await github.pushes(
      {
        [PATH]: configOf(`workflow: { file: ${file} }`),
        [`.github/workflows/${file}`]: 'on: { workflow_dispatch: { inputs: { share: , payload: } } }\n',
      },
      { by: 'alice' },
    );
    const schedule = {
      name: 'schedule',
      ...withToken(github.jobToken({ ...permissions, actions: 'write' })),
    };
    await job(github, schedule);
    const [test] = github.startedRuns();
    expect(test).toMatchObject({ by: 'github-actions[bot]', inputs: { share: '0' } });
    await github.runFinished(file, { run: test?.id ?? 0 });
    await job(github, schedule);
    await github.person('alice').comments(1, '/advance-rollout');
    await job(github, schedule);
    expect(github.startedRuns().map(({ inputs }) => inputs.share)).toEqual(['0', '5']);
  });

  it('refuses to start with any other target, and says why', async () => {
    const github = await openGithub();
    await github.pushes(
      { [PATH]: configOf('file: { path: flags.json, set: { /share: share } }') },
      { by: 'alice' },
    );
    await job(github, withToken(github.jobToken(permissions)));
    const replies = (await github.issue(1))?.comments.map(({ body }) => body).join('\n');
    expect(replies).toContain("The job's own token cannot write the file flags.json");
    expect(replies).toContain("Targets that need an App's token: file.");
    expect((await github.issue(1))?.body).toContain('Paused');
  });
});

describe('a state that was put back between two jobs', () => {
  const BRANCH = 'gateway-rollout/shop';
  const permissions = { contents: 'write', issues: 'write', checks: 'write', actions: 'read' } as const;
  const share = (github: Github) =>
    JSON.stringify(github.dispatches().at(-1)?.payload).match(/"everything":([\d.]+)/)?.[1];

  it.each([
    ["an App's token", () => ({})],
    ["the job's own token", (github: Github) => withToken(github.jobToken(permissions))],
  ])('raises nothing with %s', async (_, auth) => {
    const github = await openGithub();
    const run = (name?: string) => job(github, { ...auth(github), ...(name === undefined ? {} : { name }) });
    await github.pushes({ [PATH]: configOf(DISPATCH) }, { by: 'alice' });
    await run();
    await github.person('alice').comments(1, '/advance-rollout');
    await run();
    expect(share(github)).toBe('5');
    const [raised] = await github.commitIds(BRANCH);
    const rollback = await github.person('alice').comments(1, '/rollback-rollout');
    await run();
    expect(share(github)).toBe('0');
    await github.person('alice').deletesComment(rollback);
    await github.person('alice').forces(BRANCH, raised ?? '');
    await github.person('alice').edits(1, (body) => body.replace(/ seal=[^ ]*/, ''));
    const logs = [await run('schedule'), await run('schedule'), await run('schedule')];
    expect(share(github)).toBe('0');
    expect(logs.every(({ log }) => log.includes('the state is not trusted'))).toBe(true);
    const alerts = (await github.issue(1))?.comments.filter(({ body }) => body.includes('put back'));
    expect(alerts).toHaveLength(1);
  });
});

describe('what keeps the App from working', () => {
  const refusal = async (github: Github, settings: Partial<HostSettings>) => {
    const { outcome } = await job(github, { name: 'schedule', ...settings });
    return outcome.kind === 'refused' ? outcome : null;
  };

  it('is a missing state key where no ruleset protects the states', async () => {
    const github = await openGithub();
    expect(await refusal(github, { stateKeys: null })).toMatchObject({ reasonCode: 'missing_state_key' });
    github.protect({
      branches: 'gateway-rollout/**',
      types: ['creation', 'update', 'deletion'],
      bypass: ['gateway-rollout'],
    });
    expect(await refusal(github, { stateKeys: null })).toBeNull();
  });

  it('is an App that is not installed, or whose key is refused', async () => {
    const github = await openGithub();
    const { appId } = github.app;
    const { privateKey: other } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    });
    const wrong = { kind: 'app', appId, privateKey: other } as const;
    expect(await refusal(github, { auth: wrong })).toMatchObject({ reasonCode: 'credentials_refused' });
    const noKey = { kind: 'app', appId, privateKey: 'no key' } as const;
    expect(await refusal(github, { auth: noKey })).toMatchObject({ reasonCode: 'malformed_private_key' });
    await github.uninstalls();
    expect(await refusal(github, {})).toMatchObject({ reasonCode: 'app_not_installed' });
  });

  it('shows as an error of the job where a state is not trusted, and no secret is in its log', async () => {
    const github = await openGithub();
    await github.pushes({ [PATH]: configOf(VARIABLE) }, { by: 'alice' });
    await job(github);
    const branch = 'gateway-rollout/shop';
    const state = (await github.file('state.json', branch)) ?? '';
    await github.pushes({ 'state.json': state.replace('"local"', '"100%"') }, { by: 'alice', branch });
    const { outcome, log } = await job(github, { name: 'schedule' });
    expect(outcome.kind === 'hosted' ? outcome.errors : 0).toBeGreaterThan(0);
    expect(log).toContain('the state is not trusted');
    expect(log).not.toContain(STATE_KEY);
  });
});
