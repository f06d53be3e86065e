import { gunzipSync, strFromU8, unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Octokit, octokitOf, openGithub, REPO } from './github-client.ts';

/** What GitHub refuses with, as `409 Conflict`. */
const refusal = async (promise: Promise<unknown>): Promise<string> => {
  const error = await promise.then(
    () => new Error('nothing was refused'),
    (reason: unknown) => reason,
  );
  const status = error instanceof Error && 'status' in error ? `${error.status} ` : '';
  return `${status}${error instanceof Error ? error.message.split(' - https:')[0] : error}`;
};

const write = (octokit: Octokit, path: string, text: string, rest: { sha?: string; branch?: string } = {}) =>
  octokit.rest.repos.createOrUpdateFileContents({
    ...REPO,
    path,
    message: `Write ${path}`,
    content: Buffer.from(text).toString('base64'),
    ...rest,
  });

describe('who may send requests', () => {
  it('knows the App by its key, and forgets its tokens when they expire', async () => {
    const { github, octokit } = await openGithub();
    const { token } = z.object({ token: z.string() }).parse(await octokit.auth({ type: 'installation' }));
    const ask = async () =>
      (await fetch(`${github.url}/repos/acme/shop`, { headers: { authorization: `token ${token}` } })).status;
    expect(await ask()).toBe(200);
    github.expireTokens();
    expect(await ask()).toBe(401);
    expect((await octokitOf(github).rest.repos.get(REPO)).status).toBe(200);
  });

  it('refuses a token that it did not issue, and a request without one', async () => {
    const { github } = await openGithub();
    expect(await refusal(octokitOf(github, 'ghs_invented').rest.repos.get(REPO))).toBe('401 Bad credentials');
    expect((await fetch(`${github.url}/repos/acme/shop`)).status).toBe(401);
  });

  it('refuses a JWT that another key signed', async () => {
    const { github } = await openGithub();
    const [head, body] = ['{"alg":"RS256","typ":"JWT"}', '{"iss":4711}'].map((part) =>
      Buffer.from(part).toString('base64url'),
    );
    const response = await fetch(
      `${github.url}/app/installations/${github.app.installationId}/access_tokens`,
      {
        method: 'POST',
        headers: { authorization: `Bearer ${head}.${body}.c2lnbmF0dXJl` },
      },
    );
    expect(response.status).toBe(401);
  });

  it('limits the App to its permissions, as soon as they change', async () => {
    const { github, octokit } = await openGithub({ permissions: { metadata: 'read', contents: 'read' } });
    const forbidden = '403 Resource not accessible by integration';
    expect(await refusal(octokit.rest.issues.create({ ...REPO, title: 'x' }))).toBe(forbidden);
    expect(await refusal(write(octokit, 'a.txt', 'a'))).toBe(forbidden);
    expect(await refusal(octokit.rest.actions.listRepoVariables(REPO))).toBe(forbidden);
    expect((await octokit.rest.repos.getContent({ ...REPO, path: 'README.md' })).status).toBe(200);
    await github.permits({ contents: 'write' });
    expect((await write(octokit, 'a.txt', 'a')).status).toBe(201);
  });

  it('keeps the token of a job to the permissions of its workflow', async () => {
    const { github } = await openGithub();
    const job = octokitOf(github, github.jobToken({ contents: 'write' }));
    expect((await write(job, 'a.txt', 'a')).data.commit.author?.name).toBe('github-actions');
    expect(await refusal(job.rest.actions.createRepoVariable({ ...REPO, name: 'A', value: '1' }))).toContain(
      '403',
    );
  });

  it('refuses an App that was removed', async () => {
    const { github, octokit } = await openGithub();
    await octokit.rest.repos.get(REPO);
    await github.uninstalls();
    expect(await refusal(octokitOf(github).rest.repos.get(REPO))).toContain('404');
    await github.installs();
    expect((await octokitOf(github).rest.repos.get(REPO)).status).toBe(200);
  });
});

