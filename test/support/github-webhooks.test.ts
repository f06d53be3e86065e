import { pino } from 'pino';
import { Probot } from 'probot';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { serve } from '../gateway/loopback.ts';
import { createChance } from './github/chance.ts';
import { missingFrom } from './github/examples.ts';
import { type Github, startGithub } from './github/github.ts';
import { octokitOf, openGithub, REPO } from './github-client.ts';

interface Received {
  readonly delivery: string;
  readonly event: string;
  readonly action: string | null;
}

/** An endpoint that notes what comes; answers after `wait` milliseconds. */
async function listen(github: Github, { wait = 0 } = {}) {
  const received: Received[] = [];
  const url = await serve((request, response) => {
    let text = '';
    request.on('data', (part) => {
      text += part;
    });
    request.on('end', () => {
      const { 'x-github-delivery': delivery, 'x-github-event': event } = request.headers;
      const { action = null } = JSON.parse(text);
      received.push({ delivery: String(delivery), event: String(event), action });
      setTimeout(() => response.writeHead(200).end(), wait);
    });
  });
  github.deliverTo(url);
  const names = () => received.map(({ event, action }) => (action === null ? event : `${event}.${action}`));
  return { url, received, names };
}

describe('webhooks', () => {
  it('have what GitHub’s own examples have', async () => {
    const { github, octokit } = await openGithub();
    const alice = github.person('alice');
    const issue = await alice.opens('Move', '- [ ] 5%');
    const comment = await alice.comments(issue, '/advance-rollout');
    await alice.editsComment(comment, 'x');
    await alice.deletesComment(comment);
    await alice.ticks(issue, '5%');
    await alice.locks(issue);
    await alice.unlocks(issue);
    await alice.closes(issue);
    await alice.reopens(issue);
    await octokit.rest.issues.create({ ...REPO, title: 'x', labels: ['gateway-rollout'] });
    await github.pushes({ 'a.json': '{}' }, { by: 'alice' });
    await octokit.rest.repos.createOrUpdateFileContents({
      ...REPO,
      path: 'b',
      message: 'b',
      content: 'YQ==',
    });
    await github.runFinished('staging.yml');
    await github.checkFinished('ci');
    await octokit.rest.repos.createDeployment({ ...REPO, ref: 'main', required_contexts: [] });
    await github.deploymentReports(github.deployments()[0]?.id ?? 0, 'success');
    const pull = await github.opensPull({ 'a.json': '{"a":1}' }, { by: 'alice' });
    await github.pushesToPull(pull, { 'a.json': '{"a":2}' });
    await github.queues(pull);
    await github.renamesDefaultBranch('trunk');
    await alice.transfers(issue);
    await alice.deletes(2);
    await github.permits({ issues: 'write' });
    await github.uninstalls();
    const sent = github.deliveries();
    expect(
      sent.flatMap(({ event, action, payload }) =>
        missingFrom(event, action, payload).map((line) => `${event}.${action} ${line}`),
      ),
    ).toEqual([]);
    expect(
      [...new Set(sent.map(({ event, action }) => (action === null ? event : `${event}.${action}`)))].sort(),
    ).toEqual([
      'check_run.completed',
      'check_run.created',
      'deployment.created',
      'deployment_status.created',
      'installation.deleted',
      'installation.new_permissions_accepted',
      'issue_comment.created',
      'issue_comment.deleted',
      'issue_comment.edited',
      'issues.closed',
      'issues.deleted',
      'issues.edited',
      'issues.labeled',
      'issues.locked',
      'issues.opened',
      'issues.reopened',
      'issues.transferred',
      'issues.unlocked',
      'merge_group.checks_requested',
      'pull_request.opened',
      'pull_request.synchronize',
      'push',
      'repository.edited',
      'workflow_run.completed',
    ]);
  });

  it('come only for the events in the App’s manifest', async () => {
    const github = await startGithub({ users: { alice: 'write' } });
    onTestFinished(() => github.close());
    await github.runFinished('staging.yml');
    await github.person('alice').opens('x');
    const pull = await github.opensPull({ 'a.txt': 'a' });
    await github.person('alice').comments(pull, '/advance-rollout');
    await octokitOf(github).rest.repos.createDeployment({ ...REPO, ref: 'main', required_contexts: [] });
    const names = github.deliveries().map(({ event }) => event);
    expect(names).toEqual(['workflow_run', 'issues', 'push', 'push', 'pull_request', 'issue_comment']);
    expect(github.deliveries().at(-1)?.payload).toMatchObject({ issue: { number: pull, pull_request: {} } });
  });

  it('name who acted, what a text was before, and the files of a push', async () => {
    const { github, octokit } = await openGithub();
    const issue = await github.person('alice').opens('x', 'before');
    await octokit.rest.issues.update({ ...REPO, issue_number: issue, body: 'after' });
    expect(github.deliveries().at(-1)?.payload).toMatchObject({
      action: 'edited',
      changes: { body: { from: 'before' } },
      sender: { login: 'gateway-rollout[bot]', type: 'Bot' },
      installation: { id: github.app.installationId },
    });
    const before = await github.head();
    const after = await github.pushes({ 'a.txt': 'a', 'README.md': null }, { by: 'alice', message: 'Move' });
    expect(github.deliveries().at(-1)?.payload).toMatchObject({
      ref: 'refs/heads/main',
      before,
      after,
      commits: [{ id: after, message: 'Move', added: ['a.txt'], removed: ['README.md'], modified: [] }],
      sender: { login: 'alice', type: 'User' },
    });
  });

  it('are signed so that Probot’s own server accepts them, and no others', async () => {
    const { github } = await openGithub();
    const { appId, privateKey, webhookSecret } = github.app;
    const seen: string[] = [];
    const log = pino({ level: 'silent' });
    const probot = new Probot({ appId, privateKey, secret: webhookSecret, baseUrl: github.url, log });
    probot.on('issue_comment.created', async (context) => {
      await context.octokit.rest.reactions.createForIssueComment(
        context.repo({ comment_id: context.payload.comment.id, content: 'eyes' }),
      );
      seen.push(context.payload.comment.body);
    });
    const middleware = await probot.getNodeMiddleware({ log, path: '/webhooks' });
    const endpoint = `${await serve((request, response) => void middleware(request, response))}/webhooks`;
    github.deliverTo(endpoint);
    const issue = await github.person('alice').opens('x');
    await github.person('alice').comments(issue, '/rollout-status');
    await github.settled();
    expect(seen).toEqual(['/rollout-status']);
    expect((await github.issue(issue))?.comments[0]?.reactions).toEqual(['eyes']);
    expect(github.deliveries().flatMap(({ attempts }) => attempts.map(({ status }) => status))).toEqual([
      200, 200,
    ]);
    const forged = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'issues',
        'x-github-delivery': '1',
        'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
      },
      body: '{}',
    });
    expect(forged.status).toBe(400);
  });
});

