/** Time has passed. */
import { lookAndAct } from './act-on-look.ts';
import type { Turn } from './turn.ts';
import { writeTraffic } from './write-traffic.ts';

/** Retries a target that failed for good, where its write must not stay undone; otherwise looks at the stage. */
export function onTick(turn: Turn): Turn {
  const { status, stage } = turn.state;
  const { traffic } = stage;
  const isOwed = traffic.purpose === 'rollback' || status.kind === 'completed';
  return isOwed && traffic.targets.includes('failed')
    ? writeTraffic(turn, traffic.shares, traffic.purpose)
    : lookAndAct(turn);
}
