/** The section that says where measurements of production come from. */
import { z } from 'zod';
import { ARMS, type Arm } from '../arms.ts';
import { DAY, HOUR, MINUTE } from '../durations-and-shares.ts';
import { workflowName } from './gates.ts';
import {
  type LabelNames,
  PROMETHEUS_SETTINGS,
  type PresetName,
  prometheusSettings,
  type SeriesNames,
  SQL_PRESETS,
  SQL_SETTINGS,
  type SqlPreset,
  sqlSettings,
} from './prometheus.ts';
import { addIssue, choice, duration, orNull, positive, readAs, section, text } from './scalars.ts';

const SOURCE_NAMES = ['prometheus', 'openai', 'litellm', 'new-api', 'openrouter', 'jsonl', 'sql'] as const;
export type SourceName = (typeof SOURCE_NAMES)[number];

/** The arms that each source can measure. */
const MEASURED_ARMS: Readonly<Record<SourceName, readonly Arm[]>> = {
  prometheus: ARMS,
  jsonl: ARMS,
  sql: ARMS,
  openai: ['official'],
  litellm: ['gateway'],
  'new-api': ['gateway'],
  openrouter: ['gateway'],
};

const sourceName = () => choice(SOURCE_NAMES);

const sourceSchema = section({
  source: sourceName().describe('Where measurements come from.'),
  ...prometheusSettings(),
  ...sqlSettings(),
});
type WrittenSource = z.output<typeof sourceSchema>;

/** The source of one arm; `openai` alone is short for `{ source: openai }`. */
const armSourceSchema = readAs(
  z.union([sourceName(), sourceSchema], { error: `a source: one of ${SOURCE_NAMES.join(', ')}` }),
  (written): WrittenSource => (typeof written === 'string' ? { source: written } : written),
  (source) => source,
);

const price = (what: string) => {
  const error = 'US dollars per million tokens: a number of at least 0';
  return z.number({ error }).min(0, { error }).max(1e6, { error }).describe(what);
};

const priceSchema = section({
  input: price('Price of input tokens.'),
  output: price('Price of output tokens.'),
  cached_input: orNull(price('Price of cached input tokens; by default the price of input.')),
});

/** The source of one arm. What another source reads is null, and its maps are empty. */
export interface SourceConfig {
  readonly source: SourceName;
  readonly preset: PresetName | SqlPreset | null;
  readonly engine: WrittenSource['engine'] | null;
  readonly where: string | null;
  /** Path of a file from the root of the repository; null with a preset. */
  readonly query: string | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly series: SeriesNames;
  readonly label_names: LabelNames;
}

const writtenMeasure = section({
  source: sourceName()
    .optional()
    .describe('The source of both arms. If they differ, set official and gateway instead.'),
  ...prometheusSettings(),
  ...sqlSettings(),
  official: armSourceSchema.optional().describe('The source of the official arm, if the arms differ.'),
  gateway: armSourceSchema.optional().describe('The source of the gateway, if the arms differ.'),
  interval: duration({ min: MINUTE, max: DAY }).prefault('15m').describe('How often production is measured.'),
  workflow: orNull(workflowName()).describe(
    "The workflow that measures, whose artifact the App trusts; the App starts it when a window is due. Without it, the App's operator must provide the source.",
  ),
  baseline: duration({ min: HOUR, max: 365 * DAY })
    .prefault('14d')
    .describe('How much official evidence to collect before a slice moves completely.'),
  fidelity_usd_per_day: orNull(positive('a number of US dollars')).describe(
    'Asks both arms 20 short questions an hour, for at most so much a day, to see whether the gateway serves the same model: another one fails like a limit. observe then needs the keys of both.',
  ),
  prices: z
    .record(text(/^\S+$/, 'the name of a model'), priceSchema, { error: 'a map: model name → prices' })
    .prefault({})
    .describe(
      "The gateway's own prices, in US dollars per million tokens; other models use the price table.",
    ),
});
type WrittenMeasure = z.output<typeof writtenMeasure>;

const checkedMeasure = writtenMeasure.superRefine((measure, context) => {
  if (context.issues.length > 0) return;
  for (const { path, problem, expected } of [...layoutMistakes(measure), ...sourceMistakes(measure)]) {
    addIssue(context, expected, { problem }, path);
  }
});

export const measureSchema = readAs(
  checkedMeasure,
  ({ source, official, gateway, ...measure }) => {
    const { preset, labels, series, label_names, engine, where, query, ...rest } = measure;
    const settings = { preset, labels, series, label_names, engine, where, query };
    const both = source === undefined ? null : completed({ source, ...settings });
    const sourceOf = (arm: Arm, written: WrittenSource | undefined): SourceConfig | null => {
      if (written !== undefined) return completed(written);
      return both !== null && MEASURED_ARMS[both.source].includes(arm) ? both : null;
    };
    return { official: sourceOf('official', official), gateway: sourceOf('gateway', gateway), ...rest };
  },
  ({ official, gateway, ...rest }): WrittenMeasure => {
    const written = (source: SourceConfig | null) => (source === null ? undefined : writtenSource(source));
    const isShared = JSON.stringify(official) === JSON.stringify(gateway);
    return {
      ...(isShared ? written(gateway) : { official: written(official), gateway: written(gateway) }),
      ...rest,
    };
  },
);

