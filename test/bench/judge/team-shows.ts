/** What Table 2 must show, line by line. */
import { median } from '../row.ts';
import { clopperPearson, mostByChance } from './chance.ts';
import type { Journey, Seen } from './team-rollout.ts';
import { doneAt, isAction, sees } from './team-rows.ts';

export type Journeys = ReadonlyMap<string, readonly Journey[]>;

export interface Show {
  readonly outcome: 'met' | 'not met' | 'not met, by chance' | 'too few to tell' | 'not simulated';
  /** What was to be shown, and what was found. */
  readonly found: string;
}

/** Fewer rollouts have no median to speak of. */
const FEWEST = 20;

/** What must be so in at least (or, `atMost`, at most) a share of the rollouts. */
function share(
  what: string,
  journeys: readonly Journey[],
  of: (journey: Journey) => boolean,
  { atLeast = 0, atMost = 1 }: { readonly atLeast?: number; readonly atMost?: number },
): Show {
  const all = journeys.length;
  const count = journeys.filter(of).length;
  const { low, high } = clopperPearson(count, all);
  const wrong = atLeast > 0 ? all - count : count;
  const limit = mostByChance(all, atLeast > 0 ? 1 - atLeast : atMost);
  const isMet = atLeast > 0 ? count >= atLeast * all : count <= atMost * all;
  const wanted = atLeast > 0 ? `at least ${percent(atLeast)}` : `at most ${percent(atMost)}`;
  return {
    outcome: outcomeOf(all, wrong, limit, isMet),
    found: `${what}: ${percent(count / all)} (${percent(low)}–${percent(high)}) of ${all}, ${wanted}`,
  };
}

const tooFew = (all: number) => (all === 0 ? 'not simulated' : 'too few to tell');

function outcomeOf(all: number, wrong: number, limit: number, isMet: boolean): Show['outcome'] {
  if (limit >= all) return tooFew(all);
  return isMet ? 'met' : wrong <= limit ? 'not met, by chance' : 'not met';
}

/** What the median must not exceed; Infinity counts as never. */
function middle(what: string, values: readonly number[], unit: string, atMost: number): Show {
  const value = median(values);
  return {
    outcome: values.length < FEWEST ? tooFew(values.length) : value <= atMost ? 'met' : 'not met',
    found: `${what}, median: ${shown(value)}${unit} of ${values.length}, at most ${atMost}${unit}`,
  };
}

export function percent(value: number): string {
  return Number.isNaN(value) ? '–' : `${Number((100 * value).toFixed(1))} %`;
}

export function shown(value: number): string {
  if (Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return 'never';
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toPrecision(2)));
}

const days = (journeys: readonly Journey[]) =>
  journeys.map((each) => doneAt(each) ?? Number.POSITIVE_INFINITY);

/** What people see first; null: nothing. */
export function firstAction({ seen }: Journey): Seen | null {
  return seen.find(isAction) ?? null;
}

const actedBeforeDone = (journey: Journey) =>
  (firstAction(journey)?.days ?? Number.POSITIVE_INFINITY) <= (doneAt(journey) ?? Number.POSITIVE_INFINITY) &&
  firstAction(journey) !== null;

/** Hours from the beginning of the 25 % stage to a pause or more. */
function hoursAtQuarter(journey: Journey): number {
  const entered = journey.seen.find(({ kind, stage }) => kind === 'gate met' && stage === '5%');
  const acted = firstAction(journey);
  if (acted === null || entered === undefined) return Number.POSITIVE_INFINITY;
  return 24 * (acted.days - entered.days);
}

