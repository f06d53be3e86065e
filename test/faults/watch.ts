/** What must hold during a run, after each step: a rollback works at once, an old state raises nothing, the log is short. */
import { parseCommand } from '../../src/conversation/parse-command.ts';
import { may } from './authority.ts';
import type { Step, Story } from './story.ts';
import { shareIn } from './targets.ts';
import type { World } from './world.ts';

/** Of one step: lines of the log, and characters. */
const MOST_LINES = 150;
const MOST_CHARACTERS = 150_000;

/** Messages of lines that need a person; credentials that GitHub refuses do too. */
const FOR_PEOPLE: readonly string[] = [
  'the state is not trusted: nothing moves',
  'the state could not be written',
  'a rollout could not be started',
];

export interface Watch {
  /** To be called before each step: people meddle when the App has come to rest. */
  prepare(step: Step): Promise<void>;
  /** To be called after each step. */
  look(step: Step): Promise<void>;
  /** The rules that did not hold, in words. */
  readonly problems: readonly string[];
}

export function startWatch(world: World, story: Story): Watch {
  const problems = new Set<string>();
  const { github } = world;
  let trusted: readonly number[] = [];
  /** Rollbacks that were asked for while an old state was on the branch. */
  let unheard: number[] = [];
  /** Comments of earlier steps. */
  let seen = 0;

  const shares = () => Promise.all(story.targets.map(async (kind) => (await shareIn(github, kind)) ?? 0));

  /** Nothing rises while an old state is on the branch. */
  async function compareShares(about: string): Promise<void> {
    const held = await shares();
    if (world.meddler.putBack === null) {
      trusted = held;
      const applied = (await world.state())?.applied.comments ?? [];
      unheard = unheard.filter((id) => !applied.includes(id));
      if (unheard.length > 0 && held.some((share) => share !== 0))
        problems.add(`${about} the targets hold ${held.join(', ')} before comment ${unheard} is heard`);
    }
    for (const [index, share] of held.entries()) {
      if (share > (trusted[index] ?? 0)) {
        problems.add(`${about} the ${story.targets[index]} rises to ${share} by a state that was put back`);
      }
    }
    trusted = trusted.map((share, index) => Math.min(share, held[index] ?? 0));
  }

  /** A person's rollback has taken effect after one tick, whatever else fails. */
  async function checkRollback(step: Step, about: string): Promise<void> {
    const said = world.did.comments.length;
    const isSaid = said > seen;
    seen = said;
    if (step.does !== 'says' || !isSaid || step.thenEdits) return;
    const command = parseCommand(step.text);
    if (command?.kind !== 'rollback' || !may(step.who, command)) return;
    await world.settled();
    await world.tickOnce();
    const isPutBack = world.meddler.putBack !== null;
    const status = isPutBack ? 'put back' : (await world.state())?.status.kind;
    if (isPutBack) unheard.push(world.did.comments.at(-1)?.id ?? 0);
    const held = await shares();
    if (held.some((share) => share !== 0)) {
      problems.add(`${about} the targets hold ${held.join(', ')} after the tick (${status})`);
    }
  }

  function readLog(about: string): void {
    const lines = world.newLines();
    const text = lines.map((line) => JSON.stringify(line)).join('\n');
    if (lines.length > MOST_LINES || text.length > MOST_CHARACTERS) {
      problems.add(`${about} ${lines.length} lines of ${text.length} characters were logged`);
    }
    for (const { level, msg, err } of lines) {
      if (Number(level) >= 50 && !FOR_PEOPLE.includes(String(msg)) && Object(err).status !== 401)
        problems.add(`the log needs a person: ${msg}: ${reasonOf(err)}`);
    }
  }

  let count = 0;
  return {
    async prepare(step) {
      if (step.does !== 'meddles') return;
      await world.settled();
      if (world.meddler.putBack === null) trusted = await shares();
    },
    async look(step) {
      count += 1;
      const about = `step ${count} (${step.does}):`;
      await checkRollback(step, about);
      await compareShares(about);
      readLog(about);
    },
    get problems() {
      return [...problems];
    },
  };
}

/** The beginning of the stack of a logged error. */
function reasonOf(error: unknown): string {
  const { stack = '' } = Object(error);
  return String(stack).slice(0, 400);
}
