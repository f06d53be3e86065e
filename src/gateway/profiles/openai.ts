import type { ErrorClass } from '../refusal.ts';
import type { Profile, RefusalExample } from './profile.ts';

/** The official API. */
export const openai: Profile = {
  name: 'openai',
  title: 'OpenAI',
  hosts: ['api.openai.com'],
  // Gateways pass the official headers and bodies on, so no response proves that it is the official API.
  recognise: () => false,
  requestIdHeaders: ['x-request-id'],
  errors: [],
  // A disabled key gets the same words as a wrong one.
  refusals: [
    refused(
      429,
      'insufficient_balance',
      'You exceeded your current quota, please check your plan and billing details.',
      { type: 'insufficient_quota', code: 'insufficient_quota' },
    ),
    refused(401, 'invalid_key', 'Incorrect API key provided: sk-abcd***wxyz.', { code: 'invalid_api_key' }),
    refused(401, 'disabled_key', 'The account associated with this API key has been deactivated.', {
      code: 'account_deactivated',
    }),
    {
      ...refused(429, 'rate_limited', 'Rate limit reached for requests per min. Please try again in 1s.', {
        type: 'requests',
        code: 'rate_limit_exceeded',
      }),
      headers: { 'retry-after': '1' },
    },
    refused(404, 'model_not_found', 'The model `gpt-none` does not exist or you do not have access to it.', {
      code: 'model_not_found',
    }),
    refused(503, 'overloaded', 'The engine is currently overloaded, please try again later.', {
      type: 'server_error',
    }),
  ],
  links: { keys: 'https://platform.openai.com/api-keys', status: 'https://status.openai.com' },
};

function refused(
  status: number,
  refusal: ErrorClass,
  message: string,
  { type = 'invalid_request_error', code = null }: { readonly type?: string; readonly code?: string | null },
): RefusalExample {
  return { status, class: refusal, body: { error: { message, type, param: null, code } } };
}
