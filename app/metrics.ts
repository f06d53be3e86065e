/** The App's own metrics, for Prometheus under `/metrics`. No label holds a secret or a person's name. */
import { Counter, Gauge, Registry } from 'prom-client';
import { type RolloutStatus, statusSchema } from '../src/rollout/state.ts';

export type AppMetrics = ReturnType<typeof createMetrics>;

const STATUSES = statusSchema.options.map(({ shape }) => shape.kind.value);

export function createMetrics() {
  const registry = new Registry();
  const about = <Label extends string>(name: string, help: string, ...labelNames: readonly Label[]) => {
    return { name: `gateway_rollout_${name}`, help, labelNames, registers: [registry] };
  };
  const events = new Counter(about('events_total', 'Webhooks by event and outcome.', 'event', 'outcome'));
  const decisions = new Counter(about('decisions_total', 'Decisions by kind and reason.', 'kind', 'reason'));
  /** The answer is a class of status (`2xx`, `4xx`, `5xx`), `304` or `error`. */
  const requests = new Counter(about('github_requests_total', 'Requests to GitHub.', 'method', 'answer'));
  const conflicts = new Counter(about('state_conflicts_total', 'State writes that lost to another process.'));
  const byStatus = new Gauge(about('rollouts', 'Rollouts by status, as of the last tick.', 'status'));
  const tickedAt = new Gauge(about('last_tick_timestamp_seconds', 'When the last tick ended.'));
  const tickDuration = new Gauge(about('last_tick_duration_seconds', 'How long the last tick took.'));
  return {
    registry,
    events,
    decisions,
    requests,
    conflicts,
    rollouts(statuses: readonly RolloutStatus['kind'][]) {
      for (const status of STATUSES) {
        byStatus.set({ status }, statuses.filter((each) => each === status).length);
      }
    },
    /** A tick has ended. @param at milliseconds since 1970 @param duration milliseconds */
    tick(at: number, duration: number) {
      tickedAt.set(at / 1000);
      tickDuration.set(duration / 1000);
    },
  };
}
