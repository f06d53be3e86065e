/** Reads one window from all sources, and joins the results into one measurement. */

import { ARMS, type Arm } from '../config/arms.ts';
import type { SourceName } from '../config/schema/measure.ts';
import { formatInstant } from './instant.ts';
import type { ArmCounts, Measurement } from './measurement.ts';
import type { Source, SourceError, SourceNote, SourceQuery } from './source.ts';

export interface MeasuredWindow {
  readonly kind: 'measured';
  readonly measurement: Measurement;
  /** These also say why an arm has no data. */
  readonly notes: readonly SourceNote[];
}

export interface FailedSource extends SourceError {
  readonly source: SourceName;
}

/** At least one source failed, so the window is not measured: one arm alone would mislead. */
export interface UnmeasuredWindow {
  readonly kind: 'error';
  readonly errors: readonly [FailedSource, ...FailedSource[]];
}

/**
 * One measurement from one source for both arms, or from one source for each. An arm without a source, or without data
 * of its source, is null.
 *
 * If only the beginning of the window cannot be measured, it is left out once the rest is as long as an interval. So the
 * error is reported once, and does not block all later windows.
 * @param sources no two of them for the same arm
 * @param about the stage's label, and the gateway's share of the stage's slice in percent
 * @param intervalMs how often production is measured
 */
export async function measureWindow(
  sources: readonly Source[],
  query: SourceQuery,
  about: Pick<Measurement, 'stage' | 'share'>,
  intervalMs: number,
): Promise<MeasuredWindow | UnmeasuredWindow> {
  const whole = await measureWhole(sources, query, about);
  if (whole.kind === 'measured') return whole;
  const { from, to } = query.window;
  const later = Math.max(...whole.errors.map(({ usableFrom = Infinity }) => usableFrom));
  if (later <= from || to - later < intervalMs) return whole;
  const rest = await measureWindow(sources, { ...query, window: { from: later, to } }, about, intervalMs);
  if (rest.kind === 'error') return rest;
  const message = `Nothing is counted from ${formatInstant(from)} to ${formatInstant(later)}: ${whole.errors[0].reason}`;
  return { ...rest, notes: [{ reasonCode: 'beginning_left_out', message }, ...rest.notes] };
}

async function measureWhole(
  sources: readonly Source[],
  query: SourceQuery,
  about: Pick<Measurement, 'stage' | 'share'>,
): Promise<MeasuredWindow | UnmeasuredWindow> {
  const reads = sources.map(async (source) => ({ source, result: await source.measure(query) }));
  const arms: Record<Arm, ArmCounts | null> = { official: null, gateway: null };
  const notes: SourceNote[] = [];
  const errors: FailedSource[] = [];
  let pairs: Measurement['pairs'];
  for (const { source, result } of await Promise.all(reads)) {
    if (result.kind === 'error') {
      errors.push({ ...result, source: source.name });
      continue;
    }
    if (result.kind === 'no-data') {
      notes.push({ reasonCode: 'no_data', message: result.reason });
      continue;
    }
    notes.push(...result.notes);
    pairs ??= result.pairs;
    for (const arm of source.arms) arms[arm] = result.arms[arm] ?? null;
    const explained = result.notes.map(({ noDataOf }) => noDataOf);
    const unexplained = source.arms.filter((arm) => arms[arm] === null && !explained.includes(arm));
    notes.push(...unexplained.map(noDataNote));
  }
  const [error, ...others] = errors;
  if (error !== undefined) return { kind: 'error', errors: [error, ...others] };
  const source = [...new Set(sources.map(({ name }) => name))].sort().join('+');
  const { window } = query;
  return {
    kind: 'measured',
    measurement: { schema: 1, window, ...about, source, arms, ...(pairs && { pairs }) },
    notes,
  };
}

export function unmeasuredArms(sources: readonly Source[]): readonly Arm[] {
  return ARMS.filter((arm) => !sources.some(({ arms }) => arms.includes(arm)));
}

function noDataNote(arm: Arm): SourceNote {
  const message = `The source has data for this window, but none for the ${arm} arm; expected both arms. Check that traffic reaches it, and check official.base_url and gateway.base_url.`;
  return { reasonCode: 'no_data', message };
}