describe('roles', () => {
  it.each([
    ['none', 'none', '', 0],
    ['read', 'read', 'read', 1],
    ['triage', 'read', 'triage', 2],
    ['write', 'write', 'write', 3],
    ['maintain', 'write', 'maintain', 4],
    ['admin', 'admin', 'admin', 5],
  ] as const)('tells %s of a private repository', async (role, permission, name, held) => {
    const { octokit } = await openGithub({ users: { alice: role } });
    const { data } = await octokit.rest.repos.getCollaboratorPermissionLevel({ ...REPO, username: 'alice' });
    expect([data.permission, data.role_name]).toEqual([permission, name]);
    const levels = ['pull', 'triage', 'push', 'maintain', 'admin'] as const;
    expect(levels.filter((level) => data.user?.permissions?.[level])).toEqual(levels.slice(0, held));
  });

  it('lets everybody read a public repository, and knows custom roles of an organization', async () => {
    const { github, octokit } = await openGithub({ private: false, users: { alice: 'none', bob: 'read' } });
    github.role('bob', { name: 'release manager', base: 'maintain' });
    const of = async (username: string) =>
      (await octokit.rest.repos.getCollaboratorPermissionLevel({ ...REPO, username })).data;
    expect(await of('alice')).toMatchObject({ permission: 'read', role_name: 'read' });
    expect(await of('bob')).toMatchObject({ permission: 'write', role_name: 'release manager' });
    expect(await refusal(of('mallory'))).toContain('404');
  });

  it('distinguishes members of a team from others', async () => {
    const { octokit } = await openGithub({
      users: { alice: 'read', bob: 'read' },
      teams: { 'acme/platform': ['alice'] },
    });
    const of = (username: string) =>
      octokit.rest.teams.getMembershipForUserInOrg({ org: 'acme', team_slug: 'platform', username });
    expect((await of('alice')).data.state).toBe('active');
    expect(await refusal(of('bob'))).toContain('404');
  });
});

