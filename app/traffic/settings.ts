/** What every target needs to reach GitHub. */
import { ConditionalCache } from '../conditional.ts';
import type { FileRead } from '../contents.ts';
import type { Wait } from '../patience.ts';
import type { Repository } from '../repository.ts';
import type { TrafficPayload } from './payload.ts';

export interface TrafficSettings {
  readonly repository: Repository;
  readonly memory: TrafficMemory;
  /** The App's login. */
  readonly identity: () => Promise<string>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Passes the time until GitHub's reads have caught up with its writes. */
  readonly wait: Wait;
  /** The client's token starts workflows only by a dispatch. */
  readonly hasJobToken?: boolean;
}

/** What was last read from the targets; one for the process. */
export class TrafficMemory {
  readonly files = new ConditionalCache<FileRead>();
  readonly variables = new ConditionalCache<string>();
  readonly deployments = new ConditionalCache<readonly Deployed[]>();
  readonly runs = new ConditionalCache<readonly StartedRun[]>();
}

/** A run that somebody started by hand or by a request. */
export interface StartedRun {
  readonly id: number;
  /** Login of whoever started it last. */
  readonly by: string;
  /** Its newest attempt, in milliseconds since 1970. */
  readonly startedAt: number;
}

/** A deployment that the App created. */
export interface Deployed {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly payload: TrafficPayload;
}
