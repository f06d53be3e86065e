/** Asks all sources about one window, and joins what they answer to one measurement. */
import type { SourceName } from '../config/schema/measure.ts';
import type { ArmCounts, Measurement } from './measurement.ts';
import { ARMS, type Arm } from './record.ts';
import type { Source, SourceError, SourceNote, SourceQuery } from './source.ts';

export interface MeasuredWindow {
  readonly kind: 'measured';
  readonly measurement: Measurement;
  /** Also why an arm has no data. */
  readonly notes: readonly SourceNote[];
}

export interface FailedSource extends SourceError {
  readonly source: SourceName;
}

/** At least one source did not answer, so that nothing is known of the window: half of it would mislead. */
export interface UnmeasuredWindow {
  readonly kind: 'error';
  readonly errors: readonly [FailedSource, ...FailedSource[]];
}

/**
 * One measurement from one source for both arms, or from one for each. An arm that no source is asked about, or of
 * which its source has no data, is null.
 * @param sources no two of them for the same arm
 * @param about the stage's label, and the gateway's share of the stage's slice in percent
 */
export async function measureWindow(
  sources: readonly Source[],
  query: SourceQuery,
  about: Pick<Measurement, 'stage' | 'share'>,
): Promise<MeasuredWindow | UnmeasuredWindow> {
  const asked = sources.map(async (source) => ({ source, answer: await source.measure(query) }));
  const arms: Record<Arm, ArmCounts | null> = { official: null, gateway: null };
  const notes: SourceNote[] = [];
  const errors: FailedSource[] = [];
  for (const { source, answer } of await Promise.all(asked)) {
    if (answer.kind === 'error') {
      errors.push({ ...answer, source: source.name });
      continue;
    }
    if (answer.kind === 'no-data') {
      notes.push({ reasonCode: 'no_data', message: answer.reason });
      continue;
    }
    notes.push(...answer.notes);
    for (const arm of source.arms) arms[arm] = answer.arms[arm] ?? null;
    const explained = answer.notes.map(({ noDataOf }) => noDataOf);
    const unexplained = source.arms.filter((arm) => arms[arm] === null && !explained.includes(arm));
    notes.push(...unexplained.map(silent));
  }
  const [error, ...others] = errors;
  if (error !== undefined) return { kind: 'error', errors: [error, ...others] };
  const source = [...new Set(sources.map(({ name }) => name))].sort().join('+');
  const { window } = query;
  return { kind: 'measured', measurement: { schema: 1, window, ...about, source, arms }, notes };
}

/** Arms that no source is asked about. */
export function unmeasuredArms(sources: readonly Source[]): readonly Arm[] {
  return ARMS.filter((arm) => !sources.some(({ arms }) => arms.includes(arm)));
}

function silent(arm: Arm): SourceNote {
  return {
    reasonCode: 'no_data',
    message: `The source has numbers of this window, but none of the ${arm} arm; expected both. Check that traffic reaches it, and official.base_url and gateway.base_url.`,
  };
}
