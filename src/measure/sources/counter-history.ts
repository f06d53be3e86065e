/**
 * Tells a counter that is new from one that only has other labels than before.
 *
 * To Prometheus, a counter is its labels: when a scrape config gains a label, the same counter of the same program
 * continues as a new series, whose first sample holds its whole past. Counted from 0, that past would be traffic of the
 * window.
 */
import type { SourceClient } from '../fetch-source.ts';
import type { Window } from '../instant.ts';
import type { Read, SourceError, SourceNote } from '../source.ts';
import { type Births, type BornSeries, hasSameTarget, readBirths, readStarts } from './births.ts';
import { type Counter, type Growth, identity } from './counters.ts';
import { type Labels, shownSeries } from './prometheus-api.ts';

/** A counter that starts at this value or below is new: it is the first failure of a class, for instance. */
const FEW = 10;

/** So many, if Prometheus has never seen the metric before: the first calls of a trial, made before the first scrape. */
const FEW_OF_TRIAL = 100;

/** As is one that starts with this part of its arm's growth. */
const SMALL_PART = 0.05;

/** Between the birth of a series and its first sample, at most: a slow scrape, and the discovery of its target. */
const LONGEST_GAP = 120_000;

/** That gap, as a part of the window. */
const GAP_PART = 1 / 6;

/** The labels that a counter lost and gained; a changed value is in both. */
interface Relabelling {
  readonly removed: Labels;
  readonly added: Labels;
}

/** What was found out about the counters of a window. */
export class CounterHistory {
  readonly #client: SourceClient;
  readonly #window: Window;
  readonly #armLabel: string | null;
  readonly #relabellings: Relabelling[] = [];
  readonly notes: SourceNote[] = [];
  /** Set if some growth may be from before the window. */
  error: SourceError | null = null;

  constructor(client: SourceClient, window: Window, armLabel: string | null) {
    this.#client = client;
    this.#window = window;
    this.#armLabel = armLabel;
  }

  /**
   * The growth of a counter of requests or failures, without what it had counted before the window.
   *
   * A series that continues another one counts from where that one ended. All others count from 0, if their birth in
   * the window is shown: they start small, their later growth explains their start, the exporter tells when they began,
   * or their target was scraped before. Otherwise {@link error} says so, with the code `counter_history`.
   * @param requests their growths, if `growths` is not about requests
   */
  async ofRequests(
    counter: Counter,
    growths: readonly Growth[],
    requests: readonly Growth[] = [],
  ): Promise<Read<readonly Growth[]>> {
    if (sumOf(growths.filter(({ birth }) => birth !== undefined)) <= FEW) return read(growths);
    const births = await readBirths(this.#client, counter, growths);
    if (births.kind === 'error') return births;
    const { continued, suspects } = this.#sort(
      births.value,
      growths,
      this.#knownOf(requests.length > 0 ? requests : growths, births.value.born),
    );
    if (suspects.length > 0) {
      const starts = await readStarts(this.#client, suspects);
      if (starts.kind === 'error') return starts;
      const unexplained = suspects.filter(
        (each, index) => !this.#isShown(each, starts.value[index] ?? null, growths, requests, births.value),
      );
      const [worst] = unexplained.sort((a, b) => b.first - a.first);
      if (worst !== undefined) this.#doubt(worst, growths, births.value);
    }
    return read(without(continued, growths));
  }

  /** The growth of a counter of something else: only what continues under the labels that requests changed to. */
  async ofOthers(counter: Counter, growths: readonly Growth[]): Promise<Read<readonly Growth[]>> {
    if (this.#relabellings.length === 0) return read(growths);
    const births = await readBirths(this.#client, counter, growths);
    if (births.kind === 'error') return births;
    const ended = byLabels(growths);
    const continued = new Map<Growth, number>();
    for (const { growth, first } of births.value.born) {
      const values = this.#relabellings.flatMap(
        (each) => ended.get(before(growth.labels, each))?.value ?? [],
      );
      const value = values.find((each) => each <= first);
      if (value !== undefined) continued.set(growth, value);
    }
    return read(without(continued, growths));
  }

  /** By how much the requests of each arm grew for sure, by the value of the arm's label. */
  #knownOf(growths: readonly Growth[], born: readonly BornSeries[]): Map<string, number> {
    const firsts = new Map(born.map(({ growth, first }) => [growth, first]));
    const known = new Map<string, number>();
    for (const each of growths) {
      const arm = this.#armOf(each.labels);
      known.set(arm, (known.get(arm) ?? 0) + each.growth - (firsts.get(each) ?? 0));
    }
    return known;
  }

  #armOf(labels: Labels): string {
    return this.#armLabel === null ? '' : (labels[this.#armLabel] ?? '');
  }

