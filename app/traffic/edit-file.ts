/** Sets numbers in a file. Only the values are replaced, so comments and layout stay, and a diff shows only numbers. */
import type { TrafficValue } from '../../src/config/schema/traffic.ts';
import type { ValuePosition } from '../../src/config/share-file/position.ts';
import {
  BYTE_ORDER_MARK,
  findNumber,
  NUMBER_EXPECTED,
  numberOf,
  parseShareFile,
  unitOf,
} from '../../src/config/share-file/read.ts';
import { formatAmount, sameAmount } from '../../src/rollout/target-value.ts';

/** A value that the file should hold. */
export interface Wanted {
  readonly pointer: string;
  readonly value: TrafficValue['value'];
  readonly amount: number;
}

export type Compared =
  | { readonly kind: 'compared'; readonly different: readonly Difference[] }
  | TargetFileProblem;

export type Edited = { readonly kind: 'edited'; readonly text: string } | TargetFileProblem;

/** What is wrong with the file, and what was expected. */
export interface TargetFileProblem {
  readonly kind: 'problem';
  readonly problem: string;
}

interface Difference {
  readonly wanted: Wanted;
  readonly position: ValuePosition;
}

/** Finds the values of the file that differ from the wanted ones. */
export function compareFile(path: string, text: string, wanted: readonly Wanted[]): Compared {
  const source = parseShareFile(path, text);
  if (source.kind === 'problem') return { kind: 'problem', problem: `${path} ${source.problem}.` };
  const different: Difference[] = [];
  for (const each of wanted) {
    const found = findNumber(source, each);
    if (found.kind === 'problem') {
      const problem = `In ${path}, ${each.pointer} ${found.problem}; expected ${NUMBER_EXPECTED}.`;
      return { kind: 'problem', problem };
    }
    if (!sameAmount(numberOf(found.position), each.amount))
      different.push({ wanted: each, position: found.position });
  }
  return { kind: 'compared', different };
}

/** Sets the wanted values in the file's own notation. The result is parsed again as a check. */
export function editFile(path: string, text: string, wanted: readonly Wanted[]): Edited {
  const compared = compareFile(path, text, wanted);
  if (compared.kind === 'problem') return compared;
  const start = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
  // From the end, so that earlier positions stay valid.
  const changes = [...compared.different].sort((a, b) => b.position.start - a.position.start);
  let edited = text;
  for (const { position, wanted: each } of changes) {
    if (position.wholeOnly && !Number.isInteger(each.amount)) return noFraction(path, each);
    const before = edited.slice(0, start + position.start);
    edited = `${before}${position.quote}${formatAmount(each.amount)}${unitOf(position)}${position.quote}${edited.slice(start + position.end)}`;
  }
  const check = compareFile(path, edited, wanted);
  if (check.kind === 'compared' && check.different.length === 0) return { kind: 'edited', text: edited };
  const why = check.kind === 'problem' ? check.problem : 'two pointers name the same place.';
  return { kind: 'problem', problem: `${path} would not hold the wanted values: ${why}` };
}

/** The differences for people: `/a is 25, expected 5`. */
export function describe(different: readonly Difference[]): string {
  const parts = different.map(({ wanted: { pointer, amount }, position: { value } }) => {
    return `${pointer} is ${value}, expected ${formatAmount(amount)}`;
  });
  return parts.join('; ');
}

function noFraction(path: string, { pointer, amount }: Wanted): TargetFileProblem {
  const problem = `In ${path}, ${pointer} can only hold whole numbers, not ${formatAmount(amount)}; expected stages of whole percents.`;
  return { kind: 'problem', problem };
}
