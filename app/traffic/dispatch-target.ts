/** A `repository_dispatch` with the shares as payload. Only the traffic itself shows whether a workflow acts on it. */
import { at } from '../repository.ts';
import { payloadOf } from './payload.ts';
import type { TrafficSettings } from './settings.ts';
import { DONE, type TargetOf, type TrafficTarget } from './target.ts';

export function dispatchTarget(
  { event_type }: TargetOf<'dispatch'>,
  { repository }: TrafficSettings,
): TrafficTarget {
  return {
    label: `the dispatch ${event_type}`,
    /** Sent again after a crash; the generation shows that it is the same one. */
    async write(shares, context) {
      await repository.octokit.rest.repos.createDispatchEvent({
        ...at(repository),
        event_type,
        client_payload: { ...payloadOf(shares, context) },
      });
      return DONE;
    },
    read: async () => ({ kind: 'unknown' }),
  };
}
