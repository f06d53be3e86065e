/** What is read of the file in which the App keeps a rollout's state, whoever wrote it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planObservation } from '../../src/commands/observe/plan.ts';
import { currentStageIn } from '../../src/measure/current-stage.ts';
import { valid } from '../config/configs.ts';

const CONFIG = valid(`
gateway: { base_url: "https://gateway.example/v1" }
models: [gpt-4o-mini]
measure: { source: jsonl, interval: 15m }
rollout: { stages: [5%, 100%] }
`);

const fileOf = (label: unknown, writtenAt: unknown, measuredTo: unknown = null) => ({
  state: { status: { kind: 'progressing' }, stage: { label, measuredTo, traffic: { writtenAt } } },
});

describe('the current stage of a rollout', () => {
  it('is what the state says', () => {
    expect(currentStageIn(fileOf('5%', 1_000, 2_000))).toEqual({
      stage: '5%',
      since: 1_000,
      measuredTo: 2_000,
      isRolledBack: false,
    });
  });

  it.each([
    ['a time before 1970', fileOf('5%', -1)],
    ['a part of a millisecond', fileOf('5%', 1.5)],
    ['a time that no calendar has', fileOf('5%', 8.64e15)],
    ['a window at such a time', fileOf('5%', 0, 1e300)],
    ['a stage of a megabyte', fileOf('5%\n'.repeat(300_000), 0)],
    ['no file of ours', []],
  ])('is unknown where the file holds %s', (_, file) => {
    expect(currentStageIn(file)).toBeNull();
  });

  it('never keeps the next window from being planned, whatever was written into it', () => {
    const moment = fc.oneof(fc.double(), fc.integer(), fc.maxSafeInteger(), fc.constant(null));
    fc.assert(
      fc.property(fc.constantFrom('5%', '100%', 'nothing'), moment, moment, (label, since, measuredTo) => {
        const current = currentStageIn(fileOf(label, since, measuredTo));
        const request = { settings: {}, front: 'action', config: CONFIG, interval: 900_000 } as const;
        const last = { stage: '5%', window: { from: 1_795_391_700_000, to: 1_795_392_600_000 } };
        for (const known of [last, null]) {
          const now = 1_795_393_200_000;
          const plan = planObservation({ ...request, last: known, current, now, lag: 0 });
          if (plan.kind === 'plan') expect(plan.window.to).toBeGreaterThan(plan.window.from);
        }
      }),
    );
  });
});
