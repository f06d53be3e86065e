/**
 * Reads and writes the states of a repository's rollouts. Each is a file on its own branch, `gateway-rollout/<name>`, and
 * every write is a compare-and-swap: no database, an audit log in the repository, and any number of replicas.
 */
import { createHash } from 'node:crypto';
import { branchOf, STATE_FILE } from '../../src/config/state-branch.ts';
import type { RolloutState } from '../../src/rollout/state.ts';
import { clauseOf, type FileRead, fetchFile, putFile } from '../contents.ts';
import { isRateLimit, nullIfMissing, statusOf, wordsOf } from '../http-status.ts';
import { tryPatiently, type Wait } from '../patience.ts';
import type { Repository } from '../repository.ts';
import { type BranchLog, readLog } from './activity.ts';
import { createBranch, listBranches } from './branch.ts';
import { type Envelope, type Invalid, invalid, open, seal } from './envelope.ts';
import {
  isNewer,
  type RolloutBranch,
  type StateMemory,
  type StatePosition,
  type TrustedState,
} from './memory.ts';
import { type Comparison, compareWithLog } from './put-back.ts';
import { readOrder, type StateIdentity, type StateOrder, sealOrder } from './signature.ts';

/** A version of a state, which the next write replaces. */
export interface StateVersion extends StatePosition {
  readonly name: string;
  /** As in the file; the next write keeps it. */
  readonly heard?: Envelope['heard'];
}

interface ReadState {
  readonly kind: 'state';
  readonly state: RolloutState;
  readonly version: StateVersion;
}
export type StateRead = ReadState | { readonly kind: 'missing' } | Invalid;

type Refused = { readonly kind: 'refused'; readonly detail: string };
type Conflict = { readonly kind: 'conflict' };
type Written = { readonly kind: 'written'; readonly version: StateVersion };

export interface StateStoreSettings {
  readonly repository: Repository;
  /** The first one signs; null where a ruleset lets only the App write the states (`rulesOf`). */
  readonly keys: readonly string[] | null;
  /** One for the process. */
  readonly memory: StateMemory;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Passes the time until GitHub's reads have caught up with its writes. */
  readonly wait: Wait;
}

export interface StateReadOptions {
  /** The branch's newest commit, if known: a state that was read or written there needs no request. */
  readonly commit?: string;
  /** The state that the rollout's issue shows (`shownState`). */
  readonly shown?: StateOrder;
}

/** A state that is older for longer (milliseconds) is not just read from a copy that lags behind. */
const LONGEST_LAG = 15_000;

export class StateStore {
  readonly #settings: StateStoreSettings;

  constructor(settings: StateStoreSettings) {
    this.#settings = settings;
  }

  /** Lists the rollouts of the repository by one conditional request. */
  async list(): Promise<readonly RolloutBranch[]> {
    const { repository, memory } = this.#settings;
    // GitHub answers 404 or 409 for an empty repository.
    return (await nullIfMissing(listBranches(repository, memory.lists), [409])) ?? [];
  }

