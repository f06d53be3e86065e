/** Migrates states of older schemas step by step when they are read. */

/** The schema that this version writes. */
export const SCHEMA = 2;

/** By schema: migrates the whole file to the next one. Schema 1 is the first. */
export type Migrations = Readonly<Record<number, (file: Readonly<Record<string, unknown>>) => unknown>>;

export const MIGRATIONS: Migrations = { 1: withoutEvidence };

/** Schema 1 kept the evidence of a stage in another form: the current stage collects it anew. */
function withoutEvidence(file: Readonly<Record<string, unknown>>): unknown {
  const { state } = file;
  if (!isRecord(state) || !isRecord(state.stage)) return { ...file, schema: 2 };
  return { ...file, schema: 2, state: { ...state, stage: { ...state.stage, evidence: null } } };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

export type Migrated =
  | { readonly kind: 'current'; readonly file: unknown }
  | { readonly kind: 'newer'; readonly schema: number }
  | { readonly kind: 'broken' };

/**
 * Migrates a file to the schema of this version.
 * @param file the file's JSON; its signature was verified before the migration
 */
export function migrate(file: unknown, migrations: Migrations = MIGRATIONS, current = SCHEMA): Migrated {
  let migrated = file;
  let last = 0;
  for (;;) {
    if (typeof migrated !== 'object' || migrated === null || !('schema' in migrated))
      return { kind: 'broken' };
    const { schema } = migrated;
    if (typeof schema !== 'number' || !Number.isInteger(schema) || schema <= last) return { kind: 'broken' };
    if (schema === current) return { kind: 'current', file: migrated };
    if (schema > current) return { kind: 'newer', schema };
    const step = migrations[schema];
    if (step === undefined) return { kind: 'broken' };
    last = schema;
    migrated = step({ ...migrated });
  }
}
