/** Users that a sticky split keeps on one arm: what one of them does says less than as many tasks of many. */
import type { ArmCounts, UnitCounts } from '../../../src/measure/measurement.ts';
import { normal, type Random, weightedPicker } from '../../support/random.ts';
import { armOf } from './arm.ts';
import { type Harm, NO_HARM } from './harms.ts';
import { BOUNDS, bucketAt, COSTS, LN_MEDIAN, NORMAL_QUANTILES, SIGMA } from './latency.ts';
import type { UserLaw, Weather } from './worlds.ts';

const USERS = 20_000;
/** A source lists a sample of whole units of each arm (sample.ts), of which the judge keeps as many. */
const UNITS_LISTED = 1_000;
/** Whom some harms hit alone. */
const MARKED = 0.02;

/** How much of the spread of latencies is between users: some always ask for long answers. */
const SIGMA_OF_USERS = 0.3;
const SIGMA_WITHIN = Math.sqrt(SIGMA ** 2 - SIGMA_OF_USERS ** 2);
/** Long answers also cost more. */
const COST_SPREAD = 0.5;

interface MutableUnit extends UnitCounts {
  tasks: number;
  failedTasks: number;
  readonly slower: number[];
}

export class StickyUsers {
  readonly #pick: (random: Random) => number;
  readonly #onGateway: Uint8Array;
  /** Multiplies the error rate; 1 on average. */
  readonly #proneness: Float64Array;
  /** Logarithm of the factor on latencies. */
  readonly #lnSlowness: Float64Array;
  readonly #costFactor: Float64Array;
  /** Users of this window's tasks. */
  #ours: number[] = [];
  #theirs: number[] = [];
  readonly #isListed: Uint8Array;
  readonly #isMarked: Uint8Array;

  /** @param share of the users that are on the gateway */
  constructor(random: Random, { activity, errors }: UserLaw, share: number) {
    // A few users make most of the traffic.
    const weight = () =>
      activity === 'log-normal' ? Math.exp(normal(random)) : (1 - random()) ** (-1 / activity);
    this.#pick = weightedPicker(Array.from({ length: USERS }, weight));
    this.#onGateway = Uint8Array.from({ length: USERS }, () => Number(random() < share));
    const [few, many] = errors === 'many on one in fifty' ? [0.02, 40] : [0.05, 10];
    const others = (1 - few * many) / (1 - few);
    this.#proneness = Float64Array.from({ length: USERS }, () => (random() < few ? many : others));
    const length = Float64Array.from({ length: USERS }, () => normal(random));
    this.#lnSlowness = length.map((z) => SIGMA_OF_USERS * z);
    this.#costFactor = length.map((z) => Math.exp(COST_SPREAD * z - COST_SPREAD ** 2 / 2));
    const listed = [0, 0];
    this.#isListed = this.#onGateway.map((arm) => {
      listed[arm] = (listed[arm] ?? 0) + 1;
      return Number((listed[arm] ?? 0) <= UNITS_LISTED);
    });
    this.#isMarked = Uint8Array.from({ length: USERS }, () => Number(random() < MARKED));
  }

  /** Draws who sends the tasks of the next window. */
  draw(random: Random, tasks: number): void {
    this.#ours = [];
    this.#theirs = [];
    for (let task = 0; task < tasks; task += 1) {
      const user = this.#pick(random);
      (this.#onGateway[user] === 1 ? this.#ours : this.#theirs).push(user);
    }
  }

  officialArm(random: Random, weather: Weather): ArmCounts {
    return this.#arm(random, this.#theirs, weather, NO_HARM);
  }

  gatewayArm(random: Random, weather: Weather, harm: Harm): ArmCounts {
    return this.#arm(random, this.#ours, weather, harm);
  }

  #arm(random: Random, users: readonly number[], { errors, slowness }: Weather, harm: Harm): ArmCounts {
    const units = new Map<number, MutableUnit>();
    const inBucket = new Array<number>(BOUNDS.length + 1).fill(0);
    const lnLatency = Math.log(slowness * harm.latency);
    let [failures, usd] = [0, 0];
    for (const user of users) {
      const rate = errors * (this.#proneness[user] ?? 1);
      const failed = random() < harm.errors(rate, this.#isMarked[user] === 1);
      let lnTime = Number.POSITIVE_INFINITY;
      usd += (COSTS[Math.floor(random() * COSTS.length)] ?? 0) * (this.#costFactor[user] ?? 1);
      if (failed) failures += 1;
      else {
        // A slow path makes every share above a time larger by a factor: the same quantile lies farther out.
        const above = random() / harm.slow(rate);
        const z = above < 1 ? NORMAL_QUANTILES[Math.floor((1 - above) * NORMAL_QUANTILES.length)] : -9;
        lnTime = lnLatency + (this.#lnSlowness[user] ?? 0) + SIGMA_WITHIN * (z ?? 9);
        const bucket = bucketAt(lnTime);
        inBucket[bucket] = (inBucket[bucket] ?? 0) + 1;
      }
      if (this.#isListed[user] !== 1) continue;
      const unit = units.get(user) ?? { unit: String(user), tasks: 0, failedTasks: 0, slower: [] };
      units.set(user, unit);
      unit.tasks += 1;
      unit.failedTasks += Number(failed);
      const exceeded = unitBoundsBelow(lnTime);
      for (let index = 0; index < exceeded; index += 1) unit.slower[index] = (unit.slower[index] ?? 0) + 1;
    }
    let count = 0;
    const latency = BOUNDS.map((le, index) => {
      count += inBucket[index] ?? 0;
      return { le, count };
    });
    const drawn = armOf({
      tasks: users.length,
      failed: failures,
      latency: [...latency, { le: '+Inf' as const, count: users.length }],
      usd: usd * harm.cost,
      retried: 0,
      failedRetries: 0,
    });
    return { ...drawn, units: [...units.values()] };
  }
}

/** How many of 1/16 s, 1/8 s, … 64 s a time exceeds, which is told by its logarithm over the median. */
function unitBoundsBelow(lnTime: number): number {
  return Math.min(11, Math.max(0, Math.ceil((lnTime + LN_MEDIAN) / Math.LN2 + 4)));
}
