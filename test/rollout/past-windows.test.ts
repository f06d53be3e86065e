import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addPast, pastMeasurements, pastWindow } from '../../src/rollout/past-windows.ts';
import type { PastWindow } from '../../src/rollout/stage-state.ts';
import { valid } from '../config/configs.ts';
import { arm, QUARTER, START, window } from '../judge/measured.ts';
import { configText } from './story.ts';

const { stages } = valid(configText('workloads: [tools]\nrollout: { stages: [tools, 5%, 100%] }\n')).rollout;
const [tools, first] = stages;

function pasts(tasks: readonly (number | null)[]): PastWindow[] {
  return tasks.flatMap((count, index) => {
    const official = count === null ? null : arm(count, { failed: Math.min(count, 1) });
    const measured = window(index, { official, gateway: arm(3) });
    return first === undefined ? [] : [pastWindow(measured, first)];
  });
}

describe('the past of a stage', () => {
  it('stays small, and loses no task however many windows are merged', () => {
    const counts = fc.array(fc.option(fc.nat(1000)), { maxLength: 120 });
    fc.assert(
      fc.property(counts, (tasks) => {
        const kept = pasts(tasks).reduce<PastWindow[]>((past, each) => addPast(past, [each]), []);
        expect(kept.length).toBeLessThanOrEqual(24);
        const told = kept.flatMap(({ arms }) => arms.official?.tasks ?? []);
        expect(told.reduce((sum, each) => sum + each, 0)).toBe(
          tasks.reduce<number>((sum, each) => sum + (each ?? 0), 0),
        );
        expect(kept.slice(1).every(({ from }, index) => from >= (kept[index]?.to ?? 0))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('of a slice includes its own windows and those of everything, from before the stage', () => {
    if (tools === undefined || first === undefined) throw new Error('the config has two stages');
    const [everything] = pasts([100]);
    const slice = pastWindow(window(1, { official: arm(50) }), tools);
    const later = pastWindow(window(9, { official: arm(7) }), tools);
    const past = [...(everything === undefined ? [] : [everything]), slice, later];
    const before = START + 5 * QUARTER;
    const tasksOf = (stage: typeof tools) =>
      pastMeasurements(past, stage, before).map(({ arms }) => arms.official?.tasks);
    expect(tasksOf(tools)).toEqual([100, 50]);
    expect(tasksOf(first)).toEqual([100]);
  });
});
