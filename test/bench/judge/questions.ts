/** What is asked about simulated gateways. */
import type { Limits } from '../../../src/config/metrics.ts';
import type { StageSetting } from '../../../src/judge/claims.ts';
import { EVERY_MODEL } from '../../../src/judge/strata.ts';
import { atLimitIn, type Harm, LIMITS, NO_HARM, REGRESSIONS } from './harms.ts';
import { HOURLY, LOOKS, WORLDS, type World } from './worlds.ts';

export const ALPHA = 0.05;
export const PRODUCTION_STAGES = 4;

export interface Question {
  readonly name: string;
  readonly harm: Harm;
  /** Of the gate. */
  readonly limits: Readonly<Record<string, object>>;
  readonly asksFail: boolean;
  readonly asksPass: boolean;
  /** Whether the rules that the judge is compared with look as well. */
  readonly rivals: boolean;
}

export const METRICS = Object.keys(LIMITS);

const HEALTHY: Question = {
  name: 'a gateway that is as good as the official API',
  harm: NO_HARM,
  limits: LIMITS,
  asksFail: true,
  asksPass: true,
  rivals: true,
};

const REGRESSED: readonly Question[] = REGRESSIONS.map((regression) => ({
  ...regression,
  asksFail: true,
  asksPass: false,
  rivals: true,
}));

/** What is asked in a world: first about a healthy gateway, then about those at a limit, at last about regressions. */
export function questionsIn(world: World): readonly Question[] {
  const atLimit = atLimitIn(world).map((each) => ({
    ...each,
    asksFail: true,
    asksPass: true,
    rivals: false,
  }));
  return [HEALTHY, ...atLimit, ...(hasRegressions(world) ? REGRESSED : [])];
}

export const AT_LIMIT_FROM = 1;
export const regressedFrom = (world: World) => AT_LIMIT_FROM + atLimitIn(world).length;

/** Regressions are the same in most worlds. */
export function hasRegressions(world: World): boolean {
  return world === WORLDS[0] || world === WORLDS[1] || world === STICKY;
}

const STICKY = WORLDS.find(({ sticky }) => sticky !== null);

/** Windows of an hour before three tasks in ten fail. */
export const GOOD_HOURS = 13 * 24;

const LATE: Question = {
  name: '30 % errors after 13 healthy days',
  harm: { ...NO_HARM, errors: () => 0.3, from: GOOD_HOURS },
  limits: { error_ratio: LIMITS.error_ratio },
  asksFail: true,
  asksPass: false,
  rivals: true,
};

/** Every world with every question; at last the failure that comes late. */
export const EXPERIMENTS = [
  ...WORLDS.map((world) => ({ world, questions: questionsIn(world), looks: world.looks })),
  { world: HOURLY, questions: [LATE], looks: LOOKS },
];
export const LATE_EXPERIMENT = WORLDS.length;

/** The setting of one of four production stages. */
export function settingOf(limits: Question['limits'], cluster: 'task' | 'user'): StageSetting {
  const metrics: Limits = Object.fromEntries(
    Object.entries(limits).map(([name, limit]) => [name, { guard: false, optional: false, ...limit }]),
  );
  return {
    gate: { metrics, min_tasks: 500 },
    productionStages: PRODUCTION_STAGES,
    limitsOfRoad: 0,
    confidence: 100 * (1 - ALPHA),
    cluster,
    models: EVERY_MODEL,
    official: 'concurrent',
  };
}
