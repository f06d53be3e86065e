/** The sections about the two arms, the models and the team's client. */

import { z } from 'zod';
import { HEADER_NAME, headerValueMistake } from '../headers.ts';
import { baseUrlFlaw } from '../hosts.ts';
import { HOUR } from '../units.ts';
import { count, duration, type IssueParams, listOf, section, text } from './scalars.ts';

const BASE_URL_EXPECTED =
  'an address such as https://api.openai.com/v1, without a user, a query or a fragment';

/** Headers that the client sets by itself; another value would break the request. */
const TRANSPORT_HEADERS = [
  'host',
  'content-length',
  'content-type',
  'transfer-encoding',
  'connection',
  'accept-encoding',
];

/** An address is never repeated in a message: it could hold a password. */
function baseUrl() {
  return z
    .string({ error: BASE_URL_EXPECTED })
    .max(2_000, { error: BASE_URL_EXPECTED })
    .meta({ format: 'uri' })
    .superRefine((value, context) => {
      const flaw = baseUrlFlaw(value);
      if (flaw === null) return;
      const params: IssueParams = { problem: `this ${flaw}` };
      context.addIssue({ code: 'custom', message: BASE_URL_EXPECTED, params: { ...params } });
    });
}

export const officialSchema = section({
  base_url: baseUrl().prefault('https://api.openai.com/v1').describe('Base URL of the official API.'),
})
  .prefault({})
  .describe('The API that the team calls today: the control arm.');

const headersSchema = z
  .record(
    text(HEADER_NAME, 'the name of a header'),
    z.string({ error: `a text, such as "\${GATEWAY_PORTKEY_CONFIG}"` }),
    {
      error: 'a map: the name of a header → its value',
    },
  )
  .superRefine((headers, context) => {
    for (const [name, value] of Object.entries(headers)) {
      const problem = TRANSPORT_HEADERS.includes(name.toLowerCase())
        ? 'the client sets this header by itself'
        : headerValueMistake(value);
      if (problem === null) continue;
      const params: IssueParams = { problem };
      const message = `plain text in which \${GATEWAY_…} stands for variables of the environment, or no such header`;
      context.addIssue({ code: 'custom', path: [name], message, params: { ...params } });
    }
  });

export const gatewaySchema = section({
  base_url: baseUrl().describe('Base URL of the OpenAI-compatible gateway, usually ending in /v1.'),
  profile: text(
    /^[a-z0-9][a-z0-9-]*$/,
    'auto, or the name of a platform such as zivv, litellm, new-api, openrouter or portkey',
  )
    .prefault('auto')
    .describe('What is known of the platform; auto recognises it by its host and its answers.'),
  headers: headersSchema
    .prefault({})
    .describe(
      `Sent with every request. \${GATEWAY_…} reads the environment, in the Action and the command line, never in the App, and is masked.`,
    ),
}).describe('The OpenAI-compatible endpoint that the team moves to: the arm under test.');

/** A model as the code names it, and as the gateway does. */
export interface Model {
  readonly name: string;
  readonly gateway_name: string;
}

const modelName = () => text(/^[^\s"'`]+$/, 'the name of a model, such as gpt-4o-mini');

export const modelsSchema = z
  .union(
    [
      listOf(modelName(), 'a list of names of models').min(1, { error: 'at least one model' }),
      z
        .record(modelName(), modelName(), { error: "a map: the name in the code → the gateway's name" })
        .refine((map) => Object.keys(map).length > 0, { error: 'at least one model' }),
    ],
    { error: "a list of names, or a map: the name in the code → the gateway's name" },
  )
  .transform((models): Model[] =>
    Array.isArray(models)
      ? models.map((name) => ({ name, gateway_name: name }))
      : Object.entries(models).map(([name, gateway_name]) => ({ name, gateway_name })),
  )
  .describe("The models in use: a list of names, or a map from the name in the code to the gateway's name.");

export const workloadsSchema = listOf(
  text(/^[A-Za-z][A-Za-z0-9._-]*$/, 'the name of a workload, such as internal-tools'),
  'a list of names of workloads',
)
  .prefault([])
  .describe('Parts of the product that can move one by one.');

export const clientSchema = section({
  timeout: duration({ min: 1_000, max: HOUR })
    .prefault('30s')
    .describe("The client's timeout of one request."),
  max_retries: count({ max: 20 }).prefault(2).describe('How often the client repeats a failed request.'),
})
  .prefault({})
  .describe("What the team's own client uses; the probes hold the gateway to it.");
