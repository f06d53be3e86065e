/** Tests each model in use once, for all probes and for the report. */
import type { Exchange, HttpResponse } from '../gateway/exchange.ts';
import { field, textField } from '../gateway/json.ts';
import { loadOfficialPrices } from '../gateway/prices.ts';
import { classOf, served } from './exchanges.ts';
import { formsOf, probesResponses } from './forms.ts';
import { listedModels, matches, modelKind, nearestName } from './models-in-use.ts';
import type { ModelInUse } from './plan.ts';
import type { ProbeContext } from './probe.ts';
import type { ModelResult } from './report.ts';
import { embedding, listModels, plainChat } from './requests.ts';

/** A model's row in the report, with the exchange that decided it. */
export interface Inspected extends ModelResult {
  readonly exchange: Exchange;
  /** Whether the gateway does not know the name. */
  readonly unknown: boolean;
  /** Where it was asked, if not where the other models were. */
  readonly on?: string;
}

export const NOT_CALLED: Exchange = {
  kind: 'no-response',
  layer: 'http',
  code: '',
  message: 'not called',
  durationMs: 0,
};

/** Longer lists are cut; the models in use are called anyway. */
const MOST_PAGES = 20;

/** The names on all pages of the model list; null when there is no list. */
export async function listedNames({ connection, send }: ProbeContext): Promise<string[] | null> {
  if (connection.kind !== 'connected') return null;
  let page = connection.list;
  const names: string[] = [];
  for (let pages = 1; pages <= MOST_PAGES; pages += 1) {
    const listed = listedModels(page);
    if (listed === null) return pages === 1 ? null : names;
    names.push(...listed);
    const last = listed.at(-1);
    if (last === undefined || page.kind !== 'response' || field(page.json, 'has_more') !== true) return names;
    page = await send(listModels(last));
  }
  return names;
}

/** Inspects every model in use. Chat and embedding models are called once each; others never. */
export async function inspectModels(context: ProbeContext): Promise<Inspected[]> {
  const listed = await listedNames(context);
  const models = await Promise.all(context.plan.models.map((model) => inspect(context, model, listed)));
  // A list that is empty, or lacks a model which answered, shows nothing about the models that were not called.
  const isWhole = listed?.length !== 0 && models.every((model) => model.callable !== true || model.listed);
  const unknown = { unknown: false, callable: null, status: 'pass' } as const;
  return models.map((model) => (isWhole || model.exchange !== NOT_CALLED ? model : { ...model, ...unknown }));
}

/** The first chat model on the second endpoint that the code uses, where another model serves it there. */
export async function inspectOnSecond(context: ProbeContext): Promise<Inspected[]> {
  const { plan, chatModel, send } = context;
  const [, second] = formsOf(plan);
  if (second === undefined || chatModel === null || !probesResponses(plan)) return [];
  const [here, there] = await Promise.all([
    inspect(context, chatModel, null),
    inspect(context, chatModel, null, second.through(send)),
  ]);
  return here.answeredAs === there.answeredAs ? [] : [{ ...there, on: ` on /${second.name}` }];
}

async function inspect(
  context: ProbeContext,
  model: ModelInUse,
  listed: readonly string[] | null,
  send = context.send,
): Promise<Inspected> {
  const { gatewayName } = model;
  const kind = modelKind(model);
  const isListed = listed === null ? null : listed.some((name) => matches(name, gatewayName));
  const suggestion = listed === null || isListed ? null : nearestName(gatewayName, listed);
  const isCalled = kind === 'chat' || kind === 'embedding';
  const request = kind === 'chat' ? plainChat(model) : embedding(model, 'float');
  const exchange = isCalled ? await send(request) : NOT_CALLED;
  const response = served(exchange);
  const unknown = isCalled ? classOf(exchange) === 'model_not_found' : isListed === false;
  const callable = isCalled || unknown ? response !== null : null;
  return {
    ...model,
    listed: isListed,
    callable,
    answeredAs: response === null ? null : await answeredAs(response, gatewayName, context),
    status: callable === false ? 'fail' : 'pass',
    suggestion,
    exchange,
    unknown,
  };
}

/**
 * The model that the response names; or the one that the platform's own headers name, where both that one and the
 * requested one are official models: any model may serve an alias.
 */
async function answeredAs(
  { headers, json }: HttpResponse,
  requested: string,
  { profile }: ProbeContext,
): Promise<string | null> {
  const inHeader = profile?.servedBy?.(headers) ?? null;
  if (inHeader === null) return textField(json, 'model');
  const official = await loadOfficialPrices();
  const areOfficial = [requested, inHeader].every((name) => official.entryOf(name) !== null);
  return areOfficial ? inHeader : textField(json, 'model');
}
