/** Turns the growth of series into sums by model, key and member. */
import type { Usage } from '../../gateway/usage.ts';
import type { Histogram } from '../histogram.ts';
import { sortedByClass } from '../measurement.ts';
import { type Growth, identity, sumUp } from './counters.ts';
import { errorClassOf, mayHaveCost, UNKNOWN_ERROR } from './error-words.ts';
import type { PrometheusPreset, Timer } from './presets/preset.ts';
import type { Labels } from './prometheus-api.ts';
import type { Sum } from './sums.ts';
import { type Growths, groupBy, isFailure } from './window-counters.ts';

/**
 * The sums of one arm.
 *
 * A counter that is NaN or infinite is no data: of requests or failures, the arm has none; of tokens, costs or times,
 * these are unknown. If requests name a model, key or member but failures do not, the sums are not split by it, so that
 * no failure is lost.
 * @param cacheKnown whether any arm has a series of cached tokens: an arm without one then had none
 * @returns null if a counter of requests or failures is NaN or infinite
 */
export function sumsOf(
  growths: Growths,
  named: PrometheusPreset,
  cacheKnown: boolean,
): readonly Sum[] | null {
  const preset = { ...named, labels: sharedLabels(growths, named.labels) };
  if ([...growths.requests, ...growths.failures].some(isNotANumber)) return null;
  const about = factsOf(growths, preset, cacheKnown);
  const nameOf = (labels: Labels) => JSON.stringify(namesOf(labels, preset.labels));
  return [...groupBy(growths, nameOf).values()].map((each) => sumOf(each, about));
}

/** What all sums of an arm share. */
function factsOf(growths: Growths, preset: PrometheusPreset, cacheKnown: boolean) {
  return {
    preset,
    failed: total(growths.failures),
    bounds: { latency: boundsOf(growths.latency), ttft: boundsOf(growths.ttft) },
    tokensKnown: growths.input.length > 0 && ![...growths.input, ...growths.output].some(isNotANumber),
    cacheKnown: cacheKnown && !growths.cachedInput.some(isNotANumber),
    costKnown: growths.cost.length > 0 && !growths.cost.some(isNotANumber),
    // Kong's requests do not name it, although its tokens do.
    requestsNameModel: growths.requests.some(({ labels }) => labelOf(labels, preset.labels.model) !== ''),
  };
}
type ArmFacts = ReturnType<typeof factsOf>;

/** The labels by which each failure can be matched with requests. */
function sharedLabels(growths: Growths, labels: PrometheusPreset['labels']): PrometheusPreset['labels'] {
  const isShared = (by: PrometheusPreset['labels']) =>
    [...groupBy(growths, (each) => JSON.stringify(namesOf(each, by))).values()].every(
      ({ requests, failures }) => requests.length > 0 || total(failures) === 0,
    );
  let shared: PrometheusPreset['labels'] = { model: [], key: [], member: [] };
  for (const name of ['model', 'key', 'member'] as const) {
    const more = { ...shared, [name]: labels[name] };
    if (isShared(more)) shared = more;
  }
  return shared;
}

function sumOf(growths: Growths, about: ArmFacts): Sum {
  const { preset } = about;
  const labels = Object.values(growths).flat()[0]?.labels ?? {};
  const [model = '', key = '', member = ''] = namesOf(labels, preset.labels);
  const failed = preset.failures === null ? null : total(growths.failures);
  // A counter of requests may leave out failed ones, but never may fewer requests than failures be counted.
  const requests = Math.max(total(growths.requests), failed ?? 0);
  const served = requests - (failed ?? 0);
  const errorsByClass = classesOf(growths.failures, preset);
  const tokens = tokensOf(growths, about, served);
  return {
    model,
    key: key || null,
    member: member || null,
    counts: preset.counts,
    requests,
    failed,
    errorsByClass,
    latency: timesOf(growths, about, failed ?? 0),
    ttft: histogramOf(growths.ttft, about.bounds.ttft, preset.ttft),
    tokens,
    cacheKnown: about.cacheKnown,
    withoutUsage: withoutUsageOf(growths, about, { served, tokens, errorsByClass }),
    reportedUsd: about.costKnown ? sumUp(growths.cost) : null,
  };
}

/** If nothing was served, no tokens were used, with or without a series. */
function tokensOf(growths: Growths, about: ArmFacts, served: number): Usage | null {
  if (!about.tokensKnown && served > 0) return null;
  const input = about.tokensKnown ? total(growths.input) : 0;
  const cachedInput = growths.cachedInput.some(isNotANumber) ? 0 : total(growths.cachedInput);
  const output = about.tokensKnown ? total(growths.output) : 0;
  return { input, cachedInput: Math.min(cachedInput, input), output };
}

