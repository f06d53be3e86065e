/** The effective config in the file's own notation: reading it again gives the same one. */
import { stringify } from 'yaml';
import { z } from 'zod';
import type { Gate } from './gates.ts';
import { type Config, configSchema } from './schema.ts';

const schema: z.ZodType = configSchema;

/** @returns plain values as the file writes them, with every default filled in; what is null is left out or undefined */
export function effectiveConfig({ rollout, ...sections }: Config): unknown {
  const { stages, ...rules } = rollout;
  const gates = stages.map(({ label, kind, gate }) => [label, writtenGate(gate, kind === 'share')]);
  return z.encode(schema, { ...sections, rollout: { stages, gates: Object.fromEntries(gates), ...rules } });
}

export function formatEffective(config: Config): string {
  return formatYaml(effectiveConfig(config));
}

export function formatYaml(settings: unknown): string {
  return stringify(settings, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** Without what is empty, unless a gate that leaves it out would not be: a production gate without `manual` inherits more. */
function writtenGate(gate: Gate, production: boolean): Partial<Gate> {
  const inherited = gate.manual ? [] : ['min_duration', 'min_tasks', 'metrics'];
  const stated = production ? inherited : ['manual'];
  return Object.fromEntries(
    Object.entries(gate).filter(([key, value]) => stated.includes(key) || !isEmpty(value)),
  );
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null ? Object.keys(value).length === 0 : !value;
}
