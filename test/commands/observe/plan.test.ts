/** Which window `observe` measures, and towards which stage it counts, while a rollout goes on. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planObservation } from '../../../src/commands/observe/plan.ts';
import type { CurrentStage } from '../../../src/measure/current-stage.ts';
import { valid } from '../../config/configs.ts';

const MINUTE = 60_000;
const NOW = Date.parse('2026-11-22T12:00:20.000Z');
const CONFIG = valid(`
gateway: { base_url: "https://gateway.example/v1" }
models: [gpt-4o-mini]
measure: { source: jsonl, interval: 15m }
rollout: { stages: [local, shadow: 50%, 5%, 25%, 100%] }
`);

const at = (time: string) => Date.parse(`2026-11-22T${time}Z`);
const current = (stage: string, since: number | null, more: Partial<CurrentStage> = {}): CurrentStage => ({
  stage,
  since,
  measuredTo: null,
  isRolledBack: false,
  ...more,
});

/** A look with sources that know everything up to now. */
function plan(
  place: CurrentStage | null,
  last: { stage: string; to: number } | null,
  settings = {},
  now = NOW,
) {
  return planObservation({
    settings,
    front: 'action',
    config: CONFIG,
    interval: 15 * MINUTE,
    last: last && { stage: last.stage, window: { from: last.to - 15 * MINUTE, to: last.to } },
    current: place,
    now,
    lag: 0,
  });
}

describe('the next window in a rollout', () => {
  it("counts toward the rollout's current stage, whatever the last one counted toward", () => {
    expect(plan(current('25%', at('11:40:00')), { stage: '5%', to: at('11:45:00') })).toMatchObject({
      kind: 'plan',
      window: { from: at('11:45:00'), to: at('12:00:00') },
      about: { stage: '25%', share: 25 },
      isMore: false,
    });
  });

  it('ends where a new stage began, and the next window starts there', () => {
    const place = current('25%', at('11:50:10'));
    expect(plan(place, { stage: '5%', to: at('11:45:00') })).toMatchObject({
      window: { from: at('11:45:00'), to: at('11:51:00') },
      about: { stage: '5%', share: 5 },
      isMore: true,
    });
    expect(plan(place, { stage: '5%', to: at('11:51:00') })).toMatchObject({
      window: { from: at('11:51:00'), to: at('12:00:00') },
      about: { stage: '25%' },
      isMore: false,
    });
  });

  it('starts with the stage if nothing else was measured', () => {
    expect(plan(current('5%', at('11:55:00')), null)).toMatchObject({
      window: { from: at('11:55:00'), to: at('12:00:00') },
      about: { stage: '5%' },
    });
    // A stage that is long under way: as far back as is asked for.
    expect(plan(current('5%', at('08:00:00')), null)).toMatchObject({ window: { from: at('11:45:00') } });
  });

  it('continues from what the App has counted if earlier measurements are gone', () => {
    const place = current('5%', at('08:00:00'), { measuredTo: at('10:30:00') });
    expect(plan(place, null)).toMatchObject({ window: { from: at('10:30:00'), to: at('12:00:00') } });
  });

  it('starts where the App stopped counting if it has counted more than is stored: no window counts twice', () => {
    const place = current('5%', at('08:00:00'), { measuredTo: at('11:31:00') });
    const stored = { stage: '5%', to: at('11:30:00') };
    expect(plan(place, stored)).toMatchObject({ window: { from: at('11:31:00'), to: at('12:00:00') } });
    expect(plan(place, { ...stored, to: at('11:45:00') })).toMatchObject({
      window: { from: at('11:45:00') },
    });
  });

  it('waits until the share is written, and for the first whole minute of a stage', () => {
    expect(plan(current('5%', null), { stage: 'local', to: at('11:45:00') })).toMatchObject({
      kind: 'too-soon',
      reason: expect.stringContaining('Nothing counts toward stage 5% yet: its traffic share is not written'),
    });
    expect(plan(current('5%', at('11:59:30')), null)).toMatchObject({
      kind: 'too-soon',
      reason: expect.stringContaining('Stage 5% began at 2026-11-22T11:59:30'),
    });
  });

  it('has a share of 0 after a rollback', () => {
    const back = current('25%', at('11:00:00'), { isRolledBack: true });
    expect(plan(back, { stage: '25%', to: at('11:45:00') })).toMatchObject({
      about: { stage: '25%', share: 0 },
    });
    const copies = current('shadow: 50%', at('11:00:00'), { isRolledBack: true });
    expect(plan(copies, null)).toMatchObject({ about: { stage: 'shadow: 50%', share: 0 } });
  });

  it('counts toward the stage that a person names', () => {
    expect(plan(current('25%', at('11:00:00')), null, { stage: '5%' })).toMatchObject({
      about: { stage: '5%' },
    });
  });

  it("reports that the config no longer has the rollout's stage", () => {
    expect(plan(current('10%', at('11:00:00')), null)).toMatchObject({
      kind: 'problems',
      problems: [
        { reasonCode: 'unknown_stage', message: expect.stringContaining('The rollout is at "10%"') },
      ],
    });
  });

  it('never leaves a gap, overlaps, or mixes two shares, at any sequence of runs', () => {
    const pauses = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 12 });
    const begins = fc.integer({ min: 1, max: 300 });
    fc.assert(
      fc.property(pauses, begins, (minutes, begin) => {
        const since = NOW + begin * 17_000;
        const { now, windows } = windowsOf(minutes, since);
        for (const [index, { stage, from, to }] of windows.entries()) {
          expect(from).toBe(windows[index - 1]?.to ?? at('12:00:00'));
          expect(to).toBeGreaterThan(from);
          if (stage === '25%') expect(from).toBeGreaterThanOrEqual(since);
          else expect(to).toBeLessThanOrEqual(since + MINUTE);
        }
        expect(now - (windows.at(-1)?.to ?? NOW)).toBeLessThan(2 * MINUTE);
      }),
    );
  });
});

/** What is measured by looks with these pauses between them, while the rollout goes from 5% to 25%. */
function windowsOf(minutes: readonly number[], since: number) {
  const windows: { stage: string; from: number; to: number }[] = [];
  let now = NOW;
  const look = () => {
    const place = now < since ? current('5%', at('09:00:00')) : current('25%', since);
    const planned = plan(place, windows.at(-1) ?? { stage: '5%', to: at('12:00:00') }, {}, now);
    if (planned.kind !== 'plan') return false;
    windows.push({ stage: planned.about.stage, ...planned.window });
    return planned.isMore;
  };
  for (const step of minutes) {
    now += step * MINUTE;
    while (look());
  }
  return { now, windows };
}
