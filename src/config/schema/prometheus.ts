/** The settings of the source `prometheus`: which exporter's metrics it reads, and under which names. */
import { z } from 'zod';
import { choice, section, text } from './scalars.ts';

const PRESETS = ['otel-genai', 'litellm', 'envoy-ai-gateway', 'bifrost', 'kong'] as const;
export type PresetName = (typeof PRESETS)[number];

/** The keys of these settings, beside `source`. */
export const PROMETHEUS_SETTINGS = ['preset', 'labels', 'series', 'label_names'] as const;

const OR_NULL = ', or null to leave it out';
const LABEL = /^(?!__name__$)[A-Za-z_]\w*$/;

const counterName = (more: string) =>
  text(
    /^(?!.*_bucket$)[A-Za-z_:][\w:]*$/,
    `the name of a counter as Prometheus shows it, such as llm_calls_total${more}`,
  );
const counter = (what: string) => counterName(OR_NULL).nullable().optional().describe(what);

const buckets = (what: string) =>
  text(
    /^[A-Za-z_:][\w:]*_bucket$/,
    `the name of a histogram's buckets, such as llm_call_duration_seconds_bucket${OR_NULL}`,
  )
    .nullable()
    .optional()
    .describe(what);

const label = (what: string) =>
  text(LABEL, `the name of a label, such as model${OR_NULL}`).nullable().optional().describe(what);

const seriesSchema = section({
  requests: counterName('; without it there is nothing to count')
    .optional()
    .describe('Counter of all requests, failed ones included.'),
  failures: counter('Counter of failed requests alone.'),
  latency: buckets('Buckets of the time that a request took.'),
  ttft: buckets('Buckets of the time to the first token.'),
  input_tokens: counter('Counter of input tokens, cached ones included.'),
  output_tokens: counter('Counter of output tokens.'),
  cached_input_tokens: counter('Counter of input tokens that came from the cache.'),
  cost: counter('Counter of the cost in US dollars.'),
});

const labelNamesSchema = section({
  arm: label('Tells the arms apart by the host of their base URL, or by the words official and gateway.'),
  model: label('Names the model.'),
  key: label('Names the API key.'),
  member: label('Names who made the request.'),
  error: label('Says why a request failed.'),
});

/** Names of series in place of a preset's; null leaves one out. */
export type SeriesNames = Readonly<z.output<typeof seriesSchema>>;

/** Names of labels in place of a preset's; null leaves one out. */
export type LabelNames = Readonly<z.output<typeof labelNamesSchema>>;

/** Where the settings may stand: for both arms, and for each. */
export const prometheusSettings = () => ({
  preset: choice(PRESETS)
    .optional()
    .describe('Names and labels of the metrics in Prometheus; otel-genai by default.'),
  labels: z
    .record(
      text(LABEL, 'the name of a label, such as job'),
      z.string({ error: 'the value of the label, a text' }),
      {
        error: 'a map: the name of a label → its value',
      },
    )
    .optional()
    .describe('Labels that the series in Prometheus must carry.'),
  series: seriesSchema
    .optional()
    .describe("Names of series in Prometheus in place of the preset's; null leaves one out."),
  label_names: labelNamesSchema
    .optional()
    .describe("Names of labels in Prometheus in place of the preset's; null leaves one out."),
});

/** What may be written of them. */
export interface WrittenPrometheus {
  readonly preset?: PresetName | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly series?: SeriesNames | undefined;
  readonly label_names?: LabelNames | undefined;
}
