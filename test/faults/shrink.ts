/** Finds a shorter story that also fails, so that people can see why. */
import { runStory } from './run.ts';
import type { Story } from './story.ts';

/** Limit of runs. */
const MOST_RUNS = 60;
/** Runs of a story can differ, because processes are scheduled differently. */
const TRIES = 2;

/** Leaves out faults, replicas and steps that the failure does not need. */
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
  for (const schedule of story.schedules) {
    await keepIfFails({ ...best, schedules: best.schedules.filter((each) => each !== schedule) });
  }
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
