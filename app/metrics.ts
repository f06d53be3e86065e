/** The App's own metrics, for Prometheus under `/metrics`. No label holds a secret or a person's name. */
import { Counter, Gauge, Registry } from 'prom-client';

export interface AppMetrics {
  readonly registry: Registry;
  event(name: string, outcome: 'ignored' | 'handled' | 'failed'): void;
  decision(kind: string, reasonCode: string): void;
  /** A request to GitHub, by method and class of response (`2xx`, `304`, `4xx`, `5xx`, `error`). */
  request(method: string, result: string): void;
  conflict(): void;
  rollouts(byStatus: Readonly<Record<string, number>>): void;
  /** A tick has ended. @param at milliseconds since 1970 @param duration milliseconds */
  tick(at: number, duration: number): void;
}

const STATUSES = [
  'progressing',
  'paused',
  'stepped-back',
  'rolled-back',
  'completed',
  'aborted',
  'unreadable',
] as const;

export function createMetrics(): AppMetrics {
  const registry = new Registry();
  const about = <Label extends string>(name: string, help: string, ...labelNames: readonly Label[]) => {
    return { name: `gateway_rollout_${name}`, help, labelNames, registers: [registry] };
  };
  const events = new Counter(about('events_total', 'Webhooks by event and outcome.', 'event', 'outcome'));
  const decisions = new Counter(about('decisions_total', 'Decisions by kind and reason.', 'kind', 'reason'));
  const requests = new Counter(about('github_requests_total', 'Requests to GitHub.', 'method', 'answer'));
  const conflicts = new Counter(about('state_conflicts_total', 'State writes that lost to another process.'));
  const rollouts = new Gauge(about('rollouts', 'Rollouts by status, as of the last tick.', 'status'));
  const tickedAt = new Gauge(about('last_tick_timestamp_seconds', 'When the last tick ended.'));
  const tickDuration = new Gauge(about('last_tick_duration_seconds', 'How long the last tick took.'));
  return {
    registry,
    event: (event, outcome) => events.inc({ event, outcome }),
    decision: (kind, reason) => decisions.inc({ kind, reason }),
    request: (method, answer) => requests.inc({ method, answer }),
    conflict: () => conflicts.inc(),
    rollouts(byStatus) {
      for (const status of STATUSES) rollouts.set({ status }, byStatus[status] ?? 0);
    },
    tick(at, duration) {
      tickedAt.set(at / 1000);
      tickDuration.set(duration / 1000);
    },
  };
}
