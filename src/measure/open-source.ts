/** Opens the sources of both arms, from the config's section `measure` and the environment. */

import { ARMS, type Arm, byArm } from '../config/arms.ts';
import { MINUTE } from '../config/durations-and-shares.ts';
import type { Environment } from '../config/environment.ts';
import type { SourceConfig, SourceName } from '../config/schema/measure.ts';
import type { Config } from '../config/schema.ts';
import type { SourceEndpoint } from './fetch-source.ts';
import { loadPriceBook, type PriceBook } from './models.ts';
import { ownPricesOf } from './own-prices.ts';
import type { Patience } from './patience.ts';
import type { Source } from './source.ts';
import { type SettingProblem, SourceSettings } from './source-settings.ts';
import { hostNames } from './sources/arm-of-labels.ts';
import { jsonlSource } from './sources/jsonl.ts';
import { createLitellmSource } from './sources/litellm.ts';
import { createNewApiSource } from './sources/new-api.ts';
import { createOpenaiSource } from './sources/openai.ts';
import { createOpenrouterSource } from './sources/openrouter.ts';
import { customise } from './sources/presets/customise.ts';
import { PRESETS } from './sources/presets/index.ts';
import type { PrometheusPreset } from './sources/presets/preset.ts';
import { createPrometheusSource } from './sources/prometheus.ts';
import { clickhouse } from './sources/sql/clickhouse.ts';
import { postgresql } from './sources/sql/postgres.ts';
import { sqlSource } from './sources/sql/sql.ts';
import { SETTLING_MS } from './task-grouper.ts';

export interface OpenSourcesInput {
  readonly config: Config;
  /** Addresses and credentials: source-settings.ts names the variables. */
  readonly environment: Environment;
  /** The directory of relative paths of records. */
  readonly directory: string;
  /** Where it differs from the default; tests are less patient. */
  readonly patience?: Partial<Patience>;
  /** The credentials are not those of the repository whose config it is, so its own SQL is not run. */
  readonly isForeign?: boolean;
  /** Called with each query or statement before it is sent. */
  readonly onQuery?: (query: string) => void;
}

/** An address whose clock should agree with ours. */
export interface SourceUrl {
  readonly source: SourceName;
  readonly url: string;
}

export interface OpenedSources {
  readonly kind: 'sources';
  /** One for both arms, or one for each; an arm without a source is not measured. */
  readonly sources: readonly Source[];
  /** How long after its end a window is complete, in milliseconds. */
  readonly lagMs: number;
  readonly addresses: readonly SourceUrl[];
  /** For people; these are not problems. */
  readonly notes: readonly string[];
}

export type OpenSources =
  | OpenedSources
  | {
      readonly kind: 'problems';
      /** All of them, in the order of the arms. */
      readonly problems: readonly [SettingProblem, ...SettingProblem[]];
    };

/**
 * How long after its end the sources have all of a window, in milliseconds: Prometheus scrapes and remote-writes at most
 * every minute, platforms write their logs in batches, and the official usage is some minutes late. OpenRouter's source
 * itself waits for the end of a day.
 */
const LAG_MS: Readonly<Record<SourceName, number>> = {
  prometheus: 2 * MINUTE,
  jsonl: SETTLING_MS,
  // Late retries, and what an engine takes to store its rows.
  sql: SETTLING_MS + 2 * MINUTE,
  openai: 10 * MINUTE,
  litellm: 3 * MINUTE,
  'new-api': 2 * MINUTE,
  openrouter: 0,
};

/** How long after its end a window of these sources is complete, in milliseconds. */
export function lagOf(config: Config): number {
  return Math.max(0, ...sectionsOf(config).map(({ section }) => LAG_MS[section.source]));
}

const OPENAI_URL = 'https://api.openai.com/v1';
const OPENROUTER_URL = 'https://openrouter.ai/api/v1';

/** Opens the sources that the config names. No request is sent yet. */
export async function openSources(request: OpenSourcesInput): Promise<OpenSources> {
  const { config, environment } = request;
  const sections = sectionsOf(config);
  const book = await loadPriceBook(config.models, ownPricesOf(config));
  const opened = sections.map((shared) => {
    const settings = new SourceSettings(shared.section.source, environment);
    const result = OPEN[shared.section.source]({ ...shared, book, settings, request });
    if ('measure' in result) return { settings, source: result, endpoint: null };
    const { patience, onQuery } = request;
    const [found, create] = result;
    const endpoint = found && { ...found, ...(patience && { patience }), ...(onQuery && { onQuery }) };
    return { settings, source: endpoint && create(endpoint), endpoint };
  });
  const [problem, ...problems] = opened.flatMap(({ settings }) => settings.problems);
  if (problem !== undefined) return { kind: 'problems', problems: [problem, ...problems] };
  return {
    kind: 'sources',
    sources: opened.flatMap(({ source }) => source ?? []),
    lagMs: lagOf(config),
    addresses: opened.flatMap(({ endpoint }, index): SourceUrl[] => {
      const source = sections[index]?.section.source;
      return endpoint === null || source === undefined ? [] : [{ source, url: endpoint.baseUrl }];
    }),
    notes: opened.flatMap(({ settings }) => settings.notes),
  };
}

interface SharedSource {
  readonly section: SourceConfig;
  readonly arms: readonly Arm[];
}

