/** The section about stages, gates and who may move them. */
import { z } from 'zod';
import { DAY, DURATION_EXPECTED, HOUR, SHARE_EXPECTED } from '../durations-and-shares.ts';
import { parseStage, STAGE_EXPECTED } from '../stages.ts';
import { gateSchema } from './gates.ts';
import {
  choice,
  duration,
  flag,
  listOf,
  orNull,
  parsedAs,
  positive,
  section,
  share,
  text,
  wholeNumber,
} from './scalars.ts';
import { windowSchema } from './window.ts';

const ROLES = ['read', 'triage', 'write', 'maintain', 'admin'] as const;

/** YAML reads `[local, fast: 5%]` as a text and a map of one key; both are stages. */
const stageSchema = parsedAs(
  z.union(
    [
      z.string(),
      z
        .record(z.string(), z.string({ error: SHARE_EXPECTED }))
        .refine((map) => Object.keys(map).length === 1, {
          error: 'one slice and its share, such as `fast: 5%`',
        })
        .transform((map) =>
          Object.entries(map)
            .map(([slice, value]) => `${slice}: ${value}`)
            .join(),
        ),
    ],
    { error: STAGE_EXPECTED },
  ),
  parseStage,
  ({ label }) => label,
);

const role = (least: (typeof ROLES)[number], what: string) =>
  text(
    new RegExp(`^(?:${ROLES.join('|')}|[\\w-]+/[\\w.-]+)$`),
    `a minimum role (one of ${ROLES.join(', ')}), or a team such as acme/platform`,
  )
    .prefault(least)
    .describe(what);

const permissionsSchema = section({
  advance: role('write', 'Who may advance.'),
  start: role('write', 'Who may start.'),
  pause: role('write', 'Who may pause.'),
  resume: role('write', 'Who may resume.'),
  retry: role('write', 'Who may retry after a rollback.'),
  rollback: role('write', 'Who may roll back.'),
  force: role('maintain', 'Who may advance past an unmet gate.'),
  abort: role('maintain', 'Who may abort.'),
  status: role('read', 'Who may ask for the status.'),
  help: role('read', 'Who may ask for help.'),
})
  .prefault({})
  .describe('The minimum role for each command, or a team (which needs the members permission).');

export const rolloutSchema = section({
  stages: z
    .array(stageSchema, { error: 'a list of stages, such as [local, staging, 5%, 25%, 50%, 100%]' })
    .max(100, { error: 'at most 100 stages' })
    .prefault(['local', 'staging', '5%', '25%', '50%', '100%'])
    .describe('The steps of the rollout: by share of traffic, by model, or by workload.'),
  advance: choice(['automatic', 'manual'])
    .prefault('automatic')
    .describe('manual: advances only on the comment /advance-rollout, once the gate is met.'),
  on_failure: choice(['rollback', 'pause']).prefault('rollback').describe('What to do when a metric fails.'),
  gates: z
    .record(z.string(), gateSchema, { error: 'a map: a stage, or default → gate' })
    .prefault({})
    .describe('What each stage must show; default applies to every production stage.'),
  shadow: section({
    max_cost_usd: orNull(positive('a number of US dollars')).describe(
      'What copies may cost a day, on average.',
    ),
  })
    .prefault({})
    .describe('Copies of requests to the gateway, whose answers no user sees.'),
  holdback: share({ max: 50 })
    .prefault('0%')
    .describe('Share of traffic that stays on official until completion, as a concurrent control.'),
  max_duration: duration({ min: HOUR, max: 365 * DAY })
    .prefault('14d')
    .describe('The rollout pauses if a gate is still undecided after this time.'),
  on_incident: choice(['step-back', 'rollback'])
    .prefault('step-back')
    .describe(
      'What to do when only the last hours violate a limit: take the traffic back for 3 h, at most twice in a stage, or roll back.',
    ),
  notice: choice(['ask', 'off'])
    .prefault('ask')
    .describe(
      'ask: if more tasks are proven to fail than on the official API, within the limits, the next advance waits for a person.',
    ),
  watch: z
    .union([z.literal(0), duration({ max: 365 * DAY })], { error: `${DURATION_EXPECTED}, or 0` })
    .prefault('7d')
    .describe(
      'How long the rollout watches after the last stage, and can still roll back, before it is complete.',
    ),
  on_blind: choice(['hold', 'rollback'])
    .prefault('hold')
    .describe('What to do when no measurements arrive: hold (then pause), or roll back.'),
  consecutive_errors: wholeNumber({ min: 1, max: 1_000 })
    .prefault(5)
    .describe('Source errors in a row after which the rollout pauses.'),
  cluster: choice(['task', 'user']).prefault('task').describe('user: the traffic split is sticky per user.'),
  confidence: share({ min: 50, max: 99.999 })
    .prefault('95%')
    .describe('1 − the probability of a false verdict over all looks together.'),
  notify: listOf(
    text(/^[\w-]+(?:\/[\w.-]+)?$/, 'a team such as acme/platform or a user, without @'),
    'a list of teams and users',
  )
    .prefault([])
    .describe('Teams and users to mention on a rollback, a pause, or when approval is needed.'),
  advance_window: orNull(windowSchema).describe(
    'When the rollout may advance on its own; rollbacks work at any time.',
  ),
  publish_names: flag()
    .prefault(false)
    .describe("Whether to show names of keys and members on a public repository's issue."),
  permissions: permissionsSchema,
})
  .prefault({})
  .describe('The stages, their gates, and who may control the rollout.');
