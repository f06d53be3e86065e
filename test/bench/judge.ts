/**
 * The judge on simulated rollouts of 400 looks, beside the rules that people loop: how often each rolls a healthy
 * gateway back, how often the judge passes one that stands at its limit, and how many tasks it takes.
 * `--full` simulates 2,000 rollouts of each kind, without it 20.
 */
import { EMPTY_BASELINE } from '../../src/judge/baseline.ts';
import { addWindow, type Judged, noEvidence, planStage } from '../../src/judge/evidence.ts';
import { judge } from '../../src/judge/judge.ts';
import { newRoad } from '../../src/judge/road.ts';
import type { Measurement } from '../../src/measure/measurement.ts';
import { SIX_LIMITS } from '../judge/measured.ts';
import { mostByChance } from './judge/chance.ts';
import { efficiencyRows, efficiencyTable, measureEfficiency } from './judge/efficiency.ts';
import { atLimitIn, NO_HARM } from './judge/harms.ts';
import { NOTHING_KEPT, openKeptTrials } from './judge/kept-trials.ts';
import { ALPHA, AT_LIMIT_FROM, EXPERIMENTS, LATE_EXPERIMENT, settingOf } from './judge/questions.ts';
import { stickyAndCosts } from './judge/sticky-and-costs.ts';
import { hoursAfterFailure, outcomesOf, type Trials, tables } from './judge/tables.ts';
import { simulate } from './judge/threads.ts';
import { Traffic } from './judge/traffic.ts';
import type { CameAt } from './judge/trial.ts';
import { HOURLY, LOOKS, WORLDS } from './judge/worlds.ts';
import { median, type Row } from './row.ts';

/**
 * @param full 2,000 rollouts of each kind
 * @param keep a file that keeps what was simulated, so that a run that was stopped is continued; null: none
 */
export async function benchJudge(full: boolean, keep: string | null): Promise<readonly Row[]> {
  const rollouts = full ? 2_000 : 20;
  const kept = keep === null ? NOTHING_KEPT : openKeptTrials(keep);
  const trials = await simulate(EXPERIMENTS.length, rollouts, kept, showProgress());
  const efficiency = measureEfficiency(full, full ? 400 : 40);
  process.stdout.write(
    `\n${rollouts} rollouts of ${LOOKS} looks each, seeds from 1 on\n\n${tables(trials)}\n\n${efficiencyTable(efficiency)}\n\n`,
  );
  return [
    ...boundedErrors(trials),
    lateFailure(trials),
    ...efficiencyRows(efficiency, full),
    ...stickyAndCosts(rollouts),
    speed(),
  ];
}

/** What must stay at most α, and the limit that chance explains at that probability. */
function boundedErrors(trials: Trials): Row[] {
  return WORLDS.flatMap((world, experiment) => {
    const healthy = outcomesOf(trials, experiment, 0);
    const atLimit = atLimitIn(world).flatMap(({ name }, index) => {
      const outcomes = outcomesOf(trials, experiment, AT_LIMIT_FROM + index);
      const passed = outcomes.map((outcome) => outcome.passed[0] ?? null);
      const failed = outcomes.map((outcome) => outcome.failed);
      return [
        bounded(`false passes at the limit, ${world.name}: ${name}`, passed, ALPHA),
        bounded(`false failures at the limit, ${world.name}: ${name}`, failed, ALPHA),
      ];
    });
    return [
      bounded(
        `false alarms, ${world.name}: five metrics`,
        healthy.map(({ failed }) => failed),
        ALPHA,
      ),
      bounded(
        `questions on equal arms, ${world.name}`,
        healthy.map(({ noticed }) => noticed),
        ALPHA,
      ),
      ...atLimit,
    ];
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
  const traffic = new Traffic(HOURLY, [NO_HARM], 1, EXPERIMENTS.length);
  const windows = Array.from({ length: 2 * LOOKS }, (_, index): Measurement => {
    const { official, gateways, share } = traffic.next(() => true);
    const arms = { official, gateway: gateways[0] ?? null };
    const window = { from: index * QUARTER, to: (index + 1) * QUARTER };
    return { schema: 1, window, stage: '5%', share, source: 'simulated', arms };
  });
  const plan = planStage(settingOf(SIX_LIMITS, 'task'), EMPTY_BASELINE);
  let judged: Judged = { plan, evidence: noEvidence(plan), road: newRoad(null) };
  // Of this process alone, since others may run beside it.
  let before = process.cpuUsage();
  for (const [index, window] of windows.entries()) {
    if (index === LOOKS) before = process.cpuUsage();
    judged = addWindow(judged, window);
    const { road } = judge(judged, '5%', []);
    judged = { ...judged, road };
  }
  const { user, system } = process.cpuUsage(before);
  const value = (user + system) / LOOKS;
  return { what: 'one look with six metrics', value, unit: ' µs', limit: 500 };
}

/** One line to a person's terminal, and nothing elsewhere. */
function showProgress(): (done: number, all: number) => void {
  if (!process.stderr.isTTY) return () => undefined;
  return (done, all) => {
    process.stderr.write(`\r${done} of ${all} rollouts${done === all ? '\n' : ''}`);
  };
}
