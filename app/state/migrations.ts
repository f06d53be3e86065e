/** Migrates states of older schemas step by step when they are read. */

/** The schema that this version writes. */
export const SCHEMA = 1;

/** By schema: migrates the whole file to the next one. Schema 1 is the first. */
export type Migrations = Readonly<Record<number, (file: Readonly<Record<string, unknown>>) => unknown>>;

export const MIGRATIONS: Migrations = {};

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
