/** What the simulated rollouts came to, as Markdown tables. */
import { median } from '../row.ts';
import { clopperPearson } from './chance.ts';
import { atLimitIn, REGRESSIONS } from './harms.ts';
import {
  AT_LIMIT_FROM,
  GOOD_HOURS,
  hasRegressions,
  LATE_EXPERIMENT,
  METRICS,
  regressedFrom,
} from './questions.ts';
import { RIVALS } from './rivals.ts';
import type { CameAt, Outcome } from './trial.ts';
import { WORLDS } from './worlds.ts';

/** For each experiment and rollout the outcomes of its questions. */
export type Trials = readonly (readonly (readonly Outcome[])[])[];

const RIVAL_NAMES = RIVALS.map(({ name }) => name);

export function tables(trials: Trials): string {
  return [falseAlarms, errorsAtLimit, detections, lateFailure, healthyPasses]
    .map((table) => table(trials))
    .join('\n\n');
}

function falseAlarms(trials: Trials): string {
  const rows = WORLDS.map(({ name }, experiment) => {
    const healthy = outcomesOf(trials, experiment, 0);
    const rivals = RIVALS.map((_, index) => share(healthy.map(({ rivals }) => rivals[index] ?? null)));
    const asked = share(healthy.map(({ noticed }) => noticed));
    return [name, share(healthy.map(({ failed }) => failed)), asked, ...rivals];
  });
  return table(
    'Equal arms, % of rollouts',
    ['the judge rolls back, five metrics', 'asks about a regression', ...RIVAL_NAMES],
    rows,
  );
}

function errorsAtLimit(trials: Trials): string {
  const rows = WORLDS.flatMap((world, experiment) =>
    atLimitIn(world).map(({ name }, index) => {
      const outcomes = outcomesOf(trials, experiment, AT_LIMIT_FROM + index);
      const passes = share(outcomes.map(({ passed }) => passed[0] ?? null));
      return [`${world.name}: \`${name}\``, passes, share(outcomes.map(({ failed }) => failed))];
    }),
  );
  return table('At a limit, % of rollouts', ['false passes', 'false failures'], rows);
}

function detections(trials: Trials): string {
  const rows = REGRESSIONS.flatMap(({ name }, regression) =>
    WORLDS.flatMap((world, experiment) => {
      if (!hasRegressions(world)) return [];
      const outcomes = outcomesOf(trials, experiment, regressedFrom(world) + regression);
      const rivals = RIVALS.map((_, index) => middle(outcomes.map(({ rivals }) => rivals[index] ?? null)));
      return [[`${name}, ${world.name}`, middle(outcomes.map(({ failed }) => failed)), ...rivals]];
    }),
  );
  return table('Gateway tasks until a regression is caught', ['the judge', ...RIVAL_NAMES], rows);
}

function lateFailure(trials: Trials): string {
  const outcomes = outcomesOf(trials, LATE_EXPERIMENT, 0);
  const cell = (of: (outcome: Outcome) => CameAt) => {
    const hours = hoursAfterFailure(outcomes.map(of));
    const inTime = hours.filter((each) => each > 0);
    const caught = inTime.length === 0 ? 'none' : `${median(inTime).toFixed(1)} h`;
    return `${percent(hours.length - inTime.length, hours.length)} % before it, else ${caught}`;
  };
  const rivals = RIVALS.map((_, index) => cell(({ rivals }) => rivals[index] ?? null));
  return table(
    '30 % errors after 13 healthy days, 50 gateway tasks an hour: rolled back',
    ['the judge', ...RIVAL_NAMES],
    [['error_ratio 2', cell(({ failed }) => failed), ...rivals]],
  );
}

/** Hours from the beginning of the late failure; 0 and below: before it, which is a false alarm. */
export function hoursAfterFailure(came: readonly CameAt[]): readonly number[] {
  return came.map((each) => (each === null ? Number.POSITIVE_INFINITY : each.look - GOOD_HOURS));
}

function healthyPasses(trials: Trials): string {
  const rows = WORLDS.map(({ name }, experiment) => {
    const healthy = outcomesOf(trials, experiment, 0);
    return [name, ...METRICS.map((_, metric) => middle(healthy.map(({ passed }) => passed[metric] ?? null)))];
  });
  return table('Gateway tasks until a healthy gateway passes', METRICS, rows);
}

export function outcomesOf(trials: Trials, experiment: number, question: number): readonly Outcome[] {
  return (trials[experiment] ?? []).flatMap((outcomes) => outcomes[question] ?? []);
}

/** How often it came, in percent, and between what the probability lies at 95 %. */
function share(came: readonly CameAt[]): string {
  const count = came.filter((each) => each !== null).length;
  const { low, high } = clopperPearson(count, came.length);
  return `${percent(count, came.length)} (${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)})`;
}

/** The median of the gateway's tasks, and how often it came where that was not always. */
function middle(came: readonly CameAt[]): string {
  const count = came.filter((each) => each !== null).length;
  const tasks = median(came.map((each) => each?.tasks ?? Number.POSITIVE_INFINITY));
  const shown = Number.isFinite(tasks) ? String(Math.round(tasks)) : '> 20,000';
  return count === came.length ? shown : `${shown} (${percent(count, came.length)} %)`;
}

function percent(count: number, all: number): string {
  return ((100 * count) / all).toFixed(1);
}

function table(title: string, columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line([title, ...columns]), line(['---', ...columns.map(() => '---:')]), ...rows.map(line)].join(
    '\n',
  );
}
