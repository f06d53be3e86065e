/** Time has passed. */
import { lookAndAct } from './act-on-look.ts';
import type { Turn } from './turn.ts';
import { writeTraffic } from './write-traffic.ts';

/** What a target refused for good is asked of it again where nobody could do without it; then the stage is looked at. */
export function onTick(turn: Turn): Turn {
  const { status, stage } = turn.state;
  const { traffic } = stage;
  const isOwed = traffic.purpose === 'rollback' || status.kind === 'completed';
  return isOwed && traffic.targets.includes('failed')
    ? writeTraffic(turn, traffic.shares, traffic.purpose)
    : lookAndAct(turn);
}
