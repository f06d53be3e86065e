import { field, textField } from '../json.ts';
import type { Profile } from './profile.ts';

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
    {
      status: 403,
      body: {
        error: {
          message: 'user quota is not enough',
          type: 'one_api_error',
          param: '',
          code: 'insufficient_user_quota',
        },
      },
      class: 'insufficient_balance',
    },
    { status: 401, body: oneApiError('该令牌状态不可用'), class: 'disabled_key' },
    { status: 401, body: oneApiError('无效的令牌'), class: 'invalid_key' },
  ],
};

/** Refusals from before the relay have neither `param` nor `code`. */
function oneApiError(message: string): unknown {
  return {
    error: { message: `${message} (request id: 2026010112000012345678901234567)`, type: 'one_api_error' },
  };
}
