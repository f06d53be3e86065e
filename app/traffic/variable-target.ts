/** The share in an Actions variable of the repository or of an environment; created where it is missing. */
import { amountOf, formatAmount, sameAmount } from '../../src/rollout/target-value.ts';
import { isMissing, nullIfMissing, statusOf } from '../http-status.ts';
import { at } from '../repository.ts';
import type { TrafficSettings } from './settings.ts';
import { ACCEPTED, failed, type TargetOf, type TrafficTarget } from './target.ts';

export function variableTarget(target: TargetOf<'variable'>, settings: TrafficSettings): TrafficTarget {
  const { environment } = target;
  const label = `the variable ${target.name}${environment === null ? '' : ` of the environment ${environment}`}`;
  const variable = new Variable(target, settings);
  return {
    kind: 'variable',
    label,
    async write(shares, { purpose }) {
      const current = purpose === 'probe' ? await nullIfMissing(variable.read()) : null;
      const value = current ?? formatAmount(amountOf(target.value, shares));
      if (await variable.update(value)) return ACCEPTED;
      const created = await variable.create(value);
      if (created === 'created' || (created === 'exists' && (await variable.update(value)))) return ACCEPTED;
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
class Variable {
  readonly #settings: TrafficSettings;
  readonly #environment: string | null;
  readonly #parameters: { readonly owner: string; readonly repo: string; readonly name: string };

  constructor({ name, environment }: TargetOf<'variable'>, settings: TrafficSettings) {
    this.#settings = settings;
    this.#environment = environment;
    this.#parameters = { ...at(settings.repository), name };
  }

  async read(): Promise<string> {
    const { repository, memory } = this.#settings;
    const environment_name = this.#environment;
    const key = `${repository.id} ${environment_name ?? ''} ${this.#parameters.name}`;
    const { value } = await memory.variables.get(key, async (headers) => {
      const parameters = { ...this.#parameters, headers: { ...headers } };
      const response =
        environment_name === null
          ? await this.#actions.getRepoVariable(parameters)
          : await this.#actions.getEnvironmentVariable({ ...parameters, environment_name });
      return { etag: response.headers.etag, value: response.data.value };
    });
    return value;
  }

  /** @returns whether there is such a variable */
  async update(value: string): Promise<boolean> {
    const parameters = { ...this.#parameters, value };
    const environment_name = this.#environment;
    const request =
      environment_name === null
        ? this.#actions.updateRepoVariable(parameters)
        : this.#actions.updateEnvironmentVariable({ ...parameters, environment_name });
    return (await nullIfMissing<unknown>(request)) !== null;
  }

  async create(value: string): Promise<'created' | 'exists' | 'no_environment'> {
    const parameters = { ...this.#parameters, value };
    const environment_name = this.#environment;
    try {
      if (environment_name === null) await this.#actions.createRepoVariable(parameters);
      else await this.#actions.createEnvironmentVariable({ ...parameters, environment_name });
      return 'created';
    } catch (error) {
      if (statusOf(error) === 409) return 'exists';
      if (isMissing(error)) return 'no_environment';
      throw error;
    }
  }

  get #actions() {
    return this.#settings.repository.octokit.rest.actions;
  }
}
