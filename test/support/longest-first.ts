import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files of which a single one, begun last, would keep all others waiting for its end. */
const LONGEST = [
  'faults/faults',
  'sql/sql',
  'action/where-keys-go',
  'action/observe',
  'real/litellm',
  'commands/fidelity',
  'check/quirks',
  'real/instrumentations',
  'demo/main',
  'check/fidelity',
  'enterprise-server/enterprise-server',
  'inventory/rules',
  'app/walk',
  'app/said-meanwhile',
  'app/requests',
  'check/blocking',
  'commands/exec',
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
