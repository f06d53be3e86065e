/** The rows of Table 2: a team with its traffic, and what happens to it. */
import type { Harm } from './team-production.ts';
import { DEFAULT_STAGES, type Journey, type Seen, type TeamCase } from './team-rollout.ts';
import { CALM, type GatewayFault, HEALTHY, type TeamWorld } from './team-worlds.ts';

export interface TeamRow {
  readonly id: string;
  readonly title: string;
  readonly team: TeamCase;
  /** What its fault costs the team. */
  readonly harms: keyof Harm;
  /** Rollouts in the short and in the full run. */
  readonly runs: { readonly short: number; readonly full: number };
}

/** A person who is asked while at work answers the same day. */
const ANSWERS_AFTER_HOURS = 4;
/** A person would have acted by then: a rollout that stands still for so long has failed its team. */
const LONGEST_DAYS = 60;
/** What a bad gateway does is counted for so long. */
export const HARM_DAYS = 14;

const isDown = ({ kind }: Seen) => kind === 'paused' || kind === 'rolled back';
const isOverWhenDone = (seen: Seen) => isDown(seen) || (seen.kind === 'gate met' && seen.stage === '100%');
export const isAction = ({ kind }: Seen) => kind !== 'gate met';

const healthy = (world: Partial<TeamWorld>, more: Partial<TeamCase> = {}): TeamCase => ({
  world: { ...CALM, ...world },
  stages: DEFAULT_STAGES,
  days: LONGEST_DAYS,
  answersAfter: ANSWERS_AFTER_HOURS,
  isOver: isOverWhenDone,
  ...more,
});

const faulty = (
  fault: Partial<GatewayFault>,
  world: Partial<TeamWorld> = {},
  more: Partial<TeamCase> = {},
): TeamCase => ({
  ...healthy({ ...world, fault: { ...HEALTHY, ...fault } }),
  days: HARM_DAYS,
  answersAfter: null,
  isOver: isAction,
  ...more,
});

const times = (factor: number) => ({ errors: (rate: number) => Math.min(1, factor * rate) });

const ERRORS = [0.001, 0.005, 0.02] as const;
export const percentOf = (rate: number) => `${Number((100 * rate).toFixed(2))} %`;
const tasks = (perDay: number) => perDay.toLocaleString('en-US');

const NO_FAULT = { harms: 'failedTasks' } as const;

const perRequest = (tasksPerDay: number, errors: number, full: number): TeamRow => ({
  id: `task ${tasksPerDay} ${errors}`,
  title: `${tasks(tasksPerDay)} a day, ${percentOf(errors)} errors`,
  team: healthy({ tasksPerDay, errors }),
  ...NO_FAULT,
  runs: { short: 1, full },
});

/** A week of its users takes seconds: the short run leaves most of it out. */
const sticky = (tasksPerDay: number, errors: number, full: number): TeamRow => ({
  id: `user ${tasksPerDay} ${errors}`,
  title: `${tasks(tasksPerDay)} a day, ${percentOf(errors)} errors, sticky`,
  team: healthy({ tasksPerDay, errors, split: 'user' }),
  ...NO_FAULT,
  runs: { short: Number(tasksPerDay === 20_000 && errors === 0.005), full },
});

/** One stage alone, until success_rate passes or its 14 days are over. */
const stickyStage = (share: '25%' | '50%', errors: number): TeamRow => ({
  id: `user ${share} ${errors}`,
  title: `20,000 a day, ${percentOf(errors)} errors, sticky, at ${share} alone`,
  team: healthy(
    { errors, split: 'user' },
    // At the first share nothing has to pass: the stage is kept open for as long as it is simulated.
    {
      stages: [share, '100%'],
      gates: `${share}: { min_duration: 14d }`,
      days: 14,
      isOver: isDown,
      untilProven: true,
    },
  ),
  ...NO_FAULT,
  runs: { short: 0, full: 40 },
});

