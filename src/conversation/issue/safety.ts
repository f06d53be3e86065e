/** How long a rollback may take at worst, and what helps sooner. */
import type { Config } from '../../config/schema.ts';
import { span } from '../../wording/amounts.ts';

/** A window is read so long after its end (measure/README.md): a task's attempts may follow so late. */
const WINDOW_DELAY = 11 * 60_000;
/** What a commit, a variable or a dispatch may take until production holds it is the team's own. */
const WRITE_TIME = 60_000;

/** Milliseconds from a failure that the numbers prove to the targets' confirmation. */
export function worstRollback({ measure, traffic }: Config): {
  readonly total: number;
  readonly interval: number;
  readonly delay: number;
  readonly target: number;
} | null {
  if (measure === null) return null;
  const target = traffic.reduce(
    (sum, each) => sum + (each.kind === 'deployment' ? each.timeout : WRITE_TIME),
    0,
  );
  const { interval } = measure;
  return { total: interval + WINDOW_DELAY + target, interval, delay: WINDOW_DELAY, target };
}

export function safetySection(config: Config): string {
  const worst = worstRollback(config);
  const time =
    worst === null
      ? 'Nobody measures production, so no rollback comes by itself: comment `/rollback-rollout`.'
      : `Once the numbers prove a failure, a rollback takes at worst ${span(worst.total)}: ${span(worst.interval)} until the window ends, ${span(worst.delay)} until it is complete, ${span(worst.target)} to write the targets. A person's \`/rollback-rollout\` takes the last part alone.`;
  return `${time}\n\n${BREAKER}`;
}

const BREAKER = `A breaker in the client helps within seconds. It sends requests to the official API for a minute after five failures in a row. A task that falls back still counts as a failure of the gateway, so the numbers stay true; while the breaker holds traffic back, the share check holds the rollout.

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
