/** How long it will take: the current stage at its current rates, and the next ones for a healthy gateway. */
import { forecastRollout } from '../../judge/forecast.ts';
import { stageOf } from '../../rollout/road.ts';
import { earliestEnd, tasksADay, tasksSeen } from '../../rollout/stage-state.ts';
import { count, figure, listed, moment, percent, span } from '../../wording/amounts.ts';
import { markdownCode, markdownText } from '../../wording/foreign-text.ts';
import { bulletList, joined, markdownTable } from '../../wording/markdown.ts';
import { LONGEST_WAIT, withinReach } from '../../wording/verdicts.ts';
import { forecastOf, withoutHoldback } from '../forecast.ts';
import { stageName } from '../messages/names.ts';
import type { RolloutView } from '../view.ts';

/** Sentences; empty while nothing is known. */
export function outlookSection(view: RolloutView): string {
  if (view.state.status.kind !== 'progressing') return '';
  return joined([currentStage(view), laterStages(view)]) || beforeTraffic(view);
}

/** Nothing was measured yet: the expected days at some sizes of traffic, and what to change where they are too many. */
function beforeTraffic({ config, state }: RolloutView): string {
  const forecast = state.stage.evidence === null && state.past.length === 0 ? forecastOf(config) : null;
  if (forecast === null) return '';
  const { title, sizes, rows, notes } = forecast;
  const cells = rows.map(({ stage, days }) => [stageName(stage), ...days]);
  const table = markdownTable(['Tasks a day', ...sizes], 1, cells);
  const body = [title, table, bulletList(notes.map((note) => markdownText(note, 500)))];
  return `<details><summary>How long it takes</summary>\n\n${body.join('\n\n')}\n\n</details>`;
}

/** When every count and duration of the gate is reached, if the rates stay as they are. */
function currentStage(view: RolloutView): string {
  const { state, config } = view;
  const gate = stageOf(view)?.gate;
  const { evidence, measuredTo, verdicts } = state.stage;
  const period = evidence?.sinceVerified.period ?? null;
  if (gate === undefined || period === null || measuredTo === null) return '';
  const awaited = Object.entries(verdicts ?? {}).filter(
    ([, { needed, verdict }]) => needed && verdict === 'inconclusive',
  );
  const never = awaited.filter(([, verdict]) => withinReach(verdict) === null).map(([name]) => name);
  if (never.length > 0) {
    return `At the current rates, ${listed(never.map((name) => markdownCode(name)))} would not pass within ${span(LONGEST_WAIT)}.`;
  }
  const perTask = tasksSeen(state.stage) > 0 ? (period.to - period.from) / tasksSeen(state.stage) : null;
  const missing = Math.max(0, gate.min_tasks - tasksSeen(state.stage));
  const times = [
    ...awaited.map(([, { stillNeeded }]) => measuredTo + (stillNeeded?.time ?? 0)),
    ...(missing > 0 && perTask !== null ? [measuredTo + missing * perTask] : []),
    earliestEnd(state.stage, gate.min_duration) ?? 0,
  ];
  const end = Math.max(...times);
  if (end <= measuredTo || !Number.isFinite(end)) return '';
  const began = state.stage.traffic.verifiedAt ?? state.stage.enteredAt;
  const { stopped, ran } = state.stage.clock;
  const tooLong = end - began - stopped + ran > config.rollout.max_duration;
  const warning = tooLong
    ? ` That is longer than \`max_duration\` (${span(config.rollout.max_duration)}), so the rollout would pause undecided.`
    : '';
  return `At the current rates, this stage will have enough data at about ${moment(end)}.${warning}`;
}

/** A shorter period says little about a day. */
const LEAST_PERIOD = 3_600_000;

/** How long the later stages take if the gateway is as good as the official arm is now. */
function laterStages({ config, state }: RolloutView): string {
  const { evidence, total, index } = state.stage;
  const tasksPerDay = tasksADay(state.stage);
  const period = evidence?.sinceVerified.period ?? null;
  const bounds = evidence?.baseline.latency.official ?? [];
  const { official } = total;
  if (period === null || period.to - period.from < LEAST_PERIOD || !tasksPerDay || bounds.length === 0)
    return '';
  const errorRate = (official?.failedTasks ?? 0) / Math.max(1, official?.tasks ?? 0);
  const later = config.rollout.stages.slice(index + 1).map(({ label }) => label);
  const known = forecastRollout(withoutHoldback(config), { tasksPerDay, errorRate, bounds }).filter(
    ({ stage }) => later.includes(stage),
  );
  if (known.length === 0) return '';
  const stages = known.map(({ stage, days }) => `${stageName(stage)} ${daysText(days)}`);
  const isTooLong = known.some(({ days }) => days === null || days * DAY > config.rollout.max_duration);
  const change = isTooLong ? ` ${TOO_LONG}` : '';
  return `If the gateway is as good as the official API, the next stages take: ${stages.join(', ')} (at ${count(Number(tasksPerDay.toPrecision(2)), 'task')} a day and ${percent(Number((100 * errorRate).toPrecision(2)))} errors).${change}`;
}

const TOO_LONG =
  'A stage that takes longer than `max_duration` pauses undecided: use a wider limit, `guard: true` or a larger share.';
const DAY = 86_400_000;

function daysText(days: number | null): string {
  if (days === null || days * DAY > LONGEST_WAIT) return `more than ${span(LONGEST_WAIT)}`;
  const shown = Number(days.toPrecision(2));
  return `${figure(shown)} ${shown === 1 ? 'day' : 'days'}`;
}
