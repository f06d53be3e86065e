import { describe, expect, it } from 'vitest';
import { runStory } from './run.ts';
import { SCHEDULES } from './schedules.ts';
import { describeStory, type Story, storyOf } from './story.ts';

/** Short stories of few replicas; `npm run faults` runs a thousand long ones. */
const SEEDS = Array.from({ length: 3 }, (_, index) => 10_001 + index);
const STEPS = 5;
const REPLICAS = 2;

/** Complete runs that failed once. */
const FOUND = [
  { seed: 99, what: 'a reply of a process that came to it after another one had posted it' },
  { seed: 110, what: 'a command after the end of a rollout, whose webhook was lost' },
  { seed: 307, what: 'a command after the end of a rollout, during which the process died' },
] as const;

async function expectNothingLost(story: Story): Promise<void> {
  const { problems } = await runStory(story);
  expect(problems, describeStory(story)).toEqual([]);
}

function shortened({ steps, replicas, ...story }: Story): Story {
  return { ...story, replicas: Math.min(REPLICAS, replicas), steps: steps.slice(0, STEPS) };
}

describe('nothing is lost, doubled or skipped, and the traffic is where the state says', {
  timeout: 60_000,
}, () => {
  it.each(SEEDS)('in the story of seed %i', async (seed) => {
    await expectNothingLost(shortened(storyOf(seed)));
  });

  it.each(SCHEDULES)('with %s', async (schedule) => {
    await expectNothingLost(shortened(storyOf(10_003, [schedule])));
  });

  it.each(FOUND)('with $what (seed $seed)', async ({ seed }) => {
    await expectNothingLost(storyOf(seed, []));
  });
});
