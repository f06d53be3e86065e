/** A file of the repository that holds shares: JSON or YAML, and the numbers in it. */
import type { TrafficValue } from '../schema/traffic.ts';
import { parseJsonFile } from './json.ts';
import { type Lookup, lookupProblem, type ShareFile, stepsOf, type ValuePosition } from './position.ts';
import { parseYamlFile } from './yaml.ts';

export const BYTE_ORDER_MARK = '\ufeff';

/** What a share may replace, as the end of a sentence. */
export const NUMBER_EXPECTED = 'a number, or text that is a number';

/** Chooses the format by the file's name, or else by its first character; positions don't count a byte order mark. */
export function parseShareFile(path: string, text: string): ShareFile {
  const body = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  if (/\.ya?ml$/i.test(path)) return parseYamlFile(body);
  if (/\.json[c5]?$/i.test(path) || /^\s*[{[]/.test(body)) return parseJsonFile(body);
  return parseYamlFile(body);
}

/** The position of a number that a share may replace, or what is there instead. */
export function findNumber(
  source: Extract<ShareFile, { readonly kind: 'parsed' }>,
  { pointer, value }: { readonly pointer: string; readonly value: TrafficValue['value'] },
): Lookup {
  const found = source.find(stepsOf(pointer));
  const mistake = found.kind === 'problem' ? null : mistakeOf(found.position, value);
  return mistake === null ? found : lookupProblem(mistake);
}

const NUMBER = /^(\d+(?:\.\d+)?)(\s*%)?$/;

/** Why a share cannot be written there; null where it can. The text itself may be a secret, so it is not shown. */
function mistakeOf({ value }: ValuePosition, kind: TrafficValue['value']): string | null {
  if (typeof value === 'number') return null;
  const [match, , percent] = NUMBER.exec(value) ?? [];
  if (match === undefined) return 'is text that is not a number';
  return percent !== undefined && kind === 'fraction' ? `is the percentage ${value}, not a fraction` : null;
}

export function numberOf({ value }: ValuePosition): number {
  return typeof value === 'number' ? value : Number(NUMBER.exec(value)?.[1]);
}

/** What follows the number in a text, such as ` %`. */
export function unitOf({ value }: ValuePosition): string {
  const [, , percent = ''] = typeof value === 'string' ? (NUMBER.exec(value) ?? []) : [];
  return percent;
}
