/** The sections about the two arms, the models and the team's client. */

import { z } from 'zod';
import { HOUR } from '../durations-and-shares.ts';
import { HEADER_NAME, headerValueMistake } from '../headers.ts';
import { baseUrlFlaw } from '../hosts.ts';
import { addIssue, duration, listOf, readAs, section, text, wholeNumber } from './scalars.ts';

const BASE_URL_EXPECTED =
  'a URL such as https://api.openai.com/v1, without a user name, a query or a fragment';

/** Headers that the client sets itself; another value would break the request. */
const TRANSPORT_HEADERS = /^(?:host|content-(?:length|type)|transfer-encoding|connection|accept-encoding)$/i;

/** A URL is never repeated in a message: it could contain a password. */
function baseUrl() {
  return z
    .string({ error: BASE_URL_EXPECTED })
    .max(2_000, { error: BASE_URL_EXPECTED })
    .meta({ format: 'uri' })
    .superRefine((value, context) => {
      const flaw = baseUrlFlaw(value);
      if (flaw !== null) addIssue(context, BASE_URL_EXPECTED, { problem: `this ${flaw}` });
    });
}

export const officialSchema = section({
  base_url: baseUrl().prefault('https://api.openai.com/v1').describe('Base URL of the official API.'),
})
  .prefault({})
  .describe('The API that you call today: the control arm.');

const headersSchema = z
  .record(
    text(HEADER_NAME, 'the name of a header'),
    z.string({ error: `text such as "\${GATEWAY_PORTKEY_CONFIG}"` }),
    { error: 'a map: header name → value' },
  )
  .superRefine((headers, context) => {
    for (const [name, value] of Object.entries(headers)) {
      const problem = TRANSPORT_HEADERS.test(name)
        ? 'the client sets this header itself'
        : headerValueMistake(value);
      const expected = `plain text with \${GATEWAY_…} for environment variables, or no such header`;
      if (problem !== null) addIssue(context, expected, { problem }, [name]);
    }
  });

export const gatewaySchema = section({
  base_url: baseUrl().describe('Base URL of the OpenAI-compatible gateway, usually ending in /v1.'),
  profile: text(
    /^[a-z0-9][a-z0-9-]*$/,
    'auto, or the name of a platform such as zivv, litellm, new-api, openrouter or portkey',
  )
    .prefault('auto')
    .describe('The platform; auto recognises it by its host and its responses.'),
  headers: headersSchema
    .prefault({})
    .describe(
      `Extra headers of every request. \${GATEWAY_…} is read from the environment, in the Action and on the command line but never in the App, and is masked.`,
    ),
}).describe('The OpenAI-compatible endpoint that you move to: the arm under test.');

/** A model: its name in the code, and on the gateway. */
export interface Model {
  readonly name: string;
  readonly gateway_name: string;
}

const modelName = () => text(/^[^\s"'`]+$/, 'the name of a model, such as gpt-4o-mini');

export const modelsSchema = readAs(
  z.union(
    [
      listOf(modelName(), 'a list of model names').min(1, { error: 'at least one model' }),
      z
        .record(modelName(), modelName(), { error: 'a map: name in your code → name on the gateway' })
        .refine((map) => Object.keys(map).length > 0, { error: 'at least one model' }),
    ],
    { error: 'a list of names, or a map: name in your code → name on the gateway' },
  ),
  (models): Model[] =>
    Array.isArray(models)
      ? models.map((name) => ({ name, gateway_name: name }))
      : Object.entries(models).map(([name, gateway_name]) => ({ name, gateway_name })),
  (models) =>
    models.every(({ name, gateway_name }) => name === gateway_name)
      ? models.map(({ name }) => name)
      : Object.fromEntries(models.map(({ name, gateway_name }) => [name, gateway_name])),
).describe(
  'The models in use: a list of names, or a map from the name in your code to the name on the gateway.',
);

export const workloadsSchema = listOf(
  text(/^[A-Za-z][A-Za-z0-9._-]*$/, 'the name of a workload, such as internal-tools'),
  'a list of workload names',
)
  .prefault([])
  .describe('Parts of your product that can move one by one.');

export const clientSchema = section({
  timeout: duration({ min: 1_000, max: HOUR })
    .prefault('30s')
    .describe("Your client's timeout for one request."),
  max_retries: wholeNumber({ max: 20 })
    .prefault(2)
    .describe('How often your client retries a failed request.'),
})
  .prefault({})
  .describe('The settings of your own client; the probes test the gateway against them.');
