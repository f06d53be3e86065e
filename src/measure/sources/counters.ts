/**
 * How much counters grew in a window: read raw at both ends, and subtracted series by series.
 *
 * Not `increase()`: it extrapolates, so its windows do not add up, and it loses the first count of a series that was
 * born in the window, which for errors is the one that matters.
 */
import { HOUR } from '../../config/durations-and-shares.ts';
import type { SourceClient } from '../fetch-source.ts';
import type { Window } from '../instant.ts';
import { mapRead, type Read, readEach } from '../source.ts';
import {
  type Labels,
  type Matchers,
  queryMatrix,
  queryVector,
  type Sample,
  type Samples,
  selector,
} from './prometheus-api.ts';

/** Counters with one of these names and with these labels. */
export interface Counter {
  readonly names: readonly string[];
  readonly matchers: Matchers;
  /** Labels that the exporter does not write on it, so it cannot be selected by them. */
  readonly lacks?: readonly string[];
}

/** By how much a series grew; NaN if one of its ends is NaN or infinite. */
export interface Growth {
  readonly labels: Labels;
  readonly growth: number;
  /** What it shows before the range, and at its end; null for a series that had no sample before: counted from 0. */
  readonly before: number | null;
  readonly value: number;
  /** It had no sample for some minutes when the range began. */
  readonly isBack: boolean;
  /** The same object for all series that were read together. */
  readonly range: Window;
}

/** A series without samples for less than this (a missed scrape, a removed pod) keeps its last value. */
const MEMORY = HOUR;

/** A series that reappears after a longer gap is compared with its last value within this time. */
const LONG_MEMORY = '1d:5m';

/** Longer windows are read in pieces, to stay below an engine's limit on samples. */
const LONGEST_PIECE = 6 * HOUR;

/**
 * The growth of every series that has samples in the range or up to an hour before it.
 *
 * - A series born in the range counts from 0 (counter-history.ts tells whether that is so); one that ended in it
 *   counts up to its last sample.
 * - A counter that was reset in the range is followed sample by sample.
 * - Adjacent ranges add up: the end of one is the beginning of the next.
 */
export function readGrowth(client: SourceClient, counter: Counter, range: Window): Promise<Read<Growth[]>> {
  return readEach(piecesOf(range, LONGEST_PIECE), (piece) => readPiece(client, counter, piece));
}

/** The labels of every series that has a sample in the range: it is alive, even if it did not grow. */
export function readAlive(client: SourceClient, counter: Counter, range: Window): Promise<Read<Labels[]>> {
  return readEach(piecesOf(range, LONGEST_PIECE), async ({ from, to }) => {
    const expression = eachName(counter, (series) => `count_over_time(${series}[${duration(to - from)}])`);
    return mapRead(await queryVector(client, expression, to), (read) => read.map(({ labels }) => labels));
  });
}

export function piecesOf({ from, to }: Window, longest: number): Window[] {
  const count = Math.max(1, Math.ceil((to - from) / longest));
  const bound = (index: number) => (index === count ? to : from + index * longest);
  return Array.from({ length: count }, (_, index) => ({ from: bound(index), to: bound(index + 1) }));
}

async function readPiece(client: SourceClient, counter: Counter, range: Window): Promise<Read<Growth[]>> {
  const series = selector(counter.names, counter.matchers);
  const memory = duration(Math.max(MEMORY, range.to - range.from));
  // Looks back past the range, since a counter may have been reset after its last sample before it.
  const lookBack = duration(range.to - range.from + MEMORY);
  const latest = `last_over_time(${series}[${memory}])`;
  const queries = [
    queryVector(client, latest, range.from),
    queryVector(client, `${latest} unless ${series}`, range.from),
    queryVector(client, latest, range.to),
    queryVector(
      client,
      eachName(counter, (each) => `resets(${each}[${lookBack}]) > 0`),
      range.to,
    ),
  ];
  const read = await readEach(queries, async (query) => mapRead(await query, (value) => [value]));
  if (read.kind === 'error') return read;
  const [start = [], gone = [], end = [], reset = []] = read.value;
  const older = await readForgotten(client, series, range, start, end);
  if (older.kind === 'error') return older;
  const followed = await readSamples(client, counter, range, reset);
  if (followed.kind === 'error') return followed;
  const before = byIdentity([...older.value, ...start]);
  const present = byIdentity(start);
  for (const key of byIdentity(gone).keys()) present.delete(key);
  const inside = byIdentity(followed.value);
  const value = end.map(({ labels, value: last }) => {
    const key = identity(labels);
    const first = before.get(key)?.value ?? null;
    const values = inside.get(key)?.values.filter(([at]) => at > range.from && at <= range.to) ?? [];
    const growth = climbed([first ?? 0, ...values.map(([, each]) => each), last]);
    const isBack = first !== null && growth > 0 && !present.has(key);
    return { labels, growth, before: first, value: last, isBack, range };
  });
  return { kind: 'read', value };
}

/** The older values of series that seem to be born in the range but only had a long gap in their scrapes. */
async function readForgotten(
  client: SourceClient,
  series: string,
  range: Window,
  start: readonly Sample[],
  end: readonly Sample[],
): Promise<Read<Sample[]>> {
  const known = byIdentity(start);
  if (end.every(({ labels }) => known.has(identity(labels)))) return { kind: 'read', value: [] };
  return queryVector(client, `last_over_time(${series}[${LONG_MEMORY}])`, range.from);
}

/** The raw samples of these series of a counter, and perhaps of others. */
export async function readSamples(
  client: SourceClient,
  { names, matchers }: Counter,
  { from, to }: Window,
  series: readonly { readonly labels: Labels }[],
): Promise<Read<Samples[]>> {
  if (series.length === 0) return { kind: 'read', value: [] };
  const selected = selector(names, { ...matchers, ...valuesOf(series) });
  return queryMatrix(client, `${selected}[${duration(to - from)}]`, to);
}

/** The values of each label among these series, to select few others. */
function valuesOf(series: readonly { readonly labels: Labels }[]): Matchers {
  const values = new Map<string, Set<string>>();
  for (const { labels } of series) {
    for (const [label, value] of Object.entries(labels)) {
      values.set(label, (values.get(label) ?? new Set()).add(value));
    }
  }
  // A label that only some of them have would leave out the others.
  const shared = [...values].filter(([label]) => series.every(({ labels }) => label in labels));
  return Object.fromEntries(shared.map(([label, each]) => [label, [...each]]));
}

/** The sum of all rises; a fall is a reset to 0. */
function climbed(path: readonly number[]): number {
  let sum = 0;
  let last = path[0] ?? 0;
  for (const value of path.slice(1)) {
    if (!Number.isFinite(value) || !Number.isFinite(last)) return Number.NaN;
    sum += value >= last ? value - last : value;
    last = value;
  }
  return sum;
}

/** An expression for each name: functions drop the name, and two names may have the same labels. */
export function eachName({ names, matchers }: Counter, expression: (series: string) => string): string {
  return names.map((name) => expression(selector([name], matchers))).join(' or ');
}

export function byIdentity<T extends { readonly labels: Labels }>(series: readonly T[]): Map<string, T> {
  return new Map(series.map((each) => [identity(each.labels), each]));
}

/** The same for series with the same labels. */
export function identity(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** By how much they grew together. */
export function sumUp(growths: readonly Growth[]): number {
  return growths.reduce((sum, { growth }) => sum + growth, 0);
}

/** As PromQL writes it. */
export function duration(milliseconds: number): string {
  return `${Math.ceil(milliseconds)}ms`;
}
