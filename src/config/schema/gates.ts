/** What a stage must show before the rollout leaves it. */
import type { z } from 'zod';
import { DAY, HOUR } from '../units.ts';
import {
  count,
  duration,
  flag,
  type IssueParams,
  listOf,
  positive,
  section,
  share,
  text,
} from './scalars.ts';

const LIMITS = ['min', 'max', 'max_drop', 'max_increase'];
/** The limits of one metric: those that the metric knows, and the two marks that every metric knows. */
function limit<Shape extends z.ZodRawShape>(shape: Shape) {
  return section({
    ...shape,
    guard: flag().prefault(false).describe('A guard can stop the rollout; its proof is not needed to go on.'),
    optional: flag()
      .prefault(false)
      .describe(
        'Left out, and said so, where the source of measurement cannot give it. The default metrics are.',
      ),
  }).superRefine((value, context) => {
    if (context.issues.length > 0 || Object.keys(value).some((key) => LIMITS.includes(key))) return;
    const params: IssueParams = { problem: 'the metric has no limit' };
    context.addIssue({
      code: 'custom',
      message: `at least one of ${Object.keys(shape).join(', ')}`,
      params: { ...params },
    });
  });
}

const increase = () =>
  share({ max: 1_000 })
    .optional()
    .describe("At most this much above the official arm's value, in percent of it.");
const points = () =>
  share().optional().describe("At most this many percentage points above the official arm's share.");

const ratio = (what: string) =>
  limit({ max: positive('a ratio').optional().describe('The largest ratio that is accepted.') })
    .optional()
    .describe(what);
const latency = (what: string) =>
  limit({
    max: duration({ min: 1, max: HOUR }).optional().describe('The longest time that is accepted.'),
    max_increase: increase(),
  })
    .optional()
    .describe(what);
const amount = (unit: string, what: string) =>
  limit({
    max: positive(unit).optional().describe(`The largest amount that is accepted: ${unit}.`),
    max_increase: increase(),
  })
    .optional()
    .describe(what);
const rate = (what: string) =>
  limit({ max: share().optional().describe('The largest share that is accepted.'), max_increase: points() })
    .optional()
    .describe(what);

const metricsSchema = section({
  success_rate: limit({
    min: share().optional().describe('The smallest share of tasks that must succeed on the gateway.'),
    max_drop: share().optional().describe('At most this many percentage points below the official arm.'),
  })
    .optional()
    .describe('Share of tasks that succeed.'),
  error_ratio: ratio('Failed tasks per task, gateway ÷ official.'),
  slow_ratio: ratio('Tasks slower than what 8 % of the official ones were, gateway ÷ official.'),
  latency_p50: latency('Median time of a task.'),
  latency_p90: latency('Time within which 90 % of the tasks end.'),
  latency_p95: latency('Time within which 95 % of the tasks end.'),
  latency_p99: latency('Time within which 99 % of the tasks end.'),
  ttft_p50: latency('Median time to the first token.'),
  ttft_p90: latency('Time to the first token of the fastest 90 %.'),
  ttft_p95: latency('Time to the first token of the fastest 95 %.'),
  ttft_p99: latency('Time to the first token of the fastest 99 %.'),
  cost_ratio: ratio("The gateway's cost ÷ the cost of the same tokens at official prices."),
  cost_per_task: amount('a number of US dollars', 'Cost of a task.'),
  cost_per_request: amount('a number of US dollars', 'Cost of a request.'),
  cost_per_1k_tokens: amount('a number of US dollars', 'Cost of a thousand tokens.'),
  tokens_per_task: amount('a number of tokens', 'Tokens of a task.'),
  retry_rate: rate('Share of tasks that needed a retry.'),
  retry_cost: rate('Share of the cost that retries caused.'),
  fallback_rate: rate('Share of tasks that fell back to the other arm.'),
  empty_ratio: ratio('Empty answers per task, gateway ÷ official.'),
  truncated_ratio: ratio('Truncated answers per task, gateway ÷ official.'),
});

/** The file name of a workflow of this repository. */
export const workflowName = () =>
  text(/^[^/\s][^/]*\.ya?ml$/, 'the file name of a workflow, such as gateway-check.yml, without a folder');

export const gateSchema = section({
  manual: flag()
    .optional()
    .describe(
      'true: a person says go, and none of the built-in conditions is asked for, only those that the file names.',
    ),
  workflows: listOf(workflowName(), 'a list of file names of workflows')
    .optional()
    .describe('Workflows whose newest run on the default branch must have succeeded.'),
  checks: listOf(text(/\S/, 'the name of a check run'), 'a list of names of check runs')
    .optional()
    .describe('Check runs of other CI that must have succeeded, by name. Anyone who can push can forge one.'),
  metrics: metricsSchema
    .optional()
    .describe('What must be measured. The metrics of one gate replace those that it would inherit.'),
  min_duration: duration({ max: 365 * DAY })
    .optional()
    .describe('The least time in the stage.'),
  min_tasks: count().optional().describe('The least number of tasks on the gateway in the stage.'),
  approvals: count({ max: 20 }).optional().describe('How many different people must approve the advance.'),
});

/** A gate as the file writes it: what it leaves out is inherited. */
export type WrittenGate = z.output<typeof gateSchema>;
