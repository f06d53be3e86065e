import { conclude, weigh } from './conclusion.ts';
import { createContext } from './context.ts';
import { classOf, OUTAGES, requestIdSources, responsesIn } from './exchanges.ts';

import { expectedCost, fidelityPlan } from './fidelity/plan.ts';
import { formOf, probesResponses } from './forms.ts';
import { inspectModels, NOT_CALLED } from './inspect-models.ts';
import { BudgetSpent, Meter } from './meter.ts';
import { type CheckPlan, isChosen } from './plan.ts';
import { type Needs, type Probe, type ProbeContext, type ProbeFinding, problem, skip } from './probe.ts';
import { PROBES } from './probes/index.ts';
import type { CheckReport, ModelResult, ProbeResult } from './report.ts';
import { smallestRequest } from './requests.ts';
import { Sender } from './send.ts';

/** The progress of a check: how many probes will run, then each of them when it starts and when it finishes. */
export type CheckProgress =
  | {
      readonly kind: 'begun';
      readonly probes: number;
      /** How many requests the probes will send, without those that depend on what comes back. */
      readonly requests: number;
      /** Their upper bound in USD. */
      readonly mostUsd: number;
    }
  | { readonly kind: 'started'; readonly id: string }
  | { readonly kind: 'finished'; readonly result: ProbeResult };

/**
 * Runs all probes and gives the verdict.
 *
 * The base URL is checked first; then all requests are sent (8 at a time), and the probes that only read responses run
 * last. A failure that follows from a refused key or model is reported as a consequence, so that one cause gives one
 * message.
 *
 * Never throws for what an endpoint does.
 */
export async function runCheck(
  plan: CheckPlan,
  onProgress: (progress: CheckProgress) => void = () => {},
): Promise<CheckReport> {
  const meter = new Meter(plan.maxCostUsd, plan.prices);
  const context = await createContext(plan, meter);
  const chosen = PROBES.filter((probe) => isChosen(probe.id, plan.only));

  const overBudget = budgetFindings(plan);
  const findings = new Map<string, Promise<ProbeResult>>();
  const results = new Map<string, ProbeResult>();
  const runs = (probe: Probe): boolean => skipReasonOf(probe, context) === null;
  const running = chosen.filter(runs);
  onProgress({ kind: 'begun', probes: running.length, ...(await forecast(running, context)) });
  const run = async (probe: Probe): Promise<void> => {
    const report = runs(probe) ? onProgress : () => {};
    report({ kind: 'started', id: probe.id });
    const startedAt = performance.now();
    const finding = find(probe, context, overBudget).then((found) =>
      weigh(probe, found, plan, performance.now() - startedAt),
    );
    findings.set(probe.id, finding);
    const cause = await failedCause(probe, await finding, context, findings);
    const result = cause === null ? await finding : asConsequence(await finding, cause);
    results.set(probe.id, result);
    report({ kind: 'finished', result });
  };
  const inTurn = [...new Set(chosen.map(turnOf))].sort();
  for (const turn of inTurn) await Promise.all(chosen.filter((probe) => turnOf(probe) === turn).map(run));

  const probes = [...givenResults(plan), ...chosen.flatMap((probe) => results.get(probe.id) ?? [])];
  return {
    schema: 1,
    ...conclude(probes),
    gateway: {
      baseUrl: plan.gateway.baseUrl,
      requestIdHeader: requestIdSources(responsesIn(context.log))[0] ?? null,
      profile: context.profile?.name ?? null,
    },
    features: plan.features,
    probes,
    models: await reportModels(
      context,
      plan.gateway.apiKey === null || results.get('auth.accepted')?.status === 'fail',
    ),
    usage: meter.usage,
  };
}

/** Reviews read what the others were answered; the last one may spend what they leave. */
function turnOf({ isReview, isLast }: Probe): number {
  if (isLast) return 2;
  return isReview ? 1 : 0;
}

/** Runs the probes on a gateway that never responds, to see what they send; only what follows a response is left out. */
async function forecast(
  probes: readonly Probe[],
  context: ProbeContext,
): Promise<{ readonly requests: number; readonly mostUsd: number }> {
  const meter = new Meter(Number.POSITIVE_INFINITY, context.plan.prices);
  const options = { meter, deadlineMs: 0, maxRetries: 0, log: [], signal: null };
  const nowhere = () =>
    formOf(context.plan).through(new Sender({ call: async () => NOT_CALLED }, options).send);
  let inPairs = 0;
  const dry: ProbeContext = {
    ...context,
    async fidelity(model) {
      const asked = fidelityPlan(context.plan, model, meter);
      inPairs = asked === null ? 0 : (await expectedCost(asked)).requests;
      return null;
    },
    send: nowhere(),
    sendOfficial: context.sendOfficial && nowhere(),
    read: async () => NOT_CALLED,
    platform: async () => null,
    sdk: async (request) => {
      await dry.send({ ...request, isExact: true });
      return { kind: 'error', name: '', status: null, message: '' };
    },
  };
  await Promise.all(probes.filter(({ isReview }) => !isReview).map(async (probe) => probe.run(dry)));
  // The model list was read to connect. How long pairs are asked is not known, so they may spend all that is left.
  const mostUsd = inPairs > 0 ? context.plan.maxCostUsd : meter.spentUsd;
  return { requests: meter.usage.requests + inPairs + 1, mostUsd };
}

