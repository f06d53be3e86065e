import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files of which a single one, begun last, would keep all others waiting for its end. */
const LONGEST = [
  'real/litellm',
  'real/instrumentations',
  'faults/faults',
  'check/quirks',
  'app/requests',
  'action/where-keys-go',
  'check/blocking',
  'enterprise-server/enterprise-server',
  'commands/exec',
  'sql/sql',
  'action/observe',
  'accessibility',
];

const rank = ({ moduleId }: TestSpecification): number => {
  const place = LONGEST.findIndex((name) => moduleId.endsWith(`${name}.test.ts`));
  return place === -1 ? LONGEST.length : place;
};

/** The order of files in a fresh clone, where Vitest does not know yet how long each of them takes. */
export class LongestFirst extends BaseSequencer {
  /** @returns the longest files first, the others as Vitest would have them */
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
