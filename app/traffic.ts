/** Where the shares are written when a stage begins: a file, a variable, a deployment, a dispatch. */
export { DEPLOYMENT_TASK, outcomeOf } from './traffic/deployment-target.ts';
export { compareFile } from './traffic/edit-file.ts';
export { type FileTargetConfig, wantedIn } from './traffic/file-target.ts';
export { openTarget, TrafficMemory } from './traffic/open.ts';
export { readPayload } from './traffic/payload.ts';
export type { TrafficTarget } from './traffic/target.ts';
