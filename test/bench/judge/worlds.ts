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

export interface World {
  readonly name: string;
  readonly windowMs: number;
  readonly weather: (random: Random) => (window: number) => Weather;
  /** Tasks that fail were tried three times, and as many recover at their second attempt. */
  readonly retries: boolean;
  /** Each user stays on one arm. */
  readonly sticky: boolean;
}

export const LOOKS = 400;
export const ERRORS = 0.01;
export const SHARE = 0.05;
export const TASKS = 1000;
const QUARTER = 900_000;
const HOUR = 3_600_000;

const steady = () => (): Weather => ({ tasks: TASKS, share: SHARE, errors: ERRORS, slowness: 1 });

/** The share drifts from 3 to 7 %; now and then both arms have a bad hour: ten times the errors, slower answers. */
const driftAndBursts = (random: Random) => {
  let burst = 0;
  return (window: number): Weather => {
    burst = random() < 0.02 ? 4 : Math.max(0, burst - 1);
    const share = 0.03 + (0.04 * window) / LOOKS;
    const bad = burst > 0;
    return { tasks: TASKS, share, errors: bad ? 10 * ERRORS : ERRORS, slowness: bad ? 1.6 : 1 };
  };
};

/** Rates that wander over days: the logarithm goes up and down by about 1. */
const wandering = (random: Random) => {
  let level = 0;
  return (): Weather => {
    level = 0.99 * level + 0.14 * normal(random);
    const errors = Math.min(0.3, ERRORS * Math.exp(level));
    return { tasks: TASKS, share: SHARE, errors, slowness: Math.exp(level / 5) };
  };
};

const plain = { windowMs: QUARTER, weather: steady, retries: false, sticky: false };

export const WORLDS = [
  { ...plain, name: 'independent tasks' },
  { ...plain, name: 'share drifts, bursts on both arms', weather: driftAndBursts },
  { ...plain, name: 'retries', retries: true },
  { ...plain, name: 'sticky users', sticky: true },
  { ...plain, name: 'rates that wander', weather: wandering },
] as const satisfies readonly World[];

export const HOURLY: World = { ...plain, name: 'thirteen healthy days', windowMs: HOUR };
