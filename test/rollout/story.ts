/**
 * A rollout told as a conversation: people speak, production is measured, time passes, and a small world does what the
 * state lists as pending. Every step goes through the state's file form and is held against the invariants.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../../src/config/schema.ts';
import { isShadow } from '../../src/config/stages.ts';
import { parseCommand } from '../../src/conversation/parse-command.ts';
import { differencesOf } from '../../src/measure/differences.ts';
import { EMPTY_ARM, type Measurement } from '../../src/measure/measurement.ts';
import type { Role } from '../../src/rollout/actor.ts';
import { decide, startRollout, type Transition } from '../../src/rollout/decide.ts';
import type { PendingEffect, Shares } from '../../src/rollout/effect.ts';
import type { RolloutEvent, StartEvent } from '../../src/rollout/event.ts';
import type { Message, MessageCode, MessageOf } from '../../src/rollout/message.ts';
import { dueEffects, type RolloutState, rolloutStateSchema } from '../../src/rollout/state.ts';
import { valid } from '../config/configs.ts';
import { arm } from '../judge/measured.ts';
import { brokenInvariants, configAfter } from './invariants.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** A Monday, noon. */
export const NOON = Date.UTC(2026, 10, 2, 12);

const GATEWAY = 'gateway: { base_url: https://gateway.example/v1 }\nmodels: [gpt-4o-mini]\n';
/** Windows of four hours: a day of a story is six steps. */
export const MEASURED = 'measure: { source: prometheus, interval: 4h }\n';
export const TWO_TARGETS = `traffic:
  - variable: { name: GATEWAY_SHARE }
  - dispatch: { event_type: gateway-rollout }
`;

/** The sections of a config behind the gateway and its model. */
export function configText(sections: string): string {
  return `${GATEWAY}${sections}`;
}

type Unkeyed<Event> = Event extends unknown ? Omit<Event, 'key'> : never;
/** An event whose key does not matter: each gets one of its own. */
export type AnyEvent = Unkeyed<RolloutEvent>;

/** In percent of the arm's tasks. */
interface Arms {
  readonly failed?: number;
  readonly slow?: number;
}

export interface Traffic {
  /** Tasks in a window, both arms together. */
  readonly tasks?: number;
  readonly gateway?: Arms | null;
  readonly official?: Arms | null;
  /** Share that is seen on the gateway, where it is not the configured one. */
  readonly seen?: number;
  /** What the pairs of the window show. */
  readonly fidelity?: Measurement['fidelity'];
}

/** What a target answers to a write. */
export type Answer = 'verified' | 'accepted' | 'fails' | 'refuses';

export class Story {
  now = NOON;
  state: RolloutState;
  last: Transition;
  /** What each target of the world holds. */
  readonly held: Shares[] = [];
  /** How each target answers; `verified` where nothing is said. */
  readonly answers: Answer[] = [];
  readonly said: Message[] = [];
  readonly reactions: string[] = [];
  /** All that was applied, for deliveries that come twice. */
  readonly events: RolloutEvent[] = [];
  #config: Config;
  #text: string;
  #sha = 1;
  #keys = 0;
  #comments = 1000;

  constructor(sections = MEASURED + TWO_TARGETS, start: Partial<StartEvent> = {}) {
    this.#text = configText(sections);
    this.#config = valid(this.#text);
    this.last = startRollout(
      {
        key: 'push:1',
        name: 'assistant',
        source: this.#source(),
        config: this.#config,
        by: null,
        asked: null,
        refusals: [],
        ...start,
      },
      this.now,
    );
    this.state = this.last.state;
    this.#keep(this.last);
  }

  get config(): Config {
    return this.#config;
  }

  /** Such as `progressing 5%`, `paused blind 25%`, `rolled-back metric_failed 25%`. */
  get position(): string {
    const { status, stage } = this.state;
    const reason = 'reason' in status ? ` ${status.reason}` : '';
    return `${status.kind}${reason} ${stage.label}`;
  }

  get codes(): MessageCode[] {
    return this.last.replies.map(({ code }) => code);
  }

  get problems(): string[] {
    return this.state.problems.map(({ code }) => code);
  }

