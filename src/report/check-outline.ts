import type { CheckReport, ProbeResult } from '../check/report.ts';
import { grouped } from './grouped.ts';

/** Probes with the same reason for not being put, told in one line. */
export interface SkipGroup {
  readonly reason: string;
  readonly ids: readonly string[];
}

/** Probes of one family, e.g. `stream`, worst first. */
export interface Family {
  readonly name: string;
  readonly probes: readonly ProbeResult[];
}

/** A report in the order in which a person wants to read it. */
export interface Outline {
  /** The failure to mend first; null when nothing failed. */
  readonly first: ProbeResult | null;
  readonly failed: readonly ProbeResult[];
  readonly warned: readonly ProbeResult[];
  /** Worth knowing, but of no weight: informing probes, and failures that the team accepts. */
  readonly noted: readonly ProbeResult[];
  readonly passed: readonly ProbeResult[];
  readonly skipped: readonly SkipGroup[];
  /** Families that have something other than skipped probes; those with failures first, then with warnings. */
  readonly families: readonly Family[];
  /** What the comparison with the official API found; empty without its key. */
  readonly comparison: readonly ProbeResult[];
}

const WORST_FIRST = ['fail', 'warn', 'pass', 'skip'] as const;

/** Sort a report's probes for reading. The order of the report decides between equals. */
export function outline(report: CheckReport): Outline {
  const withStatus = (status: ProbeResult['status']) =>
    report.probes.filter((probe) => probe.status === status);
  const failed = withStatus('fail');
  const asked = report.probes.filter((probe) => probe.status !== 'skip');
  return {
    first: failed.find((probe) => probe.id === report.reasonCode) ?? failed[0] ?? null,
    failed,
    warned: withStatus('warn').filter((probe) => probe.severity !== 'info'),
    noted: withStatus('warn').filter((probe) => probe.severity === 'info'),
    passed: withStatus('pass'),
    skipped: groupSkips(withStatus('skip')),
    families: groupFamilies(asked.filter((probe) => familyOf(probe.id) !== 'compare')),
    comparison: asked.filter((probe) => familyOf(probe.id) === 'compare'),
  };
}

/** `stream` for `stream.shape`; an id without a dot is its own family. */
export function familyOf(id: string): string {
  return id.split('.', 1)[0] ?? id;
}

function groupSkips(skipped: readonly ProbeResult[]): SkipGroup[] {
  const groups = grouped(skipped, ({ summary }) => summary);
  return [...groups].map(([reason, probes]) => ({ reason, ids: probes.map(({ id }) => id) }));
}

function groupFamilies(asked: readonly ProbeResult[]): Family[] {
  return [...grouped(asked, ({ id }) => familyOf(id))]
    .map(([name, probes]) => ({ name, probes: probes.toSorted((a, b) => rank(a) - rank(b)) }))
    .sort((a, b) => worstRank(a) - worstRank(b));
}

const rank = (probe: ProbeResult): number => WORST_FIRST.indexOf(probe.status);

const worstRank = (family: Family): number => Math.min(...family.probes.map(rank));
