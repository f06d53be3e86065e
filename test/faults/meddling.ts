/** People with write access change the issue, its comments and the branch of the state, as no command does. */
import { branchOf } from '../../src/config/state-branch.ts';
import type { Github } from '../support/github/github.ts';
import type { ShownIssue } from '../support/github/scenario.ts';
import type { Meddling, StepOf, Who } from './story.ts';

/** An old commit of the App is on the branch. */
export interface PutBack {
  /** The one that was the newest. */
  readonly newest: string;
  readonly old: string;
}

export interface Meddler {
  /** Null while the branch holds the App's newest commit. */
  readonly putBack: PutBack | null;
  /** Somebody locked the issue: then GitHub refuses reactions. */
  readonly hasLocked: boolean;
  /** Comments that their authors deleted. */
  readonly deleted: ReadonlySet<number>;
  does(step: StepOf<'meddles'>): Promise<void>;
  /** Whatever keeps the App from working is taken back. */
  restores(): Promise<void>;
}

/** Of the App's commits, so many are kept to go back to. */
const COMMITS = 100;

export function createMeddler(
  github: Github,
  rollout: string,
  isHeard: (comment: number) => Promise<boolean>,
): Meddler {
  const branch = branchOf(rollout);
  const bodies: string[] = [];
  const deleted = new Set<number>();
  let putBack: PutBack | null = null;
  let hasLocked = false;

  const ours = async (): Promise<ShownIssue | null> =>
    (await github.issues()).find(({ author, state }) => author.endsWith('[bot]') && state === 'open') ?? null;

  async function restores(): Promise<void> {
    if (putBack === null) return;
    const person = github.person('alice');
    const isThere = (await github.branches()).includes(branch);
    await (isThere ? person.forces(branch, putBack.newest) : person.createsBranch(branch, putBack.newest));
    putBack = null;
  }

  async function putsBack(who: Who, pick: number, isMadeAnew: boolean): Promise<void> {
    if (putBack !== null || !(await github.branches()).includes(branch)) return;
    const [newest, ...older] = (await github.commitIds(branch)).slice(0, COMMITS);
    const old = older[Math.floor(pick * Math.min(older.length, 8))];
    if (newest === undefined || old === undefined) return;
    putBack = { newest, old };
    const person = github.person(who);
    if (!isMadeAnew) return person.forces(branch, old);
    await person.deletesBranch(branch);
    await person.createsBranch(branch, old);
  }

  async function deletesCommand(who: Who, issue: ShownIssue): Promise<void> {
    for (const { id, author, body } of issue.comments.toReversed()) {
      if (author !== who || !body.startsWith('/') || !(await isHeard(id))) continue;
      deleted.add(id);
      return github.person(who).deletesComment(id);
    }
  }

  async function onIssue(who: Who, how: Meddling, pick: number): Promise<void> {
    const issue = await ours();
    if (issue === null) return;
    const person = github.person(who);
    const { number, body } = issue;
    bodies.push(body);
    switch (how) {
      case 'locks the issue':
        hasLocked = true;
        return person.locks(number);
      case 'unlocks the issue':
        return person.unlocks(number);
      case 'removes the marker':
        return person.edits(number, body.replace(/<!-- gateway-rollout[^>]*-->\n?/, ''));
      case 'puts an old body back':
        return person.edits(number, bodies[Math.floor(pick * bodies.length)] ?? body);
      case 'removes the label':
        if (issue.labels.includes('gateway-rollout')) await person.removesLabel(number, 'gateway-rollout');
        return;
      case 'deletes a command':
        return deletesCommand(who, issue);
    }
  }

  return {
    get putBack() {
      return putBack;
    },
    get hasLocked() {
      return hasLocked;
    },
    deleted,
    async does({ who, how, pick }) {
      if (how === 'restores the branch') await restores();
      else if (how === 'forces the branch back') await putsBack(who, pick, false);
      else if (how === 'makes the branch anew') await putsBack(who, pick, true);
      else await onIssue(who, how, pick);
    },
    async restores() {
      await restores();
      const issue = await ours();
      if (issue?.locked) await github.person('alice').unlocks(issue.number);
    },
  };
}
