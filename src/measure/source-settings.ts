/**
 * The address and credentials of each source, from the environment alone. The config has neither, because the address of
 * a source decides who gets its token.
 */

import { resolve } from 'node:path';
import querystring from 'node:querystring';
import type { Environment } from '../config/environment.ts';
import { isLinkLocalHost, sendsInClearText } from '../config/hosts.ts';
import type { SourceName } from '../config/schema/measure.ts';
import type { SourceAuth, SourceEndpoint } from './fetch-source.ts';

export interface SourceVariable {
  readonly name: string;
  /** What it holds. */
  readonly about: string;
  /** The source does not work without it. */
  readonly required: boolean;
  /** Must never be shown. */
  readonly secret: boolean;
}

const required = (name: string, about: string) => ({ name, about, required: true, secret: false });
const optional = (name: string, about: string) => ({ ...required(name, about), required: false });
const secret = (variable: SourceVariable): SourceVariable => ({ ...variable, secret: true });

/**
 * The variables of each source. None begins with GATEWAY_, because `gateway.headers` of the config can send those to
 * the gateway.
 */
export const SOURCE_VARIABLES: Readonly<Record<SourceName, readonly SourceVariable[]>> = {
  prometheus: [
    required('PROMETHEUS_URL', 'URL of Prometheus, Thanos, Mimir or VictoriaMetrics, without /api/v1'),
    secret(optional('PROMETHEUS_TOKEN', 'bearer token')),
    optional('PROMETHEUS_USER', 'user for basic auth, instead of a token'),
    secret(optional('PROMETHEUS_PASSWORD', 'password for basic auth')),
  ],
  jsonl: [required('MEASURE_JSONL', 'files or directories of request records, separated by commas')],
  sql: [
    required('SQL_URL', 'URL of ClickHouse (https://…:8443) or PostgreSQL (postgres://…/database)'),
    optional('SQL_USER', 'user that may only read'),
    secret(optional('SQL_PASSWORD', 'password of that user')),
  ],
  openai: [
    secret(required('OPENAI_ADMIN_KEY', 'admin key of the organization (sk-admin-…)')),
    optional('OPENAI_ADMIN_URL', 'URL of the usage API (default: https://api.openai.com/v1)'),
    optional('OPENAI_PROJECT_IDS', 'only these projects, separated by commas'),
  ],
  litellm: [
    required('LITELLM_URL', 'URL of the LiteLLM proxy, without /v1'),
    secret(required('LITELLM_KEY', 'key that may read its spend')),
  ],
  'new-api': [
    required('NEW_API_URL', 'URL of the New API platform, without /v1'),
    secret(required('NEW_API_TOKEN', 'system access token (not an API key)')),
    optional('NEW_API_USER_ID', "the token's user ID, for older versions"),
    optional('NEW_API_SCOPE', "own: that user's requests (default); all: everybody's"),
  ],
  openrouter: [
    secret(required('OPENROUTER_MANAGEMENT_KEY', 'management key, which may read the activity')),
    optional('OPENROUTER_URL', 'URL of its API (default: https://openrouter.ai/api/v1)'),
  ],
};

