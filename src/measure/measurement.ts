/**
 * What happened in one window of time, on both arms: every source provides it, and the judge reads it. A file of
 * measurements is JSONL, one object per line; README.md documents it. Version 1.
 *
 * An arm counts the tasks that *began* on it, with all their attempts: when a task of the gateway falls back to the
 * official API, that attempt and its cost count for the gateway. A task, with all its attempts, belongs to the window
 * in which it ended.
 */
import { z } from 'zod';
import { differencesSchema, sidesOf, stepsSchema } from './differences.ts';
import { histogramSchema } from './histogram.ts';
import { formatInstant, instantSchema } from './instant.ts';
import { moneySchema, NO_MONEY } from './money.ts';

const count = z.int().min(0);

/** null: the source does not report it. That is not 0. */
const countIfKnown = count.nullable();

const tokensSchema = z.object({
  /** Cached ones included. */
  input: count,
  cachedInput: count,
  output: count,
  /** Attempts whose tokens are unknown; they are in none of the sums. */
  unknown: count,
});

const spendingShape = {
  tasks: countIfKnown,
  /** Tasks of which no attempt on this arm succeeded, even if the other arm then served them. */
  failedTasks: countIfKnown,
  attempts: countIfKnown,
  tokens: tokensSchema.nullable(),
  /** All attempts of the tasks. */
  cost: moneySchema,
  /** All attempts except the one whose result was used (if none was: except the first). */
  retryCost: moneySchema,
  atOfficialPrices: moneySchema,
};

const countsShape = {
  ...spendingShape,
  /** Tasks with more than one attempt, however many. Lines from before it was counted do not have it. */
  retriedTasks: countIfKnown.default(null),
  failedAttempts: countIfKnown,
  /** Failed attempts by class of error, and `other_model` for an answer by another model family. */
  errorsByClass: z.record(z.string(), count),
  /** Tasks that were also tried on the other arm. */
  fallbacks: countIfKnown,
  /** Tasks whose result was cut off by the token limit. */
  truncated: countIfKnown,
  /** Tasks whose result was empty. */
  empty: countIfKnown,
  /** Input tokens whose answers did not say how many of them were cached; left out if there are none. */
  cacheUnknown: count.optional(),
  /** From the start of the first attempt to the end of the last; a failed task is at "+Inf". */
  latency: histogramSchema,
  /** From the start of the first attempt to the first token of the result; served tasks that streamed. */
  ttft: histogramSchema,
};

/** The same counts for one model: a stratum is a window and a model. `name` is the name in the code. */
const modelSliceSchema = z.object({ name: z.string(), ...countsShape });

/** Costs of one key or member. */
const spenderSliceSchema = z.object({ name: z.string(), ...spendingShape });

/** How many times there are at which slower tasks of a unit are counted: 1/16 s, 1/8 s, … 64 s. */
export const UNIT_TIMES = 11;

/** Tasks of one unit of the split, for the design effect. */
const unitCountsSchema = z.object({
  unit: z.string(),
  tasks: count,
  failedTasks: count,
  /**
   * Tasks that took longer than 1/16 s, 1/8 s, … 64 s, without zeros at the end; a failed task took longer than
   * all. Left out if unknown.
   */
  slower: z.array(count).max(UNIT_TIMES).optional(),
});

export const armCountsSchema = z.object({
  ...countsShape,
  /** Empty if the source does not name models; otherwise the slices add up to the arm. */
  byModel: z.array(modelSliceSchema),
  /** Tasks without a key are in no slice. */
  byKey: z.array(spenderSliceSchema),
  byMember: z.array(spenderSliceSchema),
  /** The cost of copies, which no other count has; left out if there are none. */
  copied: moneySchema.optional(),
  /** A sample of whole units, the same ones in every window (sample.ts); left out if no unit is known. */
  units: z.array(unitCountsSchema).optional(),
});

/** How many models' pairs are listed; all others are one slice. */
export const MOST_PAIR_SLICES = 30;

/** Requests of one model and their copies to the gateway, whose answers no user saw. Each attempt counts as a task. */
const pairSliceSchema = z
  .object({
    name: z.string(),
    official: z.object(countsShape),
    gateway: z.object(countsShape),
    bothFailed: count,
    /** Of the pairs of which both were served. */
    differences: differencesSchema,
  })
  .refine(
    ({ official, gateway, bothFailed, differences }) =>
      official.tasks === gateway.tasks &&
      bothFailed <= Math.min(official.failedTasks ?? 0, gateway.failedTasks ?? 0) &&
      Object.values(differences).every((steps) => sidesOf(steps).all <= (gateway.tasks ?? 0)),
    { error: 'as many copies as requests, and no more of them that failed on both arms or differ' },
  );

