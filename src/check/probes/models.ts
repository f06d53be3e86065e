import type { Exchange } from '../../gateway/exchange.ts';
import { field, textField } from '../../gateway/json.ts';
import { compareModels } from '../../gateway/model-names.ts';
import { classOf, notServed, reason, requestIdOf, served } from '../answers.ts';
import { modelProbe, named } from '../model-probe.ts';
import { listedModels, modelKind, nearestName } from '../models-in-use.ts';
import type { ModelInUse } from '../plan.ts';
import { type Finding, ok, type Probe, type ProbeContext, problem, skip } from '../probe.ts';
import { embedding, listModels, plainChat, UNKNOWN_MODEL } from '../questions.ts';
import type { ModelResult } from '../report.ts';
import { whereUsed } from '../verdict.ts';

export const modelProbes: readonly Probe[] = [
  {
    id: 'models.list',
    severity: 'warn',
    needs: 'key',
    phase: 'ask',
    async run(context) {
      if (context.connection.kind !== 'connected') return skip('Not asked.');
      const { list } = context.connection;
      const listed = await listedNames(context);
      if (listed !== null) return ok(`The gateway lists ${listed.length} models.`);
      return problem(
        `GET /models does not answer an OpenAI model list: ${reason(list)}`,
        'Programs that list models will fail; names cannot be checked beforehand, only by calling them.',
        { requestId: requestIdOf(list) },
      );
    },
  },
  {
    id: 'models.available',
    severity: 'block',
    needs: 'key',
    phase: 'ask',
    async run(context) {
      const models = await inspectModels(context);
      const missing = models.filter(
        (model) => model.listed !== true && model.callable === false && model.unknown,
      );
      if (missing.length === 0) return whatIsServed(models);
      return problem(
        `The gateway does not serve ${missing.map((model) => model.gatewayName).join(', ')}.`,
        missing
          .map((model) =>
            model.suggestion === null
              ? `Map ${model.name} to a model that the gateway lists (models: in the config).`
              : `Map ${model.name} to ${model.suggestion} (models: { ${model.name}: ${model.suggestion} } in the config).`,
          )
          .join(' '),
        {
          evidence: missing.flatMap((model) => [
            `${model.gatewayName}: ${reason(model.exchange)}`,
            ...whereUsed([model.name], context.plan),
          ]),
        },
      );
    },
  },
  {
    id: 'models.hub',
    severity: 'info',
    needs: 'connection',
    phase: 'ask',
    notConcerned: ({ profile }) =>
      profile?.hub === undefined && profile?.status === undefined
        ? 'The platform has no known model hub or status page.'
        : null,
    run: readHub,
  },
  {
    id: 'models.callable',
    severity: 'block',
    needs: 'key',
    phase: 'ask',
    async run(context) {
      const models = await inspectModels(context);
      // A name that the gateway does not know is told by models.available.
      const refused = models.filter((model) => model.callable === false && !model.unknown);
      const [first] = refused;
      if (first === undefined) {
        const called = models.filter((model) => model.callable === true).length;
        const spared = models.filter((model) => model.callable === null).length;
        return ok(
          `${called} of ${models.length} models answered${spared > 0 ? `; ${spared} of another kind were not called, to spend nothing` : ''}.`,
        );
      }
      const finding = notServed(first.gatewayName, first.exchange);
      return {
        ...finding,
        evidence: refused.flatMap((model) => [
          `${model.gatewayName}: ${reason(model.exchange)}`,
          ...whereUsed([model.name], context.plan),
        ]),
      };
    },
  },
  {
    id: 'models.substitution',
    severity: 'block',
    needs: 'key',
    phase: 'ask',
    async run(context) {
      const answered = (await inspectModels(context)).filter((model) => model.answeredAs !== null);
      if (answered.length === 0) return skip('No model named itself in its answer.');
      const relation = (model: Inspected) => compareModels(model.gatewayName, model.answeredAs ?? '');
      const others = answered.filter((model) => relation(model) === 'other');
      const told = (list: readonly Inspected[]) =>
        list.map((model) => `${model.gatewayName} was answered by ${model.answeredAs}`);
      if (others.length > 0) {
        return problem(
          `Another model answers: ${told(others).join('; ')}.`,
          'Quality and price are those of the other model. Name the model that you want, or accept it with check.ignore and a reason.',
          { requestId: requestIdOf(others[0]?.exchange ?? answered[0]?.exchange ?? NOTHING) },
        );
      }
      const snapshots = answered.filter((model) => relation(model) === 'snapshot');
      if (snapshots.length === 0) return ok('Each model in use answers itself.');
      return problem(
        `A dated snapshot answers: ${told(snapshots).join('; ')}.`,
        'Nothing to do unless the product depends on the moving name.',
        { severity: 'info' },
      );
    },
  },
  modelProbe({
    id: 'models.unknown',
    severity: 'warn',
    async run(_, { ask }) {
      const exchange = await ask(plainChat(UNKNOWN_MODEL));
      return named(judgeUnknown(exchange), exchange);
    },
  }),
];

/** Where no model is known to be missing: what a list or an answer shows to be there. */
function whatIsServed(models: readonly Inspected[]): Finding {
  const isServed = ({ listed, callable }: Inspected) => listed === true || callable === true;
  const namesOf = (list: readonly Inspected[]) => list.map(({ gatewayName }) => gatewayName).join(', ');
  const served = models.filter(isServed);
  if (served.length === 0) return skip('No model is listed or answered, so none is known to be served.');
  if (served.length === models.length) {
    const silent = models.some(({ callable }) => callable === false);
    return ok(`Every model in use is ${silent ? 'listed' : 'served'}: ${namesOf(models)}.`);
  }
  const unknown = models.filter((model) => !isServed(model));
  return ok(`Served: ${namesOf(served)}. Nothing is known of ${namesOf(unknown)}.`);
}