describe('deliveries', () => {
  it('can be lost, doubled and late, and come again with the same number', async () => {
    const { github } = await openGithub();
    const { received, names } = await listen(github);
    const alice = github.person('alice');
    const issue = await alice.opens('x');
    await github.settled();
    github.nextDelivery('lost');
    await alice.comments(issue, 'lost');
    github.nextDelivery('doubled', ({ event }) => event === 'issue_comment');
    await alice.comments(issue, 'doubled');
    await github.settled();
    expect(names()).toEqual(['issues.opened', 'issue_comment.created', 'issue_comment.created']);
    expect(received[1]?.delivery).toBe(received[2]?.delivery);
    github.nextDelivery('late');
    await alice.closes(issue);
    await alice.reopens(issue);
    await github.settled();
    expect(names().slice(3)).toEqual(['issues.reopened', 'issues.closed']);
    const lost = github.deliveries()[1];
    if (lost === undefined) throw new Error('nothing was sent');
    github.redeliver(lost);
    await github.settled();
    expect(received.at(-1)?.delivery).toBe(lost.id);
  });

  it('settles with a late one that nothing follows', async () => {
    const { github } = await openGithub();
    const { names } = await listen(github);
    github.nextDelivery('late');
    await github.person('alice').opens('x');
    await github.settled();
    expect(names()).toEqual(['issues.opened']);
  });

  it('can be held and released in another order', async () => {
    const { github } = await openGithub();
    const { names } = await listen(github);
    github.holdDeliveries();
    const issue = await github.person('alice').opens('x');
    await github.person('alice').closes(issue);
    await github.settled();
    expect(names()).toEqual([]);
    github.releaseDeliveries((held) => held.toReversed());
    await github.settled();
    expect(names()).toEqual(['issues.closed', 'issues.opened']);
  });

  it('take turns among replicas, and settle when the slowest has answered', async () => {
    const { github } = await openGithub();
    const fast = await listen(github);
    const slow = await listen(github, { wait: 60 });
    github.deliverTo(fast.url, slow.url);
    for (const title of ['a', 'b', 'c', 'd']) await github.person('alice').opens(title);
    await github.settled();
    expect([fast.received.length, slow.received.length]).toEqual([2, 2]);
    expect(github.deliveries().every(({ attempts }) => attempts[0]?.status === 200)).toBe(true);
  });

  it('stop when the App is removed', async () => {
    const { github } = await openGithub();
    const { names } = await listen(github);
    await github.uninstalls();
    await github.person('alice').opens('x');
    await github.installs();
    await github.settled();
    expect(names()).toEqual(['installation.deleted', 'installation.created']);
  });
});

