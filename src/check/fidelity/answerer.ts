/** Asks one arm for the short answer to a prompt. Nothing of the answer is kept but a hash. */
import { createHash } from 'node:crypto';
import type { EndpointAccess } from '../../gateway/forward.ts';
import { createClient } from '../../gateway/http.ts';
import { field, listField, textField } from '../../gateway/json.ts';
import { type Meter, spentOnExchange } from '../meter.ts';
import type { ModelInUse } from '../plan.ts';
import { isReasoningModel, outputLimit, type ProbeRequest } from '../requests.ts';
import type { FidelityPrompt } from './prompts.ts';

export interface ShortAnswer {
  /** A hash of its first word. */
  readonly name: string;
  /** The endpoint's name of the completion; null where it gives none. */
  readonly id: string | null;
  /** The model that the endpoint says has answered. */
  readonly model: string | null;
  readonly durationMs: number;
}

/**
 * @param nonce makes the request another one for a cache of responses
 * @returns null where the endpoint did not answer
 * @throws BudgetSpent
 */
export type Answerer = (prompt: FidelityPrompt, nonce?: string) => Promise<ShortAnswer | null>;

/** A word, or a number of up to three digits. */
const ANSWER_TOKENS = 8;

export function createAnswerer(
  access: EndpointAccess,
  {
    model,
    meter,
    deadlineMs,
  }: { readonly model: ModelInUse; readonly meter: Meter; readonly deadlineMs: number },
): Answerer {
  const client = createClient(access);
  return async (prompt, nonce) => {
    const request = requestFor(model, prompt, nonce);
    const exchange = await meter.run(request, () => client.call({ ...request, deadlineMs }), spentOnExchange);
    if (exchange.kind !== 'response' || exchange.refusal !== null) return null;
    const [choice] = listField(exchange.json, 'choices');
    const text = textField(field(choice, 'message'), 'content');
    if (text === null) return null;
    return {
      name: nameOf(text),
      id: textField(exchange.json, 'id'),
      model: textField(exchange.json, 'model'),
      durationMs: exchange.durationMs,
    };
  };
}

function requestFor(model: ModelInUse, { text, temperature }: FidelityPrompt, nonce?: string): ProbeRequest {
  return {
    method: 'POST',
    path: '/chat/completions',
    body: {
      model: model.gatewayName,
      messages: [{ role: 'user', content: text }],
      ...outputLimit(model, ANSWER_TOKENS),
      ...(temperature === null ? {} : { temperature }),
      ...(nonce === undefined ? {} : { user: nonce }),
      ...(isReasoningModel(model) ? { reasoning_effort: 'low' } : {}),
    },
  };
}

function nameOf(text: string): string {
  const word = /[\p{L}\p{N}]+/u.exec(text)?.[0].toLowerCase() ?? '';
  return createHash('sha256').update(word).digest('base64url').slice(0, 8);
}
