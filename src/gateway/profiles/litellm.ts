import { field, isRecord, numberField, textField } from '../json.ts';
import type { ErrorClass } from '../refusal.ts';
import { besideApi } from '../url.ts';
import type { Balance, HubModel, Profile, RefusalExample } from './profile.ts';
import { currencyAmount, named, perMillion } from './readers.ts';

/**
 * The LiteLLM proxy. Its budgets stop a key, a user, a team or the whole proxy, all as `budget_exceeded`;
 * the message names the owner of the budget, and the status differs between versions.
 */
export const litellm: Profile = {
  name: 'litellm',
  title: 'LiteLLM',
  hosts: [],
  recognise: ({ headers, json }) =>
    Object.keys(headers).some((name) => name.startsWith('x-litellm-')) ||
    textField(field(json, 'error'), 'type') === 'token_not_found_in_db' ||
    /litellm/i.test(textField(field(json, 'error'), 'message') ?? ''),
  requestIdHeaders: ['x-litellm-call-id'],
  errors: [
    {
      class: 'insufficient_balance',
      label: /budget_exceeded/i,
      message: /\b(team|user|organization|proxy|customer)\b/i,
    },
    { class: 'insufficient_balance', message: /max budget limit reached/i },
    { class: 'rate_limited', message: /no deployments available|crossed (tpm|rpm|parallel)/i },
  ],
  refusals: [
    refused(
      429,
      'insufficient_balance',
      'budget_exceeded',
      'Budget has been exceeded! Team=research Current cost: 50.1, Max budget: 50.0',
    ),
    refused(
      401,
      'disabled_key',
      'auth_error',
      'Authentication Error, Key is blocked. Update via `/key/unblock` if you are an admin.',
    ),
    refused(
      401,
      'invalid_key',
      'token_not_found_in_db',
      'Authentication Error, Invalid proxy server token passed. Unable to find token in cache.',
    ),
  ],
  // `openai/gpt-4o`
  servedBy: (headers) => headers['x-litellm-model-name']?.split('/').at(-1) || null,
  balance: { url: (baseUrl) => besideApi(baseUrl, '/key/info'), withKey: true, read: readBalance },
  hub: {
    url: (baseUrl) => besideApi(baseUrl, '/model_group/info'),
    withKey: true,
    ofServedModel: true,
    read: readHub,
  },
  links: { keys: 'https://docs.litellm.ai/docs/proxy/virtual_keys' },
};

function refused(status: number, refusal: ErrorClass, type: string, message: string): RefusalExample {
  return { status, class: refusal, body: { error: { message, type, param: null, code: `${status}` } } };
}

/** `{info: {spend, max_budget}}` in USD; a `max_budget` of null means none. */
function readBalance(json: unknown): Balance | null {
  const info = field(json, 'info');
  const spend = numberField(info, 'spend');
  if (spend === null) return null;
  const budget = numberField(info, 'max_budget');
  return {
    remaining: budget === null ? null : budget - spend,
    currency: 'USD',
    summary:
      budget === null
        ? `no budget on this key, ${currencyAmount(spend, 'USD')} spent`
        : `${currencyAmount(budget - spend, 'USD')} left of the key's budget of ${currencyAmount(budget, 'USD')}`,
  };
}

function readHub(json: unknown): HubModel[] | null {
  return named(field(json, 'data'), 'model_group', (model, id) => ({
    id,
    contextWindow: numberField(model, 'max_input_tokens'),
    capabilities: capabilitiesOf(model),
    prices: [
      {
        group: '',
        input: perMillion(model, 'input_cost_per_token'),
        output: perMillion(model, 'output_cost_per_token'),
      },
    ],
  }));
}

/** `supports_vision: true` and `mode: 'chat'` make `['chat', 'vision']`. */
function capabilitiesOf(model: unknown): string[] {
  const supports = isRecord(model)
    ? Object.keys(model).filter((name) => name.startsWith('supports_') && model[name] === true)
    : [];
  const mode = textField(model, 'mode');
  return [...(mode === null ? [] : [mode]), ...supports.map((name) => name.slice('supports_'.length))];
}
