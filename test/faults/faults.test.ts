import { expect, it } from 'vitest';
import { runStory } from './run.ts';
import { storyOf, tell } from './story.ts';

/** Every thousandth of them is run by `npm run faults`. */
const SEEDS = Array.from({ length: 25 }, (_, index) => 10_001 + index);

it.each(SEEDS)(
  'seed %i: nothing is lost, doubled or skipped, and the traffic is where the state says',
  async (seed) => {
    const story = storyOf(seed);
    const { problems } = await runStory(story);
    expect(problems, tell(story)).toEqual([]);
  },
);
