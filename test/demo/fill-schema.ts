/** Makes a value that matches a JSON Schema, as a model with structured outputs must. */
import { z } from 'zod';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Optional parts below this depth are left empty, so that recursive schemas end. */
const MAX_DEPTH = 6;

const STRINGS_BY_FORMAT: Readonly<Record<string, string>> = {
  date: '2026-01-31',
  'date-time': '2026-01-31T12:00:00Z',
  time: '12:00:00Z',
  duration: 'PT1H',
  email: 'someone@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
};

/**
 * Fills a schema: `const`, `enum`, `anyOf`/`oneOf` (their first branch), `allOf`, local `$ref`s, objects with all
 * their properties, arrays, strings, numbers, booleans and null. It ignores `pattern` and lengths above `minLength`.
 * @param subject the value of strings without a constraint
 */
export function fillSchema(schema: JsonSchema, subject = 'example'): unknown {
  return new Filler(schema, subject).fill(schema, 0);
}

const objectSchema = z.record(z.string(), z.unknown());
const schemasSchema = z.array(objectSchema);
const numberSchema = z.number();

class Filler {
  readonly #root: JsonSchema;
  readonly #subject: string;

  constructor(root: JsonSchema, subject: string) {
    this.#root = root;
    this.#subject = subject;
  }

  fill(schema: JsonSchema, depth: number): unknown {
    if ('const' in schema) return schema.const;
    if (Array.isArray(schema.enum)) return schema.enum[0];
    if (typeof schema.$ref === 'string') return this.fill(this.#resolve(schema.$ref), depth + 1);
    const parts = schemasSchema.safeParse(schema.allOf).data;
    if (parts !== undefined) {
      const { allOf: _, ...own } = schema;
      return this.fill(parts.reduce<JsonSchema>(merge, own), depth + 1);
    }
    const branches = schemasSchema.safeParse(schema.anyOf ?? schema.oneOf).data;
    if (branches !== undefined) return this.fill(branch(branches, depth), depth + 1);
    return this.#fillType(schema, depth);
  }

  #fillType(schema: JsonSchema, depth: number): unknown {
    switch (typeOf(schema, depth)) {
      case 'object':
        return this.#object(schema, depth);
      case 'array':
        return this.#array(schema, depth);
      case 'number':
      case 'integer':
        return numberFor(schema);
      case 'boolean':
        return true;
      case 'null':
        return null;
      default:
        return this.#string(schema);
    }
  }

  #object(schema: JsonSchema, depth: number): Record<string, unknown> {
    const properties = Object.entries(objectSchema.safeParse(schema.properties).data ?? {});
    const required = new Set(Array.isArray(schema.required) ? schema.required : []);
    return Object.fromEntries(
      properties
        .filter(([name]) => depth < MAX_DEPTH || required.has(name))
        .map(([name, property]) => [name, this.fill(objectSchema.safeParse(property).data ?? {}, depth + 1)]),
    );
  }

  #array(schema: JsonSchema, depth: number): unknown[] {
    const wanted = numberSchema.safeParse(schema.minItems).data ?? (depth < MAX_DEPTH ? 1 : 0);
    const most = numberSchema.safeParse(schema.maxItems).data ?? wanted;
    const items = objectSchema.safeParse(schema.items).data ?? {};
    return Array.from({ length: Math.min(wanted, most) }, () => this.fill(items, depth + 1));
  }

  #string(schema: JsonSchema): string {
    const byFormat = typeof schema.format === 'string' ? STRINGS_BY_FORMAT[schema.format] : undefined;
    const text = byFormat ?? this.#subject;
    return text.padEnd(numberSchema.safeParse(schema.minLength).data ?? 0, '.');
  }

  /** Follows a pointer within the document, such as `#/$defs/node`. */
  #resolve(ref: string): JsonSchema {
    const path = ref.replace(/^#\/?/, '').split('/').filter(Boolean).map(unescapePointer);
    const found = path.reduce<unknown>((at, key) => objectSchema.safeParse(at).data?.[key], this.#root);
    return objectSchema.safeParse(found).data ?? {};
  }
}

function typeOf(schema: JsonSchema, depth: number): unknown {
  const { type } = schema;
  if (Array.isArray(type)) return depth >= MAX_DEPTH && type.includes('null') ? 'null' : type[0];
  return type ?? ('properties' in schema ? 'object' : 'items' in schema ? 'array' : 'string');
}

function branch(branches: readonly JsonSchema[], depth: number): JsonSchema {
  const nothing = branches.find((candidate) => candidate.type === 'null');
  return (depth >= MAX_DEPTH ? nothing : undefined) ?? branches[0] ?? {};
}

/** The smallest allowed number from 1 up, or the schema's maximum where that is less. */
function numberFor(schema: JsonSchema): number {
  const read = (name: string) => numberSchema.safeParse(schema[name]).data;
  const above = read('exclusiveMinimum');
  const below = read('exclusiveMaximum');
  const step = read('multipleOf') ?? (schema.type === 'integer' ? 1 : 0.5);
  const low = Math.max(read('minimum') ?? -Infinity, above === undefined ? -Infinity : above + step);
  const high = Math.min(read('maximum') ?? Infinity, below === undefined ? Infinity : below - step);
  const target = Math.min(Math.max(1, low), high);
  const rounded = Math.ceil(target / step) * step;
  return rounded > high ? Math.floor(target / step) * step : rounded;
}

/** Merges two schemas that must both hold: properties and `required` add up; for other keywords the part wins. */
function merge(whole: JsonSchema, part: JsonSchema): JsonSchema {
  const both = { ...whole, ...part };
  if (!('properties' in both)) return both;
  return {
    ...both,
    properties: { ...asObject(whole.properties), ...asObject(part.properties) },
    required: [...asList(whole.required), ...asList(part.required)],
  };
}

const asObject = (value: unknown): Record<string, unknown> => objectSchema.safeParse(value).data ?? {};
const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const unescapePointer = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');
