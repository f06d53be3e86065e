/** Counts of both arms from an engine's sums over tasks of one shape (tasks.sql), by the rules for single records. */
import { z } from 'zod';
import { ARMS, type Arm } from '../../../config/arms.ts';
import { countedTask, isOfSlice } from '../../aggregate.ts';
import { ArmTally } from '../../arm-tally.ts';
import { BOUNDS } from '../../histogram.ts';
import type { ArmCounts } from '../../measurement.ts';
import type { PriceBook } from '../../models.ts';
import { usdFromGrains } from '../../money.ts';
import { failureOf, outcomeOf } from '../../outcome.ts';
import { Pricing } from '../../pricing.ts';
import type { SourceQuery } from '../../source.ts';
import { NO_SUMS } from '../../tally.ts';
import { type Kind, readShape } from './shape.ts';

const number = z.union([z.number(), z.string()]).transform(Number).pipe(z.number());
const listOf = <Item extends z.ZodType>(item: Item) =>
  z
    .string()
    .transform((items) => JSON.parse(`[${items}]`))
    .pipe(z.array(item));

/** Of all tasks, of those of a key or a member, or of those that took a time: how many, and the sums of counts.sql. */
const entrySchema = z.tuple(
  [z.enum(['all', 'key', 'member', 'latency', 'ttft']), z.string(), number],
  number,
);
type Entry = z.output<typeof entrySchema>;
const NO_ENTRY: Entry = ['all', '', 0];

/** The results of the two statements. */
export const countRows = z.array(z.tuple([z.string(), number, listOf(entrySchema)]));
export const unitRows = z.array(z.tuple([z.string(), z.string(), listOf(z.tuple([number, number]))]));

export interface ShapeOptions extends Pick<SourceQuery, 'slice' | 'without'> {
  readonly book: PriceBook;
  /** Others are left out. */
  readonly arms: readonly Arm[];
  /** Null for another endpoint than those of the two arms. */
  readonly armOf: (value: string) => Arm | null;
}

/** Tallies of each arm: of everything, and of what is counted apart. */
const SETS = ['all', 'key', 'member', 'unit'] as const;

export class ShapeCounts {
  readonly #options: ShapeOptions;
  readonly #pricing: Pricing;
  readonly #tallies = new Map(SETS.flatMap((set) => ARMS.map((arm) => [`${set} ${arm}`, new ArmTally()])));
  /** How many tasks there were, of the arms and with a unit; and what cannot be counted. */
  readonly seen = { tasks: 0, counted: 0, units: 0, failuresOfNoArm: 0 };
  readonly lost = new Map<string, number>();
  readonly others = new Set<string>();

  constructor(options: ShapeOptions) {
    this.#options = options;
    this.#pricing = new Pricing(options.book.official);
  }

