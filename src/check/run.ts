import { createContext } from './context.ts';
import { classOf, OUTAGES, requestIdSources, responsesIn } from './exchanges.ts';
import { modelResults } from './inspect-models.ts';
import { BudgetSpent, Meter } from './meter.ts';
import type { CheckPlan } from './plan.ts';
import { type Finding, type Needs, type Probe, type ProbeContext, problem, skip } from './probe.ts';
import { PROBES } from './probes/index.ts';
import type { CheckReport, ModelResult, ProbeResult } from './report.ts';
import { smallestRequest } from './requests.ts';
import { conclude, weigh } from './verdict.ts';

/** How far a check is: how many probes will be put, then each of those when it starts and when it is done. */
export type CheckProgress =
  | { readonly kind: 'begun'; readonly probes: number }
  | { readonly kind: 'started'; readonly id: string }
  | { readonly kind: 'finished'; readonly result: ProbeResult };

/**
 * Put all probes to the gateway and judge.
 *
 * The way to the API is settled first; then all requests go out at once (8 at a time), and probes that only
 * read answers come last. A failure that follows from a refused key or model is told as a consequence, so that
 * one cause gives one message.
 *
 * Never throws for what an endpoint does.
 */
export async function runCheck(
  plan: CheckPlan,
  onProgress: (progress: CheckProgress) => void = () => {},
): Promise<CheckReport> {
  const meter = new Meter(plan.maxCostUsd, plan.prices);
  const context = await createContext(plan, meter);
  const chosen = PROBES.filter((probe) => isChosen(probe, plan.only));

  const unaffordable = budgetTeller(plan);
  const findings = new Map<string, Promise<ProbeResult>>();
  const results = new Map<string, ProbeResult>();
  const isPut = (probe: Probe): boolean => whyNotPut(probe, context) === null;
  onProgress({ kind: 'begun', probes: chosen.filter(isPut).length });
  const run = async (probe: Probe): Promise<void> => {
    const tell = isPut(probe) ? onProgress : () => {};
    tell({ kind: 'started', id: probe.id });
    const finding = runProbe(probe, context, unaffordable);
    findings.set(probe.id, finding);
    const cause = await failedCause(probe, await finding, context, findings);
    const result = cause === null ? await finding : asConsequence(await finding, cause);
    results.set(probe.id, result);
    tell({ kind: 'finished', result });
  };
  await Promise.all(chosen.filter(({ phase }) => phase === 'request').map(run));
  await Promise.all(chosen.filter(({ phase }) => phase === 'review').map(run));

  const probes = chosen.flatMap((probe) => results.get(probe.id) ?? []);
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
    models: await reportModels(context, results.get('auth.accepted')?.status === 'fail'),
    usage: meter.usage,
  };
}

/** The way to the API is always looked at: without it no other answer means anything. */
function isChosen({ id }: Probe, only: CheckPlan['only']): boolean {
  const family = id.split('.')[0] ?? id;
  return only === null || family === 'connection' || only.includes(id) || only.includes(family);
}

async function runProbe(
  probe: Probe,
  context: ProbeContext,
  unaffordable: (probe: Probe) => Finding,
): Promise<ProbeResult> {
  const startedAt = performance.now();
  const finding = await find(probe, context, unaffordable);
  return weigh(probe, finding, context.plan, performance.now() - startedAt);
}

async function find(
  probe: Probe,
  context: ProbeContext,
  unaffordable: (probe: Probe) => Finding,
): Promise<Finding> {
  const reason = whyNotPut(probe, context);
  if (reason !== null) return notPut(probe, reason, context);
  try {
    return await probe.run(context);
  } catch (error) {
    if (error instanceof BudgetSpent) return unaffordable(probe);
    throw error;
  }
}

/** One blocking probe tells that the budget is spent; those after it point there. */
function budgetTeller({ maxCostUsd, require }: CheckPlan): (probe: Probe) => Finding {
  let told: string | null = null;
  return ({ id, severity }) => {
    if (told !== null) return skip(`Not asked: the budget is spent, see ${told}.`);
    if (severity === 'block' || require.includes(id)) told = id;
    return problem(
      `Not asked: it could have cost more than what is left of ${maxCostUsd} USD.`,
      'Raise check.max_cost_usd in the config, or give the price of the model (measure.prices).',
    );
  };
}

/** Why a probe is not put; null where it is. */
function whyNotPut({ needs, skipReason }: Probe, context: ProbeContext): string | null {
  if (needs !== 'nothing' && context.connection.kind !== 'connected')
    return 'Not asked: there is no connection to the API.';
  return skipReason?.(context) ?? null;
}

/** What a team requires must be proved: a probe that cannot be put proves nothing. A lost connection is told by its own. */
function notPut({ id }: Probe, reason: string, { plan, connection }: ProbeContext): Finding {
  if (!plan.require.includes(id) || connection.kind !== 'connected') return skip(reason);
  return problem(
    `Required, but not put: ${reason}`,
    `Give it what it needs, or take ${id} out of check.require.`,
  );
}

/** Tell a failure as the consequence that it is, when the key or the model was refused before it. */
const asConsequence = (result: ProbeResult, cause: string): ProbeResult => ({
  ...result,
  status: 'skip',
  summary: `Not judged, because of ${cause}.`,
  evidence: [],
  fix: null,
});

/** The cause of a probe's failure, where it fails in the report itself: no failure may vanish behind a probe that was not put. */
async function failedCause(
  probe: Probe,
  result: ProbeResult,
  context: ProbeContext,
  findings: ReadonlyMap<string, Promise<ProbeResult>>,
): Promise<string | null> {
  if (result.status === 'pass' || result.status === 'skip') return null;
  const cause = await causeOf(probe.needs, context);
  if (cause === null || cause === probe.id) return null;
  return (await findings.get(cause))?.status === 'fail' ? cause : null;
}

/** The probe that tells the cause of this one's failure; null when the failure is its own. */
async function causeOf(needs: Needs, context: ProbeContext): Promise<string | null> {
  if (context.connection.kind !== 'connected' || needs === 'nothing') return null;
  const refused = await context.send(smallestRequest(context)).then(classOf, () => null);
  if (OUTAGES.includes(refused)) return 'models.callable';
  if (needs === 'connection') return null;
  if (refused === 'invalid_key' || refused === 'disabled_key') return 'auth.accepted';
  if (refused === 'insufficient_balance' || refused === 'key_quota') return 'models.callable';
  if (needs === 'key' || refused === null) return null;
  return refused === 'model_not_found' ? 'models.available' : 'models.callable';
}

/** The models' rows; a refused key says nothing about them. */
async function reportModels(context: ProbeContext, keyRefused: boolean): Promise<ModelResult[]> {
  const { plan, connection } = context;
  const untold = {
    listed: null,
    callable: null,
    answeredAs: null,
    status: 'skip',
    suggestion: null,
  } as const;
  const nothing = plan.models.map((model) => ({ ...model, ...untold }));
  if (connection.kind !== 'connected' || keyRefused) return nothing;
  return modelResults(context).catch((error: unknown) => {
    if (error instanceof BudgetSpent) return nothing;
    throw error;
  });
}