  /** Reads the newest state of a rollout. It is trusted if its signature is valid and no newer state was seen. */
  async read(name: string, { commit, shown }: StateReadOptions = {}): Promise<StateRead> {
    const { memory, now, wait } = this.#settings;
    const key = this.#key(name);
    const kept = commit === undefined ? null : memory.at(key, commit);
    const first = kept ?? (await this.#fetch(name, commit));
    const known = memory.newest(key)?.envelope ?? null;
    const seen = shown !== undefined && isNewer(shown, known) ? shown : known;
    const isOlder = (read: typeof first): boolean =>
      read === null
        ? seen !== null
        : read.kind === 'trusted' &&
          ((shown !== undefined && isNewer(shown, read.envelope)) || !memory.follows(key, read));
    if (!isOlder(first)) return this.#accept(name, commit, first);
    const since = memory.doubt(key, now());
    const again = () => {
      memory.reads.forget(key);
      return this.#fetch(name);
    };
    const isDoubtful = (read: typeof first) => isOlder(read) && now() - since < LONGEST_LAG;
    const last = await tryPatiently(wait, again, isDoubtful);
    if (last?.kind !== 'trusted' || !isOlder(last)) return this.#accept(name, undefined, last);
    return rewound(versionOf(last), seen?.sequence ?? 0);
  }

  /** Whether the state is the newest one, by GitHub's log of its branch. */
  async compare(version: StateVersion, log: BranchLog): Promise<Comparison> {
    return compareWithLog(version, log, async (commit) => {
      const state = await this.#stateAt(version.name, commit);
      if (state === null) return 'none';
      return state.kind === 'trusted' ? versionOf(state) : 'foreign';
    });
  }

  /**
   * GitHub's log of the rollout's branch; one request.
   * @param identity login of the App
   * @throws GitHub's error where the log cannot be read
   */
  log(name: string, identity: string): Promise<BranchLog> {
    return readLog(this.#settings.repository, branchOf(name), identity);
  }

  /** Whether there was a rollout of that name before its branch went missing. */
  async hasExisted(name: string, identity: string): Promise<boolean> {
    if (this.#settings.memory.newest(this.#key(name)) !== null) return true;
    const log = await nullIfMissing(this.log(name, identity));
    return (log?.foreign.length ?? 0) > 0;
  }

  /** The newest state that is known, whatever the branch holds now: by this process, or by GitHub's log of the branch. */
  async newestKnown(name: string, identity: string): Promise<ReadState | null> {
    const { memory } = this.#settings;
    const log = await this.log(name, identity).catch(() => null);
    const commits = log?.foreign.flatMap(({ before }) => before ?? []) ?? [];
    const states = [memory.newest(this.#key(name)), await this.#fetch(name).catch(() => null)];
    for (const commit of commits) states.push(await this.#stateAt(name, commit));
    return states
      .flatMap((state) => (state?.kind === 'trusted' ? [asRead(state)] : []))
      .reduce<ReadState | null>(
        (newest, each) => (isNewer(each.version, newest?.version ?? null) ? each : newest),
        null,
      );
  }

  /**
   * Creates the branch with the rollout's first state. If several processes try at once, one succeeds.
   * @param message of the commit
   * @returns `conflict` if the branch exists already
   */
  async claim(name: string, state: RolloutState, message: string): Promise<Written | Conflict | Refused> {
    const { repository, memory, now } = this.#settings;
    const started = Math.max(now(), (memory.newest(this.#key(name))?.envelope.started ?? -1) + 1);
    const { text, envelope } = this.#seal(name, { started, sequence: 1, previous: null, message, state });
    try {
      const sha = await createBranch(repository, name, { text, message });
      const blob = blobId(text);
      return { kind: 'written', version: this.#wrote(name, sha, { kind: 'trusted', envelope, blob }) };
    } catch (error) {
      if (statusOf(error) === 422 && /already exists/i.test(wordsOf(error))) return { kind: 'conflict' };
      return this.#refusal(name, error);
    }
  }

  /**
   * Replaces the state that was read, in one request.
   * @returns the new version; `conflict` if another process was faster: read and decide again
   */
  async write(
    version: StateVersion,
    state: RolloutState,
    message: string,
  ): Promise<Written | Conflict | Refused> {
    const { repository, memory } = this.#settings;
    const { name, started, sequence, blob, heard } = version;
    const content = { started, sequence: sequence + 1, previous: blob, message, heard, state };
    const { text, envelope } = this.#seal(name, content);
    const change = { path: STATE_FILE, branch: branchOf(name), blob, text, message };
    const written = await putFile(repository, change);
    memory.reads.forget(this.#key(name));
    if (written.kind === 'conflict') return { kind: 'conflict' };
    if (written.kind === 'refused') return { kind: 'refused', detail: refusedDetail(name, written.words) };
    const trusted: TrustedState = { kind: 'trusted', envelope, blob: written.blob };
    return { kind: 'written', version: this.#wrote(name, written.commit, trusted) };
  }

  /** The version's signed place for the rollout's issue. Nobody else can make the App expect a later state. */
  seal(version: StateVersion): string {
    return sealOrder(version, this.#identity(version.name));
  }

  /** What a seal shows; null where there is none, it is forged, or the App lacks its key. */
  shownState(name: string, seal: string | null): StateOrder | null {
    return seal === null ? null : readOrder(seal, this.#identity(name));
  }

  async #fetch(name: string, commit?: string): Promise<TrustedState | Invalid | null> {
    const { repository, memory } = this.#settings;
    const identity = this.#identity(name);
    if (commit !== undefined) {
      const file = await nullIfMissing(fetchFile(repository, STATE_FILE, commit));
      return file === null ? null : verify(file.data, identity);
    }
    const branch = `refs/heads/${branchOf(name)}`;
    const state = memory.reads.get(
      this.#key(name),
      (headers) => fetchFile(repository, STATE_FILE, branch, headers),
      (file) => verify(file, identity),
    );
    return nullIfMissing(state);
  }

  /** The state of a commit, which never changes. */
  async #stateAt(name: string, commit: string): Promise<TrustedState | Invalid | null> {
    return this.#settings.memory.at(this.#key(name), commit) ?? (await this.#fetch(name, commit));
  }

  #accept(name: string, commit: string | undefined, read: TrustedState | Invalid | null): StateRead {
    if (read === null) return { kind: 'missing' };
    if (read.kind === 'invalid') return read;
    const { memory } = this.#settings;
    const key = this.#key(name);
    memory.see(key, read);
    if (commit !== undefined) memory.keep(key, commit, read);
    return asRead(read);
  }

  /** Signs a state. A state that cannot be read back is a bug, and is not written. */
  #seal(name: string, content: Parameters<typeof seal>[0]): { text: string; envelope: Envelope } {
    const text = seal(content, this.#identity(name));
    const opened = open(text, this.#identity(name));
    if (opened.kind === 'opened') return { text, envelope: opened.envelope };
    throw new Error(
      `The next state of ${name} was not written, because it could not be read back: ${opened.detail}`,
    );
  }

  #wrote(name: string, commit: string, state: TrustedState): StateVersion {
    const key = this.#key(name);
    this.#settings.memory.see(key, state);
    this.#settings.memory.keep(key, commit, state);
    return versionOf(state);
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

/** @param newest number of the state that was the newest one */
export function rewound({ name, sequence }: StateVersion, newest: number): Invalid {
  const what =
    sequence < newest
      ? `was put back: it is number ${sequence}, but number ${newest} was seen before`
      : `is number ${sequence} of a different history than number ${newest}, which was seen before`;
  return invalid(
    'rewound',
    `The state on ${branchOf(name)} ${what}. Restore the App's newest commit, or delete the branch and start the ` +
      'rollout again.',
  );
}

function verify(read: FileRead, identity: StateIdentity): TrustedState | Invalid {
  // A file that is not text has no signature either.
  const opened = open(read.kind === 'file' ? read.text : '', identity);
  if (opened.kind === 'invalid') return opened;
  return { kind: 'trusted', envelope: opened.envelope, blob: read.kind === 'file' ? read.blob : '' };
}

function versionOf({ envelope, blob }: { readonly envelope: Envelope; readonly blob: string }): StateVersion {
  const { rollout, sequence, started, heard } = envelope;
  return { name: rollout, sequence, started, blob, heard };
}

function asRead(read: TrustedState): ReadState {
  return { kind: 'state', state: read.envelope.state, version: versionOf(read) };
}

/** Git's object ID of a file's content. */
function blobId(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

function refusedDetail(name: string, words: string): string {
  return (
    `GitHub does not let the App write the branch ${branchOf(name)}: ${words}. The App needs the permission ` +
    '"contents: write" and a bypass of the branch rules, and there must be no branch named gateway-rollout.'
  );
}
