/** What the Action hands to the App: the artifact of an `observe` run, and which runs both of them trust. */

/** The name by which the App, and the next run, find a measurement. */
export const MEASUREMENT_ARTIFACT = 'gateway-rollout-measurement';

/** Events that, on the default branch, only people with write access or the schedule can trigger. */
export const TRUSTED_EVENTS: readonly string[] = ['schedule', 'workflow_dispatch', 'push'];