  #sort(
    births: Births,
    growths: readonly Growth[],
    known: ReadonlyMap<string, number>,
  ): { continued: Map<Growth, number>; suspects: BornSeries[] } {
    const continued = new Map<Growth, number>();
    const suspects: BornSeries[] = [];
    const used = new Set<Growth>();
    const isRenaming = renamings(growths, births);
    for (const each of births.born) {
      const armGrowth = known.get(this.#armOf(each.growth.labels)) ?? 0;
      const small = Math.max(FEW, SMALL_PART * armGrowth);
      const inGap = this.#growthInGap(each, armGrowth);
      const earlier = predecessor(each, { small, slack: Math.max(FEW, inGap) }, growths, births);
      const isSure = earlier !== null && (earlier.growth.value > small || isRenaming(earlier.change));
      if (earlier !== null && isSure && !used.has(earlier.growth)) {
        used.add(earlier.growth);
        continued.set(each.growth, earlier.growth.value);
        this.#learn(earlier.change, each, earlier.growth);
      } else if (each.first > Math.max(small, inGap)) suspects.push(each);
    }
    return { continued, suspects };
  }

  /** What a new series may have counted before its first sample. */
  #growthInGap({ growth, first, at }: BornSeries, armGrowth: number): number {
    const length = this.#window.to - this.#window.from;
    const gap = Math.min(LONGEST_GAP, length * GAP_PART);
    const left = (growth.birth?.range.to ?? at) - at;
    const own = left > 0 ? ((growth.growth - first) * gap) / left : 0;
    return Math.max(own, (armGrowth * gap) / length);
  }

  #learn(change: Relabelling, { growth: { labels } }: BornSeries, earlier: Growth): void {
    const isKnown = this.#relabellings.some((each) => JSON.stringify(each) === JSON.stringify(change));
    if (isKnown) return;
    if (this.#relabellings.length === 0) {
      this.notes.push({
        reasonCode: 'counter_relabelled',
        message: `A counter got other labels in this window: ${shownSeries(labels)} continues ${shownSeries(earlier.labels)}. What it had counted before is left out.`,
      });
    }
    this.#relabellings.push(change);
  }

  #doubt(worst: BornSeries, growths: readonly Growth[], births: Births): void {
    if (growths.some(({ birth }) => birth === undefined) || worst.first > FEW_OF_TRIAL) {
      this.error ??= historyError(worst, endedBefore(worst, growths, births));
      return;
    }
    this.notes.push({
      reasonCode: 'counter_first_seen',
      message: `Prometheus sees ${shownSeries(worst.growth.labels)} and all its like for the first time in this window, at ${worst.first}. They are counted from 0, as if their program was new, too.`,
    });
  }

  #isShown(
    { growth: { labels }, first, at }: BornSeries,
    start: number | null,
    growths: readonly Growth[],
    requests: readonly Growth[],
    { lastSeen }: Births,
  ): boolean {
    if (start !== null && start >= this.#window.from) return true;
    // Its target was scraped before, and did not have it.
    const scraped = [
      ...growths.filter((other) => (lastSeen.get(other) ?? 0) > at),
      ...requests.filter(({ growth }) => growth > 0),
    ].filter(({ birth }) => birth === undefined);
    const isNewThere = scraped.some((other) => hasSameTarget(other.labels, labels));
    return isNewThere && first <= sumOf(scraped);
  }
}

/**
 * The series that ended where another one began, with the fewest other labels; null if none does, or several.
 *
 * Among small values with the same labels, such as those of pods, one is as good as another: they are left out.
 */