const SCHEMES = {
  'an http(s)': [/^https?:\/\//i, 'https://prometheus.example'],
  'a postgres': [/^postgres(ql)?:\/\/[^,]+$/i, 'postgres://database.example/logs'],
} as const;

/** Something that a person must set or fix first; one or two sentences, no secrets. */
export interface SettingProblem {
  /** Stable. */
  readonly reasonCode: 'missing_source_setting' | 'malformed_source_setting';
  readonly message: string;
}

/** Every source credential in the environment, used or not: logs must mask them all. */
export function sourceSecrets(environment: Environment): string[] {
  const values = Object.values(SOURCE_VARIABLES)
    .flat()
    .flatMap(({ name, secret }) => {
      const value = present(environment, name) ?? '';
      return secret ? value : passwordsIn(value);
    });
  return [...new Set(values.filter((value) => value !== ''))];
}

/** Of `https://user:password@host`, as it is written and as it is sent. */
function passwordsIn(address: string): string[] {
  const password = URL.canParse(address) ? new URL(address).password : '';
  return [password, querystring.unescape(password)];
}

/** Reads the variables of one source, and collects what is wrong with them. */
export class SourceSettings {
  readonly #source: SourceName;
  readonly #environment: Environment;
  readonly problems: SettingProblem[] = [];
  readonly notes: string[] = [];

  constructor(source: SourceName, environment: Environment) {
    this.#source = source;
    this.#environment = environment;
    for (const { name, about, required } of SOURCE_VARIABLES[source]) {
      if (!required || present(environment, name) !== null) continue;
      this.problems.push({
        reasonCode: 'missing_source_setting',
        message: `The environment variable ${name} is not set, but the source ${source} needs it: ${about}.`,
      });
    }
  }

  /** Null if it is not set. */
  text(name: string): string | null {
    return present(this.#environment, name);
  }

  /** Texts separated by commas. */
  list(name: string): string[] {
    const texts = (this.text(name) ?? '').split(',').map((text) => text.trim());
    return texts.filter((text) => text !== '');
  }

  paths(name: string, directory: string): string[] {
    return this.list(name).map((path) => resolve(directory, path));
  }

  /** One of several words; the first is the default. */
  choice<Word extends string>(name: string, [first, ...others]: readonly [Word, ...Word[]]): Word {
    const given = this.text(name);
    const words = [first, ...others];
    const found = given === null ? first : words.find((word) => word === given);
    if (found === undefined) this.#malformed(`${name} must be one of ${words.join(', ')}.`);
    return found ?? first;
  }

  /**
   * Null if the address is missing or malformed.
   * @param usual the default address
   * @param scheme of the address, and of an encrypted one
   */
  endpoint(
    urlName: string,
    auth: SourceAuth,
    usual: string | null = null,
    scheme: keyof typeof SCHEMES = 'an http(s)',
  ): SourceEndpoint | null {
    const baseUrl = this.text(urlName) ?? usual;
    if (baseUrl === null) return null;
    const [pattern, example] = SCHEMES[scheme];
    if (!URL.canParse(baseUrl) || !pattern.test(baseUrl)) {
      this.#malformed(`${urlName} is not ${scheme} URL; expected one such as ${example}.`);
      return null;
    }
    const url = new URL(baseUrl);
    if (isLinkLocalHost(url.hostname)) {
      this.#malformed(
        `${urlName} has a link-local or cloud metadata address; expected that of ${this.#source}.`,
      );
      return null;
    }
    if (auth.kind !== 'none' && sendsInClearText(url)) {
      this.notes.push(
        `The credentials of ${this.#source} are sent to ${url.hostname} unencrypted. Use https:// in ${urlName}.`,
      );
    }
    return { baseUrl, auth, setting: urlName };
  }

  bearer(name: string): SourceAuth {
    const token = this.text(name);
    return token === null ? { kind: 'none' } : { kind: 'bearer', token };
  }

  /** A token, else a user with a password, else nothing. */
  bearerOrBasic(tokenName: string, userName: string, passwordName: string): SourceAuth {
    const [token, user, password] = [this.text(tokenName), this.text(userName), this.text(passwordName)];
    if (token !== null && (user !== null || password !== null)) {
      this.#malformed(
        `${tokenName} is set, and so is ${userName} or ${passwordName}. Set either the token, or the user and the password.`,
      );
    }
    return token === null ? this.basic(userName, passwordName) : { kind: 'bearer', token };
  }

  basic(userName: string, passwordName: string): SourceAuth {
    const [user, password] = [this.text(userName), this.text(passwordName)];
    if (user === null && password === null) return { kind: 'none' };
    if (user === null || password === null) {
      this.#malformed(
        `Only one of ${userName} and ${passwordName} is set, but basic auth needs both. Set the other one too.`,
      );
    }
    return { kind: 'basic', user: user ?? '', password: password ?? '' };
  }

  #malformed(message: string): void {
    this.problems.push({ reasonCode: 'malformed_source_setting', message });
  }
}

/** Null if not set or blank: a secret that does not exist arrives as an empty string. */
function present(environment: Environment, name: string): string | null {
  const value = environment[name]?.trim() ?? '';
  return value === '' ? null : value;
}
