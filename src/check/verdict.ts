import { count } from '../wording/amounts.ts';
import type { CheckPlan } from './plan.ts';
import type { Finding, Probe } from './probe.ts';
import type { ProbeResult, Verdict } from './report.ts';

/**
 * Weigh a finding: by the probe's severity, the finding's own, and the team's `require` and `ignore`.
 * A problem that blocks is `fail`, a lesser one is `warn`; an ignored one stays visible as a note with its reason.
 */
export function weigh(probe: Probe, finding: Finding, plan: CheckPlan, durationMs: number): ProbeResult {
  const required = plan.require.includes(probe.id);
  const excuse = plan.ignore[probe.id];
  const told = {
    id: probe.id,
    severity: required ? 'block' : probe.severity,
    summary: finding.summary,
    fix: null,
    durationMs: Math.round(durationMs),
  } as const;
  if (finding.kind === 'skip') return { ...told, status: 'skip', evidence: [], requestId: null };
  const evidence = [...(finding.evidence ?? []), ...whereUsed(probe.features ?? [], plan)];
  const seen = { ...told, evidence, requestId: finding.requestId ?? null };
  if (finding.kind === 'ok') return { ...seen, status: 'pass' };
  if (excuse !== undefined) {
    const summary = `${finding.summary} (accepted: ${excuse})`;
    return { ...seen, status: 'warn', severity: 'info', summary };
  }
  const severity = required ? 'block' : (finding.severity ?? probe.severity);
  return { ...seen, status: severity === 'block' ? 'fail' : 'warn', severity, fix: finding.fix };
}

/** The verdict over all probes; results come in the order of the families, the most fundamental first. */
export function conclude(results: readonly ProbeResult[]): { verdict: Verdict; reasonCode: string } {
  const failure = results.find(({ status }) => status === 'fail');
  if (failure !== undefined) return { verdict: 'not-ready', reasonCode: failure.id };
  const warned = results.some(({ status, severity }) => status === 'warn' && severity !== 'info');
  return { verdict: 'ready', reasonCode: warned ? 'passed_with_warnings' : 'all_passed' };
}

const MOST_PLACES = 3;

/** `tools, used in src/agent.ts:41 and 3 more sites`: who would notice. */
export function whereUsed(names: readonly string[], { sites }: Pick<CheckPlan, 'sites'>): string[] {
  return names.flatMap((name) => {
    const known = sites[name] ?? [];
    if (known.length === 0) return [];
    const more = known.length - MOST_PLACES;
    const rest = more <= 0 ? '' : ` and ${count(more, 'more place')}`;
    return [`${name}, used in ${known.slice(0, MOST_PLACES).join(', ')}${rest}`];
  });
}