function predecessor(
  { growth, first, at }: BornSeries,
  { small, slack }: { readonly small: number; readonly slack: number },
  growths: readonly Growth[],
  { lastSeen }: Births,
): { readonly growth: Growth; readonly change: Relabelling } | null {
  const labelCount = Object.keys(growth.labels).length;
  const near = growths.filter(
    (each) =>
      each !== growth &&
      each.value > 0 &&
      each.value <= first &&
      first - each.value <= slack &&
      (each.value > small || Object.keys(each.labels).length !== labelCount) &&
      (lastSeen.get(each) ?? 0) < at,
  );
  const ranked = near
    .map((each) => ({ growth: each, change: changeOf(each.labels, growth.labels) }))
    .map((each) => ({ ...each, size: sizeOf(each.change) }))
    .sort((a, b) => a.size - b.size);
  const [best, next] = ranked;
  return best === undefined || best.size === next?.size ? null : best;
}

/**
 * Whether a change only adds or removes labels, and no counter fell under it. A program that starts anew has the same
 * labels with other values, and one with a new version starts at 0.
 */
function renamings(growths: readonly Growth[], { born }: Births): (change: Relabelling) => boolean {
  const all = byLabels(growths);
  const known = new Map<string, boolean>();
  return (change) => {
    const key = JSON.stringify(change);
    const found =
      known.get(key) ??
      (!Object.keys(change.removed).some((label) => label in change.added) &&
        born.every(({ growth, first }) => (all.get(before(growth.labels, change))?.value ?? 0) <= first));
    known.set(key, found);
    return found;
  };
}

function changeOf(from: Labels, to: Labels): Relabelling {
  const missingIn = (other: Labels) => (entry: [string, string]) => other[entry[0]] !== entry[1];
  return {
    removed: Object.fromEntries(Object.entries(from).filter(missingIn(to))),
    added: Object.fromEntries(Object.entries(to).filter(missingIn(from))),
  };
}

function sizeOf({ removed, added }: Relabelling): number {
  return new Set([...Object.keys(removed), ...Object.keys(added)]).size;
}

/** The identity that a series had before a change of labels; empty where the change is not about it. */
function before(labels: Labels, { removed, added }: Relabelling): string {
  if (Object.entries(added).some(([label, value]) => labels[label] !== value)) return '';
  const kept = Object.entries(labels).filter(([label]) => !(label in added));
  return identity({ ...Object.fromEntries(kept), ...removed });
}

function byLabels(growths: readonly Growth[]): Map<string, Growth> {
  return new Map(growths.map((each) => [identity(each.labels), each]));
}

function without(values: ReadonlyMap<Growth, number>, growths: readonly Growth[]): readonly Growth[] {
  return growths.map((each) => ({ ...each, growth: each.growth - (values.get(each) ?? 0) }));
}

/** Of the series that ended before another one began, the one with the fewest other labels. */
function endedBefore(
  { growth, at }: BornSeries,
  growths: readonly Growth[],
  { lastSeen }: Births,
): Growth | null {
  const ended = growths.filter((each) => each !== growth && (lastSeen.get(each) ?? 0) <= at);
  const ranked = ended
    .map((each) => ({ each, size: sizeOf(changeOf(each.labels, growth.labels)) }))
    .sort((a, b) => a.size - b.size);
  return ranked[0]?.each ?? null;
}

function historyError({ growth, first, at }: BornSeries, earlier: Growth | null): SourceError {
  const old =
    earlier === null
      ? 'No series with similar labels ended in this window.'
      : `The most similar series that ended is ${shownSeries(earlier.labels)}, at ${earlier.value}.`;
  const since = new Date(Math.ceil(at / 60_000) * 60_000).toISOString().slice(0, 16);
  return {
    kind: 'error',
    reasonCode: 'counter_history',
    reason: `Prometheus sees ${shownSeries(growth.labels)} for the first time in this window, at ${first}; expected a new counter to start near 0. Its past would count as traffic of this window. ${old} If its labels changed, or it was not scraped before, start the next window after ${since} UTC: with --since and a new file, or in a rollout with /rollback-rollout and /retry-rollout.`,
  };
}

function sumOf(growths: readonly Growth[]): number {
  return growths.reduce((sum, { growth }) => sum + growth, 0);
}

function read<T>(value: T): Read<T> {
  return { kind: 'read', value };
}
