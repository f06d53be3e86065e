/** Simulated production traffic on two arms, window by window. */
import { type ArmCounts, EMPTY_ARM, type Measurement } from '../../../src/measure/measurement.ts';
import { binomial, normal, type Random } from './random.ts';

/** What holds in one window. Rates are probabilities of a task. */
export interface Weather {
  readonly tasks: number;
  readonly share: number;
  /** Of the official arm. */
  readonly errors: number;
  /** Multiplies all latencies of both arms. */
  readonly slowness: number;
}

/** By how much the gateway is worse from a window on. */
export interface Harm {
  readonly errors: (official: number) => number;
  /** Factor on the latencies. */
  readonly latency: number;
  /** Factor on the tasks above every time, as if a part of them went through a slow path. */
  readonly slow: number;
  readonly cost: number;
  readonly from: number;
}

export const NO_HARM: Harm = { errors: (rate) => rate, latency: 1, slow: 1, cost: 1, from: 0 };

export interface World {
  readonly windowMs: number;
  readonly weather: (random: Random) => (window: number) => Weather;
  /** Failed attempts of a task that fails, and of one in so many that recover. */
  readonly retries: boolean;
  readonly sticky: boolean;
}

/** Bounds of a histogram that was made for the purpose, each 19 % above the one before. */
const BOUNDS = Array.from({ length: 17 }, (_, step) => 0.7 * 2 ** (step / 4));
const LN_MEDIAN = Math.log(1.4);
const SIGMA = 0.6;

const START = Date.UTC(2026, 0, 5);

/** Windows without end; the same seed gives the same ones. */
export function* windowsOf(world: World, harm: Harm, random: Random): Generator<Measurement> {
  const weatherAt = world.weather(random);
  const users = world.sticky ? drawUsers(random, weatherAt(0).share) : null;
  for (let window = 0; ; window += 1) {
    const weather = weatherAt(window);
    const active = window >= harm.from ? harm : NO_HARM;
    const gatewayTasks = binomial(random, weather.tasks, weather.share);
    const arms =
      users === null
        ? {
            gateway: arm(random, gatewayTasks, weather, active, world.retries),
            official: arm(random, weather.tasks - gatewayTasks, weather, NO_HARM, world.retries),
          }
        : stickyArms(random, users, weather, active);
    yield {
      schema: 1,
      window: { from: START + window * world.windowMs, to: START + (window + 1) * world.windowMs },
      stage: '5%',
      share: 100 * weather.share,
      source: 'simulated',
      arms,
    };
  }
}

function arm(random: Random, tasks: number, weather: Weather, harm: Harm, retries: boolean): ArmCounts {
  const failedTasks = binomial(random, tasks, Math.min(1, harm.errors(weather.errors)));
  return counted(random, tasks, failedTasks, weather, harm, retries);
}

function counted(
  random: Random,
  tasks: number,
  failedTasks: number,
  weather: Weather,
  harm: Harm,
  retries: boolean,
): ArmCounts {
  const latency = histogram(random, tasks, tasks - failedTasks, weather.slowness * harm.latency, harm.slow);
  // A task that fails was tried three times; as many as fail recover after one retry.
  const failedAttempts = retries ? 4 * failedTasks : failedTasks;
  const attempts = tasks + (retries ? 3 * failedTasks : 0);
  const usd = tasks === 0 ? 0 : costOf(random, tasks) * harm.cost;
  const money = { usd, priced: tasks, unpriced: 0 };
  return {
    ...EMPTY_ARM,
    tasks,
    failedTasks,
    attempts,
    failedAttempts,
    latency,
    cost: money,
    atOfficialPrices: { ...money, usd: usd / harm.cost },
  };
}

/** Costs of tasks are log-normal with a heavy right side; their sum nearly so. */
function costOf(random: Random, tasks: number): number {
  let sum = 0;
  for (let task = 0; task < Math.min(tasks, 60); task += 1) sum += Math.exp(normal(random));
  return 0.001 * (tasks <= 60 ? sum : (tasks / 60) * sum);
}

function histogram(random: Random, tasks: number, served: number, slowness: number, slow: number) {
  let [left, leftProbability, count] = [served, 1, 0];
  const buckets = BOUNDS.map((le, index) => {
    const upTo = shareWithin(le, slowness, slow);
    const within = upTo - (index === 0 ? 0 : shareWithin(BOUNDS[index - 1] ?? 0, slowness, slow));
    const here = binomial(random, left, Math.min(1, Math.max(0, within / leftProbability)));
    left -= here;
    leftProbability -= within;
    count += here;
    return { le, count };
  });
  return [...buckets, { le: '+Inf' as const, count: tasks }];
}

function shareWithin(seconds: number, slowness: number, slow: number): number {
  return 1 - Math.min(1, slow * (1 - normalCdf((Math.log(seconds / slowness) - LN_MEDIAN) / SIGMA)));
}

/** Abramowitz and Stegun 26.2.17, to 7.5e-8. */
function normalCdf(z: number): number {
  if (z < 0) return 1 - normalCdf(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const tail =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * tail;
}

interface User {
  readonly unit: string;
  readonly onGateway: boolean;
  /** Multiplies the error rate; 1 on average. */
  readonly proneness: number;
  /** Share of the traffic of this user and all before. */
  readonly upTo: number;
}

const USERS = 20_000;
/** A source tells a sample of whole units (sample.ts). */
const UNITS_TOLD = 4_000;

/** A few users make most of the traffic, and one in twenty meets most of the errors. */
function drawUsers(random: Random, share: number): readonly User[] {
  const weights = Array.from({ length: USERS }, () => Math.exp(normal(random)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let upTo = 0;
  return weights.map((weight, index) => {
    upTo += weight / total;
    const proneness = random() < 0.05 ? 10 : 10 / 19;
    return { unit: String(index), onGateway: random() < share, proneness, upTo };
  });
}

/** The first user up to whom the shares reach `point`. */
function userAt(users: readonly User[], point: number): User | undefined {
  let [low, high] = [0, users.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((users[middle]?.upTo ?? 1) < point) low = middle + 1;
    else high = middle;
  }
  return users[low];
}

function stickyArms(
  random: Random,
  users: readonly User[],
  weather: Weather,
  harm: Harm,
): Measurement['arms'] {
  const units = { gateway: new Map<string, Unit>(), official: new Map<string, Unit>() };
  for (let task = 0; task < weather.tasks; task += 1) {
    const user = userAt(users, random());
    if (user === undefined) continue;
    const rate = weather.errors * user.proneness;
    const failed = random() < (user.onGateway ? harm.errors(rate) : rate);
    const sums = units[user.onGateway ? 'gateway' : 'official'];
    const before = sums.get(user.unit) ?? { tasks: 0, failedTasks: 0 };
    const failedTasks = before.failedTasks + Number(failed);
    sums.set(user.unit, { unit: user.unit, tasks: before.tasks + 1, failedTasks });
  }
  const armOf = (sums: ReadonlyMap<string, Unit>, harmed: Harm): ArmCounts => {
    const list = [...sums.values()];
    const tasks = list.reduce((sum, each) => sum + each.tasks, 0);
    const failed = list.reduce((sum, each) => sum + each.failedTasks, 0);
    return { ...counted(random, tasks, failed, weather, harmed, false), units: list.filter(isTold) };
  };
  return { gateway: armOf(units.gateway, harm), official: armOf(units.official, NO_HARM) };
}

function isTold({ unit }: Unit): boolean {
  return Number(unit) < UNITS_TOLD;
}

interface Unit {
  readonly unit: string;
  readonly tasks: number;
  readonly failedTasks: number;
}
