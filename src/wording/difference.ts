/** What people compare: the gateway's value beside the official one, with its interval and its limits. */
import type { Estimate, LimitVerdict, MetricVerdict } from '../judge/verdict.ts';
import { amount, figure, type MetricUnit } from './amounts.ts';
import { isTimesOfficial } from './verdicts.ts';

/**
 * `points`: gateway − official, in percentage points. `percent`: by how much the gateway is above. `times`: gateway ÷
 * official. `value`: the gateway alone, where there is nothing to compare it with.
 */
export type DifferenceForm = 'points' | 'percent' | 'times' | 'value';

export interface Difference extends Estimate {
  readonly form: DifferenceForm;
  readonly unit: MetricUnit;
  /** Where both arms are equal; null for `value`. */
  readonly equal: number | null;
  /** Where the limits are on the same scale; those that have no place on it are left out. */
  readonly limits: readonly PlacedLimit[];
}

interface PlacedLimit {
  readonly at: number;
  /** Whether the gateway has to stay above it. */
  readonly atLeast: boolean;
}

/**
 * The interval follows from those of both arms (MOVER: Donner, Zou, Stat. Methods Med. Res. 21 (2012), 347–359; for
 * ratios by their logarithms). The judge compares hour by hour, so its proofs are sharper: the interval ends at a limit
 * that is proven kept or violated, and reaches one that is not.
 * @returns null while the gateway has no value
 */
export function differenceOf(metric: string, verdict: MetricVerdict): Difference | null {
  const { gateway, official, unit, limits } = verdict;
  if (gateway === null) return null;
  const form = formOf(metric, verdict);
  const on = SCALES[form];
  const base = official?.value ?? null;
  const placed = limits.flatMap((limit) => {
    const position = limitPosition(limit, verdict, metric);
    const at = position === null ? null : on.place(position, base ?? 0);
    if (at === null || !Number.isFinite(at)) return [];
    const { kind } = limit;
    const atLeast = kind === 'min' || kind === 'max_drop' || (kind === 'frozen' && metric === 'success_rate');
    return [{ at, atLeast, verdict: limit.verdict }];
  });
  const estimate = official === null || form === 'value' ? gateway : on.combine(gateway, official);
  return { form, unit, equal: on.equal, ...placed.reduce(agreeing, estimate), limits: placed };
}

function formOf(metric: string, { official, unit, limits }: MetricVerdict): DifferenceForm {
  const base = official?.value ?? null;
  if (base === null) return 'value';
  const isRatio = isTimesOfficial(metric) && limits.some(({ kind }) => kind === 'max');
  if (unit === 'share' && (!isRatio || base === 0)) return 'points';
  return base === 0 ? 'value' : isRatio ? 'times' : 'percent';
}

/** The estimate, without what the judge has ruled out, and with what it has not. */
function agreeing(
  { value, low, high }: Estimate,
  { at, atLeast, verdict }: PlacedLimit & Pick<LimitVerdict, 'verdict'>,
): Estimate {
  if (low === null && high === null) return { value, low, high };
  if (verdict === 'inconclusive')
    return {
      value,
      low: low === null ? null : Math.min(low, at),
      high: high === null ? null : Math.max(high, at),
    };
  const isAbove = verdict === (atLeast ? 'pass' : 'fail');
  const isBelow = verdict === (atLeast ? 'fail' : 'pass');
  // The proof is of strata: the sums of all of them may be on the other side.
  if (isAbove && (value ?? Infinity) >= at) return { value, low: Math.max(low ?? at, at), high };
  if (isBelow && (value ?? Infinity) <= at) return { value, low, high: Math.min(high ?? at, at) };
  return { value, low, high };
}

interface FormScale {
  readonly equal: number | null;
  readonly place: (position: number, base: number) => number;
  readonly combine: (gateway: Estimate, official: Estimate) => Estimate;
}

const asPercent = (ratio: number): number => 100 * (ratio - 1);

