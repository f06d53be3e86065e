/** A tick: time has passed. */
import { lookAndAct } from './act-on-look.ts';
import type { Turn } from './turn.ts';
import { writeTraffic } from './write-traffic.ts';

/** Looks at the stage. If a target failed in a rollback or at completion, writes the targets again instead. */
export function onTick(turn: Turn): Turn {
  const { status, stage } = turn.state;
  const { traffic } = stage;
  const isOwed = traffic.purpose === 'rollback' || status.kind === 'completed';
  return isOwed && traffic.targets.includes('failed')
    ? writeTraffic(turn, traffic.shares, traffic.purpose)
    : lookAndAct(turn);
}
