/** The sections that say what the gateway must be able to do, and when not to migrate at all. */
import { z } from 'zod';
import { FEATURES } from '../features.ts';
import { choice, flag, listOf, positive, probeId, section, text } from './scalars.ts';

export const checkSchema = section({
  features: z
    .union([z.literal('auto'), listOf(choice(FEATURES), 'a list of features')], {
      error: `auto, or a list of features (${FEATURES.join(', ')})`,
    })
    .prefault('auto')
    .describe('The parts of the API to probe beyond plain chat; auto takes what the inventory finds.'),
  require: listOf(probeId(), 'a list of ids of probes, such as [request_id]')
    .prefault([])
    .describe('Probes whose warning is raised to a failure.'),
  ignore: z
    .record(probeId(), text(/\S/, 'the reason in one sentence'), {
      error: 'a map: the id of a probe → the reason why its failure does not count',
    })
    .prefault({})
    .describe('Probes whose failure is lowered to a note, each with its reason.'),
  max_cost_usd: positive('a number of US dollars')
    .prefault(0.05)
    .describe('The probes stop before they would spend more, in US dollars.'),
})
  .prefault({})
  .describe('What the check asks of the gateway.');

export const policySchema = section({
  compliance_contract: flag()
    .prefault(false)
    .describe('true: a direct contract with the provider is required, so the rollout refuses to start.'),
  allow_experimental: listOf(
    text(/^[a-z][a-z0-9_.-]*$/, 'the name of an area of the API, such as realtime'),
    'a list of areas of the API, such as [realtime]',
  )
    .prefault([])
    .describe('Experimental areas of the API in use that the team accepts to move; others block the start.'),
})
  .prefault({})
  .describe('When not to migrate.');
