/** The schema of the whole file, and the config that the other rooms use. */
import type { z } from 'zod';
import type { Gate } from './gates.ts';
import { checkSchema, policySchema, qualitySchema } from './schema/check.ts';
import {
  clientSchema,
  gatewaySchema,
  modelsSchema,
  officialSchema,
  workloadsSchema,
} from './schema/gateway.ts';
import { measureSchema } from './schema/measure.ts';
import { rolloutSchema } from './schema/rollout.ts';
import { orNull, section, text } from './schema/scalars.ts';
import { trafficSchema } from './schema/traffic.ts';
import type { Stage } from './stages.ts';

export const configSchema = section({
  // Part of a branch name: gateway-rollout/<name>.
  name: orNull(
    text(
      /^[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.|lock$|$))*$/,
      'a name of letters, digits, dots, hyphens and underscores',
    ),
  ).describe("Name of the rollout; by default the repository's name."),
  official: officialSchema,
  gateway: gatewaySchema,
  models: modelsSchema,
  workloads: workloadsSchema,
  client: clientSchema,
  check: checkSchema,
  policy: policySchema,
  quality: orNull(qualitySchema).describe('How exec --shadow compares answers.'),
  rollout: rolloutSchema,
  measure: orNull(measureSchema).describe('Where measurements of production come from.'),
  traffic: trafficSchema,
});

/** The file as the schema reads it: units are numbers, but gates are still as written. */
export type ConfigFile = z.output<typeof configSchema>;

/** The readable sections of a file. */
export type Sections = { readonly [Name in keyof ConfigFile]?: ConfigFile[Name] | undefined };

/** A stage with what it must show before the rollout leaves it. */
export type RolloutStage = Stage & { readonly gate: Gate };

/**
 * A checked config with every default filled in. Keys are the file's own. Durations are
 * milliseconds, shares are percent (5 for `5%`), prices US dollars per million tokens. What is left out
 * and has no default is null: `name` (the repository's name), `measure`, `rollout.advance_window`, ….
 */
export type Config = Omit<ConfigFile, 'rollout'> & {
  readonly rollout: Omit<ConfigFile['rollout'], 'stages' | 'gates'> & {
    readonly stages: readonly RolloutStage[];
  };
};
