/**
 * Tells a counter that is new from one that only has other labels than before.
 *
 * To Prometheus, a counter is its labels: when a scrape config gains a label, the same counter of the same program
 * continues as a new series, whose first sample holds its whole past. Counted from 0, that past would be traffic of the
 * window.
 */
import type { SourceClient } from '../fetch-source.ts';
import { formatInstant, type Window } from '../instant.ts';
import { wholeMinute } from '../next-window.ts';
import { mapRead, type Read, type SourceError, type SourceNote, sourceError } from '../source.ts';
import { byIdentity, type Counter, type Growth, identity, sumUp } from './counters.ts';
import { type Labels, shownSeries } from './prometheus-api.ts';
import { hasSameTarget, readStarts, readStories, type Story } from './series-story.ts';

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
type Relabelling = Readonly<Record<'removed' | 'added', Labels>>;

/** A series that appeared within the window. */
type Appeared = Story & { readonly first: NonNullable<Story['first']> };

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
    const found = await this.#continued(counter, growths, requests);
    if (found.kind === 'error') return found;
    const { continued, suspects, stories } = found.value;
    if (suspects.length > 0) {
      const starts = await readStarts(
        this.#client,
        suspects.map(({ growth }) => growth),
      );
      if (starts.kind === 'error') return starts;
      const unexplained = suspects.filter(
        (each, index) => !this.#isShown(each, starts.value[index] ?? null, stories, requests),
      );
      const [worst] = unexplained.sort((a, b) => b.first.value - a.first.value);
      const last = Math.max(...unexplained.map(({ first }) => first.at));
      if (worst !== undefined) this.#doubt(worst, stories, wholeMinute(last, Math.ceil));
    }
    return { kind: 'read', value: without(continued, growths) };
  }

  /** The growth of tokens or costs, without what they had counted under other labels. */
  async ofAmounts(counter: Counter, growths: readonly Growth[]): Promise<Read<readonly Growth[]>> {
    const found = await this.#continued(counter, growths, []);
    return mapRead(found, ({ continued }) => without(continued, growths));
  }

  /** The growth of times, without what they had counted under the labels from which requests changed. */
  ofTimes(growths: readonly Growth[]): readonly Growth[] {
    const all = byIdentity(growths);
    const appeared = growths.filter(({ before, isBack }) => before === null || isBack);
    return without(new Map(appeared.flatMap((each) => this.#known(each, each.value, all))), growths);
  }

  /** The series that another one continues under a known change of labels. */
  #known(growth: Growth, most: number, all: ReadonlyMap<string, Growth>): [Growth, Growth][] {
    const earlier = this.#relabellings
      .map((change) => all.get(before(growth.labels, change)))
      .find((each) => each !== undefined && each.value <= most && each.value > (growth.before ?? 0));
    return earlier === undefined ? [] : [[growth, earlier]];
  }

  async #continued(counter: Counter, growths: readonly Growth[], requests: readonly Growth[]) {
    const continued = new Map<Growth, Growth>();
    const suspects: Appeared[] = [];
    const isQuiet = sumUp(growths.filter(({ before }) => before === null)) <= FEW;
    // One that is back after a gap may continue another one, too.
    const isCalm = isQuiet && !growths.some(({ isBack }) => isBack);
    const told = await readStories(this.#client, counter, isCalm ? [] : growths);
    if (told.kind === 'error') return told;
    const stories = told.value;
    const appeared = stories.filter((each): each is Appeared => each.first !== null);
    const known = this.#knownGrowth(requests.length > 0 ? requests : growths, appeared);
    const isRenaming = renamings(growths, appeared);
    const all = byIdentity(growths);
    const used = new Set<Growth>();
    for (const each of appeared) {
      const { growth, first } = each;
      const armGrowth = known.get(this.#armOf(growth.labels)) ?? 0;
      const small = Math.max(FEW, SMALL_PART * armGrowth);
      const inGap = this.#growthInGap(each, armGrowth);
      const [same] = this.#known(growth, first.value, all);
      const earlier = predecessor(each, { small, slack: Math.max(FEW, inGap) }, stories);
      const isSure = earlier !== null && (earlier.growth.value > small || isRenaming(earlier.change));
      if (same !== undefined && !used.has(same[1])) {
        used.add(same[1]);
        continued.set(...same);
      } else if (earlier !== null && isSure && !used.has(earlier.growth)) {
        used.add(earlier.growth);
        continued.set(growth, earlier.growth);
        this.#learn(earlier.change, each, earlier.growth);
      } else if (growth.before === null && first.value > Math.max(small, inGap)) suspects.push(each);
    }
    return { kind: 'read' as const, value: { continued, suspects, stories } };
  }

  /** By how much the requests of each arm grew for sure, by the value of the arm's label. */
  #knownGrowth(growths: readonly Growth[], appeared: readonly Appeared[]): Map<string, number> {
    const firsts = new Map(appeared.map(({ growth, first }) => [growth, first.value - (growth.before ?? 0)]));
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

  /** What a new series may have counted before its first sample. */
  #growthInGap({ growth, first }: Appeared, armGrowth: number): number {
    const length = this.#window.to - this.#window.from;
    const gap = Math.min(LONGEST_GAP, length * GAP_PART);
    const left = growth.range.to - first.at;
    const since = growth.growth - (first.value - (growth.before ?? 0));
    const own = left > 0 ? (since * gap) / left : 0;
    return Math.max(own, (armGrowth * gap) / length);
  }

  #learn(change: Relabelling, { growth: { labels } }: Story, earlier: Growth): void {
    const isKnown = this.#relabellings.some((each) => JSON.stringify(each) === JSON.stringify(change));
    if (isKnown) return;
    if (this.#relabellings.length === 0) {
      const message = `A counter got other labels in this window: ${shownSeries(labels)} continues ${shownSeries(earlier.labels)}. What it had counted before is left out.`;
      this.notes.push({ reasonCode: 'counter_relabelled', message });
    }
    this.#relabellings.push(change);
  }

  #doubt(worst: Appeared, stories: readonly Story[], usableFrom: number): void {
    if (stories.some(({ growth }) => growth.before !== null) || worst.first.value > FEW_OF_TRIAL) {
      this.error ??= historyError(worst, stories, usableFrom);
      return;
    }
    const message = `Prometheus sees ${shownSeries(worst.growth.labels)} and all its like for the first time in this window, at ${worst.first.value}. They are counted from 0, as if their program was new, too.`;
    this.notes.push({ reasonCode: 'counter_first_seen', message });
  }

  #isShown(
    { growth: { labels }, first }: Appeared,
    start: number | null,
    stories: readonly Story[],
    requests: readonly Growth[],
  ): boolean {
    if (start !== null && start >= this.#window.from) return true;
    // Its target was scraped before, and did not have it.
    const scraped = [
      ...stories.filter(({ last }) => last > first.at).map(({ growth }) => growth),
      ...requests.filter(({ growth }) => growth > 0),
    ].filter(({ before }) => before !== null);
    const isNewThere = scraped.some((other) => hasSameTarget(other.labels, labels));
    return isNewThere && first.value <= sumUp(scraped);
  }
}