describe('requests', () => {
  it('fail as ordered, before or after GitHub did what was asked', async () => {
    const { github, octokit } = await openGithub({ hang: 30 });
    const open = (title: string) => octokit.rest.issues.create({ ...REPO, title });
    await open('first');
    github.fails({ kind: 'bad_gateway', method: 'POST', path: /\/issues$/ });
    await expect(open('refused')).rejects.toMatchObject({ status: 502 });
    github.fails({ kind: 'bad_gateway', when: 'after', method: 'POST' });
    await expect(open('done, but not told')).rejects.toMatchObject({ status: 502 });
    github.fails({ kind: 'secondary_rate_limit', retryAfter: 7 });
    await expect(open('too fast')).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('secondary rate limit'),
      response: { headers: { 'retry-after': '7' } },
    });
    github.fails({ kind: 'rate_limit' });
    await expect(open('too much')).rejects.toMatchObject({
      status: 403,
      response: { headers: { 'x-ratelimit-remaining': '0' } },
    });
    github.fails({ kind: 'reset', times: 2 });
    await expect(open('cut')).rejects.toMatchObject({ status: 500 });
    github.fails({ kind: 'hang', when: 'after' });
    await expect(open('cut')).rejects.toMatchObject({ status: 500 });
    expect((await github.issues()).map(({ title }) => title)).toEqual(['first', 'done, but not told']);
  });

  it('fail in the same way with the same seed, and not at all afterwards', async () => {
    const { github, octokit } = await openGithub({ hang: 5 });
    const walk = async (seed: number): Promise<(number | string)[]> => {
      github.leaveToChance(createChance(seed, { requests: 0.4, deliveries: 0.2, retryAfter: 0 }));
      const seen: (number | string)[] = [];
      for (let count = 0; count < 30; count += 1) {
        const answer = await fetch(`${github.url}/repos/acme/shop`, {
          headers: { authorization: `token ${token}` },
        }).catch(() => null);
        seen.push(answer?.status ?? 'cut');
      }
      return seen;
    };
    const { token } = z.object({ token: z.string() }).parse(await octokit.auth({ type: 'installation' }));
    const first = await walk(1);
    expect(new Set(first)).toEqual(new Set([200, 502, 403, 401, 'cut']));
    expect(await walk(1)).toEqual(first);
    expect(await walk(2)).not.toEqual(first);
    github.leaveToChance(null);
    expect((await octokit.rest.repos.get(REPO)).status).toBe(200);
  });

  it('are counted by route, and not those that the scenario makes itself', async () => {
    const { github, octokit } = await openGithub();
    const issue = await github.person('alice').opens('x');
    await octokit.rest.issues.get({ ...REPO, issue_number: issue });
    github.forgetRequests();
    await octokit.rest.issues.createComment({ ...REPO, issue_number: issue, body: 'x' });
    await octokit.rest.repos.getContent({ ...REPO, path: 'README.md' });
    expect(github.requests().map(({ method, route, status, by }) => [method, route, status, by])).toEqual([
      ['POST', '/repos/:owner/:repo/issues/:number/comments', 201, 'gateway-rollout'],
      ['GET', '/repos/:owner/:repo/contents/*path', 200, 'gateway-rollout'],
    ]);
  });
});
