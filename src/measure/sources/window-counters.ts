/** The counters of a preset in one window, before they are divided by arm and model. */
import type { SourceClient } from '../fetch-source.ts';
import type { Window } from '../instant.ts';
import type { Read, SourceError, SourceNote } from '../source.ts';
import { CounterHistory } from './counter-history.ts';
import { type Counter, type Growth, readAlive, readGrowth } from './counters.ts';
import type { PrometheusPreset } from './presets/preset.ts';
import type { Labels, Matchers } from './prometheus-api.ts';

/** Where a preset names each counter, in the order in which they are read. */
const COUNTERS = {
  requests: ({ requests }) => requests,
  failures: ({ failures }) => failures?.counter ?? null,
  latency: ({ latency }) => latency,
  ttft: ({ ttft }) => ttft,
  input: ({ tokens }) => tokens?.input ?? null,
  output: ({ tokens }) => tokens?.output ?? null,
  cachedInput: ({ tokens }) => tokens?.cachedInput ?? null,
  known: ({ tokens }) => tokens?.known ?? null,
  cost: ({ cost }) => cost,
} as const satisfies Record<string, (preset: PrometheusPreset) => Counter | null>;
type CounterRole = keyof typeof COUNTERS;
const ROLES = Object.keys(COUNTERS) as CounterRole[];

/** The growth of every series by what it counts; empty if there is no such counter. */
export type Growths = Readonly<Record<CounterRole, readonly Growth[]>>;

export interface WindowCounters {
  readonly growths: Growths;
  /** The series of requests that have samples in the window. */
  readonly alive: readonly Labels[];
  readonly notes: readonly SourceNote[];
  /** Set if some growth may be from before the window. */
  readonly error: SourceError | null;
}

/**
 * Reads a window of all counters of a preset.
 * @param labels that the series must have
 */
export async function readWindow(
  client: SourceClient,
  preset: PrometheusPreset,
  labels: Matchers,
  window: Window,
): Promise<Read<WindowCounters>> {
  const alive = await readAlive(client, chosenBy(preset.requests, labels), window);
  if (alive.kind === 'error') return alive;
  const growths: Record<CounterRole, readonly Growth[]> = noGrowths();
  const history = new CounterHistory(client, window, preset.armLabel);
  // One after another, so that the team's own dashboards stay fast.
  for (const role of ROLES) {
    const named = COUNTERS[role](preset);
    if (named === null) continue;
    const counter = chosenBy(named, labels);
    const growth = await readGrowth(client, counter, window);
    if (growth.kind === 'error') return growth;
    if (role === 'latency' || role === 'ttft') {
      growths[role] = history.ofTimes(growth.value);
      continue;
    }
    const checked =
      role === 'requests' || role === 'failures'
        ? await history.ofRequests(counter, growth.value, growths.requests)
        : await history.ofAmounts(counter, growth.value);
    if (checked.kind === 'error') return checked;
    growths[role] = checked.value;
  }
  const { failures } = preset;
  const failed =
    failures?.counter === null
      ? growths.requests.filter((each) => isFailure(preset, each.labels))
      : growths.failures;
  const { notes, error } = history;
  return {
    kind: 'read',
    value: { growths: { ...growths, failures: failed }, alive: alive.value, notes, error },
  };
}

export function isFailure({ failures }: PrometheusPreset, labels: Labels): boolean {
  const [label] = failures?.labels ?? [];
  return failures !== null && label !== undefined && failures.means.test(labels[label] ?? '');
}

export function groupBy(growths: Growths, nameOf: (labels: Labels) => string): Map<string, Growths> {
  const groups = new Map<string, ReturnType<typeof noGrowths>>();
  for (const role of ROLES) {
    for (const each of growths[role]) {
      const name = nameOf(each.labels);
      const group = groups.get(name) ?? noGrowths();
      groups.set(name, group);
      group[role].push(each);
    }
  }
  return groups;
}

const noGrowths = () =>
  Object.fromEntries(ROLES.map((role) => [role, []])) as unknown as Record<CounterRole, Growth[]>;

/** The counter's series that have these labels, as far as the exporter writes them. */
export function chosenBy(counter: Counter, labels: Matchers): Counter {
  const carried = Object.entries(labels).filter(([label]) => !counter.lacks?.includes(label));
  return { ...counter, matchers: { ...Object.fromEntries(carried), ...counter.matchers } };
}