export function showsOf(journeys: Journeys): readonly Show[] {
  const of = (id: string) => journeys.get(id) ?? [];
  const paused = (journey: Journey) => sees(journey, 'paused');
  const actionDays = (id: string) =>
    of(id).map((each) => firstAction(each)?.days ?? Number.POSITIVE_INFINITY);
  const failedTasks = (id: string) => of(id).map((each) => (firstAction(each) ?? each).harm.failedTasks);
  const proven = (at: '25%' | '50%', errors: number, atLeast: number) =>
    share(
      `sticky, 20,000 a day, ${percent(errors)} errors: max_drop 1% proven within 14 days at ${at}`,
      of(`user ${at} ${errors}`),
      (journey) => (journey.proven[at] ?? Number.POSITIVE_INFINITY) <= 14,
      { atLeast },
    );
  const whole = (errors: number, atLeast: number) =>
    share(
      `sticky, 20,000 a day, ${percent(errors)} errors: the whole road`,
      of(`user 20000 ${errors}`),
      (journey) => doneAt(journey) !== null,
      { atLeast },
    );
  const quick = [0.001, 0.005, 0.02].flatMap((errors) =>
    [20_000, 200_000].map((perDay) =>
      middle(
        `${perDay.toLocaleString('en-US')} a day, ${percent(errors)} errors: days to the gate of 100 %`,
        days(of(`task ${perDay} ${errors}`)),
        ' d',
        4.5,
      ),
    ),
  );
  const few = [0.001, 0.005, 0.02].map((errors) =>
    share(
      `500 a day, ${percent(errors)} errors: completes, or the issue says at the start that it will not`,
      of(`task 500 ${errors}`),
      (each) => doneAt(each) !== null || each.outlook.includes('pauses undecided'),
      { atLeast: 0.9 },
    ),
  );
  return [
    middle('2,000 a day, 2 % errors: days to the gate of 100 %', days(of('task 2000 0.02')), ' d', 15),
    share('2,000 a day, 2 % errors: pauses', of('task 2000 0.02'), paused, { atMost: 0.05 }),
    middle('5,000 a day, 2 % errors: days to the gate of 100 %', days(of('task 5000 0.02')), ' d', 8),
    ...quick,
    proven('25%', 0.001, 0.95),
    proven('25%', 0.005, 0.9),
    proven('25%', 0.02, 0.5),
    proven('50%', 0.001, 0.95),
    proven('50%', 0.005, 0.95),
    proven('50%', 0.02, 0.85),
    whole(0.001, 0.85),
    whole(0.005, 0.85),
    whole(0.02, 0.45),
    ...few,
    share('errors × 2 at 1 %: asked or taken back', of('x2 1'), (each) => firstAction(each) !== null, {
      atLeast: 0.99,
    }),
    middle('errors × 2 at 1 %: days until then', actionDays('x2 1'), ' d', 1.5),
    middle('errors × 2 at 1 %: extra failed tasks until then', failedTasks('x2 1'), '', 30),
    share('errors × 2 at 0.5 %: asked before 100 %', of('x2 0.5'), actedBeforeDone, { atLeast: 0.93 }),
    middle('errors × 2 at 0.5 %: days until then', actionDays('x2 0.5'), ' d', 2),
    middle('errors × 2 at 0.5 %: extra failed tasks until then', failedTasks('x2 0.5'), '', 30),
    share('errors × 5 at 0.1 %: completes unasked', of('x5 0.1'), (each) => !actedBeforeDone(each), {
      atMost: 0.1,
    }),
    share('the same hourly rates: asked', of('same rates'), (each) => sees(each, 'asked'), { atMost: 0.01 }),
    ...['incidents', 'incidents 200k'].flatMap((id) => {
      const where = id === 'incidents' ? '20,000 a day' : '200,000 a day';
      return [
        share(`weekly incidents, ${where}: rolled back`, of(id), (each) => sees(each, 'rolled back'), {
          atMost: 0.15,
        }),
        share(`weekly incidents, ${where}: asked`, of(id), (each) => sees(each, 'asked'), { atMost: 0.03 }),
      ];
    }),
    share('a lost cache: paused within 3 h at 25 %', of('cache'), (each) => hoursAtQuarter(each) <= 3, {
      atLeast: 0.95,
    }),
    share(
      'a lost cache, not reported: paused within 12 h at 25 %',
      of('cache untold'),
      (each) => hoursAtQuarter(each) <= 12,
      { atLeast: 0.95 },
    ),
    middle('an outage of 30 %: extra failed tasks until taken back', failedTasks('outage'), '', 12),
  ];
}
