/** Permissions and events of the App's manifest. The emulated GitHub grants only these, so tests show that they are enough. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Permissions } from './permissions.ts';

const manifestSchema = z.looseObject({
  default_permissions: z.record(z.string(), z.enum(['read', 'write'])),
  default_events: z.array(z.string()),
});

/** Permissions that only some configs need: the manifest names them in a comment, operators add them. */
const WHEN_CONFIGURED: Permissions = {
  actions: 'write',
  actions_variables: 'write',
  environments: 'write',
  members: 'read',
};

interface Manifest {
  readonly permissions: Permissions;
  readonly events: readonly string[];
}

/** Read once: every emulated GitHub asks for it. */
let known: Manifest | null = null;
export function readManifest(): Manifest {
  known ??= parseManifest();
  return known;
}

function parseManifest(): Manifest {
  const text = readFileSync(new URL('../../../app/app.yml', import.meta.url), 'utf8');
  const manifest = manifestSchema.parse(parse(text));
  return {
    permissions: { ...manifest.default_permissions, ...WHEN_CONFIGURED },
    events: manifest.default_events,
  };
}
