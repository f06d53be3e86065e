/**
 * The share in a file of the repository, such as a flag file, an `HTTPRoute` or the values of a chart. The commits do
 * not skip CI, because a workflow often deploys the file.
 */
import { SHADOW } from '../../src/config/stages.ts';
import type { Shares } from '../../src/rollout/effect.ts';
import { amountOf, formatAmount } from '../../src/rollout/target-value.ts';
import { type FileRead, type FileWritten, fetchFile, putFile } from '../contents.ts';
import { nullIfMissing } from '../http-status.ts';
import { tryPatiently } from '../patience.ts';
import { compareFile, describe, editFile, type Wanted } from './edit-file.ts';
import type { TrafficSettings } from './settings.ts';
import {
  DONE,
  failed,
  type TargetOf,
  type TrafficContext,
  type TrafficTarget,
  type TrafficWrite,
} from './target.ts';

export type FileTargetConfig = TargetOf<'file'>;

export function fileTarget(target: FileTargetConfig, settings: TrafficSettings): TrafficTarget {
  const { repository, memory, wait } = settings;
  const { path } = target;
  const branch = target.branch ?? repository.defaultBranch;
  const key = `${repository.id} ${branch} ${path}`;

  async function readFile(): Promise<FileRead> {
    const file = memory.files.get(
      key,
      (headers) => fetchFile(repository, path, `refs/heads/${branch}`, headers),
      (read) => read,
    );
    return (await nullIfMissing(file)) ?? { kind: 'no_text', what: 'no such file' };
  }

  /** @returns null after a conflict */
  async function tryWrite(shares: Shares, context: TrafficContext): Promise<TrafficWrite | null> {
    const wanted = wantedIn(target, shares);
    const isProbe = context.purpose === 'probe';
    // The file may be read from a copy that lags behind: only the write proves that the traffic is taken back.
    const isProof = isProbe || context.purpose === 'rollback';
    const file = await readFile();
    if (file.kind !== 'file') return failed(notWritable(path, branch, file.what));
    const compared = compareFile(path, file.text, wanted);
    if (compared.kind === 'problem') return failed(compared.problem);
    if (compared.different.length === 0 && !isProof) return DONE;
    const edited = isProbe ? file : editFile(path, file.text, wanted);
    if (edited.kind === 'problem') return failed(edited.problem);
    const message = commitMessage(shares, context);
    const change = { path, branch, blob: file.blob, text: edited.text, message };
    const written = await putFile(repository, change);
    memory.files.forget(key);
    if (written.kind === 'conflict') return null;
    return written.kind === 'written' ? DONE : failed(refused(path, branch, written));
  }

  return {
    label: `the file ${path}`,
    async write(shares, context) {
      // Others change the file at the same moment, or it is read from a copy that lags behind.
      const written = await tryPatiently(
        wait,
        () => tryWrite(shares, context),
        (each) => each === null,
      );
      return written ?? failed(`Others changed ${path} several times while the App was writing it.`, false);
    },
    async read(shares) {
      const file = await readFile();
      if (file.kind !== 'file') return { kind: 'drifted', found: file.what };
      const compared = compareFile(path, file.text, wantedIn(target, shares));
      if (compared.kind === 'problem') return { kind: 'drifted', found: compared.problem };
      if (compared.different.length === 0) return { kind: 'holds' };
      return { kind: 'drifted', found: describe(compared.different) };
    },
  };
}

/** The values that a file should hold for these shares. */
export function wantedIn({ set }: FileTargetConfig, shares: Shares): readonly Wanted[] {
  return set.map(({ pointer, value, slice }) => ({
    pointer,
    value,
    amount: amountOf({ value, slice }, shares),
  }));
}

function notWritable(path: string, branch: string, what: string): string {
  return (
    `${path} on the branch ${branch} cannot be written: there is ${what}; expected a JSON or YAML file. ` +
    'Create it, or correct `path:` or `branch:` of the target.'
  );
}

function refused(
  path: string,
  branch: string,
  { words, because }: Extract<FileWritten, { kind: 'refused' }>,
): string {
  if (because === 'permission') {
    return `GitHub does not let the App write ${path}: ${words}. Grant it the permission "contents: write".`;
  }
  return (
    `The branch ${branch} is protected, so the App cannot write ${path}: ${words}. Let the App bypass that rule, or ` +
    'keep the file on an unprotected branch and name it in `branch:` of the target.'
  );
}

function commitMessage(shares: Shares, { rollout, stage, generation, purpose }: TrafficContext): string {
  const share = `${formatAmount(shares.everything)}%`;
  const { [SHADOW]: copies, ...slices } = shares.slices;
  const moved = Object.entries(slices).map(([slice, own]) => `, ${slice} ${formatAmount(own)}%`);
  const copied = copies === undefined ? '' : `, and copies of ${formatAmount(copies)}%`;
  const traffic = `${share}${moved.join('')} on the gateway${copied}`;
  const what = {
    probe: 'test of write access (nothing is changed)',
    advance: traffic,
    rollback: `back to ${traffic}`,
  };
  return `${rollout}: ${what[purpose]}\n\nRollout-Stage: ${stage}\nRollout-Generation: ${generation}\n`;
}
