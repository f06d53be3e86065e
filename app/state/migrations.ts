/** States of older schemas, brought up to date step by step when they are read. */

/** The schema that this program writes. */
export const SCHEMA = 1;

/** From a schema to the next: what it makes of the whole file. Schema 1 is the first. */
export type Migrations = Readonly<Record<number, (file: Readonly<Record<string, unknown>>) => unknown>>;

export const MIGRATIONS: Migrations = {};

export type Migrated =
  | { readonly kind: 'current'; readonly file: unknown }
  | { readonly kind: 'newer'; readonly schema: number }
  | { readonly kind: 'broken' };

/**
 * Brings a file to the schema of this program.
 * @param file the file's JSON; its signature is verified before, on what was written
 */
export function migrate(file: unknown, migrations: Migrations = MIGRATIONS, current = SCHEMA): Migrated {
  let present = file;
  let last = 0;
  for (;;) {
    if (typeof present !== 'object' || present === null || !('schema' in present)) return { kind: 'broken' };
    const { schema } = present;
    if (typeof schema !== 'number' || !Number.isInteger(schema) || schema <= last) return { kind: 'broken' };
    if (schema === current) return { kind: 'current', file: present };
    if (schema > current) return { kind: 'newer', schema };
    const step = migrations[schema];
    if (step === undefined) return { kind: 'broken' };
    last = schema;
    present = step({ ...present });
  }
}
