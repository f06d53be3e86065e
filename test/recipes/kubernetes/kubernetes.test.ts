/** The share as a ConfigMap: what kubectl and Helm make of the App's commit, mounted as the kubelet does it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { shareReader } from '../../../src/client/files.ts';
import { temporaryDirectory, tree, writeFiles } from '../../support/files.ts';
import { atShare, fileTargets, recipeConfig, recipeFile, recipeFiles, written } from '../recipe.ts';

/** Says loudly where a program is missing. */
function isInstalled(program: string, ...version: readonly string[]): boolean {
  if (spawnSync(program, version).status === 0) return true;
  process.stderr.write(
    `\n!!! SKIPPED: the Kubernetes recipe did not run ${program}: it is not installed.\n\n`,
  );
  return false;
}
const hasKubectl = isInstalled('kubectl', 'version', '--client');
const hasHelm = isInstalled('helm', 'version');

const manifests = (program: string, ...args: readonly string[]) =>
  parseAllDocuments(execFileSync(program, args, { encoding: 'utf8' })).map((each) => each.toJS());
const shareIn = (all: readonly { kind: string; metadata: object; data?: Record<string, string> }[]) => {
  const share = all.find(({ kind }) => kind === 'ConfigMap');
  expect(share?.metadata).toMatchObject({ name: 'llm-share' });
  return share?.data ?? {};
};

/** As the kubelet does it: a new folder, to which a link in the mounted directory is moved at once. */
function mount(directory: string, files: Readonly<Record<string, string>>, version: number): void {
  mkdirSync(path.join(directory, `..${version}`), { recursive: true });
  writeFiles(path.join(directory, `..${version}`), files);
  symlinkSync(`..${version}`, path.join(directory, '..data_tmp'));
  renameSync(path.join(directory, '..data_tmp'), path.join(directory, '..data'));
  for (const name of version === 0 ? Object.keys(files) : []) {
    symlinkSync(path.join('..data', name), path.join(directory, name));
  }
  rmSync(path.join(directory, `..${version - 1}`), { recursive: true, force: true });
}

it.skipIf(!hasKubectl)('reaches a running pod, and comes back', () => {
  const checkout = tree(recipeFiles('kubernetes'));
  const mounted = temporaryDirectory();
  const problems: string[] = [];
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const sharesOf = shareReader(path.join(mounted, 'share.json'), (problem) => problems.push(problem));
  for (const [version, share] of [0, 5, 100, 0].entries()) {
    writeFiles(checkout, { 'deploy/share.json': atShare('kubernetes', share) });
    mount(mounted, shareIn(manifests('kubectl', 'kustomize', path.join(checkout, 'deploy'))), version);
    vi.advanceTimersByTime(1_000);
    expect(sharesOf('gpt-4o-mini').gateway).toBe(share);
  }
  expect(problems).toEqual([]);
});

it.skipIf(!hasKubectl)('is mounted as a directory, so that it can change', () => {
  const checkout = tree(recipeFiles('kubernetes'));
  const all = manifests('kubectl', 'kustomize', path.join(checkout, 'deploy'));
  const { containers, volumes } = all.find(({ kind }) => kind === 'Deployment').spec.template.spec;
  const [{ env, volumeMounts }] = containers;
  expect(volumes).toEqual([{ name: 'share', configMap: { name: 'llm-share' } }]);
  expect(volumeMounts).toEqual([{ name: 'share', mountPath: '/etc/llm', readOnly: true }]);
  expect(env[0].value).toBe('/etc/llm/share.json');
});

it.skipIf(!hasHelm)('is the same with the values of a Helm chart', () => {
  const checkout = tree(recipeFiles('kubernetes'));
  const [target] = fileTargets(recipeConfig('kubernetes'));
  if (target === undefined) throw new Error('The config has no file target.');
  const values = recipeFile('kubernetes', 'chart/values.yaml');
  const set = [{ pointer: 'llm.gateway', value: 'share', slice: null } as const];
  for (const share of [5, 12.5, 0]) {
    const text = written({ ...target, path: 'chart/values.yaml', set }, values, {
      everything: share,
      slices: {},
    });
    writeFiles(checkout, { 'chart/values.yaml': text });
    const all = manifests('helm', 'template', 'assistant', path.join(checkout, 'chart'));
    expect(JSON.parse(shareIn(all)['share.json'] ?? '')).toEqual({ gateway: share });
  }
});
