/** Whether a state is the newest one of its branch, by GitHub's own log of the branch. */
import type { BranchLog, ForeignChange } from './activity.ts';
import { isNewer, type StatePosition } from './memory.ts';

export type Comparison =
  | { readonly kind: 'newest' }
  /** The state or the log is read from a copy that lags behind. */
  | { readonly kind: 'unclear'; readonly newest: number }
  /** Others put back an earlier state, or the newest one is gone. `newest` is the number of that one. */
  | { readonly kind: 'put_back'; readonly newest: number };

/** The state of a commit; `none` where GitHub has no such commit or it has no state, `foreign` where others wrote it. */
export type StateAt = (commit: string) => Promise<StatePosition | 'none' | 'foreign'>;

/** A state of the App that is no longer on the branch. Null: GitHub no longer has it, which counts too. */
interface Lost {
  readonly commit: string;
  readonly state: StatePosition | null;
}

/** Others may move the branch, delete it and make it anew, or write an older file over a newer one. */
export async function compareWithLog(
  state: StatePosition,
  { head, foreign }: BranchLog,
  stateAt: StateAt,
): Promise<Comparison> {
  let lost: Lost | null = null;
  for (const change of foreign) {
    lost ??= await writtenBefore(change, state, stateAt);
    if (lost !== null && (await holds(change, lost, stateAt))) lost = null;
  }
  if (lost !== null) {
    const newest = lost.state?.sequence ?? state.sequence + 1;
    return { kind: lost.state?.blob === state.blob ? 'unclear' : 'put_back', newest };
  }
  const last = head === null ? 'none' : await stateAt(head);
  const isLast = typeof last === 'string' || last.blob === state.blob || isNewer(state, last);
  return isLast ? { kind: 'newest' } : { kind: 'unclear', newest: last.sequence };
}

/** The App's state that the change found; null where there was none, or one of an earlier rollout of that name. */
async function writtenBefore(
  { before: commit, at }: ForeignChange,
  { started }: StatePosition,
  stateAt: StateAt,
): Promise<Lost | null> {
  const found = commit === null ? 'foreign' : await stateAt(commit);
  if (commit === null || found === 'foreign') return null;
  if (found === 'none') return at < started ? null : { commit, state: null };
  return found.started < started ? null : { commit, state: found };
}

async function holds({ after, isPush }: ForeignChange, lost: Lost, stateAt: StateAt): Promise<boolean> {
  if (after === null || after === lost.commit) return after !== null;
  const state = await stateAt(after);
  if (typeof state === 'string') return false;
  return state.blob === lost.state?.blob || (isPush && isNewer(state, lost.state));
}
