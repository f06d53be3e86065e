import { textField } from '../json.ts';
import type { Profile } from './profile.ts';

/** Portkey, hosted or as the open-source gateway. Its own refusals are `{status: 'failure', message}`. */
export const portkey: Profile = {
  name: 'portkey',
  title: 'Portkey',
  hosts: ['portkey.ai'],
  recognise: ({ headers, json }) =>
    Object.keys(headers).some((name) => name.startsWith('x-portkey-')) ||
    (textField(json, 'status') === 'failure' && /x-portkey/i.test(textField(json, 'message') ?? '')),
  requestIdHeaders: ['x-portkey-trace-id'],
  errors: [
    // Without a provider it does not know where to send the request: the caller's setting is missing.
    {
      class: 'bad_request',
      status: [400],
      message: /x-portkey-(config|provider)|invalid (provider|config|custom host)/i,
    },
  ],
  refusals: [
    {
      status: 400,
      body: {
        status: 'failure',
        message: 'Either x-portkey-config or x-portkey-provider header is required',
      },
      class: 'bad_request',
    },
    {
      status: 502,
      body: {
        'html-message': '<html><head><title>502 Bad Gateway</title></head><body></body></html>',
        provider: 'openai',
      },
      class: 'upstream_error',
    },
    { status: 500, body: { status: 'failure', message: 'Something went wrong' }, class: 'upstream_error' },
  ],
};