const SCALES: Readonly<Record<DifferenceForm, FormScale>> = {
  points: { equal: 0, place: (position, base) => position - base, combine: difference },
  times: { equal: 1, place: (position, base) => position / base, combine: ratio },
  percent: {
    equal: 0,
    place: (position, base) => asPercent(position / base),
    combine: (gateway, official) => mapped(ratio(gateway, official), asPercent),
  },
  value: { equal: null, place: (position) => position, combine: (gateway) => gateway },
};

/** Ends that are unknown are open, except those of a value that is exact. */
function difference(gateway: Estimate, official: Estimate): Estimate {
  if (gateway.value === null || official.value === null) {
    const low = gateway.low === null || official.value === null ? null : gateway.low - official.value;
    return { value: null, low, high: null };
  }
  const value = gateway.value - official.value;
  const isExact = [gateway, official].every(({ low, high }) => low === null && high === null);
  if (isExact) return { value, low: null, high: null };
  const [ours, theirs] = [distances(gateway), distances(official)];
  const end = (a: number, b: number) => (Number.isFinite(a + b) ? Math.hypot(a, b) : null);
  const [down, up] = [end(ours.down, theirs.up), end(ours.up, theirs.down)];
  return { value, low: down === null ? null : value - down, high: up === null ? null : value + up };
}

function distances({ value, low, high }: Estimate): { readonly down: number; readonly up: number } {
  if (low === null && high === null) return { down: 0, up: 0 };
  return {
    down: low === null || value === null ? Infinity : value - low,
    up: high === null || value === null ? Infinity : high - value,
  };
}

function ratio(gateway: Estimate, official: Estimate): Estimate {
  if (gateway.value === 0) {
    const { high } = gateway;
    return { value: 0, low: 0, high: high === null || !official.low ? null : high / official.low };
  }
  return mapped(difference(mapped(gateway, Math.log), mapped(official, Math.log)), Math.exp);
}

function mapped(estimate: Estimate, by: (value: number) => number): Estimate {
  const of = (value: number | null) => {
    const result = value === null ? null : by(value);
    // The logarithm of 0 is an open end.
    return result === null || !Number.isFinite(result) ? null : result;
  };
  return { value: of(estimate.value), low: of(estimate.low), high: of(estimate.high) };
}

/** `−0.2 points (−0.7 to 0.3)`, `2.1 × official (1.2 to 3.4)`, `+12 % (3 % to 21 %)`. */
export function differenceText({ value, low, high, ...about }: Difference): string {
  const shown = value === null ? (low === null ? '' : `≥ ${formText(low, about)}`) : formText(value, about);
  if (value === null || (low === null && high === null)) return shown;
  const [from, to] = [low, high].map((end) => (end === null ? null : formText(end, about, false)));
  if (from === to) return shown;
  return `${shown} (${to === null ? `at least ${from}` : from === null ? `at most ${to}` : `${from} to ${to}`})`;
}

/** @param named whether the text says what it is a number of, where that is clear from another one beside it */
export function formText(
  value: number,
  { form, unit }: Pick<Difference, 'form' | 'unit'>,
  named = true,
): string {
  const rounded = Number(value.toPrecision(form === 'times' || Math.abs(value) >= 100 ? 3 : 2));
  const signed = `${rounded < 0 ? '−' : rounded > 0 ? '+' : ''}${figure(Math.abs(rounded))}`;
  switch (form) {
    case 'points':
      return named ? `${signed} ${Math.abs(rounded) === 1 ? 'point' : 'points'}` : signed;
    case 'percent':
      return `${signed} %`;
    case 'times':
      return named ? `${figure(rounded)} × official` : figure(rounded);
    case 'value':
      return amount(value, unit);
  }
}

/**
 * The value that the gateway would have at its limit, in the metric's unit. A relative limit is applied to the official
 * arm's current value; null if there is none.
 */
export function limitPosition(
  { kind, limit }: LimitVerdict,
  { unit, official }: MetricVerdict,
  metric: string,
): number | null {
  const absolute = kind === 'min' || kind === 'frozen' || (kind === 'max' && !isTimesOfficial(metric));
  if (absolute) return limit;
  const base = official?.value ?? null;
  if (base === null) return null;
  if (kind === 'max') return base * limit;
  if (kind === 'max_drop') return base - limit;
  return unit === 'share' ? base + limit : base * (1 + limit / 100);
}
