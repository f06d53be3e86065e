import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { seal } from '../../app/state/envelope.ts';
import { loadConfig } from '../../src/config/load.ts';
import { manualRollback } from '../../src/conversation/manual-rollback.ts';
import { temporaryDirectory, writeFiles } from '../support/files.ts';
import { commitFiles, git } from '../support/git.ts';
import { firstState } from './state/states.ts';

const read = (path: string) => readFileSync(resolve(import.meta.dirname, '../..', path), 'utf8');
const blocks = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    ([, block]) => block ?? '',
  );

describe('the page of the traffic targets', () => {
  const page = read('app/traffic/README.md');

  it('shows a valid config, and how to roll back each of its targets', () => {
    const [yaml = ''] = blocks(page, 'yaml');
    const loaded = loadConfig(yaml, '.github/gateway-rollout.yml');
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    const where = { rollout: 'assistant', defaultBranch: 'main' };
    const lines = page.trimEnd().split('\n').slice(-loaded.config.traffic.length);
    for (const [index, target] of loaded.config.traffic.entries()) {
      const back = manualRollback(target, where);
      const words =
        back.kind === 'command'
          ? [`- \`${back.command}\``]
          : [back.path, ...back.values.map(({ pointer, amount }) => `\`${pointer}\` to ${amount}`)];
      for (const each of words) expect(lines[index]).toContain(each);
    }
  });

  it('shows a workflow that takes the inputs of the App, and whose newest run wins', () => {
    const [config = '', workflow = ''] = blocks(page, 'yaml');
    const { workflow_dispatch: trigger } = parse(workflow).on;
    const isAboutTraffic = (path: string) => path.startsWith('traffic');
    const warnings = (text: string) => {
      const loaded = loadConfig(config, '.github/gateway-rollout.yml', (path) =>
        path === '.github/workflows/gateway-traffic.yml' ? text : '{ "gateway": 0, "official": 100 }',
      );
      return loaded.ok ? loaded.warnings.map(({ path }) => path).filter(isAboutTraffic) : loaded.problems;
    };
    expect(warnings(workflow)).toEqual([]);
    expect(warnings('on: workflow_dispatch\n')).toEqual(['traffic[4].workflow.file']);
    const required = Object.entries<{ required?: boolean }>(trigger.inputs).filter(
      ([, each]) => each.required,
    );
    expect(required.map(([name]) => name)).toEqual(['share']);
    expect(parse(workflow).concurrency).toEqual({ group: 'gateway-traffic', 'cancel-in-progress': true });
  });

  it('shows an application that sends the share of the file, and nothing where there is no file', () => {
    const directory = temporaryDirectory();
    const [program = ''] = blocks(page, 'js');
    writeFiles(directory, { 'arm.mjs': program });
    const count =
      "import('./arm.mjs').then(({ armOfTask }) => console.log(Array.from({ length: 10_000 }, armOfTask).filter((arm) => arm === 'gateway').length))";
    const ofTenThousand = (files: Readonly<Record<string, string>>): number => {
      writeFiles(directory, files);
      return Number(execFileSync(process.execPath, ['-e', count], { cwd: directory, encoding: 'utf8' }));
    };
    expect(ofTenThousand({})).toBe(0);
    expect(ofTenThousand({ 'deploy/share.json': '{ "gateway": 0 }' })).toBe(0);
    // 25 % of 10,000 has a standard deviation of 43.
    expect(Math.abs(ofTenThousand({ 'deploy/share.json': '{ "gateway": 25 }' }) - 2_500)).toBeLessThan(400);
    expect(ofTenThousand({ 'deploy/share.json': '{ "gateway": 100 }' })).toBe(10_000);
  });
});

describe('the page of the state', () => {
  const page = read('app/state/README.md');

  it('shows commands that read the log, and that find where its chain is broken', () => {
    const directory = temporaryDirectory();
    const commit = (sequence: number, previous: string | null): string => {
      const content = { started: 0, sequence, previous, message: `number ${sequence}`, state: firstState() };
      const text = seal(content, { repository: 1, rollout: 'assistant', keys: ['k'.repeat(32)] });
      return commitFiles(directory, { 'state.json': text });
    };
    const blobOf = (sha: string) => git(directory, 'rev-parse', `${sha}:state.json`);
    const first = blobOf(commit(1, null));
    const second = blobOf(commit(2, first));
    const [log = '', chain = ''] = blocks(page, 'sh');
    const run = (script: string): string => {
      git(directory, 'fetch', '--quiet', '.', 'main');
      const shell = script.replace(/^git fetch .*$/m, '');
      return execFileSync('sh', ['-c', shell], { cwd: directory, encoding: 'utf8' }).trim();
    };
    expect(run(log).split('\n')).toHaveLength(2);
    expect(run(chain)).toBe('');
    const forged = commit(3, first);
    expect(run(chain)).toBe(`${forged} does not follow "${second}"`);
  });
});
