/** What can happen to a rollout. Every event has a key: an event that was already applied changes nothing. */
import type { Config } from '../config/schema.ts';
import type { HealthProblem } from '../judge/health.ts';
import type { Measurement } from '../measure/measurement.ts';
import type { Actor, Authority } from './actor.ts';
import type { Command } from './command.ts';
import type { NamedChecks } from './stage-state.ts';
import type { ConfigSource } from './state.ts';

interface Keyed {
  /** Such as `comment:123`, `run:456`, `tick:…`; two deliveries of one thing have the same. */
  readonly key: string;
}

export type RolloutEvent = Keyed &
  (
    | {
        readonly kind: 'command';
        readonly command: Command;
        readonly by: Actor;
        readonly authority: Authority;
        /** Null where a box was ticked instead. */
        readonly comment: number | null;
        /** The box of the checklist that was ticked in the edit of this webhook; `label` null: several at once. */
        readonly box?: { readonly label: string | null };
        /** When it was posted. A command older than the current stage is answered but not run. */
        readonly at: number;
        /** Outsiders of a public repository get only a reaction. */
        readonly outsider: boolean;
      }
    /** `isMore`: newer windows exist, or a run failed to deliver its windows, so this one does not advance anything. */
    | { readonly kind: 'measured'; readonly measurement: Measurement; readonly isMore?: boolean }
    | { readonly kind: 'measuring_failed'; readonly problem: HealthProblem; readonly detail: string }
    /** May name only some of them. */
    | ({ readonly kind: 'checks_changed' } & Readonly<NamedChecks>)
    | { readonly kind: 'issue_opened'; readonly issue: number }
    /**
     * An effect is done. For `write_traffic`: accepted; `verified` says whether the target already holds it, `run` which
     * workflow run applies it.
     */
    | {
        readonly kind: 'effect_done';
        readonly id: string;
        readonly verified?: boolean;
        readonly run?: number;
      }
    /** A target reports later whether it holds the shares of that generation. */
    | {
        readonly kind: 'traffic_reported';
        readonly target: number;
        readonly generation: number;
        readonly outcome: 'verified' | 'failed' | 'timed_out';
        readonly detail: string;
      }
    | {
        readonly kind: 'effect_failed';
        readonly id: string;
        readonly detail: string;
        /** Retrying will not help (a missing permission, a protected branch, a wrong pointer). */
        readonly final: boolean;
      }
    /** A process takes over an effect that another one left undone. Of several that saw the same `takenAt`, one may. */
    | { readonly kind: 'effect_taken'; readonly id: string; readonly takenAt: number | null }
    | { readonly kind: 'traffic_drifted'; readonly target: number; readonly found: string }
    | { readonly kind: 'traffic_restored'; readonly target: number }
    | { readonly kind: 'config_changed'; readonly source: ConfigSource; readonly config: Config }
    | { readonly kind: 'config_broken'; readonly sha: string; readonly problems: readonly string[] }
    /** Why the policy forbids the rollout, each with its sites; empty when it does not. */
    | { readonly kind: 'policy_checked'; readonly refusals: readonly string[] }
    | { readonly kind: 'issue_closed'; readonly by: Actor }
    | { readonly kind: 'issue_reopened'; readonly by: Actor }
    /** Deleted or transferred: another one is opened. */
    | { readonly kind: 'issue_gone'; readonly by: Actor | null }
    /** Shown on the issue until `alert_gone`. */
    | { readonly kind: 'alert'; readonly code: string; readonly detail: string }
    | { readonly kind: 'alert_gone'; readonly code: string }
    | { readonly kind: 'tick' }
  );
export type EventOf<Kind extends RolloutEvent['kind']> = Extract<RolloutEvent, { kind: Kind }>;
export type CommandEvent = EventOf<'command'>;

/** The start of a rollout, which has no state yet. */
export interface StartEvent {
  readonly key: string;
  readonly name: string;
  readonly source: ConfigSource;
  readonly config: Config;
  /** Who asked; null when the config landed on the default branch. */
  readonly by: Actor | null;
  /** The comment with `/start-rollout`, and its issue. */
  readonly asked: { readonly comment: number; readonly issue: number } | null;
  /** Why the policy forbids it, each with its sites; empty when it does not. */
  readonly refusals: readonly string[];
}
