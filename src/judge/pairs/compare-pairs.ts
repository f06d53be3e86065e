/** The same requests on both arms, compared pair by pair; what prompts and hours have in common cancels. */
import type { Discordance, Lean, PairedComparison, RecordPair } from '../../measure/pairs.ts';
import type { RequestRecord } from '../../measure/record.ts';
import { ratioEvidence } from '../event-ratio.ts';
import { lnMixture, OUTSIDE } from '../mixture.ts';
import { logSumExp } from '../special.ts';
import { addDifference, lnLean, NO_LEAN_EVIDENCE } from './lean-evidence.ts';

/** A hop costs something: only what is slower by more is evidence. */
export const LATENCY_MARGIN = 0.05;

export function comparePairs(pairs: readonly RecordPair[]): PairedComparison {
  const answered = pairs.filter(({ official, other }) => !official.error && !other.error);
  const inputs = differences(answered, (record) => record.input_tokens, minus);
  return {
    pairs: pairs.length,
    failures: discordance(pairs, ({ error }) => error !== undefined),
    latency: slower(answered, (record) => record.duration_ms),
    timeToFirstToken: slower(answered, (record) => record.ttft_ms),
    inputTokens: { ...lean(inputs), differ: inputs.filter((each) => each !== 0).length },
    outputTokens: ratioOf(answered, (record) => record.output_tokens, 0),
    lostCache: lean(differences(answered, cachedShare, (official, other) => official - other)),
    finishReasonsDiffer: answered.filter(
      ({ official, other }) => official.finish_reason !== other.finish_reason,
    ).length,
    empty: discordance(answered, ({ empty }) => empty),
    refused: discordance(answered, ({ refused }) => refused),
    invalidJson: discordance(answered, ({ valid_json: isValid }) => not(isValid)),
    invalidArguments: discordance(answered, ({ valid_arguments: isValid }) => not(isValid)),
    calls: {
      told: answered.filter(({ other }) => other.same_calls !== undefined).length,
      differ: answered.filter(({ other }) => other.same_calls === false).length,
    },
    length: ratioOf(answered, (record) => record.answer_length, 0, 'either'),
    quality: qualityOf(answered),
  };
}

/** Pairs in which it happened on both arms, or on none, say nothing. */
function discordance(
  pairs: readonly RecordPair[],
  happened: (record: RequestRecord) => boolean | undefined,
): Discordance {
  const told = pairs
    .map(({ official, other }) => [happened(official), happened(other)] as const)
    .filter(([ours, theirs]) => (ours ?? theirs) !== undefined);
  const on = (isOfficial: boolean, isOther: boolean) =>
    told.filter(([ours, theirs]) => !!ours === isOfficial && !!theirs === isOther).length;
  return discordanceOf(on(true, false), on(false, true), on(true, true), told.length);
}

const not = (value: boolean | undefined): boolean | undefined => (value === undefined ? undefined : !value);

/**
 * Which of the two answers a scorer finds better, in random order and blind, is a fair coin while the arms are equal,
 * however biased the scorer is; a tie says nothing.
 */
function qualityOf(pairs: readonly RecordPair[]): Discordance {
  const found = pairs.flatMap(({ other }) => other.quality ?? []);
  const [better, worse, tie] = (['gateway', 'official', 'tie'] as const).map(
    (verdict) => found.filter((each) => each === verdict).length,
  );
  return discordanceOf(better ?? 0, worse ?? 0, tie ?? 0, found.length);
}

function discordanceOf(onlyOfficial: number, onlyOther: number, both: number, told: number): Discordance {
  const log10E = lnDiscordance(onlyOther, onlyOfficial) / Math.LN10;
  return { onlyOfficial, onlyOther, both, told, median: null, log10E };
}

/** `ln E` that of pairs in which one arm is worse, it is the gateway in more than half. */
export function lnDiscordance(gateway: number, official: number): number {
  const arms = { gateway: { events: gateway, tasks: 1 }, official: { events: official, tasks: 1 } };
  return lnMixture(ratioEvidence(arms, 1).outside, 0, OUTSIDE, 1);
}

type Read = (record: RequestRecord) => number | undefined;

const slower = (pairs: readonly RecordPair[], read: Read): Lean => ratioOf(pairs, read, LATENCY_MARGIN);

/** @param margin what does not count as worse, as a part of the official value */
function ratioOf(pairs: readonly RecordPair[], read: Read, margin: number, side?: Side): Lean {
  const logs = differences(
    pairs,
    (record) => {
      const value = read(record);
      return value === undefined || value <= 0 ? undefined : Math.log(value);
    },
    minus,
  );
  const { median, ...rest } = lean(logs, Math.log1p(margin), side);
  return { ...rest, median: median === null ? null : Math.exp(median) };
}

type Side = 'above' | 'either';

/** @param edge only what lies above it is worse */
function lean(values: readonly number[], edge = 0, side: Side = 'above'): Lean {
  const evidence = values.reduce((sum, value) => addDifference(sum, value - edge), NO_LEAN_EVIDENCE);
  const sorted = values.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? null;
  const above = lnLean(evidence, 'above');
  const ln = side === 'above' ? above : logSumExp([above, lnLean(evidence, 'below')]) - Math.LN2;
  return { told: values.length, median, log10E: ln / Math.LN10 };
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