function judgeUnknown(exchange: Exchange): Finding {
  const answer = served(exchange);
  if (answer !== null) {
    return problem(
      `An unknown model is answered by ${textField(answer.json, 'model')}, without any error.`,
      'A typing error in a model name will not be noticed; check names before a release.',
    );
  }
  const missing = classOf(exchange) === 'model_not_found';
  if (missing && exchange.kind === 'answer' && exchange.status === 404) {
    return ok('An unknown model gets 404 model_not_found.');
  }
  return problem(
    `An unknown model is refused, but not by 404 model_not_found: ${reason(exchange)}`,
    'Check that the error handling of the program recognises this refusal as a wrong model name.',
  );
}

/** A model's row of the report, with what decided it. */
interface Inspected extends ModelResult {
  readonly exchange: Exchange;
  /** Whether the gateway said that it does not know the name. */
  readonly unknown: boolean;
}

const NOTHING: Exchange = {
  kind: 'no-answer',
  layer: 'http',
  code: '',
  message: 'not called',
  durationMs: 0,
};

/** A list longer than this is cut; the models in use are called anyway. */
const MOST_PAGES = 20;

/** The names on all pages of the model list; null when there is no list. */
async function listedNames({ connection, ask }: ProbeContext): Promise<string[] | null> {
  if (connection.kind !== 'connected') return null;
  let page = connection.list;
  const names: string[] = [];
  for (let pages = 1; pages <= MOST_PAGES; pages += 1) {
    const listed = listedModels(page);
    if (listed === null) return pages === 1 ? null : names;
    names.push(...listed);
    const last = listed.at(-1);
    if (last === undefined || page.kind !== 'answer' || field(page.json, 'has_more') !== true) return names;
    page = await ask(listModels(last));
  }
  return names;
}

/** What is known of every model in use. Chat and embedding models are called once each; others never. */
export async function inspectModels(context: ProbeContext): Promise<Inspected[]> {
  const listed = await listedNames(context);
  return Promise.all(context.plan.models.map((model) => inspect(context, model, listed)));
}

async function inspect(
  { ask }: ProbeContext,
  model: ModelInUse,
  listed: readonly string[] | null,
): Promise<Inspected> {
  const { gatewayName } = model;
  const kind = modelKind(gatewayName);
  const isListed = listed === null ? null : listed.includes(gatewayName);
  const suggestion = listed === null || isListed ? null : nearestName(gatewayName, listed);
  if (kind === 'other') {
    const unknown = isListed === false;
    return {
      ...model,
      listed: isListed,
      callable: unknown ? false : null,
      answeredAs: null,
      status: unknown ? 'fail' : 'pass',
      suggestion,
      exchange: NOTHING,
      unknown,
    };
  }
  const exchange = await ask(kind === 'chat' ? plainChat(gatewayName) : embedding(gatewayName, 'float'));
  const answer = served(exchange);
  return {
    ...model,
    listed: isListed,
    callable: answer !== null,
    answeredAs: textField(answer?.json, 'model'),
    status: answer !== null ? 'pass' : 'fail',
    suggestion,
    exchange,
    unknown:
      classOf(exchange) === 'model_not_found' ||
      (answer === null && isListed === false && kind === 'embedding'),
  };
}

/** What the report tells of each model. */
export async function modelResults(context: ProbeContext): Promise<ModelResult[]> {
  return (await inspectModels(context)).map(({ exchange: _, unknown: __, ...row }) => row);
}

async function readHub({ profile, plan, read }: ProbeContext) {
  const { baseUrl } = plan.gateway;
  const [hub, status] = await Promise.all(
    [profile?.hub, profile?.status].map(async (page) => {
      if (page === undefined) return null;
      const answer = await read(page.url(baseUrl), page.withKey);
      return served(answer) === null || answer.kind !== 'answer' ? null : answer.json;
    }),
  );
  const offers = hub === null || hub === undefined ? null : (profile?.hub?.read(hub) ?? null);
  const services = status === null || status === undefined ? null : (profile?.status?.read(status) ?? null);
  if (offers === null && services === null)
    return skip(`${profile?.title ?? 'The platform'} did not tell about its models.`);
  const lines = plan.models.flatMap(({ gatewayName }) => {
    const offer = offers?.find(({ id }) => id === gatewayName);
    const service = services?.find(({ model }) => model === gatewayName);
    const prices = offer?.prices.map(
      ({ group, input, output }) =>
        `${group === '' ? '' : `${group}: `}${input ?? '?'} in, ${output ?? '?'} out USD per million tokens`,
    );
    const facts = [
      ...(offer?.contextWindow ? [`context ${offer.contextWindow} tokens`] : []),
      ...(prices ?? []),
      ...(offer !== undefined && offer.capabilities.length > 0 ? [offer.capabilities.join(', ')] : []),
      ...(service?.uptimePercent != null ? [`uptime ${service.uptimePercent} %`] : []),
      ...(service?.ok === false ? ['down now'] : []),
    ];
    return facts.length === 0 ? [] : [`${gatewayName}: ${facts.join('; ')}`];
  });
  return ok(
    `${profile?.title ?? 'The platform'} tells about ${lines.length} of ${plan.models.length} models in use.`,
    { evidence: lines },
  );
}
