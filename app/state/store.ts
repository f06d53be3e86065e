/** The states of one repository's rollouts: each a file on a branch, every write a compare-and-swap. */
import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { BRANCH_PREFIX, branchOf, STATE_FILE } from '../../src/config/state-branch.ts';
import type { RolloutState } from '../../src/rollout/state.ts';
import { clauseOf, type FileRead, fetchFile, putFile } from '../contents.ts';
import { isRateLimit, orNull, statusOf, wordsOf } from '../http-status.ts';
import { at, type Repository } from '../repository.ts';
import { branchReadme } from './branch.ts';
import { type Envelope, type Invalid, invalid, open, type StateIdentity, seal } from './envelope.ts';
import type { Believed, RolloutBranch, StateMemory } from './memory.ts';
import { readNumber, sealNumber } from './number-seal.ts';

/** A state that was read or written: what the next write replaces. */
export interface StateVersion {
  readonly name: string;
  /** Grows by one with each write; the issue shows it (`seal`). */
  readonly sequence: number;
  readonly started: number;
  readonly blob: string;
}

export type StateRead =
  | { readonly kind: 'state'; readonly state: RolloutState; readonly version: StateVersion }
  | { readonly kind: 'missing' }
  | Invalid;

type Refused = { readonly kind: 'refused'; readonly detail: string };
type Conflict = { readonly kind: 'conflict' };
type Written = { readonly kind: 'written'; readonly version: StateVersion };
type Claimed = { readonly kind: 'claimed'; readonly version: StateVersion };

export interface StateStoreSettings {
  readonly repository: Repository;
  /** The first signs; null where a ruleset keeps everybody else away (`rulesOf`). */
  readonly keys: readonly string[] | null;
  /** One for the process. */
  readonly memory: StateMemory;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds after which GitHub's own copies agree; an older state is asked for once more after them. */
  readonly settling?: number;
}

export interface ReadOptions {
  /** The branch's newest commit, where it is known: what was read or written there last needs no request. */
  readonly commit?: string;
  /** The sequence that the rollout's issue shows (`shownSequence`). */
  readonly shown?: number;
}

export class StateStore {
  readonly #settings: StateStoreSettings;

  constructor(settings: StateStoreSettings) {
    this.#settings = settings;
  }

  /** Every rollout of the repository, by one request, which is conditional. */
  async list(): Promise<readonly RolloutBranch[]> {
    const { repository, memory } = this.#settings;
    const asked = memory.lists.ask(`${repository.id}`, async (headers) => {
      const { data, headers: got } = await repository.octokit.rest.git.listMatchingRefs({
        ...at(repository),
        ref: `heads/${BRANCH_PREFIX}`,
        headers: { ...headers },
      });
      const prefix = `refs/heads/${BRANCH_PREFIX}`;
      const value = data.map(({ ref, object }) => ({ name: ref.slice(prefix.length), commit: object.sha }));
      return { etag: got.etag, value };
    });
    // An empty repository has no refs, and says so by a 404 or 409.
    return (await orNull(asked, [409]))?.value ?? [];
  }

