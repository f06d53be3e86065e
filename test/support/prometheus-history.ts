/** Counters over time, as Prometheus would have scraped them every 15 seconds. */

type Labels = Readonly<Record<string, string>>;

const SCRAPE_SECONDS = 15;

/**
 * What a counter showed at each minute (a fraction of one between two), null where it was not scraped. NaN is a value.
 */
export type Showing = (minute: number) => number | null;

interface Series {
  readonly name: string;
  readonly labels: Labels;
  readonly showing: Showing;
}

export class History {
  readonly #start: number;
  readonly #minutes: number;
  readonly #series: Series[] = [];

  /** @param start milliseconds since 1970, on a whole second */
  constructor(start: number, minutes: number) {
    this.#start = start;
    this.#minutes = minutes;
  }

  /** The instant of a minute, in milliseconds since 1970. */
  at(minute: number): number {
    return this.#start + Math.round(minute * 60_000);
  }

  counter(name: string, labels: Labels, showing: Showing): void {
    this.#series.push({ name, labels, showing });
  }

  /** A histogram whose every observation falls into the bucket of `seconds`. */
  histogram(name: string, labels: Labels, bounds: readonly number[], seconds: number, count: Showing): void {
    for (const bound of [...bounds, Number.POSITIVE_INFINITY]) {
      const le = Number.isFinite(bound) ? String(bound) : '+Inf';
      const showing: Showing = (minute) =>
        bound >= seconds ? count(minute) : count(minute) === null ? null : 0;
      this.counter(`${name}_bucket`, { ...labels, le }, showing);
    }
    this.counter(`${name}_count`, labels, count);
  }

  /** In OpenMetrics' text format. */
  text(): string {
    const lines = this.#series.flatMap(({ name, labels, showing }) => {
      const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
      const steps = (this.#minutes * 60) / SCRAPE_SECONDS;
      return Array.from({ length: steps + 1 }, (_, step) => step * SCRAPE_SECONDS).flatMap((second) => {
        const value = showing(second / 60);
        return value === null ? [] : [`${name}{${pairs.join(',')}} ${value} ${this.#start / 1_000 + second}`];
      });
    });
    return `${lines.join('\n')}\n# EOF\n`;
  }
}

/** Grows evenly from 0 at `from`, by so much a minute, in whole steps; nothing before. */
export function growing(perMinute: number, from = 0): Showing {
  return (minute) => (minute < from ? null : Math.floor((minute - from) * perMinute + 1e-9));
}
