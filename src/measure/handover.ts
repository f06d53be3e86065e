/** What the Action leaves to the App: the artifact of a run of `observe`, and which runs both of them believe. */

/** By its name the App finds a measurement, and the next run the one before it. */
export const MEASUREMENT_ARTIFACT = 'gateway-rollout-measurement';

/** Events of runs on the default branch that only who may write to it, or the clock, can cause. */
export const BELIEVED_EVENTS: readonly string[] = ['schedule', 'workflow_dispatch', 'push'];
