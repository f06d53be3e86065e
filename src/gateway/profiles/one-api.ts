import { field, textField } from '../json.ts';
import type { ErrorClass } from '../refusal.ts';
import type { Profile, RefusalExample } from './profile.ts';

/** one-api, the origin of New API: the same header, other words. */
export const oneApi: Profile = {
  name: 'one-api',
  title: 'one-api',
  hosts: [],
  recognise: ({ headers, json }) =>
    textField(field(json, 'error'), 'type') === 'one_api_error' ||
    ('x-oneapi-request-id' in headers && !('x-new-api-version' in headers)),
  requestIdHeaders: ['x-oneapi-request-id'],
  errors: [],
  // What its provider said is passed on with the provider's type; the request ID is added.
  providers: { status: [401, 403], type: /^(?!one_api_error$)./i, message: /\(request id: /i },
  refusals: [
    refused(403, 'insufficient_balance', 'user quota is not enough', {
      param: '',
      code: 'insufficient_user_quota',
    }),
    refused(401, 'disabled_key', '该令牌状态不可用'),
    refused(401, 'invalid_key', '无效的令牌'),
  ],
};

/** Refusals from before the relay have neither `param` nor `code`. */
function refused(status: number, refusal: ErrorClass, words: string, relayed: object = {}): RefusalExample {
  const message = `${words} (request id: 2026010112000012345678901234567)`;
  return { status, class: refusal, body: { error: { message, type: 'one_api_error', ...relayed } } };
}
