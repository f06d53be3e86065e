import type { Exchange } from '../../gateway/exchange.ts';
import { textField } from '../../gateway/json.ts';
import { compareModels, isSubstituted } from '../../gateway/model-names.ts';
import { loadOfficialPrices } from '../../gateway/prices.ts';
import { count } from '../../wording/amounts.ts';
import { whereUsed } from '../conclusion.ts';
import { classOf, notServed, reason, requestIdOf, served } from '../exchanges.ts';
import { type Inspected, inspectModels, inspectOnSecond, listedNames } from '../inspect-models.ts';
import { modelProbe, withRequestId } from '../model-probe.ts';
import { ok, type Probe, type ProbeContext, type ProbeFinding, problem, skip } from '../probe.ts';
import { onEach } from '../repeat.ts';
import { embedding, plainChat, UNKNOWN_MODEL } from '../requests.ts';
import { hubProbe } from './hub.ts';

const withoutModel = ({ plan }: ProbeContext): string | null =>
  plan.models.length === 0 ? 'No model is in use.' : null;

export const modelProbes: readonly Probe[] = [
  {
    id: 'models.list',
    severity: 'warn',
    needs: 'key',
    isKeyless: true,
    async run(context) {
      if (context.connection.kind !== 'connected') return skip('There is no connection to the API.');
      const { list } = context.connection;
      const listed = await listedNames(context);
      if (listed !== null) return ok(`The gateway lists ${count(listed.length, 'model')}.`);
      if (context.plan.gateway.apiKey === null) return skip('The list of models needs the key.');
      return problem(
        `GET /models does not return an OpenAI model list: ${reason(list)}`,
        'Programs that list models will fail. Names can only be verified by calling the models.',
        { requestId: requestIdOf(list) },
      );
    },
  },
  {
    id: 'models.available',
    severity: 'block',
    needs: 'key',
    skipReason: withoutModel,
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
        { evidence: refusalsOf(missing, context) },
      );
    },
  },
  hubProbe,
  {
    id: 'models.callable',
    severity: 'block',
    needs: 'key',
    skipReason: withoutModel,
    async run(context) {
      const models = await inspectModels(context);
      // A name that the gateway does not know is reported by models.available.
      const refused = models.filter((model) => model.callable === false && !model.unknown);
      const [first] = refused;
      if (first === undefined) {
        const called = models.filter((model) => model.callable === true).length;
        const spared = models.filter((model) => model.callable === null).length;
        return ok(
          `${called} of ${models.length} models responded${spared > 0 ? `; ${spared} of another kind were not called, to avoid cost` : ''}.`,
        );
      }
      const finding = notServed(first.gatewayName, first.exchange, context.profile);
      return { ...finding, evidence: refusalsOf(refused, context) };
    },
  },
  {
    id: 'models.substitution',
    severity: 'block',
    needs: 'key',
    skipReason: withoutModel,
    async run(context) {
      const models = [...(await inspectModels(context)), ...(await inspectOnSecond(context))];
      const named = models.filter((model) => model.answeredAs !== null);
      if (named.length === 0) return skip('No response names its model.');
      const { entryOf } = await loadOfficialPrices();
      const namesOf = ({ name, gatewayName }: Inspected) => [...new Set([name, gatewayName])];
      const substitutions = (list: readonly Inspected[]) =>
        list
          .map(({ gatewayName, answeredAs, on = '' }) => `${gatewayName} is served by ${answeredAs}${on}`)
          .join('; ');
      const others = named.filter((model) => isSubstituted(namesOf(model), model.answeredAs ?? '', entryOf));
      const [other] = others;
      if (other !== undefined) {
        return problem(
          `The gateway substitutes a model: ${substitutions(others)}.`,
          'Quality and price are those of the other model. Configure the model that you want, or accept this one with check.ignore and a reason.',
          { requestId: requestIdOf(other.exchange) },
        );
      }
      const snapshots = named.filter(
        (each) => compareModels(each.gatewayName, each.answeredAs ?? '') !== 'same',
      );
      if (snapshots.length === 0) return ok('Each model in use responds under its own name.');
      return problem(
        `A snapshot, or the model behind an alias, responds: ${substitutions(snapshots)}.`,
        'Nothing to do, unless your product depends on the name.',
        { severity: 'info' },
      );
    },
  },
  modelProbe({
    id: 'models.unknown',
    severity: 'warn',
    of: 'either',
    run: (_, context) =>
      onEach(context, async (send) => {
        const { chatModel } = context;
        const exchange = await send(
          chatModel === null ? embedding(UNKNOWN_MODEL, 'float') : plainChat(UNKNOWN_MODEL),
        );
        return withRequestId(judgeUnknown(exchange), exchange);
      }),
  }),
];

const refusalsOf = (models: readonly Inspected[], { plan }: ProbeContext): string[] =>
  models.flatMap(({ name, gatewayName, exchange }) => [
    `${gatewayName}: ${reason(exchange)}`,
    ...whereUsed([name], plan),
  ]);

/** Where no model is known to be missing: which ones the list or a response shows to be served. */
function whatIsServed(models: readonly Inspected[]): ProbeFinding {
  const isServed = ({ listed, callable }: Inspected) => listed === true || callable === true;
  const namesOf = (list: readonly Inspected[]) => list.map(({ gatewayName }) => gatewayName).join(', ');
  const served = models.filter(isServed);
  if (served.length === 0)
    return skip('No model is listed and none responded, so it is unknown which are served.');
  if (served.length === models.length) {
    const onlyListed = models.some(({ callable }) => callable === false);
    return ok(`Every model in use is ${onlyListed ? 'listed' : 'served'}: ${namesOf(models)}.`);
  }
  const unknown = models.filter((model) => !isServed(model));
  return ok(`Served: ${namesOf(served)}. Unknown: ${namesOf(unknown)}.`);
}

function judgeUnknown(exchange: Exchange): ProbeFinding {
  const response = served(exchange);
  if (response !== null) {
    return problem(
      `An unknown model is served by ${textField(response.json, 'model')}, without an error.`,
      'A typo in a model name will not be noticed; verify names before a release.',
    );
  }
  const missing = classOf(exchange) === 'model_not_found';
  if (missing && exchange.kind === 'response' && exchange.status === 404) {
    return ok('An unknown model gets 404 model_not_found.');
  }
  return problem(
    `An unknown model is refused, but not with 404 model_not_found: ${reason(exchange)}`,
    'Check that your error handling recognises this refusal as a wrong model name.',
  );
}