interface Mistake {
  readonly path: string[];
  readonly problem: string;
  readonly expected: string;
}

/** Either `source` for both arms, or `official` and `gateway`. */
function layoutMistakes(measure: WrittenMeasure): Mistake[] {
  const { source, official, gateway } = measure;
  if (official === undefined && gateway === undefined) {
    if (source !== undefined) return [];
    const expected = `source (one of ${SOURCE_NAMES.join(', ')}), or official and gateway`;
    return [{ path: [], problem: 'no source is set', expected }];
  }
  if (source !== undefined) {
    const problem = 'source covers both arms, but an arm has its own source';
    return [{ path: ['source'], problem, expected: 'either source, or official and gateway' }];
  }
  return writtenSettings(measure).map((key) => ({
    path: [key],
    problem: `${key} belongs to a source, but the arms have their own sources`,
    expected: `${key} inside official or gateway`,
  }));
}

/** An arm's source must see that arm, and only Prometheus and SQL engines have settings. */
function sourceMistakes(measure: WrittenMeasure): Mistake[] {
  const arms = ARMS.flatMap((arm) => {
    const written = measure[arm];
    return written === undefined ? [] : [{ arm, path: [arm], written }];
  });
  const blind = arms
    .filter(({ arm, written: { source } }) => !MEASURED_ARMS[source].includes(arm))
    .map(({ arm, path, written: { source } }) => ({
      path,
      problem: `${source} cannot measure the ${arm} arm`,
      expected: `one of ${SOURCE_NAMES.filter((name) => MEASURED_ARMS[name].includes(arm)).join(', ')}`,
    }));
  const all: Place[] = [{ path: [], written: measure }, ...arms];
  const unused = all.flatMap(({ path, written }) =>
    writtenSettings(written).flatMap((key) => {
      const owner = ownerOf(key, written);
      if (written.source === undefined || written.source === owner) return [];
      const problem = `${key} is a setting of ${owner}, but the source is ${written.source}`;
      return [{ path: [...path, key], problem, expected: `no ${key}, or source: ${owner}` }];
    }),
  );
  const ofSql = all.filter(({ written }) => written.source === 'sql').flatMap(rowMistakes);
  return [...blind, ...unused, ...(unused.length === 0 ? ofSql : []), ...all.flatMap(markedTwice)];
}

function ownerOf(key: string, { preset = 'otel-genai' }: Settings): SourceName {
  if (key === 'preset') return preset in SQL_PRESETS ? 'sql' : 'prometheus';
  return SQL_SETTINGS.some((each) => each === key) ? 'sql' : 'prometheus';
}

/** An SQL source reads a preset's table in its engine, or rows by a query. */
function rowMistakes({ path, written: { preset, engine, where, query } }: Place): Mistake[] {
  const home = preset && Object.entries(SQL_PRESETS).find(([name]) => name === preset)?.[1];
  const rules = [
    [preset === undefined && query === undefined, 'source', 'no rows are named', 'preset or query'],
    [preset !== undefined && query !== undefined, 'query', 'preset names the rows too', 'one of the two'],
    [preset === undefined && where !== undefined, 'where', 'it needs a preset', 'the condition in the query'],
    [engine === undefined, 'source', 'no engine is set', 'engine: clickhouse or postgres'],
    [home && engine && home !== engine, 'engine', `${preset} is not in ${engine}`, `engine: ${home}`],
  ] as const;
  return rules.flatMap(([isWrong, key, problem, expected]) =>
    isWrong ? [{ path: [...path, key], problem, expected }] : [],
  );
}

/** Failures have a counter of their own, or a label of all requests shows them. */
function markedTwice({ path, written: { series, label_names } }: Place): Mistake[] {
  if (!series?.failures || typeof label_names?.error !== 'object' || label_names.error === null) return [];
  const problem = 'failures have a counter, but label_names.error.success tells them from all requests';
  return [{ path: [...path, 'series', 'failures'], problem, expected: 'one of the two' }];
}

/** Where settings of a source are written. */
interface Place {
  readonly path: string[];
  readonly written: Settings;
}

type Settings = { readonly [Key in keyof WrittenSource]?: WrittenSource[Key] | undefined };

function writtenSettings(written: Settings): string[] {
  return [...new Set([...PROMETHEUS_SETTINGS, ...SQL_SETTINGS])].filter((key) => written[key] !== undefined);
}

function completed(written: WrittenSource): SourceConfig {
  const { source, preset = null, labels = {}, series = {}, label_names = {} } = written;
  const { engine = null, where = null, query = null } = written;
  const usual = source === 'prometheus' ? 'otel-genai' : null;
  return { source, preset: preset ?? usual, labels, series, label_names, engine, where, query };
}

function writtenSource({ source, preset, engine, where, query, ...names }: SourceConfig): WrittenSource {
  return {
    source,
    preset: preset ?? undefined,
    engine: engine ?? undefined,
    where: where ?? undefined,
    query: query ?? undefined,
    ...(source === 'prometheus' ? names : {}),
  };
}
