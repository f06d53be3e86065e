/** Asks one arm for the short answer to a prompt. Nothing of the answer is kept but a hash. */
import { createHash } from 'node:crypto';
import type { EndpointAccess } from '../../gateway/forward.ts';
import { createClient } from '../../gateway/http.ts';
import { field, listField, numberField, textField } from '../../gateway/json.ts';
import type { Shares } from '../../judge/pairs/share-evidence.ts';
import { spentOnExchange } from '../meter.ts';
import type { ModelInUse } from '../plan.ts';
import { isReasoningModel, outputLimit, type ProbeRequest } from '../requests.ts';
import type { FidelityPlan } from './plan.ts';
import type { FidelityPrompt } from './prompts.ts';

export interface ShortAnswer {
  /** A hash of its first word. */
  readonly name: string;
  /** The endpoint's name of the completion; null where it gives none. */
  readonly id: string | null;
  /** The model that the endpoint says has answered. */
  readonly model: string | null;
  readonly durationMs: number;
  /** By the hash of a first token; null where the prompt does not ask for them. */
  readonly shares: Shares | null;
}

/**
 * @param nonce makes the request another one for a cache of responses
 * @returns null where the endpoint did not answer
 * @throws BudgetSpent
 */
export type Answerer = (prompt: FidelityPrompt, nonce?: string) => Promise<ShortAnswer | null>;

/** A word, or a number of up to three digits; of probabilities the first token alone. */
const ANSWER_TOKENS = 8;

export function createAnswerer(
  access: EndpointAccess,
  { model, meter, form, timeoutMs: deadlineMs }: Pick<FidelityPlan, 'model' | 'meter' | 'form' | 'timeoutMs'>,
): Answerer {
  const client = createClient(access);
  const send = form.through((request) =>
    meter.run(request, () => client.call({ ...request, deadlineMs }), spentOnExchange),
  );
  return async (prompt, nonce) => {
    const exchange = await send(requestFor(model, prompt, nonce));
    if (exchange.kind !== 'response' || exchange.refusal !== null) return null;
    const [choice] = listField(exchange.json, 'choices');
    const text = textField(field(choice, 'message'), 'content');
    const shares = prompt.logprobs ? sharesOf(choice) : null;
    if (text === null || (prompt.logprobs && shares === null)) return null;
    return {
      shares,
      name: nameOf(text),
      id: textField(exchange.json, 'id'),
      model: textField(exchange.json, 'model'),
      durationMs: exchange.durationMs,
    };
  };
}

function requestFor(
  model: ModelInUse,
  { text, temperature, logprobs }: FidelityPrompt,
  nonce?: string,
): ProbeRequest {
  return {
    method: 'POST',
    path: '/chat/completions',
    body: {
      model: model.gatewayName,
      messages: [{ role: 'user', content: text }],
      ...outputLimit(model, logprobs ? 1 : ANSWER_TOKENS),
      ...(logprobs ? { logprobs, top_logprobs: 20 } : {}),
      ...(temperature === null ? {} : { temperature }),
      ...(nonce === undefined ? {} : { user: nonce }),
      ...(isReasoningModel(model) ? { reasoning_effort: 'low' } : {}),
    },
  };
}

/** Null where there are none. */
function sharesOf(choice: unknown): Shares | null {
  const [first] = listField(field(choice, 'logprobs'), 'content');
  const entries = listField(first, 'top_logprobs').flatMap((each) => {
    const [token, logprob] = [textField(each, 'token'), numberField(each, 'logprob')];
    return token === null || logprob === null ? [] : [[hashOf(token), Math.exp(logprob)] as const];
  });
  return entries.length === 0 ? null : Object.fromEntries(entries);
}

const nameOf = (text: string): string => hashOf(/[\p{L}\p{N}]+/u.exec(text)?.[0].toLowerCase() ?? '');

function hashOf(word: string): string {
  return createHash('sha256').update(word).digest('base64url').slice(0, 8);
}
