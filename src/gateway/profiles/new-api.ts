import { field, isRecord, listField, numberField, textField } from '../json.ts';
import type { ErrorClass } from '../refusal.ts';
import { besideApi } from '../url.ts';
import type { Balance, HubModel, Profile, RefusalExample } from './profile.ts';
import { currencyAmount, named } from './readers.ts';

/** Quota units per dollar, unless the operator set another number (`quota_per_unit` of `/api/status`). */
export const QUOTA_PER_USD = 500_000;

/** USD per million tokens for a `model_ratio` of 1, which is one quota unit per token. */
const USD_PER_RATIO = 1_000_000 / QUOTA_PER_USD;

/** New API. It refuses wrong, disabled, expired and exhausted keys with the same words, "invalid token". */
export const newApi: Profile = {
  name: 'new-api',
  title: 'New API',
  hosts: [],
  recognise: ({ headers, json }) =>
    'x-new-api-version' in headers || textField(field(json, 'error'), 'type') === 'new_api_error',
  requestIdHeaders: ['x-oneapi-request-id'],
  errors: [
    { class: 'content_filter', code: /^prompt_blocked$/i },
    { class: 'timeout', code: /^channel:response_time_exceeded$/i },
    // Problems between the gateway and its upstream, under any status.
    {
      class: 'upstream_error',
      code: /^(channel:(no_available_key|invalid_key)|do_request_failed|bad_response(_status_code|_body)?|empty_response)$/i,
    },
  ],
  // What its provider said is passed on with the provider's type; the request ID is added.
  providers: { status: [401, 403], type: /^(?!new_api_error$)./i, message: /\(request id: /i },
  refusals: [
    refused(403, 'insufficient_balance', '用户额度不足, 剩余额度: ＄0.000000', 'insufficient_user_quota'),
    refused(401, 'invalid_key', '无效的令牌'),
    refused(403, 'disabled_key', '用户已被封禁'),
  ],
  balance: { url: (baseUrl) => besideApi(baseUrl, '/api/usage/token/'), withKey: true, read: readBalance },
  hub: { url: (baseUrl) => besideApi(baseUrl, '/api/pricing'), withKey: false, read: readHub },
};

function refused(status: number, refusal: ErrorClass, words: string, code = ''): RefusalExample {
  const message = `${words} (request id: 2026010112000012345678AbCdEfGh)`;
  return { status, class: refusal, body: { error: { message, type: 'new_api_error', code } } };
}

/** `{data: {total_available, total_granted, unlimited_quota}}` of the key, in quota. */
function readBalance(json: unknown): Balance | null {
  const data = field(json, 'data');
  const available = numberField(data, 'total_available');
  if (available === null) return null;
  if (field(data, 'unlimited_quota') === true) {
    return {
      remaining: null,
      currency: 'quota',
      summary: "no quota on this key: the account's balance decides",
    };
  }
  const usd = currencyAmount(available / QUOTA_PER_USD, 'USD');
  return {
    remaining: available,
    currency: 'quota',
    summary: `${available} quota left on this key (${usd} at the usual ${QUOTA_PER_USD} quota per USD)`,
  };
}

/** `{data: [{model_name, quota_type, model_ratio, completion_ratio, enable_groups}], group_ratio}`. */
function readHub(json: unknown): HubModel[] | null {
  const ratios = field(json, 'group_ratio');
  const groups = isRecord(ratios) ? ratios : {};
  return named(field(json, 'data'), 'model_name', (model, id) => ({
    id,
    contextWindow: null,
    capabilities: listField(model, 'supported_endpoint_types').filter((each) => typeof each === 'string'),
    prices: listField(model, 'enable_groups').flatMap((group) =>
      typeof group === 'string' ? [priceIn(group, numberField(groups, group) ?? 1, model)] : [],
    ),
  }));
}

function priceIn(group: string, groupRatio: number, model: unknown): HubModel['prices'][number] {
  const ratio = numberField(model, 'model_ratio');
  // quota_type 1 is a price per call, not per token.
  if (ratio === null || field(model, 'quota_type') !== 0) return { group, input: null, output: null };
  const input = ratio * USD_PER_RATIO * groupRatio;
  const output = input * (numberField(model, 'completion_ratio') ?? 1);
  return { group, input: round(input), output: round(output) };
}

function round(usd: number): number {
  return Number(usd.toPrecision(12));
}