/** Not probes: the config can neither ignore them nor leave them out. */
function givenResults({ policy = [], newAddress = null }: CheckPlan): ProbeResult[] {
  const about = { status: 'fail', severity: 'block', durationMs: 0, evidence: [], requestId: null } as const;
  const forbidden = {
    summary: "Your team's policy forbids the move, whatever the gateway can do.",
    fix: 'Keep these parts on the official API, or change policy in the config.',
    evidence: policy,
  };
  return [
    ...(policy.length === 0 ? [] : [{ ...about, id: 'policy', ...forbidden }]),
    ...(newAddress === null ? [] : [{ ...about, id: 'new_address', ...newAddress }]),
  ];
}

async function find(
  probe: Probe,
  context: ProbeContext,
  overBudget: (probe: Probe) => ProbeFinding,
): Promise<ProbeFinding> {
  const reason = skipReasonOf(probe, context);
  if (reason !== null) return skipped(probe, reason, context);
  try {
    const finding = await probe.run(context);
    return finding.kind === 'skip' ? skipped(probe, finding.summary, context) : finding;
  } catch (error) {
    if (error instanceof BudgetSpent) return overBudget(probe);
    throw error;
  }
}

/** One blocking probe reports that the budget is spent; later ones refer to it. */
function budgetFindings({ maxCostUsd, require }: CheckPlan): (probe: Probe) => ProbeFinding {
  let reportedBy: string | null = null;
  return ({ id, severity }) => {
    if (reportedBy !== null) return skip(`The budget is spent, see ${reportedBy}.`);
    if (severity === 'block' || require.includes(id)) reportedBy = id;
    return problem(
      `Not run: it could have cost more than what is left of ${maxCostUsd} USD.`,
      'Raise check.max_cost_usd in the config, or set the price of the model (measure.prices).',
    );
  };
}

/** Why a probe does not run; null when it does. */
function skipReasonOf({ needs, isKeyless, skipReason }: Probe, context: ProbeContext): string | null {
  if (needs !== 'nothing' && context.connection.kind !== 'connected')
    return 'There is no connection to the API.';
  if (context.plan.gateway.apiKey === null && needs !== 'nothing' && isKeyless !== true)
    return 'The key was not sent, see new_address.';
  return skipReason?.(context) ?? null;
}

/** A required probe that cannot run is a problem, because it proves nothing. A lost connection has its own probes. */
function skipped({ id }: Probe, reason: string, { plan, connection }: ProbeContext): ProbeFinding {
  const isKnownCause = connection.kind !== 'connected' || plan.gateway.apiKey === null;
  if (!plan.require.includes(id) || isKnownCause) return skip(reason);
  return problem(
    `Required, but skipped: ${reason}`,
    `Provide what it needs, or remove ${id} from check.require.`,
  );
}

/** Marks a failure as a consequence of a refused key or model. */
const asConsequence = (result: ProbeResult, cause: string): ProbeResult => ({
  ...result,
  status: 'skip',
  summary: `Not judged, because ${cause} failed.`,
  evidence: [],
  fix: null,
});

/** The cause of a probe's failure, if it fails in this report itself: no failure may hide behind a skipped probe. */
async function failedCause(
  probe: Probe,
  result: ProbeResult,
  context: ProbeContext,
  findings: ReadonlyMap<string, Promise<ProbeResult>>,
): Promise<string | null> {
  if (result.status === 'pass' || result.status === 'skip') return null;
  const cause = (await causeOf(probe.needs, context)) ?? twinOf(probe.id, context.plan);
  if (cause === null || cause === probe.id) return null;
  return (await findings.get(cause))?.status === 'fail' ? cause : null;
}

/** The probe that reports the cause of this one's failure; null when the failure is its own. */
async function causeOf(needs: Needs, context: ProbeContext): Promise<string | null> {
  if (context.connection.kind !== 'connected' || needs === 'nothing') return null;
  const refused = await context.send(smallestRequest(context)).then(classOf, () => null);
  if (OUTAGES.includes(refused)) return 'models.callable';
  if (needs === 'connection') return null;
  if (refused === 'invalid_key' || refused === 'disabled_key') return 'auth.accepted';
  if (refused === 'insufficient_balance' || refused === 'key_quota') return 'models.callable';
  if (needs === 'key' || refused === null) return null;
  if (refused === 'model_not_found') return 'models.available';
  return twinOf('models.callable', context.plan) ?? 'models.callable';
}

const SECOND_TURN = 'responses.continue_stateless';

/** What asks the same of the Responses API, where the code uses nothing else; and what a second turn needs. */
const TWINS: Readonly<Record<string, string>> = {
  'models.callable': 'responses.basic',
  'chat.basic': 'responses.basic',
  'stream.shape': 'responses.stream',
  'stream.usage': 'responses.stream',
  [SECOND_TURN]: 'responses.basic',
};

function twinOf(id: string, plan: CheckPlan): string | null {
  const isAlone = formOf(plan).name === 'responses' || id === SECOND_TURN;
  return isAlone && probesResponses(plan) ? (TWINS[id] ?? null) : null;
}

/** The models' rows; without an accepted key nothing is known about them. */
async function reportModels(context: ProbeContext, isKeyless: boolean): Promise<ModelResult[]> {
  const { plan, connection } = context;
  const unknown = {
    listed: null,
    callable: null,
    answeredAs: null,
    status: 'skip',
    suggestion: null,
  } as const;
  const rows = plan.models.map((model) => ({ ...model, ...unknown }));
  if (connection.kind !== 'connected' || isKeyless) return rows;
  try {
    return (await inspectModels(context)).map(({ exchange: _, unknown: __, ...row }) => row);
  } catch (error) {
    if (error instanceof BudgetSpent) return rows;
    throw error;
  }
}
