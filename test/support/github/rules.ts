/** Protected branches: what a ruleset forbids, to whom, and in which words GitHub says so. */
import { matchesGlob } from 'node:path';
import { problem, Refusal } from './response.ts';
import { type Caller, loginOf, type Repository, type Rule } from './world.ts';

export type Change = 'creation' | 'update' | 'deletion';

export const rulesFor = (repository: Repository, branch: string): readonly Rule[] =>
  repository.rules.filter(({ branches }) => matchesGlob(branch, branches));

/**
 * Refuses a change of a branch that a rule forbids.
 * @param through the API of contents says 409, the one of refs 422
 */
export function assertAllowed(
  repository: Repository,
  caller: Caller,
  { branch, change, through }: { branch: string; change: Change; through: 'contents' | 'refs' },
): void {
  const broken = rulesFor(repository, branch)
    .filter(({ bypass }) => !bypass.includes(caller.kind === 'app' ? caller.slug : loginOf(caller)))
    .flatMap(({ types }) => types.flatMap((type) => violation(type, change)));
  if (broken.length === 0) return;
  const message = `Repository rule violations found\n\n${broken.join('\n\n')}\n\n`;
  throw new Refusal(problem(through === 'contents' ? 409 : 422, message));
}

function violation(type: Rule['types'][number], change: Change): string[] {
  if (type === 'pull_request') {
    return change === 'update' ? ['Changes must be made through a pull request.'] : [];
  }
  if (type === 'required_signatures') {
    return change === 'deletion' ? [] : ['Commits must have verified signatures.'];
  }
  if (type !== change) return [];
  return [
    {
      creation: 'Cannot create ref due to creations being restricted.',
      update: 'Cannot update this protected ref.',
      deletion: 'Cannot delete this protected ref.',
    }[type],
  ];
}
