import type { Exchange } from '../../gateway/exchange.ts';
import { textField } from '../../gateway/json.ts';
import { compareModels } from '../../gateway/model-names.ts';
import { count } from '../../wording/amounts.ts';
import { classOf, notServed, reason, requestIdOf, served } from '../exchanges.ts';
import { type Inspected, inspectModels, listedNames } from '../inspect-models.ts';
import { modelProbe, named } from '../model-probe.ts';
import { type Finding, ok, type Probe, problem, skip } from '../probe.ts';
import { plainChat, UNKNOWN_MODEL } from '../requests.ts';
import { whereUsed } from '../verdict.ts';
import { hubProbe } from './hub.ts';

export const modelProbes: readonly Probe[] = [
  {
    id: 'models.list',
    severity: 'warn',
    needs: 'key',
    phase: 'request',
    async run(context) {
      if (context.connection.kind !== 'connected') return skip('Not asked.');
      const { list } = context.connection;
      const listed = await listedNames(context);
      if (listed !== null) return ok(`The gateway lists ${count(listed.length, 'model')}.`);
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
    phase: 'request',
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
  hubProbe,
  {
    id: 'models.callable',
    severity: 'block',
    needs: 'key',
    phase: 'request',
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
    phase: 'request',
    async run(context) {
      const answered = (await inspectModels(context)).filter((model) => model.answeredAs !== null);
      if (answered.length === 0) return skip('No model named itself in its answer.');
      const relation = (model: Inspected) => compareModels(model.gatewayName, model.answeredAs ?? '');
      const others = answered.filter((model) => relation(model) === 'other');
      const told = (list: readonly Inspected[]) =>
        list.map((model) => `${model.gatewayName} was answered by ${model.answeredAs}`);
      const [other] = others;
      if (other !== undefined) {
        return problem(
          `Another model answers: ${told(others).join('; ')}.`,
          'Quality and price are those of the other model. Name the model that you want, or accept it with check.ignore and a reason.',
          { requestId: requestIdOf(other.exchange) },
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
    async run(_, { send }) {
      const exchange = await send(plainChat(UNKNOWN_MODEL));
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
  if (missing && exchange.kind === 'response' && exchange.status === 404) {
    return ok('An unknown model gets 404 model_not_found.');
  }
  return problem(
    `An unknown model is refused, but not by 404 model_not_found: ${reason(exchange)}`,
    'Check that the error handling of the program recognises this refusal as a wrong model name.',
  );
}
