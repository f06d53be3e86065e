/** An OpenFeature provider that evaluates a flagd file inside the process: no flag server, no network. */
import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { FlagdCore } from '@openfeature/flagd-core';
import type { EvaluationContext, JsonValue, Logger, Provider } from '@openfeature/server-sdk';

/** How often the file is checked for a new share, in milliseconds. */
const CHECK_INTERVAL = 1000;

export class FlagFileProvider implements Provider {
  readonly metadata = { name: 'flagd file' };
  readonly runsOn = 'server';
  readonly #path: string;
  readonly #flags = new FlagdCore();

  constructor(path: string) {
    this.#path = path;
  }

  async initialize(): Promise<void> {
    this.reload();
    watchFile(this.#path, { interval: CHECK_INTERVAL, persistent: false }, () => this.reload());
  }

  async onClose(): Promise<void> {
    unwatchFile(this.#path);
  }

  /** Reads the file. If it is missing or broken, the last good version stays in use. */
  reload(): void {
    try {
      this.#flags.setConfigurations(readFileSync(this.#path, 'utf8'));
    } catch {
      // The next check may find a valid file.
    }
  }

  async resolveBooleanEvaluation(key: string, fallback: boolean, context: EvaluationContext, logger: Logger) {
    return this.#flags.resolveBooleanEvaluation(key, fallback, context, logger);
  }

  async resolveStringEvaluation(key: string, fallback: string, context: EvaluationContext, logger: Logger) {
    return this.#flags.resolveStringEvaluation(key, fallback, context, logger);
  }

  async resolveNumberEvaluation(key: string, fallback: number, context: EvaluationContext, logger: Logger) {
    return this.#flags.resolveNumberEvaluation(key, fallback, context, logger);
  }

  async resolveObjectEvaluation<Value extends JsonValue>(
    key: string,
    fallback: Value,
    context: EvaluationContext,
    logger: Logger,
  ) {
    return this.#flags.resolveObjectEvaluation(key, fallback, context, logger);
  }
}
