import { field, numberField, textField } from '../json.ts';
import { joinUrl } from '../url.ts';
import type { Balance, Profile } from './profile.ts';
import { currencyAmount } from './readers.ts';

const OWN_CODES =
  /^(API_KEY_\w+|INVALID_API_KEY|INSUFFICIENT_BALANCE|USER_INACTIVE|SUBSCRIPTION_\w+|USAGE_LIMIT_EXCEEDED)$/;

/** sub2api. Its own refusals are flat, `{code, message}`; official clients show their text but not their code. */
export const sub2api: Profile = {
  name: 'sub2api',
  title: 'sub2api',
  hosts: [],
  recognise: ({ json }) =>
    OWN_CODES.test(textField(json, 'code') ?? '') && textField(json, 'message') !== null,
  requestIdHeaders: ['x-request-id'],
  // The daily, weekly or monthly limit of a subscription: a short wait does not help.
  errors: [{ class: 'key_quota', code: /^USAGE_LIMIT_EXCEEDED$/i }],
  refusals: [
    {
      status: 403,
      body: { code: 'INSUFFICIENT_BALANCE', message: 'Insufficient account balance' },
      class: 'insufficient_balance',
    },
    {
      status: 401,
      body: { code: 'API_KEY_DISABLED', message: 'API key is disabled' },
      class: 'disabled_key',
    },
    { status: 401, body: { code: 'INVALID_API_KEY', message: 'Invalid API key' }, class: 'invalid_key' },
  ],
  balance: { url: (baseUrl) => joinUrl(new URL(baseUrl), '/usage').href, withKey: true, read: readBalance },
};

/** `{isValid, planName, remaining, unit}`: the account's balance, or what is left of a subscription. */
function readBalance(json: unknown): Balance | null {
  const remaining = numberField(json, 'remaining');
  if (remaining === null || field(json, 'isValid') === false) return null;
  const currency = textField(json, 'unit') ?? 'USD';
  const plan = textField(json, 'planName');
  return {
    remaining,
    currency,
    summary: `${currencyAmount(remaining, currency)} left${plan === null ? '' : `, plan ${plan}`}`,
  };
}
