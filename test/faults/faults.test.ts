import { describe, expect, it } from 'vitest';
import { runStory } from './run.ts';
import { storyOf, tell } from './story.ts';

/** Short stories; `npm run faults` tells a thousand long ones. */
const SEEDS = Array.from({ length: 25 }, (_, index) => 10_001 + index);
const STEPS = 9;

describe.concurrent('whatever goes wrong', { timeout: 60_000 }, () => {
  it.each(SEEDS)(
    'seed %i: nothing is lost, doubled or skipped, and the traffic is where the state says',
    async (seed) => {
      const whole = storyOf(seed);
      const story = { ...whole, steps: whole.steps.slice(0, STEPS) };
      const { problems } = await runStory(story);
      expect(problems, tell(story)).toEqual([]);
    },
  );
});
