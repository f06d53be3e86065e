import { count } from '../wording/amounts.ts';
import type { CheckPlan } from './plan.ts';
import type { Probe, ProbeFinding } from './probe.ts';
import type { CheckResult, ProbeResult } from './report.ts';

/**
 * Turns a finding into a result, by the probe's severity, the finding's own, and the team's `require` and `ignore`.
 * A blocking problem is `fail`, a lesser one is `warn`; an ignored one stays visible as a note with its reason.
 */
export function weigh(probe: Probe, finding: ProbeFinding, plan: CheckPlan, durationMs: number): ProbeResult {
  const required = plan.require.includes(probe.id);
  const excuse = plan.ignore[probe.id];
  const common = {
    id: probe.id,
    severity: required ? 'block' : probe.severity,
    summary: finding.summary,
    fix: null,
    durationMs: Math.round(durationMs),
  } as const;
  if (finding.kind === 'skip') return { ...common, status: 'skip', evidence: [], requestId: null };
  const evidence = [...(finding.evidence ?? []), ...whereUsed(probe.features ?? [], plan)];
  const shown = { ...common, evidence, requestId: finding.requestId ?? null };
  if (finding.kind === 'ok') return { ...shown, status: 'pass' };
  if (excuse !== undefined) {
    const summary = `${finding.summary} (accepted: ${excuse})`;
    return { ...shown, status: 'warn', severity: 'info', summary };
  }
  const severity = required ? 'block' : (finding.severity ?? probe.severity);
  return { ...shown, status: severity === 'block' ? 'fail' : 'warn', severity, fix: finding.fix };
}

/** The verdict of all probes; the results are in the order of the families, the most fundamental first. */
export function conclude(results: readonly ProbeResult[]): { verdict: CheckResult; reasonCode: string } {
  const failure = results.find(({ status }) => status === 'fail');
  if (failure !== undefined) return { verdict: 'not-ready', reasonCode: failure.id };
  const warned = results.some(({ status, severity }) => status === 'warn' && severity !== 'info');
  return { verdict: 'ready', reasonCode: warned ? 'passed_with_warnings' : 'all_passed' };
}

const MOST_SITES = 3;

/** What depends on a feature or model: `tools, used in src/agent.ts:41 and 3 more places`. */
export function whereUsed(names: readonly string[], { sites }: Pick<CheckPlan, 'sites'>): string[] {
  return names.flatMap((name) => {
    const known = sites[name] ?? [];
    if (known.length === 0) return [];
    const more = known.length - MOST_SITES;
    const rest = more <= 0 ? '' : ` and ${count(more, 'more place')}`;
    return [`${name}, used in ${known.slice(0, MOST_SITES).join(', ')}${rest}`];
  });
}