describe('files and branches', () => {
  it('lets one of many writers win, and reports the conflict to the others', async () => {
    const { github, octokit } = await openGithub();
    const sha = (await write(octokit, 'state.json', '0')).data.content?.sha ?? '';
    const tries = Array.from({ length: 12 }, (_, index) =>
      write(octokit, 'state.json', `${index + 1}`, { sha }),
    );
    const done = await Promise.allSettled(tries);
    const refused = done.flatMap((each) => (each.status === 'rejected' ? [each.reason.status] : []));
    expect(refused).toEqual(Array.from({ length: 11 }, () => 409));
    expect(await github.commits('main')).toHaveLength(3);
  });

  it('makes an orphan branch once', async () => {
    const { github, octokit } = await openGithub();
    const tree = await octokit.rest.git.createTree({
      ...REPO,
      tree: [{ path: 'state.json', mode: '100644', type: 'blob', content: '{}' }],
    });
    const commit = await octokit.rest.git.createCommit({
      ...REPO,
      message: 'begin',
      tree: tree.data.sha,
      parents: [],
    });
    const ref = { ...REPO, ref: 'refs/heads/gateway-rollout/shop', sha: commit.data.sha };
    const [first, second] = await Promise.allSettled([
      octokit.rest.git.createRef(ref),
      octokit.rest.git.createRef(ref),
    ]);
    expect([first?.status, second?.status].sort()).toEqual(['fulfilled', 'rejected']);
    expect(await refusal(octokit.rest.git.createRef(ref))).toBe('422 Reference already exists');
    expect(await github.commits('gateway-rollout/shop')).toEqual(['begin']);
    expect(await github.file('state.json', 'gateway-rollout/shop')).toBe('{}');
  });

  it('enforces the rules of a branch, except on those who may bypass them', async () => {
    const { github, octokit } = await openGithub();
    github.protect({ branches: 'main', types: ['pull_request'], bypass: [] });
    github.protect({
      branches: 'gateway-rollout/**',
      types: ['creation', 'update', 'deletion'],
      bypass: ['gateway-rollout'],
    });
    expect(await refusal(write(octokit, 'a.txt', 'a'))).toMatch(/^409 Repository rule violations found/);
    const sha = await github.head();
    const ref = { ...REPO, ref: 'refs/heads/gateway-rollout/shop', sha };
    expect((await octokit.rest.git.createRef(ref)).status).toBe(201);
    await expect(
      github.pushes({ 'a.txt': 'a' }, { by: 'alice', branch: 'gateway-rollout/shop' }),
    ).rejects.toThrow('Cannot update this protected ref.');
    const rules = await octokit.rest.repos.getBranchRules({ ...REPO, branch: 'gateway-rollout/shop' });
    expect(rules.data.map(({ type }) => type)).toEqual(['creation', 'update', 'deletion']);
    github.unprotect('main');
    expect((await write(octokit, 'a.txt', 'a')).status).toBe(201);
  });

  it('keeps files through a renamed default branch', async () => {
    const { github, octokit } = await openGithub();
    await github.pushes({ 'a/b.txt': 'x', 'c.txt': 'y' });
    await github.pushes({ 'c.txt': null });
    await github.renamesDefaultBranch('trunk');
    expect((await octokit.rest.repos.get(REPO)).data.default_branch).toBe('trunk');
    expect([await github.file('a/b.txt'), await github.file('c.txt')]).toEqual(['x', null]);
    expect(await github.branches()).toEqual(['trunk']);
  });

  it('packs a commit into an archive, and an artifact into a zip, each behind a redirect', async () => {
    const { github, octokit } = await openGithub();
    const sha = await github.pushes({ 'src/a.ts': 'export {};\n' });
    const tar = await octokit.rest.repos.downloadTarballArchive({ ...REPO, ref: 'main' });
    expect(tar.data).toBeInstanceOf(ArrayBuffer);
    const files = strFromU8(
      gunzipSync(new Uint8Array(tar.data instanceof ArrayBuffer ? tar.data : new ArrayBuffer(0))),
    );
    expect(files).toContain(`acme-shop-${sha.slice(0, 7)}/src/a.ts`);
    expect(files).toContain('export {};\n');

    const run = await github.runFinished('observe.yml', {
      artifact: { name: 'm', files: { 'm.jsonl': '{"a":1}\n' } },
    });
    const { data } = await octokit.rest.actions.listWorkflowRunArtifacts({ ...REPO, run_id: run });
    const zip = await octokit.rest.actions.downloadArtifact({
      ...REPO,
      artifact_id: data.artifacts[0]?.id ?? 0,
      archive_format: 'zip',
    });
    const bytes = new Uint8Array(zip.data instanceof ArrayBuffer ? zip.data : new ArrayBuffer(0));
    expect(strFromU8(unzipSync(bytes)['m.jsonl'] ?? new Uint8Array())).toBe('{"a":1}\n');
  });
});

