/**
 * The judge on simulated rollouts of 400 looks, beside the rules that people loop: how often each rolls a healthy
 * gateway back, how often the judge passes one that stands at its limit, and how many tasks it takes.
 * `--full` simulates 2,000 rollouts of each kind (40 minutes of a core), without it 40.
 */
import { EMPTY_BASELINE } from '../../src/judge/baseline.ts';
import { addWindow, type Judged, noEvidence, planStage } from '../../src/judge/evidence.ts';
import { judge } from '../../src/judge/judge.ts';
import { newRoad } from '../../src/judge/road.ts';
import type { Measurement } from '../../src/measure/measurement.ts';
import { SIX_LIMITS } from '../judge/measured.ts';
import { mostByChance } from './judge/chance.ts';
import { NO_HARM } from './judge/harms.ts';
import {
  ALPHA,
  AT_LIMIT_FROM,
  EXPERIMENTS,
  LATE_EXPERIMENT,
  METRICS,
  PRODUCTION_STAGES,
  settingOf,
} from './judge/questions.ts';
import { hoursAfterFailure, outcomesOf, type Trials, tables } from './judge/tables.ts';
import { simulate } from './judge/threads.ts';
import { Traffic } from './judge/traffic.ts';
import type { CameAt } from './judge/trial.ts';
import { LOOKS, WORLDS } from './judge/worlds.ts';
import { median, type Row } from './row.ts';

/** @param full 2,000 rollouts of each kind */
export async function benchJudge(full: boolean): Promise<readonly Row[]> {
  const rollouts = full ? 2_000 : 40;
  const trials = await simulate(EXPERIMENTS.length, rollouts, showProgress());
  process.stdout.write(
    `\n${rollouts} rollouts of ${LOOKS} looks each, seeds from 1 on\n\n${tables(trials)}\n\n`,
  );
  return [...boundedErrors(trials), lateFailure(trials), speed()];
}

/**
 * What must stay at most α: of a pass α itself, of a failure what the rollout's α leaves for one of its stages.
 * The limit is what chance explains at that probability.
 */
function boundedErrors(trials: Trials): Row[] {
  return WORLDS.flatMap(({ name }, experiment) => {
    const healthy = outcomesOf(trials, experiment, 0).map(({ failed }) => failed);
    const atLimit = METRICS.flatMap((metric, index) => {
      const outcomes = outcomesOf(trials, experiment, AT_LIMIT_FROM + index);
      const passed = outcomes.map((outcome) => outcome.passed[0] ?? null);
      const failed = outcomes.map((outcome) => outcome.failed);
      return [
        bounded(`false passes at the limit, ${name}: ${metric}`, passed, ALPHA),
        bounded(`false failures at the limit, ${name}: ${metric}`, failed, ALPHA / PRODUCTION_STAGES),
      ];
    });
    return [bounded(`false alarms, ${name}: five metrics`, healthy, ALPHA / PRODUCTION_STAGES), ...atLimit];
  });
}

function bounded(what: string, came: readonly CameAt[], alpha: number): Row {
  const value = came.filter((each) => each !== null).length;
  return { what, value, unit: ` of ${came.length}`, limit: mostByChance(came.length, alpha) };
}

function lateFailure(trials: Trials): Row {
  const failed = outcomesOf(trials, LATE_EXPERIMENT, 0).map((outcome) => outcome.failed);
  return {
    what: 'hours to catch 30 % errors after 13 healthy days, 50 tasks an hour',
    value: median(hoursAfterFailure(failed)),
    unit: ' h',
    limit: 4,
  };
}

const QUARTER = 900_000;

/** Windows added and judged, late in a stage, when the quick alarm looks back over 48 hours. */
function speed(): Row {
  const traffic = new Traffic(WORLDS[0], [NO_HARM], 1, EXPERIMENTS.length);
  const windows = Array.from({ length: 2 * LOOKS }, (_, index): Measurement => {
    const { official, gateways, share } = traffic.next(() => true);
    const arms = { official, gateway: gateways[0] ?? null };
    const window = { from: index * QUARTER, to: (index + 1) * QUARTER };
    return { schema: 1, window, stage: '5%', share, source: 'simulated', arms };
  });
  const plan = planStage(settingOf(SIX_LIMITS, 'task'), EMPTY_BASELINE);
  let judged: Judged = { plan, evidence: noEvidence(plan), road: newRoad(null) };
  let startedAt = 0;
  for (const [index, window] of windows.entries()) {
    if (index === LOOKS) startedAt = performance.now();
    judged = addWindow(judged, window);
    const { road } = judge(judged, '5%', { problems: [] });
    judged = { ...judged, road };
  }
  const value = ((performance.now() - startedAt) * 1000) / LOOKS;
  return { what: 'one look with six metrics', value, unit: ' µs', limit: 500 };
}

/** One line to a person's terminal, and nothing elsewhere. */
function showProgress(): (done: number, all: number) => void {
  if (!process.stderr.isTTY) return () => undefined;
  return (done, all) => {
    process.stderr.write(`\r${done} of ${all} rollouts${done === all ? '\n' : ''}`);
  };
}
