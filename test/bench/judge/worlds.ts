/** The kinds of production traffic in which the judge has to hold. */
import { normal, type Random } from '../../support/random.ts';

/** What holds in one window. Rates are probabilities of a task. */
export interface Weather {
  readonly tasks: number;
  /** Share of the tasks that go to the gateway. */
  readonly share: number;
  /** Of the official arm. */
  readonly errors: number;
  /** Multiplies all latencies of both arms. */
  readonly slowness: number;
}

/** How users of a sticky split differ. */
export interface UserLaw {
  /** How unequal their traffic is: log-normal, or Pareto of an index. */
  readonly activity: 'log-normal' | number;
  /** One in twenty meets half of all errors, or two tasks in five of one user in fifty fail. */
  readonly errors: 'half on one in twenty' | 'many on one in fifty';
}

/** One of several models: its part of the traffic, and how it differs from the others. */
export interface ModelLaw {
  readonly name: string;
  readonly part: number;
  readonly errors: number;
  readonly slowness: number;
  readonly share: number;
}

export interface World {
  readonly name: string;
  readonly windowMs: number;
  readonly weather: (random: Random) => (window: number) => Weather;
  /** Share of the tasks that are retried, and how often each is. */
  readonly retries: { readonly share: number; readonly times: number } | null;
  /** Each user stays on one arm. */
  readonly sticky: UserLaw | null;
  /** Their mix wanders; empty where there is one model without a name. */
  readonly models: readonly ModelLaw[];
  /** Times and costs with heavy tails. */
  readonly heavy: boolean;
  readonly looks: number;
  /** Stages of as many looks each, one after the other. */
  readonly stages: number;
}

export const LOOKS = 400;
export const ERRORS = 0.01;
export const SHARE = 0.05;
export const TASKS = 1000;
const QUARTER = 900_000;
const HOUR = 3_600_000;
const DAY_OF_WINDOWS = 96;

const STEADY: Weather = { tasks: TASKS, share: SHARE, errors: ERRORS, slowness: 1 };
const always = (weather: Partial<Weather>) => () => () => ({ ...STEADY, ...weather });

/** The share drifts from 1 to 30 %; now and then both arms have a bad hour: ten times the errors, slower answers. */
const driftAndBursts = (random: Random) => {
  let burst = 0;
  return (window: number): Weather => {
    burst = random() < 0.02 ? 4 : Math.max(0, burst - 1);
    const bad = burst > 0;
    const share = 0.01 * 30 ** (window / LOOKS);
    return { ...STEADY, share, errors: bad ? 10 * ERRORS : ERRORS, slowness: bad ? 1.6 : 1 };
  };
};

/** Rates that wander over days: the logarithm goes up and down by about 1. */
const wandering = (random: Random) => {
  let level = 0;
  return (): Weather => {
    level = 0.99 * level + 0.14 * normal(random);
    const errors = Math.min(0.3, ERRORS * Math.exp(level));
    return { ...STEADY, errors, slowness: Math.exp(level / 5) };
  };
};

/** Nights with 100 tasks, days with 1,900 and eleven times the errors. */
const diurnal = () => (window: number) => {
  const sun = Math.sin((2 * Math.PI * window) / DAY_OF_WINDOWS);
  return { ...STEADY, tasks: Math.round(TASKS + 900 * sun), errors: ERRORS * Math.exp(1.2 * sun) };
};

const ROAD = [0.05, 0.25, 0.5, 0.75];
const growing = () => (window: number) => {
  return { ...STEADY, share: ROAD[Math.floor((window * ROAD.length) / LOOKS)] ?? SHARE };
};

const MODELS: readonly ModelLaw[] = [
  { name: 'small', part: 0.5, errors: 0.2, slowness: 0.5, share: 0.08 },
  { name: 'middle', part: 0.3, errors: 1, slowness: 1, share: 0.04 },
  { name: 'large', part: 0.2, errors: 8, slowness: 2.5, share: 0.02 },
];

const plain = {
  windowMs: QUARTER,
  weather: always({}),
  retries: null,
  sticky: null,
  models: [],
  heavy: false,
  looks: LOOKS,
  stages: 1,
};
/** Sixteen days, since users prove a limit kept at days 2, 4 and 9; a look every four hours. */
const users = { ...plain, windowMs: 4 * HOUR, looks: LOOKS / 4 };
const sticky = (activity: UserLaw['activity'], errors: UserLaw['errors']) => ({ activity, errors });

export const WORLDS: readonly World[] = [
  { ...plain, name: 'independent tasks' },
  { ...plain, name: 'share drifts from 1 to 30 %, bursts on both arms', weather: driftAndBursts },
  { ...plain, name: '2.5 % of tasks retried twice', retries: { share: 0.025, times: 2 } },
  { ...plain, name: '1 % of tasks retried five times', retries: { share: 0.01, times: 5 } },
  { ...users, name: 'sticky users, log-normal', sticky: sticky('log-normal', 'half on one in twenty') },
  { ...users, name: 'sticky users, Pareto 2', sticky: sticky(2, 'half on one in twenty') },
  { ...users, name: 'sticky users, Pareto 1.2', sticky: sticky(1.2, 'half on one in twenty') },
  {
    ...users,
    name: 'sticky users, one in 50 fails 40 %',
    sticky: sticky('log-normal', 'many on one in fifty'),
  },
  {
    ...users,
    name: 'sticky users, half of them',
    weather: always({ share: 0.5 }),
    sticky: sticky('log-normal', 'half on one in twenty'),
  },
  { ...plain, name: 'four stages: 5, 25, 50, 75 %', weather: growing, stages: ROAD.length },
  { ...plain, name: 'rates that wander', weather: wandering },
  { ...plain, name: '0.05 % errors', weather: always({ errors: 0.0005 }) },
  { ...plain, name: 'nights and days', weather: diurnal },
  { ...plain, name: 'three models, their mix wanders', models: MODELS },
  { ...plain, name: 'heavy tails of times and costs', heavy: true },
  { ...plain, name: 'half of the traffic', weather: always({ share: 0.5, tasks: 100 }) },
];

export const HOURLY: World = { ...plain, name: 'thirteen healthy days', windowMs: HOUR };