/**
 * `other-model`: told apart, and at least half as far off as a cheaper sibling. `differs`: told apart, and nearer:
 * quantised, another stack, a hidden prompt. `indistinguishable`: not told apart, though the sibling was. `no-power`: these
 * pairs could not tell even the sibling apart, so they say nothing.
 */
const FIDELITY_VERDICTS = ['other-model', 'differs', 'indistinguishable', 'no-power'] as const;
export type FidelityVerdict = (typeof FIDELITY_VERDICTS)[number];

const windowSchema = z
  .object({ from: instantSchema, to: instantSchema })
  .refine(({ from, to }) => from <= to, { error: 'a window that ends after it begins' });

export const measurementSchema = z.object({
  schema: z.literal(1, { error: '1, the version of the format that this program reads' }),
  window: windowSchema,
  /** The stage's label, such as `5%`. */
  stage: z.string(),
  /** The gateway's share of the stage's slice in percent; null where it changed or does not apply; 0 after a rollback. */
  share: z.number().min(0).max(100).nullable(),
  /** Where the data came from, such as `jsonl`, or `litellm+prometheus` if the arms differ. */
  source: z.string(),
  /** null: the source has no data for that arm. */
  arms: z.object({ official: armCountsSchema.nullable(), gateway: armCountsSchema.nullable() }),
  /** In a stage that copies requests, by model. The arms do not count the copies. */
  pairs: z
    .array(pairSliceSchema)
    .max(MOST_PAIR_SLICES + 1)
    .optional(),
  /** Whether the gateway serves the same model, by questions of our own until now; left out where none are asked. */
  fidelity: z.object({ verdict: z.enum(FIDELITY_VERDICTS), pairs: count, log10E: z.number() }).optional(),
  /** How much lower the gateway scores in the team's own evaluations; so many lines, with this hash, are counted. */
  evaluations: z.object({ file: z.string(), lines: count, differences: stepsSchema }).optional(),
});

type DeepReadonly<T> = T extends readonly [number, number]
  ? Readonly<T>
  : T extends readonly (infer Item)[]
    ? readonly DeepReadonly<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
      : T;

export type Tokens = DeepReadonly<z.output<typeof tokensSchema>>;
export type ModelSlice = DeepReadonly<z.output<typeof modelSliceSchema>>;
/** What is counted of an arm, and of each model. */
export type Counts = Omit<ModelSlice, 'name'> & { readonly worse?: Worse };
/** Of so many compared answers, how many were worse than the other arm's: by a scorer, by the team's evaluations. */
export type Worse = Readonly<
  Partial<Record<'quality' | 'evaluations', Readonly<Record<'events' | 'tasks', number>>>>
>;
export type SpenderSlice = DeepReadonly<z.output<typeof spenderSliceSchema>>;
export type Spending = Omit<SpenderSlice, 'name'>;
export type PairSlice = DeepReadonly<z.output<typeof pairSliceSchema>>;
export type UnitCounts = DeepReadonly<z.output<typeof unitCountsSchema>>;
export type ArmCounts = DeepReadonly<z.output<typeof armCountsSchema>>;
/** `window` is in milliseconds since 1970 here, and ISO 8601 in the file. */
export type Measurement = DeepReadonly<z.output<typeof measurementSchema>>;

/** An arm that is known to have had no tasks. It changes no sum. */
export const EMPTY_ARM: ArmCounts = {
  tasks: 0,
  failedTasks: 0,
  retriedTasks: 0,
  attempts: 0,
  failedAttempts: 0,
  errorsByClass: {},
  fallbacks: 0,
  truncated: 0,
  empty: 0,
  latency: [],
  ttft: [],
  tokens: { input: 0, cachedInput: 0, output: 0, unknown: 0 },
  cost: NO_MONEY,
  retryCost: NO_MONEY,
  atOfficialPrices: NO_MONEY,
  byModel: [],
  byKey: [],
  byMember: [],
};

/** Counts by class of error, sorted by name, so that equal counts print the same. */
export function sortedByClass(counts: Iterable<readonly [string, number]>): Counts['errorsByClass'] {
  return Object.fromEntries([...counts].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** The line of a measurement, without its line break. All lines begin with the same fields. */
export function formatMeasurement({ schema, window, ...rest }: Measurement): string {
  const { from, to } = window;
  return JSON.stringify({ schema, window: { from: formatInstant(from), to: formatInstant(to) }, ...rest });
}
