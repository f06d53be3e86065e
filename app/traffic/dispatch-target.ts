/** A `repository_dispatch` with the shares as payload. Whether anybody acts on it, only the traffic itself shows. */
import type { Target } from '../../src/config/schema/traffic.ts';
import type { Shares } from '../../src/rollout/effect.ts';
import { at, type Repository } from '../repository.ts';
import { payloadOf } from './payload.ts';
import {
  ACCEPTED,
  type TrafficContext,
  type TrafficReading,
  type TrafficTarget,
  type TrafficWrite,
} from './target.ts';

export class DispatchTarget implements TrafficTarget {
  readonly kind = 'dispatch';
  readonly label: string;
  readonly #eventType: string;
  readonly #repository: Repository;

  constructor({ event_type }: Extract<Target, { kind: 'dispatch' }>, repository: Repository) {
    this.label = `the dispatch ${event_type}`;
    this.#eventType = event_type;
    this.#repository = repository;
  }

  /** Sent again after a crash; who acts on it sees by the generation that it is the same. */
  async write(shares: Shares, context: TrafficContext): Promise<TrafficWrite> {
    await this.#repository.octokit.rest.repos.createDispatchEvent({
      ...at(this.#repository),
      event_type: this.#eventType,
      client_payload: { ...payloadOf(shares, context) },
    });
    return ACCEPTED;
  }

  async look(): Promise<TrafficReading> {
    return { kind: 'unknown' };
  }
}
