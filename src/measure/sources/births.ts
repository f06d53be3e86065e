/** What Prometheus knows about the series whose first sample is in a range. */
import type { SourceClient } from '../fetch-source.ts';
import type { Read } from '../source.ts';
import { type Counter, duration, type Growth, identity, together } from './counters.ts';
import { type Labels, queryVector, type Sample, selector } from './prometheus-api.ts';

/** A series that was not there before. */
export interface BornSeries {
  readonly growth: Growth;
  /** Its first sample. */
  readonly first: number;
  /** When that was, in milliseconds since 1970; up to 15 s late. */
  readonly at: number;
}

export interface Births {
  readonly born: readonly BornSeries[];
  /** When each series had its last sample, in milliseconds since 1970; up to 15 s early for one that ended. */
  readonly lastSeen: ReadonlyMap<Growth, number>;
}

const STEP = 15_000;

/**
 * The first samples of all series that were born.
 * @param growths of the counter
 */
export async function readBirths(
  client: SourceClient,
  { matchers }: Counter,
  growths: readonly Growth[],
): Promise<Read<Births>> {
  const born: BornSeries[] = [];
  const lastSeen = new Map<Growth, number>();
  const withBirth = growths.flatMap((growth) => (growth.birth ? [{ growth, birth: growth.birth }] : []));
  const nameOf = (labels: Labels) => labels.__name__ ?? '';
  const groups = new Map(
    withBirth.map(({ growth, birth }) => [`${birth.range.to} ${nameOf(growth.labels)}`, { growth, birth }]),
  );
  for (const { growth, birth } of groups.values()) {
    const { from, to } = birth.range;
    const name = nameOf(growth.labels);
    const series = selector([name], matchers);
    const step = Math.min(STEP, (to - from) / 120);
    const times = `timestamp(${series})[${duration(to - from)}:${duration(step)}]`;
    const read = await together([
      queryVector(client, `min_over_time(${series}[${duration(to - from)}])`, to),
      queryVector(client, `min_over_time(${times})`, to),
      queryVector(client, `max_over_time(${times})`, to),
    ]);
    if (read.kind === 'error') return read;
    const [firsts, starts, ends] = read.value.map((samples) => valuesByLabels(samples ?? []));
    for (const each of growths.filter(({ labels }) => nameOf(labels) === name)) {
      const seconds = ends?.get(unnamed(each.labels));
      if (seconds !== undefined) lastSeen.set(each, seconds * 1_000);
    }
    for (const { growth: each, birth: own } of withBirth) {
      if (own.range.to !== to || nameOf(each.labels) !== name) continue;
      const key = unnamed(each.labels);
      // Of a series that was reset, the smallest sample is not the first.
      const first = own.first ?? firsts?.get(key) ?? each.growth;
      born.push({ growth: each, first, at: (starts?.get(key) ?? to / 1_000) * 1_000 });
    }
  }
  return { kind: 'read', value: { born, lastSeen } };
}

function valuesByLabels(samples: readonly Sample[]): Map<string, number> {
  return new Map(samples.map(({ labels, value }) => [unnamed(labels), value]));
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
  series: readonly BornSeries[],
): Promise<Read<readonly (number | null)[]>> {
  const [one] = series;
  if (one?.growth.birth === undefined) return { kind: 'read', value: [] };
  const { from, to } = one.growth.birth.range;
  const baseOf = (labels: Labels) => (labels.__name__ ?? '').replace(/_(total|count|bucket|sum)$/, '');
  const names = series.map(({ growth }) => `${baseOf(growth.labels)}_created`);
  const instances = series.flatMap(({ growth }) => growth.labels.instance ?? []);
  const target = instances.length < series.length ? {} : { instance: [...new Set(instances)] };
  const started = selector([PROCESS_START, ...new Set(names)], target);
  const read = await queryVector(client, `last_over_time(${started}[${duration(to - from)}])`, to);
  if (read.kind === 'error') return read;
  const value = series.map(({ growth: { labels } }) => {
    const { le: _, __name__: __, ...own } = labels;
    const created = read.value.find(
      (each) =>
        each.labels.__name__ === `${baseOf(labels)}_created` && unnamed(each.labels) === identity(own),
    );
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
