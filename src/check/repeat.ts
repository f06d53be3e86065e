/** Asks the same question several times: a gateway may send its requests to upstreams that differ. */
import { concentrationFor, rateInterval } from '../judge/rate.ts';
import { percent } from '../wording/amounts.ts';
import { MOST_REPEATS } from './plan.ts';
import type { ProbeContext, ProbeFinding, Problem } from './probe.ts';
import { type ProbeRequest, variant } from './requests.ts';

/** The interval of a share is right in 95 % of the checks. */
const ALPHA = 0.05;

/**
 * Asks as often as the plan says, and combines what the answers show.
 * @param requests how many different requests the feature has: they share {@link MOST_REPEATS}
 * @param ask asks once; it puts its requests into the words of its turn, so that no cache answers
 */
export async function repeatedly(
  { plan }: Pick<ProbeContext, 'plan'>,
  requests: number,
  ask: (inTurn: (request: ProbeRequest) => ProbeRequest) => Promise<ProbeFinding>,
): Promise<ProbeFinding> {
  const times = Math.max(1, Math.min(plan.repeat, Math.floor(MOST_REPEATS / requests)));
  const turns = Array.from({ length: times }, (_, turn) => ask((request) => variant(request, turn)));
  return together(await Promise.all(turns));
}

/** Some answers may be right and others wrong: the worst problem decides, with its share. */
export function together(findings: readonly ProbeFinding[]): ProbeFinding {
  const judged = findings.filter(({ kind }) => kind !== 'skip');
  const problems = judged.filter((finding): finding is Problem => finding.kind === 'problem');
  const worst = problems.find(({ severity = 'block' }) => severity === 'block') ?? problems[0];
  const finding = worst ?? judged[0] ?? findings[0];
  if (finding === undefined) throw new Error('nothing was asked');
  if (worst === undefined) return finding;
  const same = problems.filter(({ severity }) => severity === worst.severity);
  if (same.length === judged.length) return worst;
  const count = { events: same.length, tasks: judged.length };
  const { low, high } = rateInterval(count, ALPHA, concentrationFor(count.tasks, ALPHA));
  const [share, from, to] = [count.events / count.tasks, low, high].map((each) =>
    percent(Math.round(100 * each)),
  );
  const ids = same.flatMap(({ requestId }) => requestId ?? []);
  return {
    ...worst,
    summary: `${count.events} of ${count.tasks} answers: ${worst.summary}`,
    fix: `The gateway's upstreams differ: give the request IDs to its operator. ${worst.fix}`,
    evidence: [
      ...(worst.evidence ?? []),
      `Wrong: ${share} of the answers (95 % confidence interval: ${from} to ${to}).`,
      ...(ids.length === 0 ? [] : [`Their request IDs: ${ids.join(', ')}`]),
    ],
  };
}
