/**
 * One rollout of Table 2: the product's own `decide` walks the road over simulated windows of 15 minutes, from the first
 * share on, after a day in which the official API alone was measured.
 */
import { loadConfig } from '../../../src/config/load.ts';
import type { Config } from '../../../src/config/schema.ts';
import { outlookSection } from '../../../src/conversation/issue/outlook.ts';
import type { Measurement } from '../../../src/measure/measurement.ts';
import { decide, startRollout, type Transition } from '../../../src/rollout/decide.ts';
import type { RolloutEvent } from '../../../src/rollout/event.ts';
import type { RolloutState } from '../../../src/rollout/state.ts';
import { addHarm, type Harm, NO_HARM_DONE, Production } from './team-production.ts';
import { DAY, type TeamWorld } from './team-worlds.ts';

export const QUARTER = 900_000;
const HOUR = 3_600_000;
/** A Monday, ten in the morning. */
export const FIRST_SHARE_AT = Date.UTC(2026, 10, 2, 10);

/** Something that people see. */
export interface Seen {
  readonly kind: 'paused' | 'stepped back' | 'asked' | 'rolled back' | 'gate met';
  /** The reason code of the decision. */
  readonly reason: string;
  /** The stage in which it was; for `gate met` the stage whose gate it was. */
  readonly stage: string;
  /** Since the first share. */
  readonly days: number;
  /** What the gateway's fault had done by then. */
  readonly harm: Harm;
}

export interface Journey {
  /** What the issue said before the first share about how long the stages take. */
  readonly outlook: string;
  readonly seen: readonly Seen[];
  /** Up to the end of the simulation. */
  readonly harm: Harm;
  /** Days from the start of each stage to the first pass of success_rate in it. */
  readonly proven: Readonly<Record<string, number>>;
}

export interface TeamCase {
  readonly world: TeamWorld;
  /** In percent. */
  readonly stages: readonly string[];
  /** As the config writes them, where they are not the default ones. */
  readonly gates?: string;
  /** The longest simulation, in days from the first share. */
  readonly days: number;
  /** Hours after which a person answers a question with `/advance-rollout`; null: nobody does. */
  readonly answersAfter: number | null;
  /** Whether the journey is over. */
  readonly isOver: (seen: Seen) => boolean;
  /** Whether a pass of success_rate at the first stage ends it as well. */
  readonly untilProven?: boolean;
}

export const DEFAULT_STAGES = ['5%', '25%', '50%', '100%'] as const;

export function configOf({
  world,
  stages,
  gates = '',
}: Pick<TeamCase, 'world' | 'stages' | 'gates'>): Config {
  const text = `name: team
gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
rollout:
  stages: [${['staging', ...stages].join(', ')}]
  cluster: ${world.split}
  gates: { ${gates} }
measure: { source: jsonl }
`;
  const loaded = loadConfig(text, 'gateway-rollout.yml');
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('\n'));
  return loaded.config;
}

const PERSON = { login: 'maintainer', id: 1 };

/** @param name tells rows apart that have the same seed */
export function walk(team: TeamCase, seed: number, name: number): Journey {
  return new Walk(team, seed, name).run();
}

class Walk {
  readonly #team: TeamCase;
  readonly #config: Config;
  readonly #production: Production;
  #now = FIRST_SHARE_AT - DAY;
  #state: RolloutState;
  #events = 0;
  #harm = NO_HARM_DONE;
  readonly #seen: Seen[] = [];
  readonly #proven: Record<string, number> = {};
  /** When a person was asked; null: nobody is asked, or the answer was given. */
  #askedAt: number | null = null;

  constructor(team: TeamCase, seed: number, name: number) {
    this.#team = team;
    this.#config = configOf(team);
    this.#production = new Production(team.world, FIRST_SHARE_AT, team.days + 1, seed, name);
    const source = { path: '.github/gateway-rollout.yml', sha: '1', text: '' };
    const start = {
      key: 'push:1',
      name: 'team',
      source,
      config: this.#config,
      by: null,
      asked: null,
      refusals: [],
    };
    this.#state = startRollout(start, this.#now).state;
    this.#apply({ kind: 'issue_opened', issue: 1 });
  }