/**
 * The series that ended where another one began, with the fewest other labels; null if none does, or several.
 *
 * Among small values with the same labels, such as those of pods, one is as good as another: they are left out.
 */
function predecessor(
  { growth: { labels, before, range }, first }: Appeared,
  { small, slack }: { readonly small: number; readonly slack: number },
  stories: readonly Story[],
): { readonly growth: Growth; readonly change: Relabelling } | null {
  const labelCount = Object.keys(labels).length;
  const near = stories.filter(
    ({ growth: each, last }) =>
      each.range === range &&
      each.value > (before ?? 0) &&
      each.value <= first.value &&
      first.value - each.value <= slack &&
      (each.value > small || Object.keys(each.labels).length !== labelCount) &&
      last < first.at,
  );
  const [best, next] = bySimilarity(near, labels);
  return best === undefined || best.size === next?.size ? null : best;
}

/** Those with the fewest other labels come first. */
function bySimilarity(stories: readonly Story[], labels: Labels) {
  return stories
    .map(({ growth }) => ({ growth, change: changeOf(growth.labels, labels) }))
    .map((each) => ({ ...each, size: sizeOf(each.change) }))
    .sort((a, b) => a.size - b.size);
}

/**
 * Whether a change only adds or removes labels, and no counter fell under it. A program that starts anew has the same
 * labels with other values, and one with a new version starts at 0.
 */
function renamings(
  growths: readonly Growth[],
  appeared: readonly Appeared[],
): (change: Relabelling) => boolean {
  const all = byIdentity(growths);
  return (change) =>
    !Object.keys(change.removed).some((label) => label in change.added) &&
    appeared.every(
      ({ growth, first }) => (all.get(before(growth.labels, change))?.value ?? 0) <= first.value,
    );
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

/** Each growth less what it had already counted as the series that it continues. */
function without(continued: ReadonlyMap<Growth, Growth>, growths: readonly Growth[]): readonly Growth[] {
  return growths.map((each) => {
    const earlier = continued.get(each);
    return earlier === undefined
      ? each
      : { ...each, growth: each.growth - earlier.value + (each.before ?? 0) };
  });
}

function historyError(
  { growth, first }: Appeared,
  stories: readonly Story[],
  usableFrom: number,
): SourceError {
  const ended = stories.filter((each) => each.growth !== growth && each.last <= first.at);
  const earlier = bySimilarity(ended, growth.labels)[0]?.growth;
  const old =
    earlier === undefined
      ? 'No series with similar labels ended in this window.'
      : `The most similar series that ended is ${shownSeries(earlier.labels)}, at ${earlier.value}.`;
  const since = formatInstant(usableFrom).slice(0, 16);
  const reason = `Prometheus sees ${shownSeries(growth.labels)} for the first time in this window, at ${first.value}; expected a new counter to start near 0. Its past would count as traffic of this window. ${old} Check whether its labels changed, or it was not scraped before. The next window starts at ${since} UTC, once measure.interval has passed since then.`;
  return { ...sourceError('counter_history', reason), usableFrom };
}
