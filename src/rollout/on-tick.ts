/** Time has passed. */
import { followNumbers } from './follow.ts';
import type { Turn } from './turn.ts';
import { writeTraffic } from './write-traffic.ts';

/** What a deployment refused to take back is asked of it again; then the stage is looked at. */
export function onTick(turn: Turn): Turn {
  const { status, stage } = turn.state;
  const { traffic } = stage;
  const isFinal =
    status.kind !== 'progressing' && (status.kind !== 'paused' || traffic.purpose === 'rollback');
  if (isFinal && traffic.targets.includes('failed')) {
    return writeTraffic(turn, traffic.shares, traffic.purpose);
  }
  return followNumbers(turn);
}
