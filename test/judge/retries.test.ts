import { expect, it } from 'vitest';
import { addWindow } from '../../src/judge/evidence.ts';
import { measurementSchema } from '../../src/measure/measurement.ts';
import { binomial, seeded } from '../support/random.ts';
import { arm, asked, gathered, judged, lookAt, repeat, setting, window } from './measured.ts';

const LIMITS = asked({ retry_rate: { max: 5, max_increase: 1 } });

/** Both arms are equal, and retry exactly as many attempts as a limit of 5 % of the attempts would allow. */
function verdictsOf(seed: number, retries: number) {
  const next = seeded(seed);
  let seen = gathered(setting(LIMITS), []);
  const verdicts = new Set<string>();
  for (let index = 0; index < 100; index += 1) {
    const of = (tasks: number) => {
      const retriedTasks = binomial(next, tasks, 0.05);
      return { ...arm(tasks), retriedTasks, attempts: tasks + retries * retriedTasks };
    };
    seen = addWindow(seen, window(index, { gateway: of(50), official: of(150) }));
    for (const { kind, verdict } of judged(seen).retry_rate?.limits ?? [])
      verdicts.add(`${kind}: ${verdict}`);
  }
  return verdicts;
}

it.each([2, 5])('tasks that are retried %d times fail and pass no limit by their number', (retries) => {
  const outcomes = Array.from({ length: 40 }, (_, seed) => verdictsOf(seed + 1, retries));
  const came = (what: string) => outcomes.filter((outcome) => outcome.has(what)).length;
  // At the limit of 5 %, each comes in at most 5 % of rollouts; equal arms never fail.
  expect(came('max: fail')).toBeLessThanOrEqual(4);
  expect(came('max: pass')).toBeLessThanOrEqual(5);
  expect(came('max_increase: fail')).toBeLessThanOrEqual(3);
});

it('says that retries are not measured where a source or an older line does not count retried tasks', () => {
  const { retriedTasks: _, ...old } = { ...arm(1_000), attempts: 1_200 };
  const windows = repeat(8, (index) => {
    const written = JSON.parse(
      JSON.stringify(window(index, { gateway: old as never, official: old as never })),
    );
    const { from, to } = written.window;
    const dated = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    return measurementSchema.parse({ ...written, window: dated });
  });
  const { retry_rate: verdict } = lookAt(setting(LIMITS), windows);
  expect(verdict).toMatchObject({ verdict: 'no-data', reasonCode: 'not_measured' });
});
