/**
 * The commit message of a transition: the first line reads as a log line, the trailers name the actor, the event and
 * the evidence. So the history of the state's branch is the audit log.
 */

import type { MetricVerdict } from '../judge/verdict.ts';
import type { Actor } from '../rollout/actor.ts';
import { isDeepEqual } from '../rollout/deep-equal.ts';
import type { RolloutEvent, StartEvent } from '../rollout/event.ts';
import type { Look } from '../rollout/look.ts';
import type { Decision } from '../rollout/stage-decision.ts';
import { tasksSeen } from '../rollout/stage-state.ts';
import type { HistoryEntry, RolloutState } from '../rollout/state.ts';
import { amount, count, moment } from '../wording/amounts.ts';
import { commitText } from '../wording/foreign-text.ts';
import { joined } from '../wording/markdown.ts';
import { wordOf } from './command-help.ts';

export interface Transitioned {
  /** Null: the rollout starts. */
  readonly before: RolloutState | null;
  readonly after: RolloutState;
  readonly event: RolloutEvent | StartEvent;
  readonly transition: {
    readonly decision: Decision;
    /** The look that decided, where there was one: it counts a window more than the state before. */
    readonly look: Pick<Look, 'verdicts' | 'tasks'> | null;
  };
  /** Of the evidence, in hexadecimal digits. */
  readonly digest?: string;
}

export function logMessage(transitioned: Transitioned): string {
  const { event, digest } = transitioned;
  const actor: Actor | null = 'by' in event ? event.by : null;
  const trailers = [
    actor && `Actor: ${commitText(actor.login, 60)} (${actor.id})`,
    `Event: ${commitText(event.key)}`,
    digest === undefined ? '' : `Evidence: ${commitText(digest)}`,
  ];
  return `${commitText(headline(transitioned), 300)}\n\n[skip ci]\n\n${joined(trailers, '\n')}\n`;
}

function headline({ before, after, event, transition }: Transitioned): string {
  const happened = newHistory(before, after).map((each) =>
    historyText(each, before ?? after, transition.look),
  );
  if (happened.length > 0) return happened.join('; ');
  return 'kind' in event ? eventText(event, before ?? after, transition.decision) : `start ${after.name}`;
}

/** Histories are bounded, so the new lines are those after the last line that both have. */
function newHistory(before: RolloutState | null, after: RolloutState): readonly HistoryEntry[] {
  const last = before?.history.at(-1);
  if (last === undefined) return after.history;
  return after.history.slice(after.history.findLastIndex((each) => isDeepEqual(each, last)) + 1);
}

/** `advance 5% → 25%: success rate 99.91 % [99.55, 100], 2,110 tasks`. */
function historyText(
  { kind, from, to, reason }: HistoryEntry,
  left: RolloutState,
  look: Transitioned['transition']['look'],
): string {
  const why = reason === null || reason === '' ? '' : `: ${reason}`;
  const { label } = left.stage;
  return HISTORY[kind]({
    from: from ?? label,
    to,
    at: to ?? from ?? label,
    why,
    seen: shownNumbers(left, look),
  });
}

interface Told {
  readonly from: string;
  readonly to: string | null;
  readonly at: string;
  /** With its colon; empty where there is no reason. */
  readonly why: string;
  readonly seen: string;
}

const HISTORY: { readonly [Kind in HistoryEntry['kind']]: (told: Told) => string } = {
  started: ({ at }) => `start at ${at}`,
  advanced: ({ from, to, seen }) => `advance ${from} → ${to ?? 'completion'}: ${seen}`,
  forced: ({ from, to, why, seen }) => `force ${from} → ${to ?? 'completion'}${why}; ${seen}`,
  rolled_back: ({ from, to, why, seen }) => `roll back ${from} → ${to ?? '0%'}${why}; ${seen}`,
  stepped_back: ({ from, to, seen }) => `step back ${from} → ${to ?? '0%'}; ${seen}`,
  watching: ({ from, seen }) => `watch after ${from}: ${seen}`,
  completed: ({ seen }) => `complete: ${seen}`,
  accepted: ({ from }) => `accept the regression in ${from}`,
  approved: ({ from }) => `approve ${from}`,
  paused: ({ at, why }) => `pause in ${at}${why}`,
  resumed: ({ at, why }) => `resume in ${at}${why}`,
  returned: ({ at, why }) => `return to ${at}${why}`,
  retried: ({ at, why }) => `retry from ${at}${why}`,
  aborted: ({ at, why }) => `abort in ${at}${why}`,
};

function shownNumbers(state: RolloutState, look: Transitioned['transition']['look']): string {
  const verdicts = look?.verdicts ?? state.stage.verdicts;
  const rate = verdicts?.success_rate?.gateway ?? null;
  const tasks = count(look?.tasks ?? tasksSeen(state.stage), 'task');
  return rate === null || rate.value === null
    ? tasks
    : `success rate ${rateText(rate, rate.value)}, ${tasks}`;
}

function rateText({ low, high }: NonNullable<MetricVerdict['gateway']>, value: number): string {
  const bound = (side: number | null) => (side === null ? '…' : String(Number(side.toPrecision(4))));
  return `${amount(value, 'share')} [${bound(low)}, ${bound(high)}]`;
}

function eventText(event: RolloutEvent, { pending, stage }: RolloutState, decision: Decision): string {
  const then = `${decision.kind} (${decision.reasonCode})`;
  switch (event.kind) {
    case 'command':
      return event.command.kind === 'unclear'
        ? 'answer an unclear command'
        : `answer ${wordOf(event.command.kind)} in ${stage.label}`;
    case 'measured': {
      const { from, to } = event.measurement.window;
      return `measured ${event.measurement.stage} from ${moment(from)} to ${moment(to)}: ${then}`;
    }
    case 'measuring_failed':
      return `measuring failed: ${event.problem}: ${then}`;
    case 'effect_done':
    case 'effect_taken':
    case 'effect_failed': {
      const effect = pending.find(({ id }) => id === event.id)?.effect;
      const what =
        effect?.kind === 'write_traffic' ? `write_traffic to target ${effect.target + 1}` : effect?.kind;
      const words = { effect_done: 'done', effect_taken: 'taken over', effect_failed: 'failed' }[event.kind];
      return `${words}: ${what ?? event.id}`;
    }
    case 'traffic_reported':
      return `target ${event.target + 1} reported ${event.outcome}`;
    case 'traffic_drifted':
    case 'traffic_restored':
      return `target ${event.target + 1} ${event.kind === 'traffic_drifted' ? 'drifted' : 'restored'}`;
    case 'issue_opened':
      return `issue ${event.issue} opened`;
    case 'alert':
    case 'alert_gone':
      return `${event.kind.replace('_', ' ')}: ${event.code}`;
    default:
      return `${event.kind.replaceAll('_', ' ')} in ${stage.label}: ${then}`;
  }
}
