/** A tick: time has passed. */
import { lookAndAct } from './act-on-look.ts';
import { isSteppedBack } from './state.ts';
import { returnWhenDue } from './step-back.ts';
import type { Turn } from './turn.ts';
import { writeTraffic } from './write-traffic.ts';

/** Looks at the stage. If a target failed in a rollback or at completion, writes the targets again instead. */
export function onTick(turn: Turn): Turn {
  const { status, stage } = turn.state;
  const { traffic } = stage;
  const isOwed = traffic.purpose === 'rollback' || status.kind === 'completed';
  if (isOwed && traffic.targets.includes('failed')) {
    const evidence = isSteppedBack(turn.state) ? 'kept' : 'anew';
    return writeTraffic(turn, traffic.shares, traffic.purpose, evidence);
  }
  return status.kind === 'stepped-back' ? returnWhenDue(turn) : lookAndAct(turn);
}
