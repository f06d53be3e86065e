/** The same requests on both arms, compared pair by pair; what prompts and hours have in common cancels. */
import type { Lean, PairedComparison, RecordPair } from '../../measure/pairs.ts';
import type { RequestRecord } from '../../measure/record.ts';
import { ratioEvidence } from '../event-ratio.ts';
import { lnMixture, OUTSIDE } from '../mixture.ts';
import { addDifference, lnLean, NO_LEAN_EVIDENCE } from './lean-evidence.ts';

/** A hop costs something: only what is slower by more is evidence. */
export const LATENCY_MARGIN = 0.05;

export function comparePairs(pairs: readonly RecordPair[]): PairedComparison {
  const answered = pairs.filter(({ official, other }) => !official.error && !other.error);
  const inputs = differences(answered, (record) => record.input_tokens, minus);
  return {
    pairs: pairs.length,
    failures: failuresOf(pairs),
    latency: slower(answered, (record) => record.duration_ms),
    timeToFirstToken: slower(answered, (record) => record.ttft_ms),
    inputTokens: { ...lean(inputs), differ: inputs.filter((each) => each !== 0).length },
    outputTokens: ratioOf(answered, (record) => record.output_tokens, 0),
    lostCache: lean(differences(answered, cachedShare, (official, other) => official - other)),
    finishReasonsDiffer: answered.filter(
      ({ official, other }) => official.finish_reason !== other.finish_reason,
    ).length,
  };
}

/** Pairs that failed on both arms, or on none, say nothing. */
function failuresOf(pairs: readonly RecordPair[]): PairedComparison['failures'] {
  const failed = (isOfficial: boolean, isOther: boolean) =>
    pairs.filter(({ official, other }) => !!official.error === isOfficial && !!other.error === isOther)
      .length;
  const [onlyOfficial, onlyOther] = [failed(true, false), failed(false, true)];
  const arms = {
    gateway: { events: onlyOther, tasks: pairs.length },
    official: { events: onlyOfficial, tasks: pairs.length },
  };
  const ln = lnMixture(ratioEvidence(arms, 1).outside, 0, OUTSIDE, 1);
  return {
    onlyOfficial,
    onlyOther,
    both: failed(true, true),
    told: pairs.length,
    median: null,
    log10E: ln / Math.LN10,
  };
}

type Read = (record: RequestRecord) => number | undefined;

const slower = (pairs: readonly RecordPair[], read: Read): Lean => ratioOf(pairs, read, LATENCY_MARGIN);

/** @param margin what does not count as worse, as a part of the official value */
function ratioOf(pairs: readonly RecordPair[], read: Read, margin: number): Lean {
  const logs = differences(
    pairs,
    (record) => {
      const value = read(record);
      return value === undefined || value <= 0 ? undefined : Math.log(value);
    },
    minus,
  );
  const { median, ...rest } = lean(logs, Math.log1p(margin));
  return { ...rest, median: median === null ? null : Math.exp(median) };
}

/** @param edge only what lies above it is worse */
function lean(values: readonly number[], edge = 0): Lean {
  const evidence = values.reduce((sum, value) => addDifference(sum, value - edge), NO_LEAN_EVIDENCE);
  const sorted = values.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? null;
  return { told: values.length, median, log10E: lnLean(evidence, 'above') / Math.LN10 };
}

function differences(
  pairs: readonly RecordPair[],
  read: Read,
  between: (official: number, other: number) => number,
): number[] {
  return pairs.flatMap(({ official, other }) => {
    const [ours, theirs] = [read(official), read(other)];
    return ours === undefined || theirs === undefined ? [] : [between(ours, theirs)];
  });
}

const minus = (official: number, other: number): number => other - official;

function cachedShare({
  input_tokens: input,
  cached_input_tokens: cached,
}: RequestRecord): number | undefined {
  return input === undefined || input === 0 || cached === undefined ? undefined : cached / input;
}