  /** The newest state of a rollout: believed only when its signature fits and it is not older than what was seen. */
  async read(name: string, { commit, shown = 0 }: ReadOptions = {}): Promise<StateRead> {
    const { memory, settling = 1_000 } = this.#settings;
    const key = this.#key(name);
    const known = commit === undefined ? null : memory.at(key, commit);
    const first = known ?? (await this.#fetch(name, commit));
    const isOlder = (read: typeof first): boolean =>
      read?.kind === 'believed' && (read.envelope.sequence < shown || !memory.follows(key, read));
    if (!isOlder(first)) return this.#believe(name, commit, first);
    // GitHub may show what was there a moment ago.
    memory.reads.forget(key);
    await wait(settling);
    const second = await this.#fetch(name);
    if (!isOlder(second)) return this.#believe(name, undefined, second);
    return this.#rewound(name, second, shown);
  }

  /**
   * Creates the branch with the rollout's first state. Of several who try at once, one succeeds.
   * @param message of the commit
   */
  async claim(
    name: string,
    state: RolloutState,
    message: string,
  ): Promise<Claimed | { kind: 'exists' } | Refused> {
    const { repository, memory, now } = this.#settings;
    const { git } = repository.octokit.rest;
    const started = Math.max(now(), (memory.newest(this.#key(name))?.started ?? -1) + 1);
    const { text, envelope } = this.#seal(name, { started, sequence: 1, previous: null, message, state });
    const file = { mode: '100644', type: 'blob' } as const;
    try {
      const tree = await git.createTree({
        ...at(repository),
        tree: [
          { ...file, path: STATE_FILE, content: text },
          { ...file, path: 'README.md', content: branchReadme(name) },
        ],
      });
      const commit = await git.createCommit({ ...at(repository), message, tree: tree.data.sha, parents: [] });
      const { sha } = commit.data;
      await git.createRef({ ...at(repository), ref: `refs/heads/${branchOf(name)}`, sha });
      const blob = blobId(text);
      return { kind: 'claimed', version: this.#wrote(name, sha, { kind: 'believed', envelope, blob }) };
    } catch (error) {
      if (statusOf(error) === 422 && /already exists/i.test(wordsOf(error))) return { kind: 'exists' };
      return this.#refusal(name, error);
    }
  }

  /**
   * Replaces the state that was read, in one request.
   * @returns the version to go on with; `conflict` when somebody else was faster: read and decide again
   */
  async write(
    version: StateVersion,
    state: RolloutState,
    message: string,
  ): Promise<Written | Conflict | Refused> {
    const { repository, memory } = this.#settings;
    const { name, started, sequence, blob } = version;
    const content = { started, sequence: sequence + 1, previous: blob, message, state };
    const { text, envelope } = this.#seal(name, content);
    const change = { path: STATE_FILE, branch: branchOf(name), blob, text, message };
    const written = await putFile(repository, change);
    memory.reads.forget(this.#key(name));
    if (written.kind === 'conflict') return { kind: 'conflict' };
    if (written.kind === 'refused') return { kind: 'refused', detail: refusedDetail(name, written.words) };
    const believed: Believed = { kind: 'believed', envelope, blob: written.blob };
    return { kind: 'written', version: this.#wrote(name, written.commit, believed) };
  }

  /** The version's number for the rollout's issue, signed: nobody can pretend that a later state was seen. */
  seal({ name, sequence }: StateVersion): string {
    return sealNumber(sequence, this.#identity(name));
  }

  /** The number of a seal; null where there is none, and where it is forged or of a key that the App lacks. */
  shownSequence(name: string, seal: string | null): number | null {
    return seal === null ? null : readNumber(seal, this.#identity(name));
  }

  async #fetch(name: string, commit?: string): Promise<Believed | Invalid | null> {
    const { repository, memory } = this.#settings;
    const identity = this.#identity(name);
    if (commit !== undefined) {
      const file = await orNull(fetchFile(repository, STATE_FILE, commit));
      return file === null ? null : judge(file.value, identity);
    }
    const branch = `refs/heads/${branchOf(name)}`;
    const asked = memory.reads.ask(this.#key(name), async (headers) => {
      const { etag, value } = await fetchFile(repository, STATE_FILE, branch, headers);
      return { etag, value: judge(value, identity) };
    });
    return (await orNull(asked))?.value ?? null;
  }

  #believe(name: string, commit: string | undefined, read: Believed | Invalid | null): StateRead {
    if (read === null) return { kind: 'missing' };
    if (read.kind === 'invalid') return read;
    const { memory } = this.#settings;
    const key = this.#key(name);
    memory.see(key, read);
    if (commit !== undefined) memory.keep(key, commit, read);
    return { kind: 'state', state: read.envelope.state, version: versionOf(read) };
  }

  #rewound(name: string, read: Believed | Invalid | null, shown: number): Invalid {
    const seen = Math.max(shown, this.#settings.memory.newest(this.#key(name))?.sequence ?? 0);
    const found = read?.kind === 'believed' ? read.envelope.sequence : 0;
    const what =
      found < seen
        ? `was put back: it is number ${found}, and number ${seen} was seen before`
        : `is number ${found} of another history than the one whose number ${seen} was seen before`;
    return invalid(
      'rewound',
      `The state on ${branchOf(name)} ${what}. Restore the App's newest commit, or delete the branch and start the ` +
        'rollout anew.',
    );
  }

  /** Signs a state; one that could not be read again is a mistake of the program, and is not written. */
  #seal(name: string, content: Parameters<typeof seal>[0]): { text: string; envelope: Envelope } {
    const text = seal(content, this.#identity(name));
    const opened = open(text, this.#identity(name));
    if (opened.kind === 'opened') return { text, envelope: opened.envelope };
    throw new Error(
      `The next state of ${name} could not be read again, and was not written: ${opened.detail}`,
    );
  }

  #wrote(name: string, commit: string, believed: Believed): StateVersion {
    const key = this.#key(name);
    this.#settings.memory.see(key, believed);
    this.#settings.memory.keep(key, commit, believed);
    return versionOf(believed);
  }

  #refusal(name: string, error: unknown): Refused {
    const status = statusOf(error);
    const isRefusal = status === 409 || status === 422 || (status === 403 && !isRateLimit(error));
    if (!isRefusal) throw error;
    return { kind: 'refused', detail: refusedDetail(name, clauseOf(error)) };
  }

  #identity(rollout: string): StateIdentity {
    return { repository: this.#settings.repository.id, rollout, keys: this.#settings.keys };
  }

  #key(name: string): string {
    return `${this.#settings.repository.id}/${name}`;
  }
}

function judge(read: FileRead, identity: StateIdentity): Believed | Invalid {
  // What is no text cannot be signed either.
  const opened = open(read.kind === 'file' ? read.text : '', identity);
  if (opened.kind === 'invalid') return opened;
  return { kind: 'believed', envelope: opened.envelope, blob: read.kind === 'file' ? read.blob : '' };
}

function versionOf({ envelope, blob }: { readonly envelope: Envelope; readonly blob: string }): StateVersion {
  const { rollout, sequence, started } = envelope;
  return { name: rollout, sequence, started, blob };
}

/** Git's name of a file's content. */
function blobId(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

function refusedDetail(name: string, words: string): string {
  return (
    `GitHub does not let the App write the branch ${branchOf(name)}: ${words}. Expected the permission ` +
    '"contents: write", no branch named gateway-rollout, and rules that let the App pass.'
  );
}
