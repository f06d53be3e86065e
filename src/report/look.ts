/** One look of the judge, as a person reads it. */
import type { Decision, Missing } from '../judge/decide-look.ts';
import type { ReplayedLook } from '../judge/replay.ts';
import type { Estimate, MetricVerdict } from '../judge/verdict.ts';
import { plainLine } from './foreign-text.ts';

/** The decision in one line, and one line for each metric that does not pass. */
export function lookText({ look, window, stage, verdicts, decision }: ReplayedLook): string {
  const until = new Date(window.to).toISOString();
  const head = `look ${look}, until ${until}, stage ${plainLine(stage, 100)}: ${decisionText(decision)}`;
  const lines = Object.entries(verdicts).map(([metric, verdict]) => `  ${metricText(metric, verdict)}`);
  return [head, ...lines].join('\n');
}

/** `hold (undecided): awaiting slow_ratio`. */
export function decisionText({ kind, reasonCode, metrics, missing }: Decision): string {
  const lacking = missing.map(missingText);
  const which = metrics.length === 0 ? [] : [`${kind === 'hold' ? 'awaiting ' : ''}${metrics.join(', ')}`];
  const details = [...which, ...lacking].join('; ');
  return `${kind} (${reasonCode})${details === '' ? '' : `: ${details}`}`;
}

function missingText(missing: Missing): string {
  switch (missing.what) {
    case 'tasks':
      return `${number(missing.have)} of ${number(missing.need)} tasks on the gateway`;
    case 'duration':
      return `${duration(missing.have)} of ${duration(missing.need)} in the stage`;
    case 'approvals':
      return `${missing.have} of ${missing.need} approvals`;
    case 'workflows':
      return 'the named workflows';
    case 'checks':
      return 'the named checks';
    case 'verification':
      return 'the traffic is not verified yet';
  }
}

/** `success_rate pass: gateway 99.4 % [99.1, 99.6], official 99.5 % [99.4, 99.6], max_drop 1`. */
export function metricText(metric: string, verdict: MetricVerdict): string {
  const { unit, gateway, official, limit, limits, stillNeeded } = verdict;
  const reason = verdict.reasonCode === null ? '' : ` (${verdict.reasonCode})`;
  const since = limits.find(({ sinceHour }) => sinceHour !== null)?.sinceHour ?? null;
  const parts = [
    ...(gateway === null ? [] : [`gateway ${estimateText(gateway, unit)}`]),
    ...(official === null ? [] : [`official ${estimateText(official, unit)}`]),
    ...Object.entries(limit).map(([kind, value]) => `${kind} ${number(value ?? 0)}`),
    ...(since === null ? [] : [`seen since hour ${since} of the stage`]),
    ...(stillNeeded === null
      ? []
      : [`needs ${number(stillNeeded.tasks)} more tasks, about ${duration(stillNeeded.time)}`]),
  ];
  const guard = verdict.guard ? ' [guard]' : '';
  return `${metric}${guard} ${verdict.verdict}${reason}: ${parts.join(', ')}`;
}

const UNITS = { share: ' %', duration: ' ms', usd: ' USD', tokens: ' tokens', ratio: '' } as const;

function estimateText({ value, low, high }: Estimate, unit: MetricVerdict['unit']): string {
  const shown = value === null ? 'above every bound' : `${number(value)}${UNITS[unit]}`;
  if (low === null && high === null) return shown;
  if (low === high) return shown;
  return `${shown} [${low === null ? '…' : number(low)}, ${high === null ? '…' : number(high)}]`;
}

function number(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: Math.abs(value) >= 1000 ? 6 : 4 });
}

const HOUR = 3_600_000;

function duration(milliseconds: number): string {
  const hours = milliseconds / HOUR;
  if (hours >= 48) return `${number(hours / 24)} days`;
  return hours >= 1 ? `${number(hours)} h` : `${Math.ceil(milliseconds / 60_000)} min`;
}