describe('issues', () => {
  it('counts a reaction once, and shows it where the comment is shown', async () => {
    const { github, octokit } = await openGithub();
    const issue = await github.person('alice').opens('x');
    const comment = await github.person('alice').comments(issue, '/rollout-status');
    const react = () =>
      octokit.rest.reactions.createForIssueComment({ ...REPO, comment_id: comment, content: 'eyes' });
    expect([(await react()).status, (await react()).status]).toEqual([201, 200]);
    const { data } = await octokit.rest.issues.getComment({ ...REPO, comment_id: comment });
    expect([data.reactions?.total_count, data.reactions?.eyes]).toEqual([1, 1]);
    expect((await github.issue(issue))?.comments[0]?.reactions).toEqual(['eyes']);
  });

  it('keeps the App out of a locked issue, and everybody out of one that is gone', async () => {
    const { github, octokit } = await openGithub();
    const alice = github.person('alice');
    const issue = await alice.opens('x');
    const comment = await alice.comments(issue, 'hello');
    await alice.locks(issue);
    const say = () => octokit.rest.issues.createComment({ ...REPO, issue_number: issue, body: 'x' });
    expect(await refusal(say())).toBe('403 Unable to create comment because issue is locked.');
    expect(
      await refusal(
        octokit.rest.reactions.createForIssueComment({ ...REPO, comment_id: comment, content: '+1' }),
      ),
    ).toContain('403');
    await alice.unlocks(issue);
    expect((await say()).status).toBe(201);
    await alice.deletes(issue);
    expect(await refusal(octokit.rest.issues.get({ ...REPO, issue_number: issue }))).toBe(
      '410 This issue was deleted',
    );
    expect((await octokit.rest.issues.listForRepo({ ...REPO, state: 'all' })).data).toEqual([]);
    const other = await alice.opens('y');
    await alice.transfers(other);
    expect(await refusal(octokit.rest.issues.get({ ...REPO, issue_number: other }))).toContain('404');
    expect(await github.issue(other)).toBeNull();
  });

  it('accepts no text of more than 65,536 characters', async () => {
    const { octokit } = await openGithub();
    const open = (length: number) =>
      octokit.rest.issues.create({ ...REPO, title: 'x', body: '🚀'.repeat(length) });
    expect((await open(65_536)).status).toBe(201);
    expect(await refusal(open(65_537))).toContain('body is too long (maximum is 65536 characters)');
  });

  it('dates everything by the time of the scenario, in whole seconds', async () => {
    let now = Date.UTC(2026, 0, 5, 9, 0, 0, 750);
    const { github, octokit } = await openGithub({ now: () => now });
    const alice = github.person('alice');
    const issue = await alice.opens('x');
    await alice.comments(issue, 'first');
    now += 3_600_000;
    await alice.comments(issue, 'second');
    const list = await octokit.rest.issues.listComments({ ...REPO, issue_number: issue });
    expect(list.data.map(({ created_at: at }) => at)).toEqual([
      '2026-01-05T09:00:00Z',
      '2026-01-05T10:00:00Z',
    ]);
    const since = await octokit.rest.issues.listComments({
      ...REPO,
      issue_number: issue,
      since: '2026-01-05T10:00:00Z',
    });
    expect(since.data.map(({ body }) => body)).toEqual(['second']);
    expect(JSON.stringify(github.deliveries().at(-1)?.payload)).toContain(
      '"created_at":"2026-01-05T10:00:00Z"',
    );
  });

  it('returns 304 only if the client knows the current state', async () => {
    const { github, octokit } = await openGithub();
    const issue = await github.person('alice').opens('x', 'one');
    const { headers } = await octokit.rest.issues.get({ ...REPO, issue_number: issue });
    const again = () =>
      octokit.rest.issues.get({
        ...REPO,
        issue_number: issue,
        headers: { 'if-none-match': headers.etag ?? '' },
      });
    expect(await refusal(again())).toContain('304');
    await github.person('alice').edits(issue, 'two');
    expect((await again()).data.body).toBe('two');
  });

  it('distinguishes outsiders from people with a role', async () => {
    const { github, octokit } = await openGithub({
      private: false,
      users: { alice: 'read', mallory: 'none' },
    });
    const issue = await github.person('mallory').opens('x');
    await github.person('alice').comments(issue, 'hello');
    await octokit.rest.issues.createComment({ ...REPO, issue_number: issue, body: 'x' });
    const { data } = await octokit.rest.issues.listComments({ ...REPO, issue_number: issue });
    expect(data.map(({ author_association: association }) => association)).toEqual(['COLLABORATOR', 'NONE']);
    expect((await octokit.rest.issues.get({ ...REPO, issue_number: issue })).data.author_association).toBe(
      'NONE',
    );
  });

  it('ticks the intended box, and no other', async () => {
    const { github } = await openGithub();
    const alice = github.person('alice');
    const issue = await alice.opens('x', '- [x] local\n- [ ] 5%\n- [ ] 25%\ntext');
    await alice.ticks(issue, '25%');
    await alice.unticks(issue, 'local');
    expect((await github.issue(issue))?.body).toBe('- [ ] local\n- [ ] 5%\n- [x] 25%\ntext');
    await expect(alice.ticks(issue, '50%')).rejects.toThrow('no box of the issue says 50%');
  });
});
