/** What probes that ask a model in use have in common. */
import type { Feature } from '../config/features.ts';
import type { Exchange, HttpResponse } from '../gateway/exchange.ts';
import { notServed, requestIdOf, served } from './exchanges.ts';
import { type Finding, type Probe, type ProbeContext, skip } from './probe.ts';
import type { Severity } from './report.ts';
import type { ProbeRequest } from './requests.ts';

interface ModelProbe {
  readonly id: string;
  readonly severity: Severity;
  /** Which model is asked: the first of its kind in use. Default `chat`. */
  readonly of?: 'chat' | 'embedding';
  /** All of them must be in use; without any, the probe is always put. */
  readonly features?: readonly Feature[];
  readonly skipReason?: NonNullable<Probe['skipReason']>;
  readonly run: (model: string, context: ProbeContext) => Promise<Finding> | Finding;
}

/** A probe that asks a model in use, where there is one and where its features are used. */
export function modelProbe({ id, severity, of = 'chat', features = [], skipReason, run }: ModelProbe): Probe {
  const modelOf = ({ chatModel, embeddingModel }: ProbeContext) =>
    of === 'chat' ? chatModel : embeddingModel;
  const noModel = `No ${of} model is in use.`;
  return {
    id,
    severity,
    needs: of === 'chat' ? 'model' : 'key',
    phase: 'request',
    features,
    skipReason(context) {
      const unused = features.find((feature) => !context.plan.features.includes(feature));
      if (unused !== undefined) return `The feature ${unused} is not used.`;
      return skipReason?.(context) ?? (modelOf(context) === null ? noModel : null);
    },
    run(context) {
      const model = modelOf(context);
      return model === null ? skip(noModel) : run(model.gatewayName, context);
    },
  };
}

interface ResponseProbe extends Omit<ModelProbe, 'run'> {
  readonly request: (model: string) => ProbeRequest;
  /** Names the request in the sentence that it was refused, e.g. `A chat completion`. */
  readonly what: string;
  /** In place of the usual next step, when the request is refused. */
  readonly fixOfRefusal?: string;
  readonly judge: (answer: HttpResponse, model: string, context: ProbeContext) => Finding;
}

/** A probe of one request that should be served: refused, it is a problem; served, the answer is judged. */
export function responseProbe({ request, what, fixOfRefusal, judge, ...probe }: ResponseProbe): Probe {
  return modelProbe({
    ...probe,
    async run(model, context) {
      const exchange = await context.send(request(model));
      const answer = served(exchange);
      if (answer !== null) return named(judge(answer, model, context), answer);
      const refused = notServed(what, exchange);
      return fixOfRefusal === undefined ? refused : { ...refused, fix: fixOfRefusal };
    },
  });
}

/** A finding with the gateway's name for the request that decided it. */
export function named(finding: Finding, exchange: Exchange): Finding {
  return finding.kind === 'skip' ? finding : { requestId: requestIdOf(exchange), ...finding };
}
