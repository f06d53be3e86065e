/** Kinds of trouble that a story may have besides its weather; several may come together. */
import type { Chance } from '../support/github/chance.ts';
import type { Github } from '../support/github/github.ts';
import { type Random, seeded } from '../support/random.ts';

export const SCHEDULES = [
  /** What is created gets no response, and lists leave it out for a while. */
  'lost creations',
  /** Some reads are answered by older copies. */
  'stale reads',
  /** Webhooks arrive before the reads know what they report. */
  'early webhooks',
  /** The clocks of the replicas are wrong. */
  'skewed clocks',
  /** People with write access change the issue and the branch of the state. */
  'meddlers',
  /** GitHub takes no reactions. */
  'deaf reactions',
  /** The App has the token of a job, and lives as long as a job. */
  'own token',
] as const;
export type Schedule = (typeof SCHEDULES)[number];

/** Milliseconds. */
const LAG = 10_000;
const MINUTE = 60_000;
const SKEWS = [10 * MINUTE, -10 * MINUTE, 0, 60 * MINUTE];

const CREATIONS = /\/(issues|comments|deployments|dispatches|git\/refs)$/;
const REACTIONS = /\/reactions$/;

/** Each story has some: mostly one or two. */
export function drawSchedules(seed: number): readonly Schedule[] {
  const random = seeded(seed, 2);
  return SCHEDULES.filter(() => random() < 0.22);
}

/** Schedules in which it matters how much time passes from request to request. */
export function isTimed(schedules: readonly Schedule[]): boolean {
  return ['lost creations', 'stale reads', 'early webhooks'].some((each) =>
    schedules.some((has) => has === each),
  );
}

/** How far the clock of a replica is off, in milliseconds. */
export function skewOf(schedules: readonly Schedule[], replica: number): number {
  return schedules.includes('skewed clocks') ? (SKEWS[replica % SKEWS.length] ?? 0) : 0;
}

/** Makes GitHub behave as the schedules say. @param weather its other faults */
export function beginSchedules(
  github: Github,
  schedules: readonly Schedule[],
  seed: number,
  weather: Chance,
): void {
  const random = seeded(seed, 4);
  const has = (schedule: Schedule) => schedules.includes(schedule);
  const refusal = random() < 0.5 ? 'bad_gateway' : 'forbidden';
  github.leaveToChance({
    ...weather,
    failing(request) {
      const { method, path } = request;
      if (method === 'POST' && has('deaf reactions') && REACTIONS.test(path)) return { kind: refusal };
      if (method === 'POST' && has('lost creations') && CREATIONS.test(path) && random() < 0.4) {
        return { kind: 'bad_gateway', when: 'after' };
      }
      return weather.failing(request);
    },
  });
  if (has('lost creations') || has('early webhooks')) github.listsLag(LAG, 'all');
  if (has('stale reads') || has('early webhooks')) {
    github.lag.which = ({ isConditional }) => {
      if (has('stale reads') && random() < (isConditional ? 0.5 : 0.2)) return 'older';
      return has('early webhooks') ? 'before the step' : 'newest';
    };
  }
}

/** What GitHub shows is current again, and it takes everything. */
export function endSchedules(github: Github): void {
  github.leaveToChance(null);
  github.listsLag(0);
  github.lag.which = () => 'newest';
}

/** Seconds from one step to the next. */
export function paceOf(seed: number, schedules: readonly Schedule[]): () => number {
  const random: Random = seeded(seed, 3);
  return () => (isTimed(schedules) ? 1 + Math.floor(random() * (random() < 0.5 ? 5 : 30)) : 1);
}