export const HEALTHY_ROWS: readonly TeamRow[] = [
  ...ERRORS.map((errors) => perRequest(500, errors, 20)),
  ...ERRORS.map((errors) => perRequest(2_000, errors, errors === 0.02 ? 60 : 20)),
  perRequest(5_000, 0.02, 40),
  ...ERRORS.map((errors) => perRequest(20_000, errors, 40)),
  ...ERRORS.map((errors) => perRequest(200_000, errors, 20)),
  ...ERRORS.map((errors) => sticky(2_000, errors, 4)),
  ...ERRORS.map((errors) => sticky(20_000, errors, 30)),
  ...ERRORS.map((errors) => sticky(200_000, errors, 2)),
];

export const STICKY_STAGES: readonly TeamRow[] = (['25%', '50%'] as const).flatMap((share) =>
  ERRORS.map((errors) => stickyStage(share, errors)),
);

const row = (
  id: string,
  title: string,
  full: number,
  team: TeamCase,
  harms: keyof Harm = 'failedTasks',
): TeamRow => ({ id, title, team, harms, runs: { short: 2, full } });

const INCIDENTS = { perWeek: 1, hours: 1, errors: 0.2 };
const OUTAGE = { errors: () => 0.3, from: 0.5 };
const isRolledBack = ({ kind }: Seen) => kind === 'rolled back' || kind === 'paused';

/** Equally good gateways in rough weather. */
export const ROUGH_ROWS: readonly TeamRow[] = [
  row(
    'same rates',
    'errors wander hour by hour, alike on both arms',
    60,
    healthy({ wander: { common: 0.5, own: 0 } }),
  ),
  row(
    'own rates',
    'errors wander hour by hour, by 20 % on each arm',
    60,
    healthy({ wander: { common: 0, own: 0.2 } }),
  ),
  row('incidents', 'an hour of 20 % errors a week on each arm', 100, healthy({ incidents: INCIDENTS })),
  row(
    'incidents 200k',
    'the same at 200,000 a day',
    60,
    healthy({ incidents: INCIDENTS, tasksPerDay: 200_000 }),
  ),
];

const growing = (rate: number, days: number) => Math.min(1, rate * (1 + 0.25 * (days - 3)));

/** Bad gateways, at 20,000 tasks a day and 1 % errors where nothing else is said. */
export const FAULTY_ROWS: readonly TeamRow[] = [
  row('equal', 'an equal gateway', 60, healthy({})),
  row('x1.25', 'errors × 1.25', 40, faulty(times(1.25))),
  row('x2 1', 'errors × 2', 100, faulty(times(2))),
  row('x2 0.5', 'errors × 2 at 0.5 %', 100, faulty(times(2), { errors: 0.005 })),
  row('x2 0.1', 'errors × 2 at 0.1 %', 40, faulty(times(2), { errors: 0.001 })),
  row('x5 1', 'errors × 5', 60, faulty(times(5))),
  row('x5 0.1', 'errors × 5 at 0.1 %', 100, faulty(times(5), { errors: 0.001 })),
  row('outage', '30 % errors from hour 12 on', 60, faulty(OUTAGE, {}, { isOver: isRolledBack })),
  row('growing', '+ 25 % errors a day from day 3 on', 40, faulty({ errors: growing, from: 3 })),
  row('slow 1.3', 'latency + 30 %', 40, faulty({ latency: 1.3 }), 'slowSeconds'),
  row('slow 2', 'latency + 100 %', 40, faulty({ latency: 2 }), 'slowSeconds'),
  row('dear', 'cost + 20 %', 40, faulty({ price: 1.2 }), 'usd'),
  row('cache', 'a lost cache', 40, faulty({ cacheHits: 0 }), 'usd'),
  row(
    'cache untold',
    'a lost cache, which the source does not report',
    40,
    faulty({ cacheHits: 0 }, { reportsCache: false }),
    'usd',
  ),
];

export const ROWS: readonly TeamRow[] = [...HEALTHY_ROWS, ...STICKY_STAGES, ...ROUGH_ROWS, ...FAULTY_ROWS];

/** When a journey first met the gate of its last stage. */
export function doneAt({ seen }: Journey): number | null {
  return seen.find(({ kind, stage }) => kind === 'gate met' && stage === '100%')?.days ?? null;
}

export function sees({ seen }: Journey, kind: Seen['kind']): boolean {
  return seen.some((each) => each.kind === kind);
}
