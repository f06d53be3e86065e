/** Where the shares are written when a stage begins: a file, a variable, a deployment, a dispatch. */
export { DEPLOYMENT_TASK, outcomeOf } from './traffic/deployment-target.ts';
export { manualRollback } from './traffic/manual-rollback.ts';
export { openTarget, TrafficMemory, type TrafficSettings } from './traffic/open.ts';
export { readPayload, type TrafficPayload } from './traffic/payload.ts';
export type {
  LookContext,
  TrafficContext,
  TrafficLook,
  TrafficTarget,
  TrafficWrite,
} from './traffic/target.ts';
