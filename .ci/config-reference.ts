/** The reference of the config's settings, from the JSON Schema that editors use. */
import { z } from 'zod';
import { markdownTable } from '../src/wording/markdown.ts';
import { configJsonSchema } from './json-schema.ts';

/** The parts of a JSON Schema that a reader needs. */
const nodeSchema = z.object({
  type: z.string().optional(),
  description: z.string().optional(),
  default: z.json().optional(),
  const: z.union([z.string(), z.number()]).optional(),
  enum: z.array(z.string()).optional(),
  examples: z.array(z.string()).optional(),
  format: z.string().optional(),
  required: z.array(z.string()).default([]),
  get properties() {
    return z.record(z.string(), nodeSchema).optional();
  },
  get items() {
    return nodeSchema.optional();
  },
  get anyOf() {
    return z.array(nodeSchema).optional();
  },
  get additionalProperties() {
    return z.union([z.literal(false), nodeSchema]).optional();
  },
});
type Node = z.output<typeof nodeSchema>;

interface Setting {
  /** From the top of the file, for example `rollout.gates.<stage>.approvals`. */
  readonly path: string;
  readonly node: Node;
  /** Required if its section is present. */
  readonly required: boolean;
}

const file = nodeSchema.parse(configJsonSchema());

/** Placeholders for map keys that the user chooses. */
const KEYS: Readonly<Record<string, string>> = {
  'rollout.gates': '<stage>',
  'measure.prices': '<model>',
};
/** Maps that repeat settings beside them, which are described there. */
const REPEATED = ['measure.official', 'measure.gateway'];
/** Described in a separate table: there are many, and all are alike. */
const METRICS = 'rollout.gates.<stage>.metrics';

/**
 * One setting of the config.
 * @param steps its names from the top, for example `['rollout', 'permissions', 'force']`
 * @throws for an unknown setting
 */
export function setting(steps: readonly string[]): Node {
  return steps.reduce((node, step) => {
    const next = node.properties?.[step];
    if (next === undefined) throw new Error(`The config has no setting ${steps.join('.')}.`);
    return next;
  }, file);
}

/** One table per section of the file, and one for settings without a section. */
export function configSections(): string {
  const all = settingsIn('', file);
  const alone = all.filter(({ path, node }) => settingsIn(path, node).length === 0);
  const sections = all.filter((each) => !alone.includes(each));
  return [
    `### Top level\n${settingsTable(alone.flatMap(rowsOf))}`,
    ...sections.map(
      ({ path, node }) =>
        `### \`${path}\`\n${node.description}\n\n${settingsTable(settingsIn(path, node).flatMap(rowsOf))}`,
    ),
  ].join('\n\n');
}

/** Every metric with its limits. */
export function metricsTable(): string {
  const gate = setting(['rollout', 'gates']).additionalProperties || undefined;
  const metrics = Object.entries(gate?.properties?.metrics?.properties ?? {});
  const shared = Object.entries(metrics[0]?.[1].properties ?? {}).filter(([name]) =>
    metrics.every(([, { properties }]) => name in (properties ?? {})),
  );
  const common = new Set(shared.filter(([, { type }]) => type === 'boolean').map(([name]) => name));
  const rows = metrics.map(([name, { description, properties = {} }]) => [
    `\`${name}\``,
    cellText(description),
    Object.entries(properties)
      .filter(([limit]) => !common.has(limit))
      .map(([limit, node]) => `\`${limit}\`: ${cellText(node.description)}`)
      .join('<br>'),
  ]);
  const each = shared
    .filter(([name]) => common.has(name))
    .map(([name, node]) => `- \`${name}: true\`: ${cellText(node.description)}`);
  return `${markdownTable(['metric', 'what it is', 'limits'], 3, rows)}\n\nEvery metric also takes:\n${each.join('\n')}`;
}

const settingsTable = (rows: readonly (readonly string[])[]) =>
  markdownTable(['setting', 'value', 'default', 'meaning'], 4, rows);

/** A setting's row, or the rows of the settings inside it where it only groups them. */
function rowsOf(setting: Setting): string[][] {
  const { path, node } = setting;
  if (path === METRICS) return [[`\`${path}\``, 'see [Metrics](#metrics)', '', cellText(node.description)]];
  const inside = settingsIn(path, node);
  const own = [`\`${path}\``, wordsFor(node), defaultOf(setting), cellText(node.description)];
  if (REPEATED.includes(path)) {
    const names = inside.map((each) => `\`${each.path.slice(path.length + 1)}\``);
    return [[...own.slice(0, -1), `${own.at(-1)} A map takes ${names.join(', ')} as above.`]];
  }
  return [...(inside.length > 0 && node.anyOf === undefined ? [] : [own]), ...inside.flatMap(rowsOf)];
}

/** The settings directly inside one: `a.b`, `a[].b` of a list, `a.<key>.b` of a map. */
function settingsIn(path: string, node: Node): Setting[] {
  const own = Object.entries(node.properties ?? {}).map(([name, child]) => ({
    path: path === '' ? name : `${path}.${name}`,
    node: child,
    required: node.required.includes(name),
  }));
  const key = KEYS[path] ?? '<name>';
  return [
    ...own,
    ...(node.items ? settingsIn(`${path}[]`, node.items) : []),
    ...(node.additionalProperties ? settingsIn(`${path}.${key}`, node.additionalProperties) : []),
    ...(node.anyOf ?? []).flatMap((variant) => settingsIn(path, variant)),
  ];
}

/** The allowed values, in words. */
function wordsFor(node: Node): string {
  if (node.anyOf) return [...new Set(node.anyOf.map(wordsFor))].join(', or ');
  if (node.const !== undefined) return `\`${node.const}\``;
  if (node.enum) return node.enum.map((word) => `\`${word}\``).join(', ');
  if (node.examples) return `such as ${node.examples.map((example) => `\`${example}\``).join(', ')}`;
  if (node.type === 'boolean') return '`true`, `false`';
  if (node.type === 'integer') return 'a whole number';
  if (node.type === 'number') return 'a number';
  if (node.type === 'array') return `a list: ${node.items ? wordsFor(node.items) : 'text'}`;
  if (node.type === 'object') return 'a map';
  if (node.type === 'null') return '`null`';
  return node.format === 'uri' ? 'a URL' : 'text';
}

function defaultOf({ node, required }: Setting): string {
  if (required) return 'required';
  if (node.default === undefined) return '';
  const { default: value } = node;
  if (typeof value === 'string') return `\`${value}\``;
  return Array.isArray(value) ? `\`[${value.join(', ')}]\`` : `\`${JSON.stringify(value)}\``;
}

/** Escapes a sentence for a table cell, where `<name>` would be a tag. */
export function cellText(sentence = ''): string {
  return sentence.replaceAll('<', '&lt;').replaceAll('|', '\\|');
}
