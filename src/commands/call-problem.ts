/** What is wrong with a call, so that it must be changed. */
import { nearest } from '../config/problem.ts';
import { asSubject } from './settings.ts';

/** The reason code is stable. */
export interface CallProblem {
  readonly reasonCode:
    | 'missing_key'
    | 'ambiguous_key'
    | 'malformed_key'
    | 'missing_base_url'
    | 'malformed_base_url'
    | 'official_as_gateway'
    | 'missing_header_variable'
    | 'new_address'
    | 'malformed_input';
  readonly message: string;
}

/** A command's plan, or everything that is wrong with its call. */
export type Planned<Plan> =
  | {
      readonly kind: 'plan';
      readonly plan: Plan;
      /** What must not be shown: keys, and the values of headers. */
      readonly secrets: readonly string[];
      readonly notes: readonly string[];
    }
  | { readonly kind: 'problems'; readonly problems: readonly CallProblem[] };

export const malformed = (message: string): CallProblem => ({ reasonCode: 'malformed_input', message });

/**
 * A problem if the name does not exist, with the nearest one that does.
 * @param from where the name is set, e.g. `--only`
 * @param what the kind of thing that it names, e.g. `probe`
 */
export function unknownName(
  from: string,
  what: string,
  name: string,
  known: readonly string[],
): readonly CallProblem[] {
  if (known.includes(name)) return [];
  const meant = nearest(name, known);
  const hint = meant === null ? '' : ` Did you mean ${meant}?`;
  return [malformed(`${asSubject(from)} names the ${what} "${name}", which does not exist.${hint}`)];
}

/** An unknown profile would silently have no effect. @param known names of all platforms */
export function unknownProfile(profile: string, known: readonly string[]): readonly CallProblem[] {
  return unknownName('gateway.profile of the config', 'platform', profile, ['auto', ...known]);
}
