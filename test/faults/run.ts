/** One run: the story, then a time without faults until nothing changes any more, then the audit. */
import { audit } from './audit.ts';
import { readHistory } from './history.ts';
import { largeMemories } from './memory.ts';
import type { Story } from './story.ts';
import { startWatch } from './watch.ts';
import { ROLLOUT, startWorld, type World } from './world.ts';

const MINUTE = 60_000;
/** Longer than a process waits before it takes over effects of another one. */
const ROUND = 2 * MINUTE;
const MOST_ROUNDS = 20;

export interface Outcome {
  /** The rules that do not hold, in words. */
  readonly problems: readonly string[];
  readonly commits: number;
  readonly requests: number;
  readonly deaths: number;
  /** Such as `progressing 5%`. */
  readonly end: string;
}

export async function runStory(story: Story): Promise<Outcome> {
  const world = await startWorld(story);
  try {
    let deaths = 0;
    const watch = startWatch(world, story);
    for (const step of story.steps) {
      await watch.prepare(step);
      await world.does(step);
      if (!step.soon) await world.settled();
      await watch.look(step);
      deaths = Math.max(deaths, world.replicas.filter(({ isDead }) => isDead).length);
    }
    await world.settled();
    await world.calm();
    await world.settled();
    const isQuiet = await settles(world);
    const history = await readHistory(world.github, ROLLOUT, world.repository);
    const problems = [
      ...(isQuiet ? [] : [`the state still changes after ${MOST_ROUNDS} ticks without faults`]),
      ...watch.problems,
      ...largeMemories(),
      ...history.problems,
      ...(await audit(world, story, history.commits)),
    ];
    const last = history.commits.at(-1)?.state;
    const reason = last !== undefined && 'reason' in last.status ? ` (${last.status.reason})` : '';
    return {
      problems,
      commits: history.commits.length,
      requests: world.github.requests().length,
      deaths,
      end: last === undefined ? 'nothing' : `${last.status.kind}${reason} ${last.stage.label}`,
    };
  } finally {
    await world.close();
  }
}

/** Ticks every replica, and resumes what waits for a person, until nothing is written any more. */
async function settles(world: World): Promise<boolean> {
  const { github } = world;
  let resumed = 0;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    world.passes(ROUND);
    await world.replaceDead();
    await world.deploys('success');
    const before = await headOf(world);
    for (const replica of world.replicas) {
      await replica.tick();
      await world.settled();
    }
    const state = await world.state();
    const { status } = state ?? {};
    const waits =
      status?.kind === 'paused' &&
      (status.reason === 'traffic_not_written' || status.reason === 'start_refused');
    if (waits && resumed < 3 && state?.issue != null) {
      resumed += 1;
      world.passes(1_000);
      await world.says('mara', '/resume-rollout', state.issue);
      await world.settled();
    }
    if (before !== null && (await headOf(world)) === before && !isWaiting(github)) return true;
  }
  return false;
}

/** Whether a workflow of the team still has to report. */
function isWaiting({ deployments, startedRuns }: World['github']): boolean {
  return deployments().at(-1)?.states.length === 0 || startedRuns().at(-1)?.conclusion === null;
}

async function headOf({ github }: World): Promise<string | null> {
  const branch = `gateway-rollout/${ROLLOUT}`;
  return (await github.branches()).includes(branch) ? github.head(branch) : null;
}
