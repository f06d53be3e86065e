/** A team's production, window by window: counts are drawn, not tasks, so that weeks take milliseconds. */
import { type ArmCounts, EMPTY_ARM, type Measurement } from '../../../src/measure/measurement.ts';
import { binomial, normal, type Random, seeded } from '../../support/random.ts';
import { drawHistogram, LN_MEDIAN, NORMAL_QUANTILES, SIGMA } from './latency.ts';
import { Users, type UserTasks } from './team-users.ts';
import { DAY, diurnal, HEALTHY, type TeamWorld } from './team-worlds.ts';

/** What the gateway's fault did beyond what the official API would have done: expected values, not draws. */
export interface Harm {
  readonly failedTasks: number;
  readonly slowSeconds: number;
  readonly usd: number;
}

export const NO_HARM_DONE: Harm = { failedTasks: 0, slowSeconds: 0, usd: 0 };

export function addHarm(a: Harm, b: Harm): Harm {
  return {
    failedTasks: a.failedTasks + b.failedTasks,
    slowSeconds: a.slowSeconds + b.slowSeconds,
    usd: a.usd + b.usd,
  };
}

export interface ProducedWindow {
  readonly arms: Measurement['arms'];
  readonly harm: Harm;
}

/** `units` left out: the split is per request. */
type DrawnTasks = Omit<UserTasks, 'units'> & Partial<Pick<UserTasks, 'units'>>;

const HOUR = 3_600_000;
/** Of the logarithm of the error rate, from hour to hour. */
const PERSISTENCE = 0.9;
const MEAN_SECONDS = Math.exp(LN_MEDIAN + SIGMA ** 2 / 2);

/** A task has 3,000 input and 370 output tokens on average; sizes are log-normal, and large in both. */
const INPUT = 3_000;
const OUTPUT = 370;
const USD = { input: 1.25e-6, cached: 0.125e-6, output: 10e-6 };
const SIZES = NORMAL_QUANTILES.map((z) => Math.exp(z - 0.5));
/** Of more tasks the sum of sizes is drawn from a normal distribution. */
const DRAWN_ONE_BY_ONE = 400;
const SIZE_VARIANCE = Math.E - 1;
const CACHE_HITS = 0.9;
/** The cache of an arm with little traffic is colder: its share of hits, as a factor, at a share of the traffic. */
const coldness = (share: number) => Math.min(1, 0.93 + 0.14 * share);

export class Production {
  readonly #world: TeamWorld;
  readonly #start: number;
  readonly #random: Random;
  readonly #rates: Random;
  readonly #users: Users | null;
  readonly #incidents: { readonly gateway: readonly number[]; readonly official: readonly number[] };
  #hour = -1;
  #levels = { common: 0, gateway: 0, official: 0 };

  /**
   * @param start when the first share begins, milliseconds since 1970
   * @param days for how long incidents are drawn
   */
  constructor(world: TeamWorld, start: number, days: number, seed: number, name: number) {
    this.#world = world;
    this.#start = start;
    this.#random = seeded(seed, 8 * name);
    this.#rates = seeded(seed, 8 * name + 1);
    this.#users = world.split === 'user' ? new Users(seeded(seed, 8 * name + 2), world.tasksPerDay) : null;
    const random = seeded(seed, 8 * name + 3);
    const incidents = () => incidentsOf(random, world, start, days);
    this.#incidents = { gateway: incidents(), official: incidents() };
  }

