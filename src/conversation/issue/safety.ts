/** How long a rollback takes in the worst case, and what reacts sooner. */
import type { Config } from '../../config/schema.ts';
import { span } from '../../wording/amounts.ts';

/** A window is read this long after its end (measure/README.md), because a task's last attempts may be that late. */
const WINDOW_DELAY = 11 * 60_000;
/** For a commit, a variable or a dispatch. How long production takes to pick it up depends on the team. */
const WRITE_TIME = 60_000;

/** Milliseconds from a failure that the metrics show until the targets confirm the rollback. */
export function worstRollback({ measure, traffic }: Config): {
  readonly total: number;
  readonly interval: number;
  readonly delay: number;
  readonly target: number;
} | null {
  if (measure === null) return null;
  const target = traffic.reduce((sum, each) => sum + ('timeout' in each ? each.timeout : WRITE_TIME), 0);
  const { interval } = measure;
  return { total: interval + WINDOW_DELAY + target, interval, delay: WINDOW_DELAY, target };
}

export function safetySection(config: Config): string {
  const worst = worstRollback(config);
  const time =
    worst === null
      ? 'No metrics source: nothing rolls back automatically. Comment `/rollback-rollout`.'
      : `An automatic rollback takes at most ${span(worst.total)}: ${span(worst.interval)} until the window ends, ${span(worst.delay)} until its data is complete, ${span(worst.target)} to write the targets. \`/rollback-rollout\` takes only the last part.`;
  return `${time}\n\n${BREAKER}`;
}

const BREAKER = `A circuit breaker in your client reacts within seconds. This one sends requests to the official API for a minute after five failures in a row. A task that falls back still counts as a gateway failure, so the metrics stay correct. While the breaker diverts traffic, the share check holds the rollout.

\`\`\`js
let failures = 0;
let officialUntil = 0;

export async function ask(request) {
  const useGateway = flagSaysGateway() && Date.now() > officialUntil;
  try {
    const answer = await (useGateway ? gateway : official).chat.completions.create(request);
    if (useGateway) failures = 0;
    return answer;
  } catch (error) {
    if (!useGateway) throw error;
    failures += 1;
    if (failures >= 5) [failures, officialUntil] = [0, Date.now() + 60_000];
    return official.chat.completions.create(request);
  }
}
\`\`\``;
