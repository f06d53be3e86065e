/** Asks the same question several times: a gateway may send its requests to upstreams that differ. */
import { concentrationFor, rateInterval } from '../judge/rate.ts';
import { percent } from '../wording/amounts.ts';
import { served } from './exchanges.ts';
import { CHAT, type Form, formsOf, probesResponses, responseRequest } from './forms.ts';
import { MOST_REPEATS } from './plan.ts';
import { type ProbeContext, type ProbeFinding, type Problem, skip } from './probe.ts';
import { variant } from './requests.ts';

/** The interval of a share is right in 95 % of the checks. */
const ALPHA = 0.05;

export type Ask = (send: ProbeContext['send'], form: Form) => Promise<ProbeFinding>;

/**
 * Asks as often as the plan says, and combines what the answers show.
 * @param requests how many different requests the feature has: with the endpoints, they share {@link MOST_REPEATS}
 * @param ask asks once; `send` puts each request into the words of its turn, so that no cache answers
 * @param forms the endpoints that are asked
 */
export async function repeatedly(
  context: ProbeContext,
  requests: number,
  ask: Ask,
  forms: readonly Form[] = [CHAT],
): Promise<ProbeFinding> {
  const { plan, send } = context;
  const most = Math.floor(MOST_REPEATS / (requests * Math.max(1, forms.length)));
  const times = Math.max(1, Math.min(plan.repeat, most));
  const findings = await Promise.all(
    forms.map(async (form) => {
      const turns = Array.from({ length: times }, (_, turn) =>
        ask((request) => form.through(send)(variant(request, turn)), form),
      );
      const finding = together(await Promise.all(turns));
      const summary = form.words(finding.summary);
      if (form === CHAT || finding.kind !== 'problem') return { ...finding, summary };
      return (await hasCause(context))
        ? skip('Not judged on /responses, because responses.basic failed.')
        : { ...finding, summary: `On /responses: ${summary}`, fix: form.words(finding.fix) };
    }),
  );
  return weightiest(findings) ?? skip('The code uses no endpoint that has it.');
}

/** Asks once on each endpoint that the code uses. */
export const onEach = (context: ProbeContext, ask: Ask): Promise<ProbeFinding> =>
  repeatedly(context, MOST_REPEATS, ask, formsOf(context.plan));

/** Whether another probe of this check reports that the whole endpoint fails. */
async function hasCause({ plan, send, chatModel }: ProbeContext): Promise<boolean> {
  if (chatModel === null || !probesResponses(plan)) return false;
  return served(await send(responseRequest(chatModel))) === null;
}

/** The worst problem, else what was seen, else why nothing was. */
function weightiest(findings: readonly ProbeFinding[]): ProbeFinding | undefined {
  const problems = findings.filter((finding): finding is Problem => finding.kind === 'problem');
  const worst = problems.find(({ severity = 'block' }) => severity === 'block') ?? problems[0];
  return worst ?? findings.find(({ kind }) => kind !== 'skip') ?? findings[0];
}

/** Some answers may be right and others wrong: the worst problem decides, with its share. */
export function together(findings: readonly ProbeFinding[]): ProbeFinding {
  const judged = findings.filter(({ kind }) => kind !== 'skip');
  const worst = weightiest(findings);
  if (worst === undefined) throw new Error('nothing was asked');
  if (worst.kind !== 'problem') return worst;
  const same = judged.flatMap((finding) =>
    finding.kind === 'problem' && finding.severity === worst.severity ? [finding] : [],
  );
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
