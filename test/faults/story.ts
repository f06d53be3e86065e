/** What happens in one run: people, production, time and faults. Plain values, generated from a seed. */

import type { Weather } from '../support/github/chance.ts';
import { type Random, seeded } from '../support/random.ts';
import { drawSchedules, type Schedule } from './schedules.ts';

export const ROLES = { mara: 'maintain', alice: 'write', bob: 'write', rita: 'read' } as const;
export type Who = keyof typeof ROLES;

export type Step = {
  /** The next step begins before the effects of this one have ended. */
  readonly soon: boolean;
} & (
  | { readonly does: 'says'; readonly who: Who; readonly text: string; readonly thenEdits: boolean }
  | { readonly does: 'ticks the next box'; readonly who: Who }
  /** Production is observed for that many minutes; that fraction of the gateway's tasks fails. */
  | { readonly does: 'measures'; readonly minutes: number; readonly failing: number }
  /** The workflow that the first gate names ends. */
  | { readonly does: 'checks'; readonly conclusion: 'success' | 'failure' }
  /** The team's workflow reports on the newest deployment, or ends. */
  | { readonly does: 'deploys'; readonly state: 'success' | 'failure' }
  /** Time passes, and one replica ticks. */
  | { readonly does: 'waits'; readonly minutes: number; readonly replica: number }
  /** Somebody does to the issue or to the branch of the state what write access allows. */
  | { readonly does: 'meddles'; readonly who: Who; readonly how: Meddling; readonly pick: number }
  /** The replica's process ends at its n-th request from now on; a new one replaces it later. */
  | {
      readonly does: 'kills';
      readonly replica: number;
      readonly request: number;
      readonly when: 'before' | 'after';
    }
);

export type StepOf<Does extends Step['does']> = Extract<Step, { does: Does }>;

/** The workflow of the target of that kind. */
export const TRAFFIC = 'gateway-traffic.yml';

/** What people with write access do that is no command. */
export const MEDDLINGS = [
  'locks the issue',
  'unlocks the issue',
  'removes the marker',
  'puts an old body back',
  'removes the label',
  'deletes a command',
  'forces the branch back',
  'makes the branch anew',
  'restores the branch',
  'restores the branch',
] as const;
export type Meddling = (typeof MEDDLINGS)[number];

/** The file of the target `file`. */
export const FLAGS = 'flags.json';
export const TARGETS = {
  file: 'file: { path: flags.json, set: { /share: share } }',
  variable: 'variable: { name: GATEWAY_SHARE }',
  deployment: 'deployment: { environment: production }',
  dispatch: 'dispatch: { event_type: gateway-rollout }',
  workflow: `workflow: { file: ${TRAFFIC} }`,
} as const;
export type TargetKind = keyof typeof TARGETS;

export interface Story {
  readonly seed: number;
  readonly schedules: readonly Schedule[];
  readonly replicas: number;
  readonly targets: readonly TargetKind[];
  readonly weather: Weather;
  /** How often the App's client retries a failed request. */
  readonly retries: number;
  readonly steps: readonly Step[];
}

/** The same story for the same seed. @param schedules instead of those that the seed draws */
export function storyOf(seed: number, schedules: readonly Schedule[] = drawSchedules(seed)): Story {
  const random = seeded(seed);
  const replicas = 1 + Math.floor(random() * 4);
  // Rate limits and refused tokens make the client wait for seconds: a few runs are enough.
  const kinds =
    random() < 0.04
      ? (['secondary_rate_limit', 'expired_token', 'bad_gateway'] as const)
      : (['bad_gateway', 'reset', 'hang'] as const);
  const story = {
    seed,
    schedules,
    replicas,
    targets: someTargets(random).map((kind) => (kind === 'deployment' && seed % 4 === 0 ? 'workflow' : kind)),
    weather: {
      requests: oneOf(random, [0, 0.02, 0.05, 0.15]),
      deliveries: oneOf(random, [0, 0.05, 0.15]),
      kinds,
    },
    retries: oneOf(random, [0, 0, 3]),
    steps: [
      ...(random() < 0.8 ? ([{ does: 'checks', conclusion: 'success', soon: false }] as const) : []),
      ...Array.from({ length: 10 + Math.floor(random() * 12) }, () => someStep(random, replicas)),
      ...(seed % COMPLETE_STORY_EVERY === 0 ? healthyDays(seed, replicas) : []),
    ],
  };
  return {
    ...story,
    // With the token of a job, nothing else starts a workflow.
    targets: schedules.includes('own token') ? [seed % 2 === 0 ? 'workflow' : 'dispatch'] : story.targets,
    steps: schedules.includes('meddlers') ? withMeddlers(seed, story.steps) : story.steps,
  };
}

