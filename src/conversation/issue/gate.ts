/** The gate of the present stage: its metrics as a table, then its other conditions. */
import type { Limit, Limits, MetricName } from '../../config/metrics.ts';
import type { RolloutStage } from '../../config/schema.ts';
import { METRIC_DEFINITIONS } from '../../judge/metrics.ts';
import type { MetricVerdict } from '../../judge/verdict.ts';
import { stageOf } from '../../rollout/road.ts';
import type { CheckState } from '../../rollout/stage-state.ts';
import { isOver } from '../../rollout/state.ts';
import { moment, span, whole } from '../../wording/amounts.ts';
import { markdownCode, markdownText } from '../../wording/foreign-text.ts';
import { bulletList, markdownTable } from '../../wording/markdown.ts';
import {
  configuredText,
  estimateText,
  limitsText,
  missingText,
  VERDICT_MARKS,
} from '../../wording/verdicts.ts';
import { CHECK_WORDS } from '../messages/gaps.ts';
import { personName } from '../messages/names.ts';
import type { RolloutView } from '../view.ts';
import { earliestEnd, tasksSeen } from './progress.ts';

/** Empty where the config has the stage no more, and where nothing is decided any more. */
export function gateSection(view: RolloutView): string {
  const stage = stageOf(view);
  if (stage === null || isOver(view.state)) return '';
  const parts = [
    metricTable(view, stage),
    bulletList(view.state.status.kind === 'rolled-back' ? [] : conditions(view, stage)),
    leftOut(view, stage),
    flawless(view),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

const COLUMNS = ['Metric', 'Official', 'Gateway', 'Limit', 'Verdict', 'Missing'];
const BRACKETS = 'In brackets what the evidence leaves possible, however often one looked.';
const GUARDS = 'A guard can stop the rollout; its proof is not needed to go on.';

function metricTable({ state }: RolloutView, { gate }: RolloutStage): string {
  const seen = Object.entries(state.stage.verdicts ?? {});
  const waiting = entriesOf(gate.metrics).filter(([name]) => !seen.some(([metric]) => metric === name));
  const rows = [
    ...seen.map(([metric, verdict]) => metricRow(metric, verdict)),
    ...waiting.map(([metric, limits]) => waitingRow(metric, limits)),
  ];
  if (rows.length === 0) return '';
  const guarded = [...seen, ...waiting].some(([, { guard }]) => guard);
  const notes = [...(seen.length > 0 ? [BRACKETS] : []), ...(guarded ? [GUARDS] : [])];
  return [markdownTable(COLUMNS, COLUMNS.length, rows), ...(notes.length > 0 ? [notes.join(' ')] : [])].join(
    '\n\n',
  );
}

function metricRow(metric: string, verdict: MetricVerdict): string[] {
  // What a guard would still need for a pass holds nothing up.
  const missing = verdict.guard && verdict.verdict === 'inconclusive' ? '' : missingText(verdict);
  return [
    metricName(metric, verdict.guard),
    estimateText(verdict.official, verdict.unit),
    estimateText(verdict.gateway, verdict.unit),
    limitsText(metric, verdict.unit, verdict.limits) || '–',
    `${VERDICT_MARKS[verdict.verdict]} ${verdict.verdict}`,
    missing === '' ? '–' : missing,
  ];
}

function waitingRow(metric: MetricName, limits: Limit): string[] {
  const verdict = `${VERDICT_MARKS['no-data']} no-data`;
  return [
    metricName(metric, limits.guard),
    '–',
    '–',
    configuredText(metric, METRIC_DEFINITIONS[metric].unit, limits),
    verdict,
    'a first measurement',
  ];
}

const metricName = (metric: string, guard: boolean): string =>
  `${markdownCode(metric)}${guard ? ' (guard)' : ''}`;

function entriesOf(metrics: Limits): readonly (readonly [MetricName, Limit])[] {
  const isName = (name: string): name is MetricName => Object.hasOwn(metrics, name);
  return Object.keys(metrics).flatMap((name) => {
    const limits = isName(name) ? metrics[name] : undefined;
    return isName(name) && limits !== undefined ? [[name, limits] as const] : [];
  });
}

/** Each with a mark, so that what is missing is seen at once. */
function conditions(view: RolloutView, stage: RolloutStage): string[] {
  const { gate } = stage;
  const { checks, approvals } = view.state.stage;
  const people = approvals.map(({ by }) => personName(by)).join(', ');
  const tasks = tasksSeen(view.state);
  return [
    ...(gate.min_tasks > 0 ? [tasksLine(tasks, gate.min_tasks)] : []),
    ...durationLine(view, gate.min_duration),
    ...gate.workflows.map((name) => namedLine('workflow', name, stateOf(checks.workflows, name))),
    ...gate.checks.map((name) => namedLine('check', name, stateOf(checks.checks, name))),
    ...(gate.approvals > 0
      ? [
          `${mark(approvals.length >= gate.approvals)} ${approvals.length} of ${gate.approvals} approvals${people === '' ? '' : `: ${people}`}`,
        ]
      : []),
    ...(gate.manual || view.config.rollout.advance === 'manual'
      ? ['👤 a person says go: `/advance-rollout`, or the box of this stage']
      : []),
    ...(gate.manual ? [] : windowLine(view)),
  ];
}

function tasksLine(tasks: number, least: number): string {
  return tasks < least
    ? `${mark(false)} ${whole(tasks)} of ${whole(least)} tasks on the gateway`
    : `${mark(true)} ${whole(tasks)} tasks on the gateway, at least ${whole(least)}`;
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
  if (clock.stoppedSince !== null) return [`⏸️ ${need}: the clock stands still`];
  const end = earliestEnd(view.state.stage, least);
  return [`🕒 ${need}: until ${end === null ? '–' : moment(end)}`];
}

function windowLine({ config }: RolloutView): string[] {
  const window = config.rollout.advance_window;
  if (window === null || config.rollout.advance === 'manual') return [];
  const { days, hours, timezone } = window;
  return [
    `🗓️ advances by itself only on ${days.join(', ')} from ${hours.from}:00 to ${hours.to}:00, ${markdownText(timezone, 60)}`,
  ];
}

/** Default metrics that the source does not tell. */
function leftOut({ state }: RolloutView, { gate }: RolloutStage): string {
  const verdicts = state.stage.verdicts ?? {};
  const names = Object.entries(gate.metrics)
    .filter(([name, limit]) => limit?.optional && verdicts[name]?.reasonCode === 'not_measured')
    .map(([name]) => markdownCode(name));
  if (names.length === 0) return '';
  return `Left out, because the source does not tell it: ${names.join(', ')}. A metric that the config names itself is never left out.`;
}

/** Of fewer tasks nobody wonders. */
const WONDER_FROM = 500;

/** A misspelt name reads as no failure at all, which only people can tell from a service that never fails. */
function flawless({ config, state }: RolloutView): string {
  const sources = [config.measure?.official, config.measure?.gateway];
  const { success_rate: success, error_ratio: errors } = state.stage.verdicts ?? {};
  const both = [success?.official, success?.gateway].every((arm) => arm?.value === 100);
  const neither = [errors?.official, errors?.gateway].every((arm) => arm?.value === 0);
  if (!(both || neither) || tasksSeen(state) < WONDER_FROM) return '';
  if (!sources.some((each) => each?.source === 'prometheus')) return '';
  return 'Prometheus counts no failure on either arm. A misspelt name of their series or label looks the same: where none is hard to believe, compare with a failure that you know of (`measure.series.failures`, `measure.label_names.error`).';
}
