/** What probes that call a model in use have in common. */
import type { Feature } from '../config/features.ts';
import type { Exchange, HttpResponse } from '../gateway/exchange.ts';
import { notServed, requestIdOf, served } from './exchanges.ts';
import type { Form } from './forms.ts';
import { modelKind } from './models-in-use.ts';
import { type CheckPlan, MOST_REPEATS, type ModelInUse } from './plan.ts';
import { type Probe, type ProbeContext, type ProbeFinding, skip } from './probe.ts';
import { type Ask, repeatedly } from './repeat.ts';
import type { Severity } from './report.ts';
import type { ProbeRequest } from './requests.ts';

interface ModelProbe {
  readonly id: string;
  readonly severity: Severity;
  /** Which model is called: the first one in use of this kind, or that fits; else the first chat model. */
  readonly of?: 'chat' | 'embedding' | 'either' | ((model: ModelInUse) => boolean);
  /** All of them must be in use; without any, the probe always runs. */
  readonly features?: readonly Feature[];
  /** Costs much, so it runs only with `--thorough`. */
  readonly isThorough?: true;
  readonly isLast?: true;
  readonly skipReason?: NonNullable<Probe['skipReason']>;
  readonly run: (model: ModelInUse, context: ProbeContext) => Promise<ProbeFinding> | ProbeFinding;
}

/** A probe that calls a model in use, where there is one and where its features are used. */
export function modelProbe(probe: ModelProbe): Probe {
  const { of = 'chat', features = [], isThorough, skipReason, run, ...about } = probe;
  const modelOf = ({ plan, chatModel, embeddingModel }: ProbeContext) => {
    if (of === 'embedding') return embeddingModel;
    if (of === 'either') return chatModel ?? embeddingModel;
    const talks = (model: ModelInUse) => ['chat', 'special'].includes(modelKind(model));
    const fitting = of === 'chat' ? undefined : plan.models.find((model) => talks(model) && of(model));
    return fitting ?? chatModel;
  };
  const noModel = `No ${of === 'embedding' ? of : 'chat'} model is in use.`;
  return {
    ...about,
    needs: of === 'embedding' ? 'key' : 'model',
    features,
    skipReason(context) {
      const unused = features.find((feature) => !context.plan.features.includes(feature));
      if (unused !== undefined) return `The feature ${unused} is not used.`;
      if (isThorough && !context.plan.thorough) return 'Only with --thorough, or the input thorough.';
      return skipReason?.(context) ?? (modelOf(context) === null ? noModel : null);
    },
    run(context) {
      const model = modelOf(context);
      return model === null ? skip(noModel) : run(model, context);
    },
  };
}

interface ResponseProbe extends Omit<ModelProbe, 'run'> {
  readonly request: (model: ModelInUse, plan: CheckPlan) => ProbeRequest;
  /** The endpoints to which a chat completion is sent, see `forms.ts`. Default: the request as it is. */
  readonly forms?: (plan: CheckPlan) => readonly Form[];
  /** The request of a feature is sent as often as the plan says; this many requests share the feature's repeats. */
  readonly requestsOfFeature?: number;
  /** Names the request in the sentence that it failed, e.g. `A chat completion`. */
  readonly what: string;
  /** Replaces the usual fix when the request fails. */
  readonly fixOfFailure?: string;
  readonly judge: (response: HttpResponse, model: ModelInUse, context: ProbeContext) => ProbeFinding;
}

/** A probe of one request that should be served. A failure is a problem; otherwise the response is judged. */
export function responseProbe(asked: ResponseProbe): Probe {
  const { request, what, fixOfFailure, judge, forms, requestsOfFeature, ...probe } = asked;
  return modelProbe({
    ...probe,
    run(model, context) {
      const ask: Ask = async (send) => {
        const exchange = await send(request(model, context.plan));
        const response = served(exchange);
        if (response !== null) return withRequestId(judge(response, model, context), response);
        const failure = notServed(what, exchange, context.profile);
        return fixOfFailure === undefined ? failure : { ...failure, fix: fixOfFailure };
      };
      return repeatedly(context, requestsOfFeature ?? MOST_REPEATS, ask, forms?.(context.plan));
    },
  });
}

export function withRequestId(finding: ProbeFinding, exchange: Exchange): ProbeFinding {
  return finding.kind === 'skip' ? finding : { requestId: requestIdOf(exchange), ...finding };
}
