/** The share in an Actions variable of the repository or of an environment; created where it is missing. */
import type { Target } from '../../src/config/schema/traffic.ts';
import type { Shares } from '../../src/rollout/effect.ts';
import { amountOf, formatAmount, sameAmount } from '../../src/rollout/target-value.ts';
import type { ConditionalAnswers, ConditionalHeaders } from '../conditional.ts';
import { isMissing, orNull, statusOf } from '../http-status.ts';
import { at, type Repository } from '../repository.ts';
import {
  ACCEPTED,
  failed,
  type TrafficContext,
  type TrafficReading,
  type TrafficTarget,
  type TrafficWrite,
} from './target.ts';

type VariableTargetConfig = Extract<Target, { kind: 'variable' }>;

export class VariableTarget implements TrafficTarget {
  readonly kind = 'variable';
  readonly label: string;
  readonly #target: VariableTargetConfig;
  readonly #repository: Repository;
  readonly #values: ConditionalAnswers<string>;

  /** @param values what was read before, of all targets */
  constructor(target: VariableTargetConfig, repository: Repository, values: ConditionalAnswers<string>) {
    const { name, environment } = target;
    this.label = `the variable ${name}${environment === null ? '' : ` of the environment ${environment}`}`;
    this.#target = target;
    this.#repository = repository;
    this.#values = values;
  }

  async write(shares: Shares, { purpose }: TrafficContext): Promise<TrafficWrite> {
    const present = purpose === 'probe' ? await orNull(this.#read()) : null;
    const value = present ?? formatAmount(amountOf(this.#target.value, shares));
    if (await this.#update(value)) return ACCEPTED;
    const created = await this.#create(value);
    if (created === 'created' || (created === 'exists' && (await this.#update(value)))) return ACCEPTED;
    const { environment } = this.#target;
    return failed(
      environment === null
        ? `GitHub shows the App no repository in which to create ${this.label}; expected the App to be installed there.`
        : `GitHub cannot create ${this.label}: there is no such environment. Create it in the repository's settings.`,
    );
  }

  async look(shares: Shares): Promise<TrafficReading> {
    const found = await orNull(this.#read());
    if (found === null) return { kind: 'drifted', found: 'no such variable' };
    const expected = amountOf(this.#target.value, shares);
    const holds = found.trim() !== '' && sameAmount(Number(found), expected);
    if (holds) return { kind: 'holds' };
    return { kind: 'drifted', found: `"${found.slice(0, 50)}", expected ${formatAmount(expected)}` };
  }

  async #read(): Promise<string> {
    const { id } = this.#repository;
    const { name, environment } = this.#target;
    const read = await this.#values.ask(`${id} ${environment ?? ''} ${name}`, async (headers) => {
      const answer = await this.#get(headers);
      return { etag: answer.headers.etag, value: answer.data.value };
    });
    return read.value;
  }

  #get(headers: ConditionalHeaders) {
    const { actions } = this.#repository.octokit.rest;
    const { name, environment } = this.#target;
    const parameters = { ...at(this.#repository), name, headers: { ...headers } };
    if (environment === null) return actions.getRepoVariable(parameters);
    return actions.getEnvironmentVariable({ ...parameters, environment_name: environment });
  }

  /** @returns whether there is such a variable */
  async #update(value: string): Promise<boolean> {
    const { actions } = this.#repository.octokit.rest;
    const { name, environment } = this.#target;
    const parameters = { ...at(this.#repository), name, value };
    try {
      if (environment === null) await actions.updateRepoVariable(parameters);
      else await actions.updateEnvironmentVariable({ ...parameters, environment_name: environment });
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  async #create(value: string): Promise<'created' | 'exists' | 'no_environment'> {
    const { actions } = this.#repository.octokit.rest;
    const { name, environment } = this.#target;
    const parameters = { ...at(this.#repository), name, value };
    try {
      if (environment === null) await actions.createRepoVariable(parameters);
      else await actions.createEnvironmentVariable({ ...parameters, environment_name: environment });
      return 'created';
    } catch (error) {
      if (statusOf(error) === 409) return 'exists';
      if (isMissing(error)) return 'no_environment';
      throw error;
    }
  }
}
