/** The users of a sticky split in Table 2: log-normal activity, and one user in twenty meets half of all errors. */
import type { Histogram } from '../../../src/measure/histogram.ts';
import { UNIT_TIMES, type UnitCounts } from '../../../src/measure/measurement.ts';
import { normal, type Random, weightedPicker } from '../../support/random.ts';
import { BOUNDS, bucketAt, LN_MEDIAN, NORMAL_QUANTILES, SIGMA } from './latency.ts';

/** Tasks of one arm in one window. */
export interface UserTasks {
  readonly tasks: number;
  readonly failed: number;
  readonly latency: Histogram;
  readonly units: readonly UnitCounts[];
}

const TASKS_A_DAY = 10;
const PRONE = 0.05;
/** How much of the spread of latencies is between users: some always ask for long answers. */
const SIGMA_OF_USERS = 0.3;
const SIGMA_WITHIN = Math.sqrt(SIGMA ** 2 - SIGMA_OF_USERS ** 2);
const LN_TIMES = Array.from({ length: UNIT_TIMES }, (_, index) => Math.log(2 ** (index - 4)) - LN_MEDIAN);

export class Users {
  readonly #pick: (random: Random) => number;
  /** On the gateway while it is below the share: who is there stays there. */
  readonly #place: Float64Array;
  /** Multiplies the error rate; 1 on average over tasks. */
  readonly #proneness: Float64Array;
  readonly #lnSlowness: Float64Array;

  constructor(random: Random, tasksPerDay: number) {
    const users = Math.max(2, Math.round(tasksPerDay / TASKS_A_DAY));
    const each = (draw: () => number) => Float64Array.from({ length: users }, draw);
    const activity = each(() => Math.exp(normal(random)));
    const isProne = each(() => Number(random() < PRONE));
    this.#pick = weightedPicker([...activity]);
    this.#place = each(() => random());
    this.#lnSlowness = each(() => SIGMA_OF_USERS * normal(random));
    const all = activity.reduce((sum, weight) => sum + weight, 0);
    const prone = activity.reduce((sum, weight, user) => sum + weight * (isProne[user] ?? 0), 0);
    // Half of the errors each, however many tasks the prone users have.
    this.#proneness = isProne.map((one) =>
      prone === 0 ? 1 : one === 1 ? all / (2 * prone) : all / (2 * (all - prone)),
    );
  }

  draw(
    random: Random,
    tasks: number,
    share: number,
    rates: { readonly official: number; readonly gateway: number },
    latency: number,
  ): { readonly gateway: UserTasks; readonly official: UserTasks } {
    const gateway = new Tally();
    const official = new Tally();
    for (let task = 0; task < tasks; task += 1) {
      const user = this.#pick(random);
      const isOurs = (this.#place[user] ?? 1) < share;
      const rate = (isOurs ? rates.gateway : rates.official) * (this.#proneness[user] ?? 1);
      const z = NORMAL_QUANTILES[Math.floor(random() * NORMAL_QUANTILES.length)] ?? 0;
      const lnTime = (this.#lnSlowness[user] ?? 0) + SIGMA_WITHIN * z + (isOurs ? Math.log(latency) : 0);
      (isOurs ? gateway : official).add(user, random() < rate, lnTime);
    }
    return { gateway: gateway.counts(), official: official.counts() };
  }
}

interface Counted extends UnitCounts {
  tasks: number;
  failedTasks: number;
  readonly slower: number[];
}

class Tally {
  readonly #units = new Map<number, Counted>();
  readonly #inBucket = new Array<number>(BOUNDS.length + 1).fill(0);

  /** @param lnTime of its time as a multiple of the median */
  add(user: number, failed: boolean, lnTime: number): void {
    let unit = this.#units.get(user);
    if (unit === undefined) {
      unit = { unit: `user-${user}`, tasks: 0, failedTasks: 0, slower: [] };
      this.#units.set(user, unit);
    }
    unit.tasks += 1;
    unit.failedTasks += Number(failed);
    const bucket = failed ? BOUNDS.length : bucketAt(lnTime);
    this.#inBucket[bucket] = (this.#inBucket[bucket] ?? 0) + 1;
    for (let index = 0; index < UNIT_TIMES && (failed || lnTime > (LN_TIMES[index] ?? 0)); index += 1)
      unit.slower[index] = (unit.slower[index] ?? 0) + 1;
  }

  counts(): UserTasks {
    const units = [...this.#units.values()];
    const sum = (of: (unit: Counted) => number) => units.reduce((all, unit) => all + of(unit), 0);
    const tasks = sum(({ tasks }) => tasks);
    let count = 0;
    const buckets = BOUNDS.map((le, index) => {
      count += this.#inBucket[index] ?? 0;
      return { le, count };
    });
    const latency = [...buckets, { le: '+Inf' as const, count: tasks }];
    return { tasks, failed: sum(({ failedTasks }) => failedTasks), latency, units };
  }
}
