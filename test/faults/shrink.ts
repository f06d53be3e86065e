/** A shorter story that fails as well, so that people can read why. */
import { runStory } from './run.ts';
import type { Story } from './story.ts';

/** Runs that may be spent; the order in which processes get the machine is not the same twice. */
const MOST_RUNS = 60;
const TRIES = 2;

/** Leaves out whatever the failure does not need: faults, replicas, steps. */
export async function shrink(story: Story): Promise<Story> {
  let runs = 0;
  let best = story;

  async function fails(candidate: Story): Promise<boolean> {
    for (let tries = 0; tries < TRIES && runs < MOST_RUNS; tries += 1) {
      runs += 1;
      if ((await runStory(candidate)).problems.length > 0) return true;
    }
    return false;
  }

  async function keepIfFails(candidate: Story): Promise<void> {
    if (runs < MOST_RUNS && (await fails(candidate))) best = candidate;
  }

  const { weather } = story;
  await keepIfFails({ ...best, weather: { ...weather, requests: 0, deliveries: 0 } });
  await keepIfFails({ ...best, weather: { ...best.weather, requests: 0 } });
  await keepIfFails({ ...best, weather: { ...best.weather, deliveries: 0 } });
  if (best.replicas > 1) await keepIfFails({ ...best, replicas: 1 });
  for (let size = Math.ceil(best.steps.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let end = best.steps.length; end > 0 && runs < MOST_RUNS; end -= size) {
      const steps = best.steps.filter((_, index) => index < end - size || index >= end);
      await keepIfFails({ ...best, steps });
    }
  }
  return best;
}
