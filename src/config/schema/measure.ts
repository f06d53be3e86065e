/** The section that says where the numbers of production come from. */
import { z } from 'zod';
import { DAY, HOUR, MINUTE } from '../units.ts';
import { workflowName } from './gates.ts';
import {
  type LabelNames,
  PROMETHEUS_SETTINGS,
  type PresetName,
  prometheusSettings,
  type SeriesNames,
  type WrittenPrometheus,
} from './prometheus.ts';
import { choice, duration, type IssueParams, orNull, section, text } from './scalars.ts';

/** Which arms a source can tell apart or sees at all. */
export const SOURCES = {
  prometheus: ['official', 'gateway'],
  jsonl: ['official', 'gateway'],
  openai: ['official'],
  litellm: ['gateway'],
  'new-api': ['gateway'],
  openrouter: ['gateway'],
} as const satisfies Record<string, readonly Arm[]>;

export type Arm = 'official' | 'gateway';
export type SourceName = keyof typeof SOURCES;

const SOURCE_NAMES = ['prometheus', 'openai', 'litellm', 'new-api', 'openrouter', 'jsonl'] as const;
const sourceName = () => choice(SOURCE_NAMES);

/** One arm's source; `openai` alone is short for `{ source: openai }`. */
const armSchema = z.union(
  [
    sourceName(),
    section({
      source: sourceName().describe('Where the numbers come from.'),
      ...prometheusSettings(),
    }),
  ],
  { error: `a source: one of ${SOURCE_NAMES.join(', ')}` },
);

const price = (what: string) => {
  const error = 'US dollars per million tokens, a number of at least 0';
  return z.number({ error }).min(0, { error }).max(1e6, { error }).describe(what);
};

const priceSchema = section({
  input: price('Price of input tokens.'),
  output: price('Price of output tokens.'),
  cached_input: orNull(
    price('Price of input tokens that came from the cache; the price of input where it is left out.'),
  ),
});

/** Where one arm's numbers come from. Of every source but Prometheus, `preset` is null and the maps are empty. */
export interface Source {
  readonly source: SourceName;
  readonly preset: PresetName | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly series: SeriesNames;
  readonly label_names: LabelNames;
}

interface WrittenSource extends WrittenPrometheus {
  readonly source: SourceName;
}

interface WrittenMeasure extends WrittenPrometheus {
  readonly source?: SourceName | undefined;
  readonly official?: SourceName | WrittenSource | undefined;
  readonly gateway?: SourceName | WrittenSource | undefined;
}

export const measureSchema = section({
  source: sourceName()
    .optional()
    .describe('Where the numbers of both arms come from; or name official and gateway apart.'),
  ...prometheusSettings(),
  official: armSchema
    .optional()
    .describe("Where the official arm's numbers come from, when the arms differ."),
  gateway: armSchema.optional().describe("Where the gateway's numbers come from, when the arms differ."),
  interval: duration({ min: MINUTE, max: DAY })
    .prefault('15m')
    .describe('How often production is looked at.'),
  workflow: orNull(workflowName()).describe(
    "The workflow whose artifact the App believes; without it the App's operator must provide the source.",
  ),
  baseline: duration({ min: HOUR, max: 365 * DAY })
    .prefault('14d')
    .describe('How much official evidence is gathered before a slice moves whole.'),
  prices: z
    .record(text(/^\S+$/, 'the name of a model'), priceSchema, {
      error: 'a map: the name of a model → its prices',
    })
    .prefault({})
    .describe(
      "The gateway's own prices, in US dollars per million tokens; others come from the price table.",
    ),
})
  .superRefine((measure, context) => {
    if (context.issues.length > 0) return;
    for (const { path, problem, expected } of [...layoutMistakes(measure), ...sourceMistakes(measure)]) {
      const params: IssueParams = { problem };
      context.addIssue({ code: 'custom', path, message: expected, params: { ...params } });
    }
  })
  .transform(({ source, preset, labels, series, label_names, official, gateway, ...rest }) => {
    const both = source === undefined ? null : completed({ source, preset, labels, series, label_names });
    const of = (arm: Arm, written: typeof official): Source | null => {
      if (written !== undefined)
        return completed(typeof written === 'string' ? { source: written } : written);
      return both !== null && measures(both.source, arm) ? both : null;
    };
    return { official: of('official', official), gateway: of('gateway', gateway), ...rest };
  });

interface Mistake {
  readonly path: string[];
  readonly problem: string;
  readonly expected: string;
}

/** `source` for both arms, or `official` and `gateway` apart: one of the two. */
function layoutMistakes(measure: WrittenMeasure): Mistake[] {
  const { source, official, gateway } = measure;
  if (official === undefined && gateway === undefined) {
    if (source !== undefined) return [];
    const expected = `source (one of ${SOURCE_NAMES.join(', ')}), or official and gateway apart`;
    return [{ path: [], problem: 'no source is named', expected }];
  }
  if (source !== undefined) {
    const problem = 'the source of both arms stands beside the sources of single arms';
    return [{ path: ['source'], problem, expected: 'either source, or official and gateway' }];
  }
  const problem = 'this belongs to a source, and the arms have sources of their own';
  return PROMETHEUS_SETTINGS.filter((key) => measure[key] !== undefined).map((key) => ({
    path: [key],
    problem,
    expected: `${key} inside official or gateway`,
  }));
}

/** An arm's source must see that arm, and only Prometheus has settings. */
function sourceMistakes({ official, gateway, ...shared }: WrittenMeasure): Mistake[] {
  const arms = [
    { arm: 'official', written: official } as const,
    { arm: 'gateway', written: gateway } as const,
  ];
  const blind = arms.flatMap(({ arm, written }): Mistake[] => {
    const source = typeof written === 'string' ? written : written?.source;
    if (source === undefined || measures(source, arm)) return [];
    const able = SOURCE_NAMES.filter((name) => measures(name, arm));
    return [
      {
        path: [arm],
        problem: `${source} cannot measure the ${arm} arm`,
        expected: `one of ${able.join(', ')}`,
      },
    ];
  });
  const idle = [{ arm: null, written: shared }, ...arms].flatMap(({ arm, written }): Mistake[] => {
    if (typeof written !== 'object' || written.source === undefined || written.source === 'prometheus')
      return [];
    return PROMETHEUS_SETTINGS.filter((key) => written[key] !== undefined).map((key) => ({
      path: arm === null ? [key] : [arm, key],
      problem: `${key} is a setting of prometheus, and the source is ${written.source}`,
      expected: `no ${key}, or source: prometheus`,
    }));
  });
  return [...blind, ...idle];
}

function completed({ source, preset, labels = {}, series = {}, label_names = {} }: WrittenSource): Source {
  const isPrometheus = source === 'prometheus';
  return { source, preset: isPrometheus ? (preset ?? 'otel-genai') : null, labels, series, label_names };
}

function measures(source: SourceName, arm: Arm): boolean {
  const arms: readonly Arm[] = SOURCES[source];
  return arms.includes(arm);
}
