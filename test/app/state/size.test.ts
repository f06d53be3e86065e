/** The branch of a state lasts: every clone of the repository fetches it. */
import { expect, it } from 'vitest';
import { open, seal } from '../../../app/state/envelope.ts';
import { HistogramCounter } from '../../../src/measure/histogram.ts';
import type { ArmCounts } from '../../../src/measure/measurement.ts';
import { decide } from '../../../src/rollout/decide.ts';
import { rolloutStateSchema } from '../../../src/rollout/state.ts';
import { arm } from '../../judge/measured.ts';
import { emptyMeasurement } from '../../measure/measurements.ts';
import { MINUTE, Story } from '../../rollout/story.ts';

const SECTIONS = `measure: { source: prometheus, interval: 15m }
traffic: [{ variable: { name: GATEWAY_SHARE } }]
rollout: { stages: [5%, 100%], max_duration: 90d, gates: { 5%: { manual: true } } }
`;
const IDENTITY = { repository: 1, rollout: 'shop', keys: ['a key of at least thirty-two characters'] };

/** Tasks whose times are of every length, as records have them, of several models. */
function armOf(tasks: number, salt: number): ArmCounts {
  const times = new HistogramCounter();
  for (let task = 0; task < tasks; task += 1) times.add(0.05 * (1 + ((task * 7 + salt * 13) % 400)));
  const counts = { ...arm(tasks, { failed: salt % 3 }), latency: times.histogram(), ttft: times.histogram() };
  return { ...counts, byModel: ['gpt-4o', 'gpt-4o-mini', 'o3'].map((name) => ({ ...counts, name })) };
}

it('holds the state below 64 KB after 1,000 windows', () => {
  const { config, state: begun } = new Story(SECTIONS).works();
  let state = begun;
  const start = Math.ceil((begun.stage.traffic.verifiedAt ?? 0) / MINUTE) * MINUTE;
  for (let index = 0; index < 1_000; index += 1) {
    const window = { from: start + index * 15 * MINUTE, to: start + (index + 1) * 15 * MINUTE };
    const arms = { official: armOf(190, index), gateway: armOf(10, index + 1) };
    const measurement = emptyMeasurement({ window, stage: '5%', arms });
    const event = { kind: 'measured', key: `window:${index}`, measurement } as const;
    state = decide({ config, state }, event, window.to).state;
  }
  expect(state.stage.measuredTo).toBe(start + 1_000 * 15 * MINUTE);
  const content = { started: start, sequence: 1_000, previous: null, message: 'hold', state };
  const text = seal(content, IDENTITY);
  expect(Buffer.byteLength(text)).toBeLessThan(64 * 1024);
  const opened = open(text, IDENTITY);
  expect(opened.kind === 'opened' && opened.envelope.state).toEqual(
    rolloutStateSchema.parse(JSON.parse(JSON.stringify(state))),
  );
  const damaged = text.replace(/"deflated": "./, '"deflated": "!');
  expect(open(damaged, IDENTITY)).toMatchObject({ kind: 'invalid' });
});