/** Requests whose tokens are unknown: served ones without usage, and failed ones without a response. */
function withoutUsageOf(
  growths: Growths,
  about: ArmFacts,
  seen: Pick<Sum, 'tokens' | 'errorsByClass'> & { readonly served: number },
): number {
  const unanswered = Object.entries(seen.errorsByClass)
    .filter(([errorClass]) => mayHaveCost(errorClass))
    .reduce((sum, [, count]) => sum + count, 0);
  if (seen.tokens === null) return seen.served + unanswered;
  if (about.preset.tokens?.known) return Math.max(0, seen.served - total(growths.known)) + unanswered;
  const isUnmetered = about.requestsNameModel && seen.tokens.input === 0 && seen.tokens.output === 0;
  return (isUnmetered ? seen.served : 0) + unanswered;
}

/** A word, not a message. */
const OWN_CLASS = /^[\w.:-]{1,40}$/;

function classesOf(failures: readonly Growth[], preset: PrometheusPreset): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { labels, growth } of failures) {
    const count = Math.round(growth);
    const texts = preset.failures?.labels.map((label) => labels[label] ?? '') ?? [];
    const found = errorClassOf(texts);
    const isOwn = found === UNKNOWN_ERROR && preset.failures?.keepsNames && OWN_CLASS.test(texts[0] ?? '');
    const name = isOwn ? (texts[0] ?? found) : found;
    if (count > 0) counts.set(name, (counts.get(name) ?? 0) + count);
  }
  return sortedByClass(counts);
}

/** The latency of tasks: failed ones count at "+Inf" alone, wherever the exporter put them. */
function timesOf(growths: Growths, { preset, bounds, ...arm }: ArmFacts, failed: number): Histogram {
  const timer = preset.latency;
  if (timer === null) return [];
  // Times without a label that successes must have are all unmarked.
  const isMarked = !isFailure(preset, {}) || growths.latency.some(({ labels }) => hasReason(preset, labels));
  const byLabel = timer.failures === 'by-label' && isMarked;
  const kept = byLabel ? growths.latency.filter(({ labels }) => !isFailure(preset, labels)) : growths.latency;
  const slow = byLabel || timer.failures === 'never' ? failed : 0;
  const histogram = histogramOf(kept, bounds.latency, timer, slow);
  if (byLabel || timer.failures === 'never') return histogram;
  // The histogram doesn't show which of them failed. Assuming that the fastest did, no failed task counts as fast.
  // Times that do not name the model of their requests may be of any of them.
  const fastest = growths.requests.length === 0 ? arm.failed : failed;
  return histogram.map(({ le, count }) => ({
    le,
    count: le === '+Inf' ? count : Math.max(0, count - fastest),
  }));
}

function hasReason({ failures }: PrometheusPreset, labels: Labels): boolean {
  return failures?.labels.some((label) => labels[label]) ?? false;
}

/**
 * @param bounds in the exporter's unit, without "+Inf"
 * @param slow added at "+Inf"
 */
function histogramOf(
  buckets: readonly Growth[],
  bounds: readonly number[],
  timer: Timer | null,
  slow = 0,
): Histogram {
  if (bounds.length === 0 || timer === null || buckets.some(isNotANumber)) return [];
  const at = new Map<number, number>();
  for (const { labels, growth } of buckets) at.set(boundOf(labels), (at.get(boundOf(labels)) ?? 0) + growth);
  const all = Math.round(at.get(Number.POSITIVE_INFINITY) ?? 0) + slow;
  if (all === 0) return [];
  let below = 0;
  const finite = bounds.map((bound) => {
    // Keeps the counts rising if a scrape was incomplete.
    below = Math.min(all, Math.max(below, Math.round(at.get(bound) ?? 0)));
    return { le: timer.unit === 'ms' ? bound / 1_000 : bound, count: below };
  });
  return [...finite, { le: '+Inf', count: all }];
}

/** The finite bounds that all histograms of an arm have: at other bounds, some counts are unknown. */
function boundsOf(buckets: readonly Growth[]): readonly number[] {
  const bySeries = new Map<string, Set<number>>();
  for (const { labels } of buckets) {
    const { le: _, ...rest } = labels;
    const key = identity(rest);
    bySeries.set(key, (bySeries.get(key) ?? new Set()).add(boundOf(labels)));
  }
  const [first = new Set<number>(), ...others] = bySeries.values();
  return [...first]
    .filter((bound) => Number.isFinite(bound) && bound > 0 && others.every((each) => each.has(bound)))
    .sort((a, b) => a - b);
}

function boundOf({ le = '' }: Labels): number {
  return le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le);
}

function namesOf(labels: Labels, { model, key, member }: PrometheusPreset['labels']): string[] {
  return [model, key, member].map((names) => labelOf(labels, names));
}

/** The value of the first of these labels that a series has; empty if it has none. */
function labelOf(labels: Labels, names: readonly string[]): string {
  // Exporters in Python write an unknown value as the text "None".
  return names.map((name) => labels[name]).find((value) => value && value !== 'None') ?? '';
}

function total(growths: readonly Growth[]): number {
  return Math.round(sumUp(growths));
}

function isNotANumber({ growth }: Growth): boolean {
  return !Number.isFinite(growth);
}
