/** The sections that say what the gateway must support, and when not to migrate at all. */
import { z } from 'zod';
import { FEATURES } from '../features.ts';
import { choice, flag, listOf, positive, probeId, section, text, wholeNumber } from './scalars.ts';

export const checkSchema = section({
  features: z
    .union([z.literal('auto'), listOf(choice(FEATURES), 'a list of features')], {
      error: `auto, or a list of features (${FEATURES.join(', ')})`,
    })
    .prefault('auto')
    .describe('Parts of the API to probe beyond plain chat; auto uses what the inventory finds.'),
  require: listOf(probeId(), 'a list of probe IDs, such as [request_id]')
    .prefault([])
    .describe('Probes whose warnings count as failures.'),
  ignore: z
    .record(probeId(), text(/\S/, 'a reason in one sentence'), {
      error: 'a map: probe ID → the reason to ignore its failure',
    })
    .prefault({})
    .describe('Probes whose failures only count as notes, each with a reason.'),
  repeat: z
    .union([z.literal('auto'), wholeNumber({ min: 1, max: 16 })], {
      error: 'auto, or a whole number from 1 to 16',
    })
    .prefault('auto')
    .describe('How often each feature in use is asked for; auto: 1, in the Action 3, with --thorough 16.'),
  fidelity: flag()
    .prefault(false)
    .describe('true: also tests whether the gateway serves the same model; needs the official key.'),
  max_cost_usd: positive('a number of US dollars')
    .prefault(0.05)
    .describe('Budget of the probes in US dollars; they stop before they exceed it.'),
})
  .prefault({})
  .describe('What the check tests on the gateway.');

const PROGRAM = 'a list: the program and its arguments';
export const qualitySchema = section({
  command: z
    .array(text(/\S/, 'a program or an argument'), { error: PROGRAM })
    .min(1, { error: PROGRAM })
    .describe(
      'A program that gets a prompt and two answers as JSON, and prints a number: below 0 if the first is better, above 0 if the second is, 0 for a tie.',
    ),
});

export const policySchema = section({
  compliance_contract: flag()
    .prefault(false)
    .describe('true: you need a direct contract with the provider, so the rollout refuses to start.'),
  allow_experimental: listOf(
    text(/^[a-z][a-z0-9_.-]*$/, 'an API area such as realtime'),
    'a list of API areas, such as [realtime]',
  )
    .prefault([])
    .describe('Experimental API areas in your code that may move; any other one blocks the start.'),
})
  .prefault({})
  .describe('When not to migrate.');
