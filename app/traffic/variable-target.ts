/** The share in an Actions variable of the repository or of an environment; created where it is missing. */
import { amountOf, formatAmount, sameAmount } from '../../src/rollout/target-value.ts';
import { isMissing, nullIfMissing, statusOf } from '../http-status.ts';
import { at } from '../repository.ts';
import type { TrafficSettings } from './settings.ts';
import { DONE, failed, type TargetOf, type TrafficTarget } from './target.ts';

export function variableTarget(target: TargetOf<'variable'>, settings: TrafficSettings): TrafficTarget {
  const { environment } = target;
  const label = `the variable ${target.name}${environment === null ? '' : ` of the environment ${environment}`}`;
  const variable = requestsOf(target, settings);
  return {
    label,
    async write(shares, { purpose }) {
      const current = purpose === 'probe' ? await nullIfMissing(variable.read()) : null;
      const value = current ?? formatAmount(amountOf(target.value, shares));
      if (await variable.update(value)) return DONE;
      const created = await variable.create(value);
      if (created === 'created' || (created === 'exists' && (await variable.update(value)))) return DONE;
      return failed(
        environment === null
          ? `GitHub cannot create ${label}: the App does not see the repository. Install the App there.`
          : `GitHub cannot create ${label}: there is no such environment. Create it in the repository's settings.`,
      );
    },
    async read(shares) {
      const found = await nullIfMissing(variable.read());
      if (found === null) return { kind: 'drifted', found: 'no such variable' };
      const expected = amountOf(target.value, shares);
      const holds = found.trim() !== '' && sameAmount(Number(found), expected);
      if (holds) return { kind: 'holds' };
      return { kind: 'drifted', found: `"${found.slice(0, 50)}", expected ${formatAmount(expected)}` };
    },
  };
}

/** The variable's requests, which differ between a repository and an environment. */
function requestsOf({ name, environment }: TargetOf<'variable'>, settings: TrafficSettings) {
  const { repository, memory } = settings;
  const { actions } = repository.octokit.rest;
  const about = { ...at(repository), name };
  const inEnvironment = environment === null ? null : { ...about, environment_name: environment };
  return {
    read(): Promise<string> {
      return memory.variables.get(
        `${repository.id} ${environment ?? ''} ${name}`,
        (headers) =>
          inEnvironment === null
            ? actions.getRepoVariable({ ...about, headers })
            : actions.getEnvironmentVariable({ ...inEnvironment, headers }),
        ({ value }) => value,
      );
    },
    /** @returns whether there is such a variable */
    async update(value: string): Promise<boolean> {
      const request =
        inEnvironment === null
          ? actions.updateRepoVariable({ ...about, value })
          : actions.updateEnvironmentVariable({ ...inEnvironment, value });
      return (await nullIfMissing<unknown>(request)) !== null;
    },
    async create(value: string): Promise<'created' | 'exists' | 'no_environment'> {
      try {
        if (inEnvironment === null) await actions.createRepoVariable({ ...about, value });
        else await actions.createEnvironmentVariable({ ...inEnvironment, value });
        return 'created';
      } catch (error) {
        if (statusOf(error) === 409) return 'exists';
        if (isMissing(error)) return 'no_environment';
        throw error;
      }
    },
  };
}