/** After every few steps, somebody meddles. */
function withMeddlers(seed: number, steps: readonly Step[]): readonly Step[] {
  const random = seeded(seed, 5);
  return steps.flatMap((step): Step[] => {
    if (random() > 0.35) return [step];
    const who = oneOf<Who>(random, ['alice', 'bob']);
    const how = oneOf(random, MEDDLINGS);
    return [step, { does: 'meddles', who, how, pick: random(), soon: false }];
  });
}

/** One of this many stories continues to the last stage, unless somebody stops it. */
const COMPLETE_STORY_EVERY = 3;

/** Steps that lead through all stages to the end. */
function healthyDays(seed: number, replicas: number): Step[] {
  const random = seeded(seed, 1);
  const replica = () => Math.floor(random() * replicas);
  return Array.from({ length: 7 }, (): Step[] => [
    { does: 'checks', conclusion: 'success', soon: false },
    {
      does: 'says',
      who: 'mara',
      text: oneOf(random, ['/resume-rollout', '/retry-rollout']),
      thenEdits: false,
      soon: false,
    },
    { does: 'deploys', state: 'success', soon: false },
    { does: 'measures', minutes: 180, failing: 0.002, soon: random() < 0.3 },
    {
      does: 'kills',
      replica: replica(),
      request: 1 + Math.floor(random() * 60),
      when: oneOf(random, ['before', 'after']),
      soon: true,
    },
    { does: 'waits', minutes: 2, replica: replica(), soon: random() < 0.3 },
    { does: 'measures', minutes: 180, failing: 0.002, soon: false },
  ]).flat();
}

/** Describes a run for people. */
export function describeStory({
  seed,
  schedules,
  replicas,
  targets,
  weather,
  retries,
  steps,
}: Story): string {
  const { requests, deliveries } = weather;
  return [
    `seed ${seed} (${schedules.join(', ') || 'no schedule'}): ${replicas} replica(s), targets ${targets.join(', ')}, ${retries} retries; ${requests} of requests fail, ${deliveries} of webhooks each are lost, doubled, late`,
    ...steps.map(
      ({ does, soon, ...about }) => `  ${does} ${JSON.stringify(about)}${soon ? ' and at once' : ''}`,
    ),
  ].join('\n');
}

function oneOf<T>(random: Random, items: readonly [T, ...T[]]): T {
  return items[Math.floor(random() * items.length)] ?? items[0];
}

function someTargets(random: Random): readonly TargetKind[] {
  const order: TargetKind[] = ['file', 'variable', 'deployment', 'dispatch'];
  const chosen = order.filter(() => random() < 0.5).slice(0, 3);
  return chosen.length > 0 ? chosen : ['variable'];
}

/** Said by people with and without permission. */
const SAYINGS: readonly [string, ...string[]] = [
  '/advance-rollout',
  '/advance-rollout',
  '/advance-rollout --force --reason "in a hurry"',
  '/advance-rollout --force --reason "in a hurry"',
  '/rollback-rollout --reason "something is odd"',
  '/rollback-rollout',
  '/pause-rollout',
  '/resume-rollout',
  '/resume-rollout',
  '/retry-rollout',
  '/retry-rollout',
  '/rollout-status',
  '/advance-rolout',
  '/abort-rollout',
];

function someStep(random: Random, replicas: number): Step {
  const who = oneOf<Who>(random, ['mara', 'mara', 'alice', 'bob', 'rita']);
  const soon = random() < 0.35;
  const replica = Math.floor(random() * replicas);
  const chosen = random();
  if (chosen < 0.34) {
    // An abort ends a story, so it is rare.
    const text = random() < 0.9 ? oneOf(random, SAYINGS) : '/advance-rollout --force --reason "x"';
    const isLast = text === '/abort-rollout' && random() < 0.6;
    return {
      does: 'says',
      who,
      text: isLast ? '/advance-rollout' : text,
      thenEdits: random() < 0.05,
      soon,
    };
  }
  if (chosen < 0.38) return { does: 'ticks the next box', who, soon };
  if (chosen < 0.62) {
    return {
      does: 'measures',
      minutes: oneOf(random, [60, 90, 180]),
      failing: random() < 0.15 ? 0.3 : 0.002,
      soon,
    };
  }
  if (chosen < 0.7) return { does: 'checks', conclusion: random() < 0.8 ? 'success' : 'failure', soon };
  if (chosen < 0.77) return { does: 'deploys', state: random() < 0.8 ? 'success' : 'failure', soon };
  if (chosen < 0.9) return { does: 'waits', minutes: oneOf(random, [1, 2, 5, 30]), replica, soon };
  return {
    does: 'kills',
    replica,
    request: 1 + Math.floor(random() * 14),
    when: random() < 0.5 ? 'before' : 'after',
    soon: true,
  };
}