  run(): Journey {
    while (this.#now < FIRST_SHARE_AT) this.#measure();
    const view = { config: this.#config, state: this.#state, namesShown: false, defaultBranch: 'main' };
    const outlook = outlookSection(view);
    this.#advance();
    const end = this.#now + this.#team.days * DAY;
    while (this.#now < end) {
      const before = this.#state;
      const transition = this.#measure();
      this.#look(before, transition);
      const { untilProven = false, isOver } = this.#team;
      if (this.#seen.some(isOver) || (untilProven && Object.keys(this.#proven).length > 0)) break;
      const { answersAfter } = this.#team;
      if (
        this.#askedAt !== null &&
        answersAfter !== null &&
        this.#now - this.#askedAt >= answersAfter * HOUR
      ) {
        this.#advance();
        this.#askedAt = null;
      }
    }
    return { outlook, seen: this.#seen, harm: this.#harm, proven: this.#proven };
  }

  /** A window of production, measured and looked at. */
  #measure(): Transition {
    const { stage } = this.#state;
    const share = stage.traffic.shares.everything;
    const from = this.#now;
    this.#now += QUARTER;
    const { arms, harm } = this.#production.window(from, this.#now, share / 100);
    this.#harm = addHarm(this.#harm, harm);
    const measurement: Measurement = {
      schema: 1,
      window: { from, to: this.#now },
      stage: stage.label,
      share,
      source: 'jsonl',
      arms,
    };
    const measured = this.#apply({ kind: 'measured', measurement });
    return this.#state.status.kind === 'progressing' ? measured : this.#apply({ kind: 'tick' });
  }

  #advance(): void {
    const command = { kind: 'advance', to: null, dryRun: false } as const;
    const authority = { role: 'admin', teams: [] } as const;
    const comment = 1_000 + this.#events;
    const about = { by: PERSON, authority, comment, at: this.#now, outsider: false };
    this.#apply({ kind: 'command', command, ...about });
  }

  #apply(event: Unkeyed<RolloutEvent>): Transition {
    this.#events += 1;
    const keyed = { ...event, key: `event:${this.#events}` } as RolloutEvent;
    const transition = decide({ config: this.#config, state: this.#state }, keyed, this.#now);
    // Without targets, only comments are pending: they are posted at once.
    this.#state = { ...transition.state, pending: [] };
    return transition;
  }

  #look(before: RolloutState, { state, look, replies }: Transition): void {
    const { label, enteredAt } = before.stage;
    if (look?.verdicts.success_rate?.verdict === 'pass')
      this.#proven[label] ??= (this.#now - enteredAt) / DAY;
    const [was, is] = [before.status, state.status];
    const isWatching = state.stage.watching && !before.stage.watching;
    const isComplete = is.kind === 'completed' && was.kind !== 'completed' && !before.stage.watching;
    if (state.stage.index > before.stage.index || isWatching || isComplete)
      this.#note('gate met', 'gate_met', label);
    if (replies.some(({ code }) => code === 'regression_noticed')) {
      this.#note('asked', 'regression_noticed', label);
      this.#askedAt = this.#now;
    }
    if (is.kind === was.kind) return;
    if (is.kind === 'stepped-back') this.#note('stepped back', 'stepped_back', label);
    if (is.kind === 'paused') this.#note('paused', is.reason, label);
    if (is.kind === 'rolled-back') this.#note('rolled back', is.reason, label);
  }

  #note(kind: Seen['kind'], reason: string, stage: string): void {
    this.#seen.push({ kind, reason, stage, days: (this.#now - FIRST_SHARE_AT) / DAY, harm: this.#harm });
  }
}

type Unkeyed<Event> = Event extends unknown ? Omit<Event, 'key'> : never;
