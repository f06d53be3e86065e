/** Asks for one ability, and judges whether it is honoured. */
import type { Feature } from '../../config/features.ts';
import type { Exchange } from '../../gateway/exchange.ts';
import { classOf, notServed, served } from '../exchanges.ts';
import type { Form } from '../forms.ts';
import { withRequestId } from '../model-probe.ts';
import type { ModelInUse } from '../plan.ts';
import { ok, type ProbeContext, type ProbeFinding, problem, skip } from '../probe.ts';
import { type ProbeRequest, plainChat } from '../requests.ts';
import { askOfficial } from './compare.ts';

export interface Ability {
  readonly feature: Feature;
  /** The only endpoint that has it. Default: each one that the code uses, see `forms.ts`. */
  readonly on?: Form['name'];
  /** Default: `ability.` and the feature. */
  readonly id?: string;
  /** Which models have it; the first one in use is asked. Default: every chat model. */
  readonly of?: (model: ModelInUse) => boolean;
  readonly asks: (model: ModelInUse) => readonly ProbeRequest[];
  /** Together with the feature's other probes, see `repeat.ts`. Default: its own. */
  readonly requestsOfFeature?: number;
  /** Asked after the first response, from which it is made. */
  readonly next?: (json: unknown, model: ModelInUse) => ProbeRequest;
  /** What the last response shows instead; null where the ability shows. Without it, acceptance is all that is seen. */
  readonly seen?: (json: unknown, earlier: unknown) => string | null;
  /** The program still works without it, or at least without its effect. */
  readonly isOptional?: boolean | 'effect';
}

interface Turn {
  readonly send: ProbeContext['send'];
  readonly form: Form;
}

/** @param models the first one is asked, and the next one where it refuses */
export async function askOnce(
  ability: Ability,
  [model, ...others]: readonly ModelInUse[],
  context: ProbeContext,
  turn: Turn,
): Promise<ProbeFinding> {
  if (model === undefined) return skip('No chat model is in use.');
  const { feature, asks, next, seen } = ability;
  const exchanges = await Promise.all(asks(model).map(turn.send));
  const refused = exchanges.find((exchange) => served(exchange) === null);
  if (refused !== undefined) {
    if (classOf(refused) === 'bad_request' && others.length > 0)
      return askOnce(ability, others, context, turn);
    return withRequestId(await judgeRefusal(ability, model, context, { refused, form: turn.form }), refused);
  }
  const bodies = exchanges.map((exchange) => served(exchange)?.json);
  const last = next === undefined ? exchanges.at(-1) : await turn.send(next(bodies[0], model));
  if (last === undefined) return skip('Nothing was asked.');
  const body = served(last)?.json;
  if (body !== undefined) return withRequestId(judge(ability, seen?.(body, bodies[0]) ?? null, model), last);
  const weight = weightOf({ ...ability, isOptional: ability.isOptional === true }, model);
  return withRequestId({ ...notServed(`What follows a request with ${feature}`, last), ...weight }, last);
}

const weightOf = ({ of, isOptional }: Ability, model: ModelInUse): { readonly severity?: 'warn' } =>
  isOptional || of?.(model) === false ? { severity: 'warn' } : {};

function judge(ability: Ability, found: string | null, model: ModelInUse): ProbeFinding {
  const { feature, seen } = ability;
  if (found === null) {
    const more =
      seen === undefined
        ? 'accepted. That is all that was seen: whether it has an effect is not'
        : 'honoured';
    return ok(`${feature} is ${more}.`);
  }
  const weight = weightOf(ability, model);
  return problem(
    `${feature} is accepted, but has no effect: ${found}.`,
    weight.severity === undefined
      ? `Programs that rely on ${feature} get something else and no error. Keep them on the official API until the gateway is fixed.`
      : 'Compare the results on both sides before you move what relies on it.',
    weight,
  );
}

/** A refusal is the gateway's only where the model has the ability, and the official API does not refuse it too. */
async function judgeRefusal(
  { feature, of, asks }: Ability,
  model: ModelInUse,
  { sendOfficial }: ProbeContext,
  { refused, form }: { readonly refused: Exchange; readonly form: Form },
): Promise<ProbeFinding> {
  const failure = notServed(`A request with ${feature}`, refused);
  if (classOf(refused) !== 'bad_request') return failure;
  const first = (known: ModelInUse) => form.request(asks(known)[0] ?? plainChat(known));
  const official = sendOfficial && (await askOfficial(sendOfficial, first, model));
  if (official && classOf(official) === 'bad_request') {
    return skip(`The official API refuses ${feature} for this model too.`);
  }
  return of?.(model) === false ? { ...failure, severity: 'warn' } : failure;
}
