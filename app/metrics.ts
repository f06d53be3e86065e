/** What the App tells a Prometheus of itself, under `/metrics`. No label holds a secret or a person. */
import { Counter, Gauge, Registry } from 'prom-client';

export interface AppMetrics {
  readonly registry: Registry;
  /** A webhook was handled; `outcome` is `ignored`, `handled` or `failed`. */
  event(name: string, outcome: 'ignored' | 'handled' | 'failed'): void;
  decision(kind: string, reasonCode: string): void;
  /** A request to GitHub, by method and class of answer (`2xx`, `304`, `4xx`, `5xx`, `error`). */
  request(method: string, answer: string): void;
  /** A try to write the state met a newer one. */
  conflict(): void;
  /** How many rollouts stand in each status, as the last tick saw them. */
  rollouts(byStatus: Readonly<Record<string, number>>): void;
  /** A tick is over: when, in milliseconds since 1970, and for how long, in milliseconds. */
  tick(at: number, duration: number): void;
}

const STATUSES = ['progressing', 'paused', 'rolled-back', 'completed', 'aborted', 'unreadable'] as const;

export function createMetrics(): AppMetrics {
  const registry = new Registry();
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter({ name: `gateway_rollout_${name}`, help, labelNames: [...labelNames], registers });
  const events = counter('events_total', 'Webhooks by event and outcome.', ['event', 'outcome']);
  const decisions = counter('decisions_total', 'Decisions by kind and reason.', ['kind', 'reason']);
  const requests = counter('github_requests_total', 'Requests to GitHub.', ['method', 'answer']);
  const conflicts = counter('state_conflicts_total', 'States written by someone else in between.', []);
  const rollouts = new Gauge({
    name: 'gateway_rollout_rollouts',
    help: 'Rollouts by status, as the last tick saw them.',
    labelNames: ['status'],
    registers,
  });
  const tickedAt = new Gauge({
    name: 'gateway_rollout_last_tick_timestamp_seconds',
    help: 'When the last tick ended.',
    registers,
  });
  const tickDuration = new Gauge({
    name: 'gateway_rollout_last_tick_duration_seconds',
    help: 'How long the last tick took.',
    registers,
  });
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
