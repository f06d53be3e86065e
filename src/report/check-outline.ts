import type { CheckReport, ProbeResult } from '../check/report.ts';
import { grouped } from './grouped.ts';

/** Probes that were skipped for the same reason, reported in one line. */
export interface SkipGroup {
  readonly reason: string;
  readonly ids: readonly string[];
}

/** Probes of one family, e.g. `stream`, worst first. */
export interface ProbeFamily {
  readonly name: string;
  readonly probes: readonly ProbeResult[];
}

/** A report in reading order. */
export interface Outline {
  /** The failure to fix first; null when nothing failed. */
  readonly first: ProbeResult | null;
  readonly failed: readonly ProbeResult[];
  readonly warned: readonly ProbeResult[];
  /** Worth knowing, without effect on the verdict: informational probes, and failures that the team accepts. */
  readonly noted: readonly ProbeResult[];
  readonly passed: readonly ProbeResult[];
  readonly skipped: readonly SkipGroup[];
  /** Families with at least one probe that ran; those with failures first, then those with warnings. */
  readonly families: readonly ProbeFamily[];
  /** The comparison with the official API; empty without its key. */
  readonly comparison: readonly ProbeResult[];
}

const WORST_FIRST = ['fail', 'warn', 'pass', 'skip'] as const;

/** Sorts a report's probes for reading. Equals keep the order of the report. */
export function outline(report: CheckReport): Outline {
  const withStatus = (status: ProbeResult['status']) =>
    report.probes.filter((probe) => probe.status === status);
  const failed = withStatus('fail');
  const ran = report.probes.filter((probe) => probe.status !== 'skip');
  return {
    first: failed.find((probe) => probe.id === report.reasonCode) ?? failed[0] ?? null,
    failed,
    warned: withStatus('warn').filter((probe) => probe.severity !== 'info'),
    noted: withStatus('warn').filter((probe) => probe.severity === 'info'),
    passed: withStatus('pass'),
    skipped: groupSkips(withStatus('skip')),
    families: groupFamilies(ran.filter((probe) => familyOf(probe.id) !== 'compare')),
    comparison: ran.filter((probe) => familyOf(probe.id) === 'compare'),
  };
}

/** `stream` for `stream.shape`; an id without a dot is its own family. */
export function familyOf(id: string): string {
  return id.split('.', 1)[0] ?? id;
}

function groupSkips(skipped: readonly ProbeResult[]): SkipGroup[] {
  const groups = grouped(skipped, ({ summary }) => summary.replace(NOT_USED, 'Your code does not use it.'));
  return [...groups].map(([reason, probes]) => ({ reason, ids: probes.map(({ id }) => id) }));
}

const NOT_USED = /^The (?:feature \w+|endpoint) is not used\.$/;

function groupFamilies(probes: readonly ProbeResult[]): ProbeFamily[] {
  return [...grouped(probes, ({ id }) => familyOf(id))]
    .map(([name, probes]) => ({ name, probes: probes.toSorted((a, b) => rank(a) - rank(b)) }))
    .sort((a, b) => worstRank(a) - worstRank(b));
}

const rank = (probe: ProbeResult): number => WORST_FIRST.indexOf(probe.status);

const worstRank = (family: ProbeFamily): number => Math.min(...family.probes.map(rank));
