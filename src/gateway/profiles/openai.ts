import type { Profile } from './profile.ts';

/** The official API. */
export const openai: Profile = {
  name: 'openai',
  title: 'OpenAI',
  hosts: ['api.openai.com'],
  // Gateways pass the official headers and bodies on, so no response proves that it is the official API.
  recognise: () => false,
  requestIdHeaders: ['x-request-id'],
  errors: [],
  refusals: [
    {
      status: 429,
      body: openaiError({
        message: 'You exceeded your current quota, please check your plan and billing details.',
        type: 'insufficient_quota',
        code: 'insufficient_quota',
      }),
      class: 'insufficient_balance',
    },
    // A disabled key gets the same words as a wrong one.
    {
      status: 401,
      body: openaiError({
        message: 'Incorrect API key provided: sk-abcd***wxyz.',
        type: 'invalid_request_error',
        code: 'invalid_api_key',
      }),
      class: 'invalid_key',
    },
    {
      status: 401,
      body: openaiError({
        message: 'The account associated with this API key has been deactivated.',
        type: 'invalid_request_error',
        code: 'account_deactivated',
      }),
      class: 'disabled_key',
    },
    {
      status: 429,
      headers: { 'retry-after': '1' },
      body: openaiError({
        message: 'Rate limit reached for requests per min. Please try again in 1s.',
        type: 'requests',
        code: 'rate_limit_exceeded',
      }),
      class: 'rate_limited',
    },
    {
      status: 404,
      body: openaiError({
        message: 'The model `gpt-none` does not exist or you do not have access to it.',
        type: 'invalid_request_error',
        code: 'model_not_found',
      }),
      class: 'model_not_found',
    },
    {
      status: 503,
      body: openaiError({
        message: 'The engine is currently overloaded, please try again later.',
        type: 'server_error',
      }),
      class: 'overloaded',
    },
  ],
  links: { keys: 'https://platform.openai.com/api-keys', status: 'https://status.openai.com' },
};

function openaiError(error: { message: string; type: string; code?: string }): unknown {
  return { error: { message: error.message, type: error.type, param: null, code: error.code ?? null } };
}
