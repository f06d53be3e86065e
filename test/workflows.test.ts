/** Our own workflows, and those that users copy from a document or recipe: what they may do, and whose code they run. */
import { globSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { DOCUMENTS, readDocument, shownWorkflows, workflowsIn } from './support/documents.ts';

const root = path.resolve(import.meta.dirname, '..');
const WORKFLOWS = [...globSync('.github/workflows/*.yml', { cwd: root }).map(whole), ...shownWorkflows()];

/** All that a workflow may do, besides reading. */
const MAY_WRITE = ['deployments'];
/** The rollout in a workflow acts with the job's own token, and checks nothing out. */
const ROLLOUT = 'src/commands/init/templates/gateway-rollout.yml';
const ROLLOUT_MAY_WRITE = ['contents', 'issues', 'checks', 'actions'];
/** The release publishes: its other job installs packages, and only reads. */
const RELEASE = '.github/workflows/release.yml';
const RELEASE_MAY_WRITE = ['contents', 'id-token', 'attestations'];
/** Before the first release, a user names a commit of ours: README.md says so. */
const OURS = 'gateway-rollout/gateway-rollout@v0';

const permissionsSchema = z.record(z.string(), z.string());
const stepSchema = z.looseObject({
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).default({}),
});
const jobSchema = z.looseObject({
  permissions: permissionsSchema.optional(),
  steps: z.array(stepSchema).default([]),
});
const workflowSchema = z.looseObject({
  permissions: permissionsSchema.optional(),
  jobs: z.record(z.string(), jobSchema),
});

function whole(file: string) {
  return { file, text: readDocument(file) };
}

/** What is wrong with a workflow, one sentence each. */
function problemsOf(text: string, mayWrite = MAY_WRITE): string[] {
  const { permissions, jobs } = workflowSchema.parse(parse(text));
  return [
    ...unpinned(text),
    ...Object.values(jobs).flatMap((job) => [
      ...permissionProblems(job.permissions ?? permissions, mayWrite),
      ...job.steps.flatMap(stepProblems),
    ]),
  ];
}

function unpinned(text: string): string[] {
  const uses = [...text.matchAll(/\buses:\s*['"]?([\w./-]+@[^\s'"]+)['"]?(.*)$/gm)];
  return uses
    .filter(([, action = '', comment = '']) => action !== OURS && !isPinned(action, comment))
    .map(([, action]) => `${action} is not a commit with its version as a comment`);
}

function isPinned(action: string, comment: string): boolean {
  return /@[0-9a-f]{40}$/.test(action) && /^ # v\d+\.\d+\.\d+$/.test(comment);
}

function permissionProblems(
  permissions: Readonly<Record<string, string>> | undefined,
  mayWrite: readonly string[],
): string[] {
  if (permissions === undefined) return ['a job has no permissions'];
  const given = Object.entries(permissions);
  return given
    .filter(([name, level]) => level !== 'read' && !(level === 'write' && mayWrite.includes(name)))
    .map(([name, level]) => `a job has ${name}: ${level}`);
}

function stepProblems({ uses = '', run = '', with: inputs }: z.infer<typeof stepSchema>): string[] {
  const keeps = uses.startsWith('actions/checkout@') && inputs['persist-credentials'] !== false;
  return [
    ...(keeps ? ['checkout keeps its credentials'] : []),
    ...(run.includes('${{') ? ['a script contains an expression'] : []),
  ];
}

describe('workflows', () => {
  it('are found', () => {
    expect(WORKFLOWS.map(({ file }) => file)).toEqual(
      expect.arrayContaining([
        '.github/workflows/ci.yml',
        'src/commands/init/templates/gateway-rollout.yml',
        'app/traffic/README.md',
      ]),
    );
  });

  it.each(WORKFLOWS)('in $file pin what they use, and may do no more than they must', ({ file, text }) => {
    const mayWrite = new Map([
      [ROLLOUT, ROLLOUT_MAY_WRITE],
      [RELEASE, RELEASE_MAY_WRITE],
    ]);
    expect(problemsOf(text, mayWrite.get(file))).toEqual([]);
  });

  it('in parts, in documents and in what the code writes, pin too', () => {
    const files = [...DOCUMENTS, ...globSync('{src,app}/**/*.ts', { cwd: root })];
    expect(
      files.flatMap((file) => unpinned(readDocument(file)).map((problem) => `${file}: ${problem}`)),
    ).toEqual([]);
  });
});

describe('the release', () => {
  const { jobs } = workflowSchema.parse(parse(readDocument(RELEASE)));
  const verify = jobs.verify ?? expect.unreachable();
  const release = jobs.release ?? expect.unreachable();
  const scripts = (job: typeof verify) => job.steps.map(({ run = '' }) => run).join('\n');

  it('installs packages only where it may not write, and publishes only what it verified', () => {
    expect(Object.values(verify.permissions ?? {})).toEqual(['read', 'read']);
    expect(scripts(verify)).toMatch(/npm ci[\s\S]+npm run build[\s\S]+git status --porcelain -- dist/);
    expect(release.needs).toBe('verify');
    expect(scripts(release)).not.toMatch(/npm (ci|install|run)|npx/);
    expect(scripts(release)).toMatch(/sha256sum --check[\s\S]+gh release create[\s\S]+npm publish/);
  });

  it('packs without an installed package', () => {
    const imported = [...readDocument('.ci/package.ts').matchAll(/ from '([^']+)'/g)].map(([, name]) => name);
    expect(imported.filter((name) => !name?.startsWith('node:'))).toEqual([]);
  });
});

describe('a workflow that is not safe', () => {
  const workflow = (job: string, top = 'permissions: { contents: read }') =>
    `on: push\n${top}\njobs:\n  check:\n    runs-on: ubuntu-latest\n    steps:\n${job}`;

  it.each([
    ['a tag', '      - uses: actions/setup-node@v7', 'actions/setup-node@v7 is not a commit'],
    [
      'a commit without its version',
      `      - uses: a/b@${'0'.repeat(40)}`,
      'is not a commit with its version',
    ],
    ['a branch in quotes', '      - uses: "a/b@main"', 'a/b@main is not a commit'],
    [
      'an expression in a script',
      `      - run: echo $\{{ github.head_ref }}`,
      'a script contains an expression',
    ],
    [
      'checkout with credentials',
      `      - uses: actions/checkout@${'0'.repeat(40)} # v7.0.1`,
      'checkout keeps its credentials',
    ],
  ])('is found by %s', (_, step, problem) => {
    expect(problemsOf(workflow(step))).toEqual([expect.stringContaining(problem)]);
  });

  it('is found by its permissions', () => {
    expect(problemsOf(workflow('      - run: make', ''))).toEqual(['a job has no permissions']);
    expect(problemsOf(workflow('      - run: make', 'permissions: { contents: write }'))).toEqual([
      'a job has contents: write',
    ]);
    expect(() => problemsOf(workflow('      - run: make', 'permissions: write-all'))).toThrow();
  });

  it('is found in a list, at the lines of its document', () => {
    const document =
      '# Title\n\n- Save this:\n\n  ```yml\n  on: push\n  jobs: {}\n  ```\n\n```yaml\ngateway: {}\n```\n';
    expect(workflowsIn(document)).toEqual(['\n\n\n\n\non: push\njobs: {}\n']);
  });
});
