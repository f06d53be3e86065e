/** The gate of the current stage: its metrics as a table, then its other conditions. */
import { type Limit, limitsOf, type MetricName } from '../../config/metrics.ts';
import { isShadow } from '../../config/stages.ts';
import { definitionOf } from '../../judge/metrics.ts';
import { type BegunStage, stageOf } from '../../rollout/road.ts';
import { type CheckState, earliestEnd, tasksSeen } from '../../rollout/stage-state.ts';
import { isOver } from '../../rollout/state.ts';
import { moment, span, usd, whole } from '../../wording/amounts.ts';
import { countedNoun } from '../../wording/decisions.ts';
import { markdownCode, markdownText } from '../../wording/foreign-text.ts';
import { bulletList, joined, markdownTable } from '../../wording/markdown.ts';
import { BRACKETS_NOTE, metricName, VERDICT_COLUMNS, verdictRow } from '../../wording/verdict-table.ts';
import { configuredText, VERDICT_MARKS } from '../../wording/verdicts.ts';
import { CHECK_WORDS } from '../messages/gaps.ts';
import { personName } from '../messages/names.ts';
import type { RolloutView } from '../view.ts';
import { regressionSection } from './regression.ts';

/** Empty where the config no longer has the stage, and where nothing is decided any more. */
export function gateSection(view: RolloutView): string {
  const stage = stageOf(view);
  if (stage === null || isOver(view.state)) return '';
  return joined([
    metricTable(view, stage),
    bulletList(view.state.status.kind === 'rolled-back' ? [] : conditions(view, stage)),
    regressionSection(view),
    leftOut(view, stage),
    flawless(view),
  ]);
}

const PAIRS =
  'Both columns are of copied requests, which are compared one by one: limits on latency bound how much longer the same request takes.';
const GUARDS = 'A guard can stop the rollout but is not required to advance.';

function metricTable({ state }: RolloutView, stage: BegunStage): string {
  const { gate } = stage;
  const seen = Object.entries(state.stage.verdicts ?? {});
  const waiting = limitsOf(gate.metrics).filter(([name]) => !seen.some(([metric]) => metric === name));
  const rows = [
    ...seen.map(([metric, verdict]) => verdictRow(metric, verdict)),
    ...waiting.map(([metric, limits]) => waitingRow(metric, limits)),
  ];
  if (rows.length === 0) return '';
  const guarded = [...seen, ...waiting].some(([, { guard }]) => guard);
  const paired = isShadow(stage) ? PAIRS : '';
  const notes = joined([seen.length > 0 ? BRACKETS_NOTE : '', guarded ? GUARDS : '', paired], ' ');
  return joined([markdownTable(VERDICT_COLUMNS, VERDICT_COLUMNS.length, rows), notes]);
}

function waitingRow(metric: MetricName, limits: Limit): string[] {
  const limit = configuredText(metric, definitionOf(metric).unit, limits);
  const verdict = `${VERDICT_MARKS['no-data']} no-data`;
  return [metricName(metric, limits.guard), `${verdict}: waiting for the first measurement`, '–', limit];
}

/** Each with a mark, so that the missing ones stand out. */
function conditions(view: RolloutView, stage: BegunStage): string[] {
  const { gate } = stage;
  const { checks, approvals } = view.state.stage;
  const people = approvals.map(({ by }) => personName(by));
  const have = `${mark(people.length >= gate.approvals)} ${people.length} of ${gate.approvals} approvals`;
  const approved = joined([have, people.join(', ')], ': ');
  const tasks = tasksSeen(view.state.stage);
  return [
    ...(gate.min_tasks > 0 ? [tasksLine(tasks, gate.min_tasks, countedNoun(isShadow(stage)))] : []),
    ...(isShadow(stage) ? [costLine(view)] : []),
    ...durationLine(view, gate.min_duration),
    ...gate.workflows.map((name) => namedLine('workflow', name, stateOf(checks.workflows, name))),
    ...gate.checks.map((name) => namedLine('check', name, stateOf(checks.checks, name))),
    ...(gate.approvals > 0 ? [approved] : []),
    ...(gate.manual || (view.config.rollout.advance === 'manual' && !stage.watching)
      ? ['👤 manual approval: comment `/advance-rollout`, or tick this stage']
      : []),
    ...(gate.manual ? [] : windowLine(view)),
  ];
}

