/** What a team's production is like in Table 2: how much traffic, how it fails, and what is wrong with the gateway. */

const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** By how much the gateway is worse than the official API. */
export interface GatewayFault {
  /** Its error rate where the official one is `rate`, so many days after the first share. */
  readonly errors: (rate: number, days: number) => number;
  /** Factor on the latencies. */
  readonly latency: number;
  /** Factor on the price of the same tokens. */
  readonly price: number;
  /** Share of its tasks that find their prompt in the cache, as a factor of the usual one. */
  readonly cacheHits: number;
  /** Days after the first share from which on it is so. */
  readonly from: number;
}

export const HEALTHY: GatewayFault = { errors: (rate) => rate, latency: 1, price: 1, cacheHits: 1, from: 0 };

export interface TeamWorld {
  readonly tasksPerDay: number;
  /** Error rate of the official arm; with a sticky split that of all users together. */
  readonly errors: number;
  /** `user`: each user stays on one arm. */
  readonly split: 'task' | 'user';
  readonly fault: GatewayFault;
  /** Standard deviation of the logarithm of the error rates from hour to hour: alike on both arms, and of each arm. */
  readonly wander: { readonly common: number; readonly own: number };
  /** Hours in which an arm fails at `errors`, so many a week, on each arm independently. */
  readonly incidents: { readonly perWeek: number; readonly hours: number; readonly errors: number } | null;
  /** Whether the source reports cached tokens. */
  readonly reportsCache: boolean;
}

export const CALM: TeamWorld = {
  tasksPerDay: 20_000,
  errors: 0.01,
  split: 'task',
  fault: HEALTHY,
  wander: { common: 0, own: 0 },
  incidents: null,
  reportsCache: true,
};

/** Traffic by the hour of the day: 1 on average, most at two in the afternoon, least at two at night. */
export function diurnal(moment: number): number {
  return 1 + 0.7 * Math.cos((2 * Math.PI * ((moment % DAY) - 14 * HOUR)) / DAY);
}
