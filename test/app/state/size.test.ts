/** The branch of a state lasts: every clone of the repository fetches it. */
import { deflateRawSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { open, seal } from '../../../app/state/envelope.ts';
import { unpack } from '../../../app/state/packing.ts';
import { HistogramCounter } from '../../../src/measure/histogram.ts';
import type { ArmCounts, UnitCounts } from '../../../src/measure/measurement.ts';
import { decide } from '../../../src/rollout/decide.ts';
import { rolloutStateSchema } from '../../../src/rollout/state.ts';
import { arm } from '../../judge/measured.ts';
import { emptyMeasurement } from '../../measure/measurements.ts';
import { MINUTE, Story } from '../../rollout/story.ts';
import { normal, type Random, seeded } from '../../support/random.ts';

const sections = (cluster: 'task' | 'user') => `measure: { source: prometheus, interval: 15m }
traffic: [{ variable: { name: GATEWAY_SHARE } }]
rollout: { stages: [50%, 100%], cluster: ${cluster}, max_duration: 90d, gates: { 50%: { manual: true } } }
`;
const IDENTITY = { repository: 1, rollout: 'shop', keys: ['a key of at least thirty-two characters'] };

const USERS = 2_000;
/** At how many times the slower tasks of a user are counted: 1/16 s, 1/8 s, … 64 s. */
const TIMES = 11;

/** A fifth of an arm's users, with one to five tasks each that take a second or two. */
function unitsOf(random: Random, name: string): UnitCounts[] {
  return Array.from({ length: USERS }, (_, index) => `${name}${index}`).flatMap((unit) => {
    if (random() > 0.2) return [];
    const tasks = 1 + Math.floor(5 * random());
    const seconds = Array.from({ length: tasks }, () => 1.4 * Math.exp(0.6 * normal(random)));
    const slower = Array.from(
      { length: TIMES },
      (_, time) => seconds.filter((each) => each > 2 ** (time - 4)).length,
    );
    return [{ unit, tasks, failedTasks: random() < 0.02 ? 1 : 0, slower }];
  });
}

/** Tasks whose times are of every length, as records have them, of several models. */
function armOf(tasks: number, salt: number): ArmCounts {
  const times = new HistogramCounter();
  for (let task = 0; task < tasks; task += 1) times.add(0.05 * (1 + ((task * 7 + salt * 13) % 400)));
  const counts = { ...arm(tasks, { failed: salt % 3 }), latency: times.histogram(), ttft: times.histogram() };
  return { ...counts, byModel: ['gpt-4o', 'gpt-4o-mini', 'o3'].map((name) => ({ ...counts, name })) };
}

// After a few dozen windows each user has been seen; from then on, only their numbers grow.
it.each([
  ['task', 1_000],
  ['user', 200],
] as const)('holds the state below 64 KB, split by %s, after %i windows', (cluster, windows) => {
  const random = seeded(1);
  const { config, state: begun } = new Story(sections(cluster)).works();
  let state = begun;
  const start = Math.ceil((begun.stage.traffic.verifiedAt ?? 0) / MINUTE) * MINUTE;
  for (let index = 0; index < windows; index += 1) {
    const window = { from: start + index * 15 * MINUTE, to: start + (index + 1) * 15 * MINUTE };
    const withUsers = (counts: ArmCounts, name: string): ArmCounts =>
      cluster === 'task' ? counts : { ...counts, units: unitsOf(random, name) };
    const official = withUsers(armOf(190, index), 'official');
    const gateway = withUsers(armOf(190, index + 1), 'gateway');
    const measurement = emptyMeasurement({ window, stage: '50%', arms: { official, gateway } });
    const event = { kind: 'measured', key: `window:${index}`, measurement } as const;
    state = decide({ config, state }, event, window.to).state;
  }
  expect(state.stage.measuredTo).toBe(start + windows * 15 * MINUTE);
  const content = { started: start, sequence: windows, previous: null, message: 'hold', state };
  const text = seal(content, IDENTITY);
  expect(Buffer.byteLength(text)).toBeLessThan(64 * 1024);
  const opened = open(text, IDENTITY);
  expect(opened.kind === 'opened' && opened.envelope.state).toEqual(
    rolloutStateSchema.parse(JSON.parse(JSON.stringify(state))),
  );
  const damaged = text.replace(/"brotli": "./, '"brotli": "!');
  expect(open(damaged, IDENTITY)).toMatchObject({ kind: 'invalid' });
});

it('reads what an older version deflated', () => {
  const text = JSON.stringify({ from: 'before brotli' });
  const past = { deflated: deflateRawSync(text).toString('base64') };
  expect(unpack({ past })).toEqual({ past: JSON.parse(text) });
});
