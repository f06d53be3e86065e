/** What happened to series within a range: when they appeared and ended, and when their programs began. */
import { HOUR } from '../../config/durations-and-shares.ts';
import type { SourceClient } from '../fetch-source.ts';
import type { Window } from '../instant.ts';
import { type Read, readEach } from '../source.ts';
import {
  byIdentity,
  type Counter,
  duration,
  eachName,
  type Growth,
  identity,
  piecesOf,
  readSamples,
} from './counters.ts';
import { type Labels, queryVector, selector } from './prometheus-api.ts';

export interface Story {
  readonly growth: Growth;
  /** Its first sample in the range, and when that was; null for a series that was there when the range began. */
  readonly first: { readonly value: number; readonly at: number } | null;
  /** When its last sample was, or before the range. In milliseconds since 1970. */
  readonly last: number;
}

/** @param growths of the counter, each in its own range */
export function readStories(
  client: SourceClient,
  counter: Counter,
  growths: readonly Growth[],
): Promise<Read<readonly Story[]>> {
  return readEach(new Set(growths.map((each) => each.range)), (range) => {
    const there = growths.filter((each) => each.range === range);
    return readPiece(client, counter, range, there);
  });
}

async function readPiece(
  client: SourceClient,
  counter: Counter,
  range: Window,
  growths: readonly Growth[],
): Promise<Read<Story[]>> {
  const latest = await queryVector(
    client,
    eachName(counter, (series) => `timestamp(${series})`),
    range.to,
  );
  if (latest.kind === 'error') return latest;
  const present = new Map(latest.value.map(({ labels, value }) => [unnamed(labels), value * 1_000]));
  const hasAppeared = ({ before, isBack }: Growth) => before === null || isBack;
  const changed = growths.filter((each) => hasAppeared(each) || !present.has(unnamed(each.labels)));
  const ends = await readEnds(client, counter, range, changed);
  if (ends.kind === 'error') return ends;
  const value = growths.map((growth): Story => {
    const { first = null, last = range.from } = ends.value.get(identity(growth.labels)) ?? {};
    return {
      growth,
      first: hasAppeared(growth) ? first : null,
      last: present.get(unnamed(growth.labels)) ?? last,
    };
  });
  return { kind: 'read', value };
}

/** The first and the last raw sample of these series. */
async function readEnds(
  client: SourceClient,
  counter: Counter,
  range: Window,
  series: readonly Growth[],
): Promise<Read<ReadonlyMap<string, Pick<Story, 'first' | 'last'>>>> {
  const ends = new Map<string, Pick<Story, 'first' | 'last'>>();
  for (const piece of piecesOf(range, HOUR)) {
    const raw = await readSamples(client, counter, piece, series);
    if (raw.kind === 'error') return raw;
    for (const { labels, values } of raw.value) {
      const [at, value] = values[0] ?? [piece.from, 0];
      const { first } = ends.get(identity(labels)) ?? { first: { at, value } };
      ends.set(identity(labels), { first, last: values.at(-1)?.[0] ?? at });
    }
  }
  return { kind: 'read', value: ends };
}

/** Functions of Prometheus drop the name. */
function unnamed({ __name__: _, ...labels }: Labels): string {
  return identity(labels);
}

/**
 * When the counters or their programs began, where an exporter tells it: `…_created` by OpenMetrics, or
 * `process_start_time_seconds` of the same target.
 * @returns for each series, milliseconds since 1970, or null
 */
export async function readStarts(
  client: SourceClient,
  series: readonly Growth[],
): Promise<Read<readonly (number | null)[]>> {
  const [one] = series;
  if (one === undefined) return { kind: 'read', value: [] };
  const { from, to } = one.range;
  const createdOf = ({ __name__ = '' }: Labels) =>
    `${__name__.replace(/_(total|count|bucket|sum)$/, '')}_created`;
  const names = series.map(({ labels }) => createdOf(labels));
  const instances = series.flatMap(({ labels }) => labels.instance ?? []);
  const target = instances.length < series.length ? {} : { instance: [...new Set(instances)] };
  const started = selector([PROCESS_START, ...new Set(names)], target);
  const read = await queryVector(client, `last_over_time(${started}[${duration(to - from)}])`, to);
  if (read.kind === 'error') return read;
  const all = byIdentity(read.value);
  const value = series.map(({ labels }) => {
    const { le: _, ...own } = labels;
    const created = all.get(identity({ ...own, __name__: createdOf(labels) }));
    const process = read.value.find(
      (each) => each.labels.__name__ === PROCESS_START && hasSameTarget(each.labels, labels),
    );
    const seconds = (created ?? process)?.value;
    return seconds === undefined ? null : seconds * 1_000;
  });
  return { kind: 'read', value };
}

const PROCESS_START = 'process_start_time_seconds';

/** Whether Prometheus scraped two series from the same address. */
export function hasSameTarget(a: Labels, b: Labels): boolean {
  return a.instance !== undefined && a.instance === b.instance && a.job === b.job;
}
