/**
 * The share in a file of the repository, such as a flag file, an `HTTPRoute` or the values of a chart. Its commits do
 * not skip CI: what deploys the file is often a workflow.
 */
import type { Target } from '../../src/config/schema/traffic.ts';
import type { Shares } from '../../src/rollout/effect.ts';
import { amountOf, formatAmount } from '../../src/rollout/target-value.ts';
import type { ConditionalAnswers } from '../conditional.ts';
import { type FileRead, type FileWritten, fetchFile, putFile } from '../contents.ts';
import { isMissing } from '../http-status.ts';
import type { Repository } from '../repository.ts';
import { compareFile, describe, editFile, type Wanted } from './edit-file.ts';
import {
  ACCEPTED,
  failed,
  type TrafficContext,
  type TrafficReading,
  type TrafficTarget,
  type TrafficWrite,
} from './target.ts';

export type FileTargetConfig = Extract<Target, { kind: 'file' }>;

/** Tries against others who change the file at the same moment. */
const TRIES = 3;

export class FileTarget implements TrafficTarget {
  readonly kind = 'file';
  readonly label: string;
  readonly #target: FileTargetConfig;
  readonly #repository: Repository;
  readonly #branch: string;
  readonly #files: ConditionalAnswers<FileRead>;

  /** @param files what was read before, of all targets */
  constructor(target: FileTargetConfig, repository: Repository, files: ConditionalAnswers<FileRead>) {
    this.label = `the file ${target.path}`;
    this.#target = target;
    this.#repository = repository;
    this.#branch = target.branch ?? repository.defaultBranch;
    this.#files = files;
  }

  async write(shares: Shares, context: TrafficContext): Promise<TrafficWrite> {
    const { path } = this.#target;
    const wanted = this.#wanted(shares);
    for (let tries = 0; tries < TRIES; tries += 1) {
      const file = await this.#read();
      if (file.kind !== 'file') return failed(this.#notThere(file.what));
      const { blob } = file;
      const isProbe = context.purpose === 'probe';
      const compared = compareFile(path, file.text, wanted);
      if (compared.kind === 'problem') return failed(compared.problem);
      if (compared.different.length === 0 && !isProbe) return ACCEPTED;
      const edited = isProbe ? file : editFile(path, file.text, wanted);
      if (edited.kind === 'problem') return failed(edited.problem);
      const message = messageOf(shares, context);
      const change = { path, branch: this.#branch, blob, text: edited.text, message };
      const written = await putFile(this.#repository, change);
      this.#files.forget(this.#key());
      if (written.kind === 'written') return ACCEPTED;
      if (written.kind === 'refused') return failed(this.#refused(written));
    }
    return failed(`${path} was changed by others ${TRIES} times while the App wrote it.`, false);
  }

  async look(shares: Shares): Promise<TrafficReading> {
    const file = await this.#read();
    if (file.kind !== 'file') return { kind: 'drifted', found: file.what };
    const compared = compareFile(this.#target.path, file.text, this.#wanted(shares));
    if (compared.kind === 'problem') return { kind: 'drifted', found: compared.problem };
    if (compared.different.length === 0) return { kind: 'holds' };
    return { kind: 'drifted', found: describe(compared.different) };
  }

  async #read(): Promise<FileRead> {
    const ref = `refs/heads/${this.#branch}`;
    try {
      const read = await this.#files.ask(this.#key(), (headers) =>
        fetchFile(this.#repository, this.#target.path, ref, headers),
      );
      return read.value;
    } catch (error) {
      if (isMissing(error)) return { kind: 'no_text', what: 'no such file' };
      throw error;
    }
  }

  #wanted(shares: Shares): readonly Wanted[] {
    return wantedIn(this.#target, shares);
  }

  #key(): string {
    return `${this.#repository.id} ${this.#branch} ${this.#target.path}`;
  }

  #notThere(what: string): string {
    return (
      `${this.#target.path} on the branch ${this.#branch} cannot be written: there is ${what}; expected a JSON or ` +
      'YAML file. Create it, or correct `path:` or `branch:` of the target.'
    );
  }

  #refused({ words, because }: Extract<FileWritten, { kind: 'refused' }>): string {
    if (because === 'permission') {
      return `GitHub does not let the App write ${this.#target.path}: ${words}. Give it the permission "contents: write".`;
    }
    return (
      `The branch ${this.#branch} is protected, so the App cannot write ${this.#target.path}: ${words}. Let the App ` +
      'pass that rule, or keep the file on an unprotected branch and name it in `branch:` of the target.'
    );
  }
}

/** What the places of a file hold under these shares. */
export function wantedIn({ set }: FileTargetConfig, shares: Shares): readonly Wanted[] {
  return set.map(({ pointer, value, slice }) => ({
    pointer,
    value,
    amount: amountOf({ value, slice }, shares),
  }));
}

function messageOf(shares: Shares, { rollout, stage, generation, purpose }: TrafficContext): string {
  const share = `${formatAmount(shares.everything)}%`;
  const slices = Object.entries(shares.slices).map(([slice, own]) => `, ${slice} ${formatAmount(own)}%`);
  const what = {
    probe: 'may be written (nothing is changed)',
    advance: `${share}${slices.join('')} on the gateway`,
    rollback: `back to ${share}${slices.join('')} on the gateway`,
  };
  return `${rollout}: ${what[purpose]}\n\nRollout-Stage: ${stage}\nRollout-Generation: ${generation}\n`;
}
