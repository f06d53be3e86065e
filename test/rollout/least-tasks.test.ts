import { describe, expect, it } from 'vitest';
import { stageOf } from '../../src/rollout/road.ts';
import { DAY, MEASURED, Story } from './story.ts';

const ROAD = 'rollout: { stages: [5%, 25%, 100%], gates: { 25%: { min_duration: 48h } } }\n';

/** What the gate of 25 % asks for, after two days at 5 % with so many tasks in each window of four hours. */
function leastAt25(tasks: number, sections = MEASURED + ROAD): number | undefined {
  const story = new Story(sections).works().runs(2 * DAY, { tasks });
  story.says('ann', '/advance-rollout --force --reason "on"', { role: 'admin' });
  return stageOf(story)?.gate.min_tasks;
}

describe('min_tasks: auto', () => {
  it('asks for what three days of the measured traffic give at the share, from 100 to 500', () => {
    expect(leastAt25(80)).toBe(360);
    expect(leastAt25(10)).toBe(100);
    expect(leastAt25(10_000)).toBe(500);
  });

  it('is 500 where no traffic was measured before, and a number of the config stays as it is', () => {
    expect(stageOf(new Story(MEASURED + ROAD).works())?.gate.min_tasks).toBe(500);
    expect(leastAt25(80, MEASURED + ROAD.replace('48h', '48h, min_tasks: 7'))).toBe(7);
  });

  it('is fixed when the stage begins', () => {
    const story = new Story(MEASURED + ROAD).works().runs(2 * DAY, { tasks: 80 });
    story.says('ann', '/advance-rollout --force --reason "on"', { role: 'admin' });
    story.runs(DAY, { tasks: 2_000 }).pushes(`${MEASURED}${ROAD.replace('stages', 'notify: [ann], stages')}`);
    expect(stageOf(story)?.gate.min_tasks).toBe(360);
  });
});
