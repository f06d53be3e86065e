/** What every target needs to reach GitHub. */
import { ConditionalCache } from '../conditional.ts';
import type { FileRead } from '../contents.ts';
import type { Repository } from '../repository.ts';
import type { TrafficPayload } from './payload.ts';

export interface TrafficSettings {
  readonly repository: Repository;
  readonly memory: TrafficMemory;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds until GitHub's replicas agree; a target that seems to have drifted is read once more after that. */
  readonly settling?: number;
  /** The client's token starts no workflow, except by a dispatch. */
  readonly hasJobToken?: boolean;
}

/** What was last read from the targets; one for the process. */
export class TrafficMemory {
  readonly files = new ConditionalCache<FileRead>();
  readonly variables = new ConditionalCache<string>();
  readonly deployments = new ConditionalCache<readonly Deployed[]>();
}

/** A deployment that the App created. */
export interface Deployed {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly payload: TrafficPayload;
}
