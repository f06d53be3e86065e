import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, type TestContext, test } from 'vitest';
import { builtBundle } from '../support/bundle.ts';
import { sharedDirectory } from '../support/files.ts';
import { type Github, startGithub } from '../support/github/github.ts';
import { runAction } from '../support/run-action.ts';

const STATE_KEY = 'a state key that is long enough for tests';
const CONFIG = `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
rollout: { stages: [local, 5%, 100%], gates: { local: { manual: true } } }
`;

const workspace = sharedDirectory();

async function openGithub({ onTestFinished }: TestContext): Promise<Github> {
  const github = await startGithub({ users: { alice: 'write' } });
  onTestFinished(() => github.close());
  return github;
}

/** A job that the newest webhook started. */
function jobOf(github: Github, inputs: Readonly<Record<string, string>>) {
  const { event = '', payload = {} } = github.deliveries().at(-1) ?? {};
  const { installation: _, ...told } = Object(payload);
  return runAction({
    workspace,
    eventName: event,
    payload: told,
    inputs: { command: 'app', ...inputs },
    environment: { GITHUB_API_URL: github.url, GITHUB_REPOSITORY: github.name },
  });
}

const appInputs = ({ app }: Github) => ({
  'app-id': String(app.appId),
  'app-private-key': app.privateKey,
  'state-key': STATE_KEY,
});

// The App waits a second between two writes, as GitHub wants it.
describe.concurrent('command: app', () => {
  test('replies to a comment as the App on a server does, and shows no secret', async (context) => {
    const { expect } = context;
    const github = await openGithub(context);
    const issue = await github.person('alice').opens('Could we move?');
    await github.person('alice').comments(issue, '/start-rollout');
    const run = await jobOf(github, appInputs(github));
    expect(run.log).toContain('This repository has no rollout.');
    expect(run.exitCode).toBe(0);
    expect(run.outputs).toMatchObject({ verdict: '', 'reason-code': 'reconciled' });
    expect(run.summary).toContain('This repository has no rollout.');
    const comments = (await github.issue(issue))?.comments ?? [];
    expect(comments.map(({ author, reactions }) => [author, reactions])).toEqual([
      ['alice', ['eyes', 'confused']],
      ['gateway-rollout[bot]', []],
    ]);
    expect(comments.at(-1)?.body).toContain('There is no config to start with: ');
    expect(run.masked).toContain(STATE_KEY);
    expect(run.everything).not.toContain(STATE_KEY);
    expect(run.everything).not.toContain(github.app.privateKey.split('\n')[1]);
  });

  test('starts the rollout of a pushed config', async (context) => {
    const { expect } = context;
    const github = await openGithub(context);
    await github.pushes({ '.github/gateway-rollout.yml': CONFIG }, { by: 'alice' });
    const run = await jobOf(github, appInputs(github));
    expect(run.log).toContain('1 rollout: 1 progressing.');
    expect(run.exitCode).toBe(0);
    expect(await github.branches()).toContain('gateway-rollout/shop');
    expect((await github.issue(1))?.author).toBe('gateway-rollout[bot]');
  });

  test('reports all errors in its inputs together', async (context) => {
    const { expect } = context;
    const github = await openGithub(context);
    await github.person('alice').opens('x');
    const run = await jobOf(github, { 'app-id': 'my-app', 'state-key': 'short' });
    expect(run.exitCode).toBe(1);
    expect(run.outputs['reason-code']).toBe('malformed_input');
    expect(run.summary).toMatchInlineSnapshot(`
      "## ❌ Gateway rollout

      **The App did nothing.**

      - The input app-id is set, but app-private-key is not. Set both, or neither to use github-token.
      - The input app-id is not a number. Expected the App's ID from its settings page.
      - A state key is shorter than 32 characters. Generate a random one, for example with &#96;openssl rand -hex 32&#96;.
      "
    `);
    const unsafe = await jobOf(github, { ...appInputs(github), 'state-key': '' });
    expect(unsafe.outputs['reason-code']).toBe('missing_state_key');
  });

  test('is skipped on a pull request from a fork, whose runs get no key', async (context) => {
    const { expect } = context;
    const github = await openGithub(context);
    const run = await runAction({
      workspace,
      eventName: 'pull_request',
      payload: {
        repository: { full_name: 'acme/shop' },
        pull_request: {
          head: { repo: { full_name: 'stranger/shop' } },
          base: { repo: { full_name: 'acme/shop' } },
        },
      },
      inputs: { command: 'app', 'github-token': 'ghs_of_the_job' },
      environment: { GITHUB_API_URL: github.url },
    });
    expect(run.exitCode).toBe(0);
    expect(run.outputs['reason-code']).toBe('no_secrets_on_fork');
    expect(run.summary).toContain('pull_request_target');
  });
});

test('the App is a chunk of its own that no other command loads', () => {
  const dist = builtBundle();
  const loadedWith = (file: string, seen = new Set<string>()): Set<string> => {
    if (seen.has(file)) return seen;
    seen.add(file);
    for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*"(\.[^"]+)"/g))
      loadedWith(path.resolve(path.dirname(file), specifier), seen);
    return seen;
  };
  const withProbot = (file: string) =>
    [...loadedWith(path.join(dist, file))].filter((each) =>
      /probot|octokit-auth/i.test(readFileSync(each, 'utf8')),
    );
  expect(withProbot('index.js')).toEqual([]);
  expect(withProbot('chunks/host.js')).not.toEqual([]);
});
