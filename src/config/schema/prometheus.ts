/** The settings of the source `prometheus`: which exporter's metrics it reads, and under which names. */
import { z } from 'zod';
import { choice, section, text } from './scalars.ts';

const PRESETS = ['otel-genai', 'litellm', 'envoy-ai-gateway', 'bifrost', 'kong'] as const;
export type PresetName = (typeof PRESETS)[number];

/** Tables that well-known programs write, and the engine of each. */
export const SQL_PRESETS = { 'otel-traces': 'clickhouse', 'litellm-spendlogs': 'postgres' } as const;
export type SqlPreset = keyof typeof SQL_PRESETS;
const ENGINES = ['clickhouse', 'postgres'] as const;

/** The keys of these settings, beside `source`. */
export const PROMETHEUS_SETTINGS = ['preset', 'labels', 'series', 'label_names'] as const;
export const SQL_SETTINGS = ['preset', 'engine', 'where', 'query'] as const;

const OR_NULL = ', or null to leave it out';
const LABEL = /^(?!__name__$)[A-Za-z_]\w*$/;

const counterName = (more: string) =>
  text(
    /^(?!.*_bucket$)[A-Za-z_:][\w:]*$/,
    `the name of a counter as Prometheus shows it, such as llm_calls_total${more}`,
  );
const orLeftOut = <Schema extends z.ZodType>(schema: Schema, what: string) =>
  schema.nullable().optional().describe(what);
const counter = (what: string) => orLeftOut(counterName(OR_NULL), what);

const bucketsName = () =>
  text(
    /^[A-Za-z_:][\w:]*_bucket$/,
    `the name of a histogram's buckets, such as llm_call_duration_seconds_bucket${OR_NULL}`,
  );
const buckets = (what: string) => orLeftOut(bucketsName(), what);

const labelName = () => text(LABEL, `the name of a label, such as model${OR_NULL}`);
const label = (what: string) => orLeftOut(labelName(), what);

const SUCCESS_EXPECTED = 'values that mean success, as text, such as [ok, "200", "2.."]';

/** A value; in it, `.` stands for any one and `.*` for any number of characters. */
const successValue = text(/^(?:[\w :/-]|\.\*?)*$/, SUCCESS_EXPECTED);

const errorLabel = z.union(
  [
    labelName(),
    section({
      label: text(LABEL, 'the name of a label, such as status').describe('The label of all requests.'),
      success: z
        .array(successValue, { error: SUCCESS_EXPECTED })
        .min(1, { error: SUCCESS_EXPECTED })
        .describe('Its values that mean success; `.` stands for any character. All others are failures.'),
    }),
  ],
  { error: 'the name of a label, or a map: { label: status, success: [ok, "2.."] }' },
);

const seriesSchema = section({
  requests: counterName('; it cannot be left out')
    .optional()
    .describe('Counter of all requests, including failed ones.'),
  failures: counter('Counter of failed requests only.'),
  latency: buckets('Buckets of the request time.'),
  ttft: buckets('Buckets of the time to the first token.'),
  input_tokens: counter('Counter of input tokens, including cached ones.'),
  output_tokens: counter('Counter of output tokens.'),
  cached_input_tokens: counter('Counter of cached input tokens.'),
  cost: counter('Counter of the cost in US dollars.'),
});

const labelNamesSchema = section({
  arm: label(
    'Label that identifies the arm by the host of its base URL, or by the word official or gateway.',
  ),
  model: label('Label that names the model.'),
  key: label('Label that names the API key.'),
  member: label('Label that names who made the request.'),
  error: orLeftOut(
    errorLabel,
    'Label that says why a request failed; or { label, success }, if some of its values mean success.',
  ),
});

/** Names of series that replace a preset's; null leaves one out. */
export type SeriesNames = Readonly<z.output<typeof seriesSchema>>;

/** Names of labels that replace a preset's; null leaves one out. */
export type LabelNames = Readonly<z.output<typeof labelNamesSchema>>;

/** The settings, for use beside `source` of both arms and of each. */
export const prometheusSettings = () => ({
  preset: choice([...PRESETS, 'otel-traces', 'litellm-spendlogs'])
    .optional()
    .describe(
      'Metric and label names in Prometheus, by default otel-genai; or a table of sql: otel-traces, litellm-spendlogs.',
    ),
  labels: z
    .record(
      text(LABEL, 'the name of a label, such as job'),
      z.string({ error: 'the value of the label as text' }),
      { error: 'a map: label name → value' },
    )
    .optional()
    .describe('Labels that the series in Prometheus must have.'),
  series: seriesSchema
    .optional()
    .describe("Names of Prometheus series that replace the preset's; null leaves one out."),
  label_names: labelNamesSchema
    .optional()
    .describe("Names of Prometheus labels that replace the preset's; null leaves one out."),
});

/** The settings of the source `sql`, for use beside those of Prometheus. */
export const sqlSettings = () => ({
  engine: choice(ENGINES).optional().describe('The engine of the source sql.'),
  where: text(/\S/, "a condition on the preset's table, such as \"ServiceName = 'assistant'\"")
    .optional()
    .describe("An SQL condition on the rows of the preset's table."),
  query: text(/^(?!\/|(?:.*\/)?\.\.\/)[^\\]+\.sql$/, 'the path of a .sql file in the repository')
    .optional()
    .describe('A file with your own query in place of a preset: rows with the columns of a request record.'),
});
