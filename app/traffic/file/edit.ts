/**
 * Sets numbers in a file. Only the characters of the values are replaced, so comments and layout stay as they are,
 * and a diff shows the numbers alone.
 */
import { stepsOf } from '../../../src/config/pointer.ts';
import type { TrafficValue } from '../../../src/config/schema/traffic.ts';
import { formatAmount, sameAmount } from '../../../src/rollout/amount.ts';
import { parseJson } from './json.ts';
import type { Place, Source } from './place.ts';
import { parseYaml } from './yaml.ts';

/** What a place of the file should hold. */
export interface Wanted {
  readonly pointer: string;
  readonly value: TrafficValue['value'];
  readonly amount: number;
}

export type Compared = { readonly kind: 'compared'; readonly different: readonly Difference[] } | FileProblem;

export type Edited = { readonly kind: 'edited'; readonly text: string } | FileProblem;

/** A sentence: what is wrong with the file, what was expected. */
export interface FileProblem {
  readonly kind: 'problem';
  readonly problem: string;
}

interface Difference {
  readonly wanted: Wanted;
  readonly place: Place;
}

const BYTE_ORDER_MARK = '\ufeff';

/** What of the file is not as wanted. */
export function compareFile(path: string, text: string, wanted: readonly Wanted[]): Compared {
  const source = parse(path, text);
  if (source.kind === 'problem') return { kind: 'problem', problem: `${path} ${source.problem}.` };
  const different: Difference[] = [];
  for (const each of wanted) {
    const found = source.find(stepsOf(each.pointer));
    const wrong = found.kind === 'problem' ? found.problem : mistakeOf(found.place, each);
    if (wrong !== null) {
      const expected = 'expected a number, or a text that is a number';
      return { kind: 'problem', problem: `In ${path}, ${each.pointer} ${wrong}; ${expected}.` };
    }
    if (found.kind === 'found' && !sameAmount(numberOf(found.place), each.amount)) {
      different.push({ wanted: each, place: found.place });
    }
  }
  return { kind: 'compared', different };
}

/** The text with every place as wanted, in the file's own way of writing. The text is parsed again to make sure. */
export function editFile(path: string, text: string, wanted: readonly Wanted[]): Edited {
  const compared = compareFile(path, text, wanted);
  if (compared.kind === 'problem') return compared;
  const start = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
  // From the end, so that the places before stay where they are.
  const changes = [...compared.different].sort((a, b) => b.place.start - a.place.start);
  let edited = text;
  for (const { place, wanted: each } of changes) {
    if (place.wholeOnly && !Number.isInteger(each.amount)) return noFraction(path, each);
    const before = edited.slice(0, start + place.start);
    edited = `${before}${written(place, each.amount)}${edited.slice(start + place.end)}`;
  }
  const check = compareFile(path, edited, wanted);
  if (check.kind === 'compared' && check.different.length === 0) return { kind: 'edited', text: edited };
  const why = check.kind === 'problem' ? check.problem : 'two pointers name the same place.';
  return { kind: 'problem', problem: `${path} would not hold what it should: ${why}` };
}

/** What the places hold, for people: `/a: 25, expected 5`. */
export function describe(different: readonly Difference[]): string {
  const parts = different.map(
    ({ wanted, place }) => `${wanted.pointer} is ${place.value}, expected ${formatAmount(wanted.amount)}`,
  );
  return parts.join('; ');
}

function parse(path: string, text: string): Source {
  const body = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  if (/\.ya?ml$/i.test(path)) return parseYaml(body);
  if (/\.json[c5]?$/i.test(path) || /^\s*[{[]/.test(body)) return parseJson(body);
  return parseYaml(body);
}

const NUMBER = /^(\d+(?:\.\d+)?)(\s*%)?$/;

/** Why a share cannot be written there; null where it can. */
function mistakeOf({ value }: Place, { value: kind }: Wanted): string | null {
  if (typeof value === 'number') return null;
  const [match, , percent] = NUMBER.exec(value) ?? [];
  if (match === undefined) return `holds the text ${JSON.stringify(value.slice(0, 50))}`;
  return percent !== undefined && kind === 'fraction'
    ? `holds the percentage ${value}, not a fraction`
    : null;
}

/** The number that stands there, as the file's value is read. */
export function numberOf({ value }: Place): number {
  return typeof value === 'number' ? value : Number(NUMBER.exec(value)?.[1]);
}

function written({ value, quote }: Place, amount: number): string {
  const [, , percent = ''] = typeof value === 'string' ? (NUMBER.exec(value) ?? []) : [];
  return `${quote}${formatAmount(amount)}${percent}${quote}`;
}

function noFraction(path: string, { pointer, amount }: Wanted): FileProblem {
  return {
    kind: 'problem',
    problem:
      `In ${path}, ${pointer} can hold whole numbers alone, and ${formatAmount(amount)} is to be written; expected ` +
      'stages of whole percents.',
  };
}