  /** @param share of the traffic that is on the gateway, 0 to 1 */
  window(from: number, to: number, share: number): ProducedWindow {
    const { tasksPerDay, fault: laterFault } = this.#world;
    const days = (from - this.#start) / DAY;
    const fault = days >= laterFault.from ? laterFault : HEALTHY;
    const rates = this.#ratesAt(from, to);
    const failing = Math.min(1, fault.errors(rates.gateway, days));
    const mean = ((tasksPerDay * (to - from)) / DAY) * diurnal((from + to) / 2);
    // Binomial with a mean of a quarter: within an eighth of a Poisson distribution's spread, at bounded cost.
    const tasks = binomial(
      this.#random,
      Math.max(1, Math.ceil(4 * mean)),
      mean / Math.max(1, Math.ceil(4 * mean)),
    );
    const drawn = this.#draw(tasks, share, { official: rates.official, gateway: failing }, fault.latency);
    const hits = CACHE_HITS * coldness(share) * fault.cacheHits;
    const gateway = this.#arm(drawn.gateway, hits, fault.price);
    const official = this.#arm(drawn.official, CACHE_HITS, 1);
    const onGateway = drawn.gateway.tasks;
    const uncached = INPUT * (USD.input - USD.cached) * CACHE_HITS * (1 - fault.cacheHits);
    const usual = INPUT * (USD.input - (USD.input - USD.cached) * CACHE_HITS) + OUTPUT * USD.output;
    return {
      arms: { gateway, official },
      harm: {
        failedTasks: onGateway * (failing - rates.gateway),
        slowSeconds: onGateway * MEAN_SECONDS * (fault.latency - 1),
        usd: onGateway * (fault.price * (usual + uncached) - usual),
      },
    };
  }

  #draw(
    tasks: number,
    share: number,
    rates: { readonly official: number; readonly gateway: number },
    latency: number,
  ): { readonly official: DrawnTasks; readonly gateway: DrawnTasks } {
    const random = this.#random;
    if (this.#users !== null) return this.#users.draw(random, tasks, share, rates, latency);
    const drawn = (all: number, rate: number, slower: number): DrawnTasks => {
      const failed = binomial(random, all, rate);
      return {
        tasks: all,
        failed,
        latency: drawHistogram(random, all, all - failed, { latency: slower, slow: 1, heavy: false }),
      };
    };
    const ours = binomial(random, tasks, share);
    return { gateway: drawn(ours, rates.gateway, latency), official: drawn(tasks - ours, rates.official, 1) };
  }

  #arm({ tasks, failed, latency, units }: DrawnTasks, hits: number, price: number): ArmCounts {
    if (tasks === 0) return EMPTY_ARM;
    const random = this.#random;
    const found = binomial(random, tasks, hits);
    const [hit, missed] = [sizesOf(random, found), sizesOf(random, tasks - found)];
    const cached = Math.round(INPUT * hit);
    const input = cached + Math.round(INPUT * missed);
    const output = Math.round(OUTPUT * (hit + missed));
    const usd = (input - cached) * USD.input + cached * USD.cached + output * USD.output;
    const { reportsCache } = this.#world;
    return {
      ...EMPTY_ARM,
      tasks,
      failedTasks: failed,
      attempts: tasks,
      failedAttempts: failed,
      latency,
      tokens: { input, cachedInput: reportsCache ? cached : 0, output, unknown: 0 },
      ...(reportsCache ? {} : { cacheUnknown: input }),
      cost: { usd: usd * price, priced: tasks, unpriced: 0 },
      retryCost: { usd: 0, priced: tasks, unpriced: 0 },
      atOfficialPrices: { usd, priced: tasks, unpriced: 0 },
      ...(units === undefined ? {} : { units }),
    };
  }

  /** The error rates of a healthy gateway and of the official arm in a window. */
  #ratesAt(from: number, to: number): { readonly gateway: number; readonly official: number } {
    const { errors, wander, incidents } = this.#world;
    for (
      const hour = Math.floor(from / HOUR);
      this.#hour < hour;
      this.#hour = Math.max(this.#hour + 1, hour)
    ) {
      const { common, gateway, official } = this.#levels;
      this.#levels = {
        common: this.#next(common, wander.common),
        gateway: this.#next(gateway, wander.own),
        official: this.#next(official, wander.own),
      };
    }
    const rateOf = (arm: 'gateway' | 'official') => {
      const usual = Math.min(0.5, errors * Math.exp(this.#levels.common + this.#levels[arm]));
      if (incidents === null) return usual;
      const length = incidents.hours * HOUR;
      const bad = this.#incidents[arm].reduce(
        (sum, start) => sum + Math.max(0, Math.min(to, start + length) - Math.max(from, start)),
        0,
      );
      const share = Math.min(1, bad / (to - from));
      return share * incidents.errors + (1 - share) * usual;
    };
    return { gateway: rateOf('gateway'), official: rateOf('official') };
  }

  #next(level: number, deviation: number): number {
    if (deviation === 0) return 0;
    return PERSISTENCE * level + Math.sqrt(1 - PERSISTENCE ** 2) * deviation * normal(this.#rates);
  }
}

function incidentsOf(random: Random, { incidents }: TeamWorld, start: number, days: number): number[] {
  if (incidents === null) return [];
  const found: number[] = [];
  const gap = () => (-Math.log(1 - random()) * 7 * DAY) / incidents.perWeek;
  for (let at = start + gap(); at < start + days * DAY; at += gap()) found.push(at);
  return found;
}

/** The sum of the sizes of so many tasks. */
function sizesOf(random: Random, tasks: number): number {
  if (tasks > DRAWN_ONE_BY_ONE) return tasks + Math.sqrt(tasks * SIZE_VARIANCE) * normal(random);
  let sum = 0;
  for (let task = 0; task < tasks; task += 1) sum += SIZES[Math.floor(random() * SIZES.length)] ?? 0;
  return sum;
}
