/** What a stage must show before the rollout leaves it. */
import { z } from 'zod';
import { DAY, HOUR } from '../durations-and-shares.ts';
import { addIssue, duration, flag, listOf, positive, section, share, text, wholeNumber } from './scalars.ts';

const LIMITS = ['min', 'max', 'max_drop', 'max_increase'];

/** The limits of one metric: its own, and the two flags that every metric takes. */
function limit<Shape extends z.ZodRawShape>(what: string, shape: Shape) {
  return section({
    ...shape,
    guard: flag().prefault(false).describe('A guard can stop the rollout but is not required to advance.'),
    optional: flag()
      .prefault(false)
      .describe(
        'Skipped, with a note, if the source does not provide the metric. The default metrics are optional.',
      ),
  })
    .superRefine((value, context) => {
      if (context.issues.length > 0 || Object.keys(value).some((key) => LIMITS.includes(key))) return;
      const problem = 'the metric has no limit';
      addIssue(context, `at least one of ${Object.keys(shape).join(', ')}`, { problem });
    })
    .optional()
    .describe(what);
}

const percent = (what: string) => share().optional().describe(what);
const increase = () =>
  share({ max: 1_000 }).optional().describe('At most this many percent above the official value.');

const fraction = (what: string, min: string) =>
  limit(what, {
    min: percent(min),
    max_drop: percent('At most this many percentage points below the official arm.'),
  });
const ratio = (what: string) =>
  limit(what, { max: positive('a ratio').optional().describe('Highest accepted ratio.') });
const latency = (what: string) =>
  limit(what, {
    max: duration({ min: 1, max: HOUR }).optional().describe('Longest accepted time.'),
    max_increase: increase(),
  });
const amount = (unit: string, what: string) =>
  limit(what, {
    max: positive(unit).optional().describe(`Highest accepted amount: ${unit}.`),
    max_increase: increase(),
  });
const rate = (what: string) =>
  limit(what, {
    max: percent('Highest accepted share.'),
    max_increase: percent('At most this many percentage points above the official share.'),
  });

const metricsSchema = section({
  success_rate: fraction(
    'Share of tasks that succeed.',
    'Lowest accepted share of tasks that succeed on the gateway.',
  ),
  error_ratio: ratio('Failed tasks per task, gateway ÷ official.'),
  slow_ratio: ratio(
    'Slow tasks per task, gateway ÷ official. Slow means as slow as the slowest 8 % of official tasks.',
  ),
  latency_p50: latency('Median task time.'),
  latency_p90: latency('Time in which 90 % of tasks finish.'),
  latency_p95: latency('Time in which 95 % of tasks finish.'),
  latency_p99: latency('Time in which 99 % of tasks finish.'),
  ttft_p50: latency('Median time to the first token.'),
  ttft_p90: latency('Time in which 90 % of tasks get their first token.'),
  ttft_p95: latency('Time in which 95 % of tasks get their first token.'),
  ttft_p99: latency('Time in which 99 % of tasks get their first token.'),
  cost_ratio: ratio("The gateway's cost ÷ the cost of the same tokens at official prices."),
  cache_ratio: fraction(
    'Share of input tokens that were read from a cache. Below 25 % of traffic it cannot fail.',
    'Lowest accepted share on the gateway.',
  ),
  cost_per_task: amount('a number of US dollars', 'Cost of a task.'),
  cost_per_request: amount('a number of US dollars', 'Cost of a request.'),
  cost_per_1k_tokens: amount('a number of US dollars', 'Cost of a thousand tokens.'),
  tokens_per_task: amount('a number of tokens', 'Tokens of a task.'),
  retry_rate: rate('Share of tasks that needed a retry.'),
  retry_cost: rate('Share of the cost that retries caused.'),
  fallback_rate: rate('Share of tasks that fell back to the other arm.'),
  empty_ratio: ratio('Empty answers per task, gateway ÷ official.'),
  truncated_ratio: ratio('Truncated answers per task, gateway ÷ official.'),
  quality_ratio: ratio(
    'Copied requests whose answer a scorer found worse on the gateway ÷ those whose answer it found better.',
  ),
  evaluation_ratio: ratio(
    'Tests of your evaluations in which the gateway scores lower ÷ those in which it scores higher.',
  ),
});

export const workflowName = () =>
  text(/^[^/\s][^/]*\.ya?ml$/, 'a workflow file name such as gateway-check.yml, without a folder');

export const gateSchema = section({
  manual: flag()
    .optional()
    .describe('true: wait for manual approval, and check only the conditions named here, no built-in ones.'),
  workflows: listOf(workflowName(), 'a list of workflow file names')
    .optional()
    .describe('Workflows whose latest run on the default branch must have succeeded.'),
  checks: listOf(text(/\S/, 'the name of a check run'), 'a list of check run names')
    .optional()
    .describe('Names of check runs of other CI that must have succeeded. Anyone who can push can forge one.'),
  metrics: metricsSchema
    .optional()
    .describe(
      'Limits that the measurements must meet. They replace all metrics that the gate would inherit.',
    ),
  min_duration: duration({ max: 365 * DAY })
    .optional()
    .describe('Minimum time in the stage.'),
  min_tasks: z
    .union([z.literal('auto'), wholeNumber()], { error: 'auto, or a whole number of tasks' })
    .optional()
    .describe(
      'Minimum number of tasks on the gateway in the stage. auto: what three days give at its share, from 100 to 500.',
    ),
  approvals: wholeNumber({ max: 20 })
    .optional()
    .describe('Number of different people who must approve the advance.'),
});

/** A gate as the file writes it: what it leaves out is inherited. */
export type WrittenGate = z.output<typeof gateSchema>;
