/** What the Action hands to the App: the artifact of an `observe` run, and which runs both of them trust. */

/** The name by which the App, and the next run, find a measurement. */
export const MEASUREMENT_ARTIFACT = 'gateway-rollout-measurement';

/** The file of what `observe` learnt of the gateway's model, beside that of the measurements. */
export const besideMeasurements = (file: string): string => `${file}.fidelity.json`;

/** What is unpacked of an artifact: more than a year of five-minute windows. */
export const ARTIFACT_LIMITS = { entries: 10, bytes: 256 * 1024 * 1024 };

/** Events that, on the default branch, only people with write access or the schedule can trigger. */
export const TRUSTED_EVENTS: readonly string[] = ['schedule', 'workflow_dispatch', 'push'];
