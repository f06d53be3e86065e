/** Every spelling of a stage means the same stage in a command, in `--stage` and in a measurement. */
import { expect, it } from 'vitest';
import { planObservation } from '../src/commands/observe/plan.ts';
import { findStage, parseStage } from '../src/config/stages.ts';
import { REPLAY_START, replayLook } from '../src/rollout/replay.ts';
import { emptyMeasurement } from './measure/measurements.ts';
import { MINUTE, NOON, Story } from './rollout/story.ts';

const LABELS = ['local', 'staging', 'fast: 50%', 'fast', 'tools', '5%', '7.5%', '25%', '100%'];
const SECTIONS = `workloads: [fast, tools]
rollout:
  stages: [${LABELS.map((label) => JSON.stringify(label)).join(', ')}]
  gates: { default: { manual: true, min_duration: 0s, min_tasks: 0, metrics: {} } }
`;
const { config } = new Story(SECTIONS);
const window = { from: NOON - 15 * MINUTE, to: NOON };

const READERS: Readonly<Record<string, (written: string) => string | null>> = {
  /** Only the next stage is reached: what moves on from the stage before it means it. */
  '/advance-rollout to': (written) => {
    const reached = LABELS.slice(0, -1).flatMap((label) => {
      const story = new Story(SECTIONS).forcedTo(label);
      story.says('ben', `/advance-rollout to ${written}`);
      return story.state.stage.label === label ? [] : [story.state.stage.label];
    });
    return reached.length === 1 ? (reached[0] ?? null) : null;
  },
  '/rollback-rollout to': (written) => {
    const story = new Story(SECTIONS).forcedTo('100%');
    story.says('ben', `/rollback-rollout to ${written}`);
    return story.codes.includes('rollback_target_refused') ? null : story.state.stage.label;
  },
  'observe --stage': (written) => {
    const planned = planObservation({
      settings: { stage: written },
      front: 'command-line',
      config,
      interval: 15 * MINUTE,
      last: null,
      current: null,
      now: NOON,
      lag: 0,
    });
    return planned.kind === 'plan' ? planned.about.stage : null;
  },
  'a measurement': (stage) =>
    replayLook(config, REPLAY_START, emptyMeasurement({ window, stage }))?.look.stage ?? null,
};

const MEANT: readonly (readonly [written: string, meant: string | null])[] = [
  ['5%', '5%'],
  ['5.0%', '5%'],
  ['05%', '5%'],
  ['5', '5%'],
  ['5 %', '5%'],
  ['7,5 %', '7.5%'],
  ['07.50', '7.5%'],
  ['LOCAL', 'local'],
  ['Staging', 'staging'],
  ['FAST', 'fast'],
  ['fast: 100 %', 'fast'],
  ['Fast: 50%', 'fast: 50%'],
  ['fast:50', 'fast: 50%'],
  ['tools:100', 'tools'],
  ['25', '25%'],
  ['25.00%', '25%'],
  ['100', '100%'],
  ['100 %', '100%'],
  ['50%', null],
  ['fast: 5%', null],
  ['nowhere', null],
];

/** The first stage can't be an advance's target, nor the last one a rollback's. */
const OUT_OF_REACH: Readonly<Record<string, readonly string[]>> = {
  '/advance-rollout to': ['local'],
  '/rollback-rollout to': ['100%'],
};

it.each(Object.keys(READERS))('%s', (reader) => {
  const reached = MEANT.filter(([, meant]) => meant === null || !OUT_OF_REACH[reader]?.includes(meant));
  expect(reached.map(([written]) => [written, READERS[reader]?.(written)])).toEqual(reached);
});

it('two stages that differ only by case need the exact case', () => {
  const stages = ['Fast', 'fast'].flatMap((text) => {
    const parsed = parseStage(text);
    return parsed.ok ? [parsed.value] : [];
  });
  expect(['fast', 'Fast', 'FAST'].map((text) => findStage(stages, text)?.label)).toEqual([
    'fast',
    'Fast',
    undefined,
  ]);
});