/** Arms with the same settings share a source. */
function sectionsOf({ measure }: Config): readonly SharedSource[] {
  const sections = ARMS.flatMap((arm): SharedSource[] => {
    const section = measure?.[arm] ?? null;
    return section === null ? [] : [{ section, arms: [arm] }];
  });
  const [first, second] = sections;
  if (first === undefined || second === undefined) return sections;
  const isShared = JSON.stringify(first.section) === JSON.stringify(second.section);
  return isShared ? [{ section: first.section, arms: ARMS }] : sections;
}

interface Opening extends SharedSource {
  readonly book: PriceBook;
  readonly settings: SourceSettings;
  readonly request: OpenSourcesInput;
}

/** On the network: its endpoint, null if the settings have problems, and what opens it there. */
type OnNetwork = readonly [SourceEndpoint | null, (endpoint: SourceEndpoint) => Source];

const OPEN: Readonly<Record<SourceName, (opening: Opening) => Source | OnNetwork>> = {
  jsonl: ({ arms, book, settings, request: { config, directory } }) => {
    const paths = settings.paths('MEASURE_JSONL', directory);
    const intervalMs = config.measure?.interval ?? 0;
    return jsonlSource({ paths, arms, book, intervalMs });
  },
  prometheus: ({ section, arms, book, settings, request }) => {
    return [
      prometheusEndpoint(settings),
      (endpoint) =>
        createPrometheusSource({
          endpoint,
          preset: prometheusPreset(section),
          labels: section.labels,
          arms,
          armValues: armValuesOf(section, request.config),
          book,
        }),
    ];
  },
  sql: ({ section, arms, book, settings, request }) => {
    if (request.isForeign && (section.where ?? section.query) !== null) {
      const message =
        'This server runs no SQL of a repository: measure.where and measure.query can read anything that its user can. Set measure.workflow, and let a workflow of the repository measure.';
      settings.problems.push({ reasonCode: 'malformed_source_setting', message });
    }
    const engine = ENGINES[section.engine ?? 'clickhouse'];
    const auth = settings.basic('SQL_USER', 'SQL_PASSWORD');
    const scheme = section.engine === 'postgres' ? 'a postgres' : 'an http(s)';
    const found = settings.endpoint('SQL_URL', auth, null, scheme);
    const armValues = armValuesOf({ label_names: { arm: 'arm' } }, request.config);
    const { directory } = request;
    return [
      found,
      (endpoint) => sqlSource({ section, engine: engine(endpoint), directory, arms, armValues, book }),
    ];
  },
  openai: ({ settings, book }) => {
    const found = settings.endpoint('OPENAI_ADMIN_URL', settings.bearer('OPENAI_ADMIN_KEY'), OPENAI_URL);
    const projectIds = settings.list('OPENAI_PROJECT_IDS');
    return [found, (endpoint) => createOpenaiSource({ endpoint, projectIds, book })];
  },
  litellm: ({ settings, book }) => {
    const found = settings.endpoint('LITELLM_URL', settings.bearer('LITELLM_KEY'));
    return [found, (endpoint) => createLitellmSource({ endpoint, book })];
  },
  'new-api': ({ settings, book }) => {
    const found = settings.endpoint('NEW_API_URL', settings.bearer('NEW_API_TOKEN'));
    const userId = settings.text('NEW_API_USER_ID');
    const scope = settings.choice('NEW_API_SCOPE', ['own', 'all']);
    return [found, (endpoint) => createNewApiSource({ endpoint, scope, book, userId })];
  },
  openrouter: ({ settings, book }) => {
    const auth = settings.bearer('OPENROUTER_MANAGEMENT_KEY');
    const found = settings.endpoint('OPENROUTER_URL', auth, OPENROUTER_URL);
    return [found, (endpoint) => createOpenrouterSource({ endpoint, book })];
  },
};

const ENGINES = { clickhouse, postgres: postgresql } as const;

/** The series of a section of the source `prometheus`: its preset with the config's own names. */
export function prometheusPreset(section: SourceConfig): PrometheusPreset {
  const preset = Object.values(PRESETS).find(({ name }) => name === section.preset) ?? PRESETS['otel-genai'];
  return customise(preset, section);
}

/** Null if the settings have problems. */
export function prometheusEndpoint(settings: SourceSettings): SourceEndpoint | null {
  const auth = settings.bearerOrBasic('PROMETHEUS_TOKEN', 'PROMETHEUS_USER', 'PROMETHEUS_PASSWORD');
  const found = settings.endpoint('PROMETHEUS_URL', auth);
  return found && { ...found, baseUrl: prometheusUrl(found.baseUrl) };
}

/** People copy the address of a page or of the API; both are below the server's own. */
function prometheusUrl(address: string): string {
  const url = new URL(address);
  const base = url.pathname.replace(/\/(api\/v1(\/\w+)?|graph|query|vmui|targets|alerts)\/*$/, '');
  if (base === url.pathname) return address;
  // What a page shows stands in its query.
  if (!url.pathname.includes('/api/')) url.search = '';
  url.hash = '';
  url.pathname = base;
  return url.href;
}

/** The values of the arm label for each arm; the team's own label may also say `official` and `gateway`. */
export function armValuesOf(
  { label_names }: Pick<SourceConfig, 'label_names'>,
  config: Config,
): Readonly<Record<Arm, readonly string[]>> {
  const valuesOf = (arm: Arm) => [...hostNames(config[arm].base_url), ...(label_names.arm ? [arm] : [])];
  return byArm(valuesOf);
}
