/**
 * How much counters grew in a window: read raw at both ends and differenced series by series.
 *
 * Not `increase()`: it extrapolates, so that its windows do not add up, and it loses the first count of a series
 * that was born in the window, which for errors is the one that matters.
 */
import { HOUR } from '../../config/units.ts';
import type { SourceClient } from '../fetch-source.ts';
import type { Window } from '../instant.ts';
import {
  type Labels,
  type Matchers,
  queryMatrix,
  queryVector,
  type Read,
  type Sample,
  type Samples,
  selector,
} from './prometheus-api.ts';

/** Counters under one of these names that carry these labels. */
export interface Counter {
  readonly names: readonly string[];
  readonly matchers: Matchers;
  /** Labels that the exporter does not write on it, so that it cannot be chosen by them. */
  readonly lacks?: readonly string[];
}

/** By how much a series grew; NaN where one of its ends is no number. */
export interface Growth {
  readonly labels: Labels;
  readonly growth: number;
}

/** A series that is silent for less than this (a scrape was missed, a pod is gone) keeps its last value. */
const MEMORY = HOUR;

/** A series that reappears after a longer silence is compared with what it was within this time. */
const LONG_MEMORY = '1d:5m';

/** Longer windows are read in pieces, so that an engine's limit on samples is not met. */
const LONGEST_PIECE = 6 * HOUR;

/**
 * The growth of every series that has samples in the range or up to an hour before.
 *
 * - A series born in the range counts from 0; one that ended in it counts up to its last sample.
 * - A counter that began anew in the range is followed sample by sample: what it had before and what it has after.
 * - Adjacent ranges add up: the end of one is the beginning of the next.
 */
export async function readGrowth(
  client: SourceClient,
  counter: Counter,
  range: Window,
): Promise<Read<Growth[]>> {
  const growths: Growth[] = [];
  for (const piece of piecesOf(range)) {
    const read = await readPiece(client, counter, piece);
    if (read.kind === 'error') return read;
    growths.push(...read.value);
  }
  return { kind: 'read', value: growths };
}

/** The labels of every series that has a sample in the range: it is alive, even where it did not grow. */
export async function readAlive(
  client: SourceClient,
  counter: Counter,
  range: Window,
): Promise<Read<Labels[]>> {
  const alive: Labels[] = [];
  for (const { from, to } of piecesOf(range)) {
    const expression = eachName(counter, (series) => `count_over_time(${series}[${duration(to - from)}])`);
    const read = await queryVector(client, expression, to);
    if (read.kind === 'error') return read;
    alive.push(...read.value.map(({ labels }) => labels));
  }
  return { kind: 'read', value: alive };
}

function piecesOf({ from, to }: Window): Window[] {
  const count = Math.max(1, Math.ceil((to - from) / LONGEST_PIECE));
  const bound = (index: number) => (index === count ? to : from + index * LONGEST_PIECE);
  return Array.from({ length: count }, (_, index) => ({ from: bound(index), to: bound(index + 1) }));
}

async function readPiece(client: SourceClient, counter: Counter, range: Window): Promise<Read<Growth[]>> {
  const series = selector(counter.names, counter.matchers);
  const memory = duration(Math.max(MEMORY, range.to - range.from));
  // Looks back beyond the range, because a counter may have begun anew since its last sample before it.
  const lookBack = duration(range.to - range.from + MEMORY);
  const read = await together([
    queryVector(client, `last_over_time(${series}[${memory}])`, range.from),
    queryVector(client, `last_over_time(${series}[${memory}])`, range.to),
    queryVector(
      client,
      eachName(counter, (each) => `resets(${each}[${lookBack}]) > 0`),
      range.to,
    ),
  ]);
  if (read.kind === 'error') return read;
  const [start = [], end = [], reset = []] = read.value;
  const older = await readForgotten(client, series, range, start, end);
  if (older.kind === 'error') return older;
  const followed = await readFollowed(client, counter, range, reset);
  if (followed.kind === 'error') return followed;
  const before = byIdentity([...older.value, ...start]);
  return { kind: 'read', value: differences(before, end, byIdentity(followed.value), range) };
}

/** What series that seem to be born in the range were before: a long gap in the scrapes is no birth. */
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

/** The raw samples of the series that began anew. */
async function readFollowed(
  client: SourceClient,
  counter: Counter,
  range: Window,
  reset: readonly Sample[],
): Promise<Read<Samples[]>> {
  if (reset.length === 0) return { kind: 'read', value: [] };
  const matchers = { ...counter.matchers, ...valuesOf(reset) };
  return queryMatrix(
    client,
    `${selector(counter.names, matchers)}[${duration(range.to - range.from)}]`,
    range.to,
  );
}

/** The values that each label has among these series, to ask for little more than them. */
function valuesOf(series: readonly Sample[]): Matchers {
  const values = new Map<string, Set<string>>();
  for (const { labels } of series) {
    for (const [label, value] of Object.entries(labels)) {
      values.set(label, (values.get(label) ?? new Set()).add(value));
    }
  }
  // A label that only some of them carry says nothing about the others.
  const shared = [...values].filter(([label]) => series.every(({ labels }) => label in labels));
  return Object.fromEntries(shared.map(([label, each]) => [label, [...each]]));
}

function differences(
  before: ReadonlyMap<string, Sample>,
  end: readonly Sample[],
  followed: ReadonlyMap<string, Samples>,
  range: Window,
): Growth[] {
  return end.map(({ labels, value }) => {
    const key = identity(labels);
    const first = before.get(key)?.value ?? 0;
    const inside = followed.get(key)?.values.filter(([at]) => at > range.from && at <= range.to) ?? [];
    const path = [first, ...inside.map(([, each]) => each), value];
    return { labels, growth: climbed(path) };
  });
}

/** The sum of all rises; a fall is a new beginning from 0. */
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

/** An expression over each name: functions drop the name, and two names may share all labels. */
function eachName({ names, matchers }: Counter, expression: (series: string) => string): string {
  return names.map((name) => expression(selector([name], matchers))).join(' or ');
}

function byIdentity<T extends { readonly labels: Labels }>(series: readonly T[]): Map<string, T> {
  return new Map(series.map((each) => [identity(each.labels), each]));
}

/** The same for series with the same labels. */
export function identity(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function together<T>(reads: readonly Promise<Read<T>>[]): Promise<Read<T[]>> {
  const values: T[] = [];
  for (const read of await Promise.all(reads)) {
    if (read.kind === 'error') return read;
    values.push(read.value);
  }
  return { kind: 'read', value: values };
}

/** As PromQL writes it. */
function duration(milliseconds: number): string {
  return `${Math.ceil(milliseconds)}ms`;
}
