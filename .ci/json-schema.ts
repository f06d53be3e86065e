/** The JSON Schema of the file, with which editors complete and check it. */
import { z } from 'zod';
import { configSchema } from '../src/config/schema.ts';

/** @returns a JSON Schema (draft 2020-12) of the file, generated from the schema that reads it */
export function configJsonSchema(): Readonly<Record<string, unknown>> {
  const { $schema, ...schema } = z.toJSONSchema(configSchema, { io: 'input' });
  return {
    $schema,
    $id: 'urn:gateway-rollout:config',
    title: 'gateway-rollout config',
    description:
      'One rollout from the official OpenAI API to an OpenAI-compatible gateway: .github/gateway-rollout.yml',
    ...schema,
  };
}