function tasksLine(tasks: number, least: number, noun: string): string {
  return tasks < least
    ? `${mark(false)} ${whole(tasks)} of ${whole(least)} ${noun}`
    : `${mark(true)} ${whole(tasks)} ${noun} (at least ${whole(least)})`;
}

function costLine({ config, state }: RolloutView): string {
  const { max_cost_usd: most } = config.rollout.shadow;
  const bound = most === null ? '' : ` (at most ${usd(most)} a day)`;
  return `💵 ${usd(state.stage.total.gateway?.cost.usd ?? 0)} for copies so far${bound}`;
}

function stateOf(states: Readonly<Record<string, CheckState>>, name: string): CheckState {
  return (Object.hasOwn(states, name) ? states[name] : undefined) ?? 'missing';
}

const mark = (holds: boolean): string => (holds ? '✅' : '⏳');

function namedLine(noun: string, name: string, state: CheckState): string {
  const symbol = state === 'red' ? '❌' : mark(state === 'green');
  return `${symbol} ${noun} ${markdownCode(name)}: ${CHECK_WORDS[state]}`;
}

/** As a moment and not as an age, so that the text does not change while nothing happens. */
function durationLine(view: RolloutView, least: number): string[] {
  if (least === 0) return [];
  const { clock, traffic } = view.state.stage;
  const need = `at least ${span(least)} in the stage`;
  if (traffic.verifiedAt === null) return [`⏳ ${need}: the clock starts when the traffic is verified`];
  if (clock.stoppedSince !== null) return [`⏸️ ${need}: the clock is stopped`];
  const end = earliestEnd(view.state.stage, least);
  return [`🕒 ${need}: until ${end === null ? '–' : moment(end)}`];
}

function windowLine({ config }: RolloutView): string[] {
  const window = config.rollout.advance_window;
  if (window === null || config.rollout.advance === 'manual') return [];
  const { days, hours, timezone } = window;
  return [
    `🗓️ advances automatically only on ${days.join(', ')} from ${hours.from}:00 to ${hours.to}:00, ${markdownText(timezone, 60)}`,
  ];
}

/** Default metrics that the source does not report. */
function leftOut({ state }: RolloutView, { gate }: BegunStage): string {
  const verdicts = state.stage.verdicts ?? {};
  const names = Object.entries(gate.metrics)
    .filter(([name, limit]) => limit?.optional && verdicts[name]?.reasonCode === 'not_measured')
    .map(([name]) => markdownCode(name));
  if (names.length === 0) return '';
  const it = names.length === 1 ? 'it' : 'them';
  return `Not checked, because the metrics source does not report ${it}: ${names.join(', ')}. Name ${it} in the config to require ${it}.`;
}

/** Below this many tasks, zero failures are unremarkable. */
const REMARKABLE_FROM = 500;

/** A misspelt name counts no failures at all; only a person can tell that from a service that never fails. */
function flawless({ config, state }: RolloutView): string {
  const sources = [config.measure?.official, config.measure?.gateway];
  const { success_rate: success, error_ratio: errors } = state.stage.verdicts ?? {};
  const both = [success?.official, success?.gateway].every((arm) => arm?.value === 100);
  const neither = [errors?.official, errors?.gateway].every((arm) => arm?.value === 0);
  if (!(both || neither) || tasksSeen(state.stage) < REMARKABLE_FROM) return '';
  if (!sources.some((each) => each?.source === 'prometheus')) return '';
  return 'Prometheus reports zero failures on both arms. A misspelt series or label name looks the same, so check against a known failure if zero seems unlikely (`measure.series.failures`, `measure.label_names.error`).';
}
