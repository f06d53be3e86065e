import { field, listField, numberField, textField } from '../json.ts';
import type { ErrorClass } from '../refusal.ts';
import type { Balance, HubModel, Profile, RefusalExample } from './profile.ts';
import { currencyAmount, named, perMillion } from './readers.ts';

/** OpenRouter. Its `code` repeats the HTTP status; inside a stream it is the only status. */
export const openrouter: Profile = {
  name: 'openrouter',
  title: 'OpenRouter',
  hosts: ['openrouter.ai'],
  recognise: ({ json }) => /^gen-/.test(textField(json, 'id') ?? '') && textField(json, 'provider') !== null,
  requestIdHeaders: ['x-generation-id', 'x-request-id'],
  errors: [{ class: 'content_filter', status: [403], message: /moderation/i }],
  refusals: [
    refused(
      402,
      'insufficient_balance',
      'Insufficient credits. Add more using https://openrouter.ai/settings/credits',
    ),
    refused(401, 'disabled_key', 'This API key is disabled.'),
    refused(401, 'invalid_key', 'User not found.'),
    refused(404, 'model_not_found', 'No endpoints found for acme/none.'),
  ],
  balance: { url: (baseUrl) => new URL('/api/v1/key', baseUrl).href, withKey: true, read: readBalance },
  hub: { url: (baseUrl) => new URL('/api/v1/models', baseUrl).href, withKey: false, read: readHub },
  links: { keys: 'https://openrouter.ai/settings/keys', billing: 'https://openrouter.ai/settings/credits' },
};

function refused(status: number, refusal: ErrorClass, message: string): RefusalExample {
  return { status, class: refusal, body: { error: { message, code: status } } };
}

/** `{data: {limit, limit_remaining, usage}}` of the key, in USD; a `limit` of null means none. */
function readBalance(json: unknown): Balance | null {
  const data = field(json, 'data');
  const usage = numberField(data, 'usage');
  if (usage === null) return null;
  const limit = numberField(data, 'limit');
  const remaining = numberField(data, 'limit_remaining');
  const summary =
    limit === null || remaining === null
      ? `no limit on this key, ${currencyAmount(usage, 'USD')} used; the account's credits decide`
      : `${currencyAmount(remaining, 'USD')} left of the key's limit of ${currencyAmount(limit, 'USD')}`;
  return { remaining: limit === null ? null : remaining, currency: 'USD', summary };
}

function readHub(json: unknown): HubModel[] | null {
  return named(field(json, 'data'), 'id', (model, id) => {
    const pricing = field(model, 'pricing');
    return {
      id,
      contextWindow: numberField(model, 'context_length'),
      capabilities: listField(model, 'supported_parameters').filter((each) => typeof each === 'string'),
      prices: [
        { group: '', input: perMillion(pricing, 'prompt'), output: perMillion(pricing, 'completion') },
      ],
    };
  });
}
