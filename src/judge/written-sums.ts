/**
 * Sums as JSON. Neighbours differ little, so whole numbers of steps are written as differences in Base64 VLQ
 * (variable-length quantities of six bits a character, the sign in the lowest bit, as in source maps). Other numbers,
 * such as sums of money, stay numbers.
 */
import { z } from 'zod';
import { type Sums, stepsIn, sumFromSteps } from './method.ts';

/** An unknown number is null. */
export const writtenSums = z.union([z.string(), z.array(z.number().nullable()).readonly()]);
export type WrittenSums = z.output<typeof writtenSums>;

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** The lower five bits of a character are a digit; the sixth is set when more follow. */
const BASE = 32;
/** By character code; -1 is no digit. */
const VALUES = Int8Array.from({ length: 128 }, (_, code) => DIGITS.indexOf(String.fromCharCode(code)));

export function writeSums(sums: Sums): WrittenSums {
  let written = '';
  let before = 0;
  for (const value of sums) {
    const steps = stepsIn(value);
    if (steps === null) return sums.map((each) => (Number.isNaN(each) ? null : each));
    written += writeQuantity(steps - before);
    before = steps;
  }
  return written;
}

/** @returns null for text that {@link writeSums} did not write */
export function readSums(written: WrittenSums): Sums | null {
  if (typeof written !== 'string') return written.map((each) => each ?? Number.NaN);
  const sums: number[] = [];
  let [steps, quantity, place] = [0, 0, 1];
  // Every look reads some ten thousand characters.
  for (let index = 0; index < written.length; index += 1) {
    const digit = VALUES[written.charCodeAt(index)] ?? -1;
    if (digit < 0) return null;
    quantity += (digit % BASE) * place;
    place *= BASE;
    if (digit >= BASE) continue;
    steps += quantity % 2 === 0 ? quantity / 2 : -(quantity - 1) / 2;
    sums.push(sumFromSteps(steps));
    [quantity, place] = [0, 1];
  }
  return place === 1 ? sums : null;
}

function writeQuantity(difference: number): string {
  // Too large for bit operators, which have 32 bits.
  let rest = difference < 0 ? -2 * difference + 1 : 2 * difference;
  let written = '';
  do {
    const more = rest >= BASE;
    written += DIGITS[(rest % BASE) + (more ? BASE : 0)] ?? '';
    rest = Math.floor(rest / BASE);
  } while (rest > 0);
  return written;
}
