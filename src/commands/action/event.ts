import type { RunEvent } from './trust.ts';

/** Loaded late: the library reads the event's file when it is imported. */
export async function readEvent(): Promise<RunEvent> {
  const { context } = await import('@actions/github');
  const { eventName, payload, actor, sha } = context;
  return { name: eventName ?? '', payload, actor: actor ?? '', sha: sha ?? '' };
}