  /** Does everything that is due, as the App would: until nothing is left, or only what failed. */
  works(): this {
    const failed = new Set<string>();
    for (let round = 0; round < 200; round += 1) {
      const next = dueEffects(this.state).find(({ id }) => !failed.has(id));
      if (next === undefined) return this;
      if (!this.#performs(next)) failed.add(next.id);
    }
    throw new Error('the effects never end');
  }

  /** An event, and all that it leads to. */
  happens(event: AnyEvent | RolloutEvent): this {
    this.applies(event);
    const { last } = this;
    this.works();
    this.last = last;
    return this;
  }

  /** An event alone: its effects stay pending. */
  applies(event: AnyEvent | RolloutEvent): this {
    this.#keys += 1;
    const keyed: RolloutEvent = { key: `event:${this.#keys}`, ...event };
    const rollout = { config: this.#config, state: this.state };
    const transition = decide(rollout, keyed, this.now);
    const broken = brokenInvariants(rollout, keyed, transition, this.now);
    if (broken.length > 0) throw new Error(`${keyed.kind} breaks: ${broken.join('; ')}`);
    this.events.push(keyed);
    this.#config = configAfter(rollout, keyed, transition.state);
    this.#keep(transition);
    return this;
  }

  says(who: string, text: string, { role = 'write', ...more }: { role?: Role } & Said = {}): this {
    const command = parseCommand(text);
    if (command === null) throw new Error(`${text} is no command`);
    this.#comments += 1;
    const authority = { role, teams: more.teams ?? [] };
    const { at = this.now, outsider = false, comment = this.#comments } = more;
    return this.happens({ kind: 'command', command, by: person(who), authority, comment, at, outsider });
  }

  ticksBox(who: string, label: string | null, role: Role = 'write'): this {
    const authority = { role, teams: [] };
    const command = { kind: 'advance', to: null, dryRun: false } as const;
    const asked = { by: person(who), authority, comment: null, box: { label }, at: this.now };
    return this.happens({ kind: 'command', command, ...asked, outsider: false });
  }

  later(milliseconds: number): this {
    this.now += milliseconds;
    return this;
  }

  ticks(): this {
    return this.happens({ kind: 'tick' });
  }

  /** Production runs and is measured, window by window, for so long. */
  runs(duration: number, traffic: Traffic = {}): this {
    const interval = this.#config.measure?.interval ?? 15 * MINUTE;
    const end = this.now + duration;
    while (this.now < end) {
      this.later(interval);
      const { measuredTo, traffic: written } = this.state.stage;
      const from = Math.max(measuredTo ?? 0, Math.ceil((written.writtenAt ?? 0) / MINUTE) * MINUTE);
      if (from >= this.now) continue;
      const before = this.position;
      this.happens({ kind: 'measured', measurement: this.window(from, this.now, traffic) });
      if (this.position !== before) return this;
    }
    return this;
  }

  window(
    from: number,
    to: number,
    { tasks = 400, gateway = {}, official = {}, seen, fidelity }: Traffic = {},
  ): Measurement {
    const { stage } = this.state;
    const slice = this.#config.rollout.stages[stage.index];
    const own =
      slice?.kind === 'share' && slice.slice !== null ? stage.traffic.shares.slices[slice.slice] : null;
    const share = seen ?? own ?? stage.traffic.shares.everything;
    const ours = Math.round((tasks * share) / 100);
    const counts = (count: number, { failed = 0.5, slow = 8 }: Arms) =>
      arm(count, { failed: Math.round((count * failed) / 100), slow: Math.round((count * slow) / 100) });
    const about = { schema: 1, window: { from, to }, stage: stage.label, source: 'jsonl' } as const;
    const arms = {
      gateway: gateway === null ? null : counts(ours, gateway),
      official: official === null ? null : counts(tasks - ours, official),
    };
    if (slice === undefined || !isShadow(slice))
      return { ...about, share, arms, ...(fidelity && { fidelity }) };
    // Users stay, and the gateway's tasks are copies.
    const users = { official: official && counts(tasks, official), gateway: EMPTY_ARM };
    const pair = {
      official: counts(ours, official ?? {}),
      bothFailed: 0,
      differences: differencesOf(() => []),
    };
    const pairs = arms.gateway && [{ name: 'gpt-4o-mini', gateway: arms.gateway, ...pair }];
    return { ...about, share: null, arms: users, ...(pairs && { pairs }) };
  }

  pushes(sections: string): this {
    this.#text = configText(sections);
    this.#sha += 1;
    return this.happens({ kind: 'config_changed', source: this.#source(), config: valid(this.#text) });
  }

  greens(...workflows: readonly string[]): this {
    const states = Object.fromEntries(workflows.map((name) => [name, 'green' as const]));
    return this.happens({ kind: 'checks_changed', workflows: states, checks: {} });
  }

  /** The newest message of a code. */
  message<Code extends MessageCode>(code: Code): MessageOf<Code> | undefined {
    const isOf = (message: Message): message is MessageOf<Code> => message.code === code;
    return this.said.findLast(isOf);
  }

  /** To the named stage, by people's word alone. */
  forcedTo(label: string): this {
    this.works();
    while (this.state.stage.label !== label) {
      this.later(MINUTE).says('maya', '/advance-rollout --force --reason "for the test"', {
        role: 'maintain',
      });
    }
    return this;
  }

  #source() {
    return { path: '.github/gateway-rollout.yml', sha: `blob-${this.#sha}`, text: this.#text };
  }

  #performs({ id, effect }: PendingEffect): boolean {
    if (effect.kind === 'open_issue') {
      this.applies({ kind: 'issue_opened', issue: 7 });
      return true;
    }
    if (effect.kind === 'comment') this.said.push(effect.message);
    if (effect.kind === 'react') this.reactions.push(effect.reaction);
    const answer = effect.kind === 'write_traffic' ? (this.answers[effect.target] ?? 'verified') : 'verified';
    if (answer === 'fails' || answer === 'refuses') {
      const detail = answer === 'refuses' ? 'the branch is protected' : 'GitHub answered 502';
      this.applies({ kind: 'effect_failed', id, detail, final: answer === 'refuses' });
      return false;
    }
    if (effect.kind === 'write_traffic' && effect.purpose !== 'probe')
      this.held[effect.target] = effect.shares;
    this.applies({ kind: 'effect_done', id, verified: answer === 'verified' });
    return true;
  }

  #keep(transition: Transition): void {
    this.last = transition;
    if (transition.state === this.state) return;
    this.state = rolloutStateSchema.parse(JSON.parse(JSON.stringify(transition.state)));
    if (!isDeepStrictEqual(this.state, transition.state))
      throw new Error('the state does not survive its file');
  }
}

interface Said {
  readonly teams?: readonly string[];
  readonly at?: number;
  readonly outsider?: boolean;
  readonly comment?: number;
}

/** Each person has an id of their own. */
export function person(login: string) {
  return { login, id: [...login].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 1_000_003 };
}
