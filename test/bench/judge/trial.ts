/**
 * One simulated rollout: when does the judge fail or pass it first, and when would a rival have rolled back? The
 * judge is asked for its proofs alone (proof.ts), without the numbers that it shows with them.
 */
import { EMPTY_BASELINE } from '../../../src/judge/baseline.ts';
import {
  type DesignEffect,
  designEffect,
  INDEPENDENT,
  type UnitSums,
  type Unseen,
  unitSums,
} from '../../../src/judge/design-effect.ts';
import { addWindow, type Judged, noEvidence, planStage } from '../../../src/judge/evidence.ts';
import { isKept, proofOfFailure, stageEvidence } from '../../../src/judge/proof.ts';
import { noticeOf } from '../../../src/judge/regression.ts';
import { newRoad, withStageEvidence } from '../../../src/judge/road.ts';
import { NO_USERS, type Users } from '../../../src/judge/users.ts';
import type { Measurement } from '../../../src/measure/measurement.ts';
import { ALPHA, type Question, settingOf } from './questions.ts';
import { RIVALS, type Rival } from './rivals.ts';
import { Traffic } from './traffic.ts';
import type { World } from './worlds.ts';

/** The first look at which something came, and the gateway's tasks then; null: it never came. */
export type CameAt = { readonly look: number; readonly tasks: number } | null;

export interface Outcome {
  /** Any limit of the gate failed. */
  readonly failed: CameAt;
  /** Each limit passed, in the order of the gate. */
  readonly passed: readonly CameAt[];
  /** A regression was noticed. */
  readonly noticed: CameAt;
  /** Each rival rolled back; empty where the question does not ask. */
  readonly rivals: readonly CameAt[];
}

/** What is simulated: a world, and gateways in it that share its official arm. */
export interface Experiment {
  readonly world: World;
  readonly questions: readonly Question[];
  readonly looks: number;
}

const START = Date.UTC(2026, 0, 5);
const FIRST_STAGE = 'stage 1';

/**
 * One rollout.
 * @param seed the same seed and name give the same rollout
 * @param name tells experiments apart that have the same seed
 * @returns an outcome for each question
 */
export function runTrial({ world, questions, looks }: Experiment, seed: number, name: number): Outcome[] {
  const harms = questions.map(({ harm }) => harm);
  const traffic = new Traffic(world, harms, seed, name);
  const watches = questions.map((question) => new Watch(question, world.sticky ? 'user' : 'task'));
  const isOpen = (index: number) => watches[index]?.isOpen ?? false;
  for (let look = 0; look < looks && watches.some((watch) => watch.isOpen); look += 1) {
    const { official, gateways, share } = traffic.next(isOpen);
    const window = { from: START + look * world.windowMs, to: START + (look + 1) * world.windowMs };
    for (const [index, gateway] of gateways.entries()) {
      if (gateway === null) continue;
      const arms = { official, gateway };
      const number = Math.floor((look * world.stages) / looks);
      const stage = number === 0 ? FIRST_STAGE : `stage ${1 + number}`;
      const measurement = { schema: 1, window, stage, share, source: 'simulated', arms } as const;
      watches[index]?.look(measurement);
    }
  }
  return watches.map(({ outcome }) => outcome);
}

/** Looks at one gateway for one question, until nothing more is asked. */
class Watch {
  readonly #question: Question;
  readonly #rivals: readonly Rival[];
  readonly #first: Judged;
  #judged: Judged;
  #stage: string | null = null;
  /** The newest users, summed once. */
  #units: { readonly users: Users; readonly sums: readonly UnitSums[] } = { users: NO_USERS, sums: [] };
  outcome: Outcome;

  constructor(question: Question, cluster: 'task' | 'user') {
    this.#question = question;
    this.#rivals = question.rivals ? RIVALS.map(({ start }) => start()) : [];
    const plan = planStage(settingOf(question.limits, cluster), EMPTY_BASELINE);
    this.#first = { plan, evidence: noEvidence(plan), road: newRoad(null) };
    this.#judged = this.#first;
    this.outcome = {
      failed: null,
      noticed: null,
      passed: plan.claims.map(() => null),
      rivals: this.#rivals.map(() => null),
    };
  }

  get isOpen(): boolean {
    const { asksFail, asksPass } = this.#question;
    const { failed, passed, rivals } = this.outcome;
    return (asksFail && failed === null) || (asksPass && passed.includes(null)) || rivals.includes(null);
  }

  look(measurement: Measurement): void {
    if (this.#stage !== null && measurement.stage !== this.#stage) this.#enterNext(this.#stage);
    this.#stage = measurement.stage;
    this.#judged = addWindow(this.#judged, measurement);
    const { plan, evidence } = this.#judged;
    const { windows, tasks } = evidence.sinceVerified;
    const clusters = this.#clusters('once');
    const { failed, passed, rivals } = this.outcome;
    const now = { look: windows, tasks: tasks.gateway };
    const first = (before: CameAt, came: () => boolean) => before ?? (came() ? now : null);
    this.outcome = {
      failed: first(
        failed,
        () =>
          this.#question.asksFail &&
          plan.claims.some(
            (claim) =>
              proofOfFailure(this.#judged, claim, clusters(claim.definition), measurement.stage) !== null,
          ),
      ),
      noticed: first(
        this.outcome.noticed,
        () => this.#question.rivals && noticeOf(this.#judged.road.regression, ALPHA, clusters) !== null,
      ),
      passed: plan.claims.map((claim, index) =>
        first(
          passed[index] ?? null,
          // Each stage may pass falsely once in twenty rollouts, and a rollout needs all of them to pass.
          () =>
            this.#question.asksPass &&
            measurement.stage === FIRST_STAGE &&
            isKept(this.#judged, claim, this.#clusters('throughout')),
        ),
      ),
      // A rival sees every window, also after it fired.
      rivals: this.#rivals.map((rival, index) => {
        const fires = rival(measurement);
        return first(rivals[index] ?? null, () => fires);
      }),
    };
  }

  /** The next stage starts without evidence, on the same road. */
  #enterNext(stage: string): void {
    const { plan, road } = this.#judged;
    const clusters = this.#clusters('once');
    const lnEvidence = plan.claims.map((claim) =>
      stageEvidence(this.#judged, claim, clusters(claim.definition)),
    );
    this.#judged = { ...this.#first, road: withStageEvidence(road, plan.claims, stage, lnEvidence) };
  }

  #clusters(unseen: Unseen): DesignEffect {
    const { plan, evidence } = this.#judged;
    if (plan.setting.cluster === 'task') return INDEPENDENT;
    const { users = NO_USERS } = evidence.sinceVerified;
    if (this.#units.users !== users) {
      this.#units = { users, sums: [unitSums(users.gateway), unitSums(users.official)] };
    }
    return designEffect(this.#units.sums, unseen) ?? INDEPENDENT;
  }
}