  add(rows: z.output<typeof countRows>): void {
    const shapes = new Map<string, Entry[][]>();
    for (const [shape, index, entries] of rows) {
      const lists = shapes.get(shape) ?? [];
      shapes.set(shape, lists);
      lists[index] = entries;
    }
    for (const [shape, entries] of shapes) {
      const kinds = readShape(shape, this.#options.armOf);
      this.#look(kinds, entries[0] ?? []);
      for (const entry of entries[0] ?? []) this.#addEntry(kinds, entry, entries);
    }
  }

  /** @param rows of the units with the lowest hashes */
  addUnits(rows: z.output<typeof unitRows>): void {
    for (const [unit, shape, times] of rows) {
      const attempts = attemptsOf(readShape(shape, this.#options.armOf), [], this.#options);
      if (attempts === null) continue;
      const { arm, failed } = outcomeOf(attempts);
      const [{ record, model, failure }] = attempts;
      const sums = { ...NO_SUMS, tasks: 1, failedTasks: Number(failed) };
      for (const [exceeded, tasks] of times) {
        // Between two of the times at which slower tasks of a unit are counted.
        const outcome = { seconds: failed ? Infinity : 2 ** (exceeded - 4.5), firstTokenSeconds: null };
        const first = { record: { ...record, unit }, model, failure };
        this.#tallyOf('unit', arm).add(first, { sums, failures: [], outcome }, tasks);
      }
    }
  }

  countsOf(arm: Arm): ArmCounts {
    const of = (set: (typeof SETS)[number]) => this.#tallyOf(set, arm).counts;
    const { units } = of('unit');
    return { ...of('all'), byKey: of('key').byKey, byMember: of('member').byMember, ...(units && { units }) };
  }

  #tallyOf(set: (typeof SETS)[number], arm: Arm): ArmTally {
    return this.#tallies.get(`${set} ${arm}`) ?? new ArmTally();
  }

  #look(kinds: readonly Kind[], entries: readonly Entry[]): void {
    const [, , tasks, , , , , units = 0] = entries.find(([set]) => set === 'all') ?? NO_ENTRY;
    this.seen.tasks += tasks;
    this.seen.units += units;
    if (kinds[0]?.record) this.seen.counted += tasks;
    const bad = kinds.find((kind) => kind.bad !== null)?.bad;
    const problem = kinds[0]?.isRetry ? 'no first attempt of their task' : bad && `no possible ${bad}`;
    if (problem) this.lost.set(problem, (this.lost.get(problem) ?? 0) + tasks);
    for (const { arm, record, failed } of kinds) {
      if (record !== null) continue;
      this.others.add(arm || 'empty');
      if (arm === '' && failed) this.seen.failuresOfNoArm += tasks;
    }
  }

  /** All tasks of a shape, those of one key or member, or a time that some of them took. */
  #addEntry(kinds: readonly Kind[], [set, name, tasks]: Entry, entries: readonly Entry[][]): void {
    const sums = entries.map((list) => list.find((each) => each[0] === set && each[1] === name));
    const attempts = attemptsOf(kinds, sums, this.#options);
    if (attempts === null) return;
    const outcome = outcomeOf(attempts);
    const [{ record, model, failure }] = attempts;
    const tally = this.#tallyOf(set === 'latency' || set === 'ttft' ? 'all' : set, outcome.arm);
    const first = { record: set === 'all' ? record : { ...record, [set]: name }, model, failure };
    const timed = { sums: NO_SUMS, failures: [] };
    if (set === 'latency') {
      const seconds = outcome.failed ? Infinity : secondsOf(name);
      tally.add(first, { ...timed, outcome: { seconds, firstTokenSeconds: null } }, tasks);
      return;
    }
    if (set === 'ttft') return;
    const task = { ...countedTask(attempts, outcome, this.#pricing, tasks), outcome: UNTIMED };
    tally.add(first, task, 1);
    // The first one holds the amounts of all.
    tally.add(first, { ...task, sums: { ...task.sums, ...NO_AMOUNTS } }, tasks - 1);
    const result = attempts.find((each) => each.record === outcome.result)?.index;
    if (set !== 'all' || result === undefined || outcome.failed) return;
    for (const [kind, bound, count] of entries[result] ?? []) {
      const firstToken = { seconds: null, firstTokenSeconds: secondsOf(bound) };
      if (kind === 'ttft') tally.add(first, { ...timed, outcome: firstToken }, count);
    }
  }
}

const UNTIMED = { seconds: null, firstTokenSeconds: null };
const NO_AMOUNTS = {
  input: 0,
  cachedInput: 0,
  output: 0,
  cacheUnknown: 0,
  cost: 0,
  retryCost: 0,
  atOfficialPrices: 0,
} as const satisfies Partial<typeof NO_SUMS>;

/** @param index how many of the bounds a time exceeds */
const secondsOf = (index: string): number => BOUNDS[Number(index)] ?? Infinity;

/** The attempts of a task, with the sums over all tasks as amounts; null for tasks that do not count. */
function attemptsOf(kinds: readonly Kind[], sums: readonly (Entry | undefined)[], options: ShapeOptions) {
  if (kinds.some(({ bad }) => bad !== null) || !kinds[0]?.record) return null;
  const [first, ...rest] = kinds.flatMap(({ record, told }, index) => {
    if (record === null || !options.arms.includes(record.arm)) return [];
    const [, , , input = 0, cached = 0, output = 0, grains = 0] = sums[index] ?? NO_ENTRY;
    const amounts = {
      ...(told.input ? { input_tokens: input, output_tokens: output } : {}),
      ...(told.cached ? { cached_input_tokens: cached } : {}),
      ...(told.cost ? { cost_usd: usdFromGrains(grains) } : {}),
    };
    const model = options.book.models.of(record);
    return [{ record: { ...record, ...amounts }, model, failure: failureOf(record, model), index }];
  });
  const isCounted = first && isOfSlice(options, first.model.name, first.record.workload);
  return isCounted ? ([first, ...rest] as const) : null;
}
