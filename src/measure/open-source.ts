/** From the config's section `measure` and the environment to the sources of both arms. */
import type { SourceName, Source as SourceSection } from '../config/schema/measure.ts';
import type { Config } from '../config/schema.ts';
import { MINUTE } from '../config/units.ts';
import { loadOfficialPrices } from '../gateway/prices.ts';
import { settlingMs } from './aggregate.ts';
import type { SourceEndpoint } from './fetch-source.ts';
import { ModelBook } from './models.ts';
import { ownPricesOf } from './own-prices.ts';
import type { Patience } from './patience.ts';
import { ARMS, type Arm } from './record.ts';
import type { Source } from './source.ts';
import { type Environment, type SettingProblem, SourceSettings, sourceSecrets } from './source-settings.ts';
import { jsonlSource } from './sources/jsonl.ts';
import { createLitellmSource } from './sources/litellm.ts';
import { createNewApiSource } from './sources/new-api.ts';
import { createOpenaiSource } from './sources/openai.ts';
import { createOpenrouterSource } from './sources/openrouter.ts';
import { customise } from './sources/presets/customise.ts';
import { PRESETS } from './sources/presets/index.ts';
import { createPrometheusSource, hostNames } from './sources/prometheus.ts';
import type { PriceBook } from './sources/sums.ts';

export interface OpenSourcesRequest {
  readonly config: Config;
  /** Addresses and credentials: source-settings.ts names the variables. */
  readonly environment: Environment;
  /** What relative paths of records are relative to. */
  readonly directory: string;
  /** Where not the usual; tests are less patient. */
  readonly patience?: Partial<Patience>;
}

/** An address whose clock should be ours. */
export interface SourceAddress {
  readonly source: SourceName;
  readonly url: string;
}

export interface OpenedSources {
  readonly kind: 'sources';
  /** One for both arms, or one for each; an arm of none of them is not measured. */
  readonly sources: readonly Source[];
  /** How long after its end a window is known for good, in milliseconds. */
  readonly lagMs: number;
  /** Of the sources that are asked over the network. */
  readonly addresses: readonly SourceAddress[];
  /** All that nobody may see. */
  readonly secrets: readonly string[];
  /** What a person should know although it is no problem. */
  readonly notes: readonly string[];
}

export type OpenSources =
  | OpenedSources
  | {
      readonly kind: 'problems';
      /** All of them, in the order of the arms. */
      readonly problems: readonly [SettingProblem, ...SettingProblem[]];
      readonly secrets: readonly string[];
    };

/**
 * How long after its end the sources know all of a window, in milliseconds: Prometheus scrapes and remote-writes every
 * minute at most, platforms write their logs in batches, the official usage comes some minutes late. OpenRouter's
 * account is by days and waits for their ends itself.
 */
const LAG_MS: Readonly<Record<SourceName, number>> = {
  prometheus: 2 * MINUTE,
  jsonl: settlingMs(),
  openai: 10 * MINUTE,
  litellm: 3 * MINUTE,
  'new-api': 2 * MINUTE,
  openrouter: 0,
};

const OPENAI_URL = 'https://api.openai.com/v1';
const OPENROUTER_URL = 'https://openrouter.ai/api/v1';

/** Opens the sources that the config names. Nothing is asked yet. */
export async function openSources(request: OpenSourcesRequest): Promise<OpenSources> {
  const { config, environment } = request;
  const secrets = sourceSecrets(environment);
  const sections = sectionsOf(config);
  const official = await loadOfficialPrices();
  const book = { official, models: new ModelBook(official, config.models, ownPricesOf(config)) };
  const opened = sections.map(({ section, arms }) => openOne(section, arms, book, request));
  const [problem, ...problems] = opened.flatMap(({ settings }) => settings.problems);
  if (problem !== undefined) return { kind: 'problems', problems: [problem, ...problems], secrets };
  return {
    kind: 'sources',
    sources: opened.flatMap(({ source }) => source ?? []),
    lagMs: Math.max(0, ...sections.map(({ section }) => LAG_MS[section.source])),
    addresses: opened.flatMap(({ endpoint }, index): SourceAddress[] => {
      const source = sections[index]?.section.source;
      return endpoint === null || source === undefined ? [] : [{ source, url: endpoint.baseUrl }];
    }),
    secrets,
    notes: opened.flatMap(({ settings }) => settings.notes),
  };
}

interface Section {
  readonly section: SourceSection;
  readonly arms: readonly Arm[];
}

/** Arms with the same settings are asked about together. */
function sectionsOf({ measure }: Config): readonly Section[] {
  const sections = ARMS.flatMap((arm): Section[] => {
    const section = measure?.[arm] ?? null;
    return section === null ? [] : [{ section, arms: [arm] }];
  });
  const [first, second] = sections;
  if (first === undefined || second === undefined) return sections;
  const isShared = JSON.stringify(first.section) === JSON.stringify(second.section);
  return isShared ? [{ section: first.section, arms: ARMS }] : sections;
}

interface Opened {
  readonly settings: SourceSettings;
  /** Null where `settings` has problems. */
  readonly source: Source | null;
  /** Null for sources that are not asked over the network. */
  readonly endpoint: SourceEndpoint | null;
}

function openOne(
  section: SourceSection,
  arms: readonly Arm[],
  book: PriceBook,
  request: OpenSourcesRequest,
): Opened {
  const settings = new SourceSettings(section.source, request.environment);
  if (section.source === 'jsonl') {
    const { models, measure } = request.config;
    const paths = settings.paths('MEASURE_JSONL', request.directory);
    const intervalMs = measure?.interval ?? 0;
    const source = jsonlSource({ paths, arms, models, ownPrices: ownPricesOf(request.config), intervalMs });
    return { settings, source, endpoint: null };
  }
  const found = endpointOf(section.source, settings);
  const endpoint = found && { ...found, ...(request.patience && { patience: request.patience }) };
  const source = endpoint && sourceAt(endpoint, { section, arms, book, settings, config: request.config });
  return { settings, source, endpoint };
}

function endpointOf(source: Exclude<SourceName, 'jsonl'>, settings: SourceSettings): SourceEndpoint | null {
  switch (source) {
    case 'prometheus': {
      const auth = settings.bearerOrBasic('PROMETHEUS_TOKEN', 'PROMETHEUS_USER', 'PROMETHEUS_PASSWORD');
      return settings.endpoint('PROMETHEUS_URL', auth);
    }
    case 'openai':
      return settings.endpoint('OPENAI_ADMIN_URL', settings.bearer('OPENAI_ADMIN_KEY'), OPENAI_URL);
    case 'litellm':
      return settings.endpoint('LITELLM_URL', settings.bearer('LITELLM_KEY'));
    case 'new-api':
      return settings.endpoint('NEW_API_URL', settings.bearer('NEW_API_TOKEN'));
    case 'openrouter':
      return settings.endpoint(
        'OPENROUTER_URL',
        settings.bearer('OPENROUTER_MANAGEMENT_KEY'),
        OPENROUTER_URL,
      );
  }
}

interface Opening {
  readonly section: SourceSection;
  readonly arms: readonly Arm[];
  readonly book: PriceBook;
  readonly settings: SourceSettings;
  readonly config: Config;
}

function sourceAt(endpoint: SourceEndpoint, opening: Opening): Source | null {
  const { section, arms, book, settings, config } = opening;
  switch (section.source) {
    case 'jsonl':
      return null;
    case 'prometheus':
      return createPrometheusSource({
        endpoint,
        preset: customise(PRESETS[section.preset ?? 'otel-genai'], section),
        labels: section.labels,
        arms,
        armValues: armValuesOf(section, config),
        book,
      });
    case 'openai':
      return createOpenaiSource({ endpoint, projectIds: settings.list('OPENAI_PROJECT_IDS'), book });
    case 'litellm':
      return createLitellmSource({ endpoint, book });
    case 'new-api': {
      const userId = settings.text('NEW_API_USER_ID');
      const scope = settings.choice('NEW_API_SCOPE', ['own', 'all']);
      return createNewApiSource({ endpoint, scope, book, ...(userId === null ? {} : { userId }) });
    }
    case 'openrouter':
      return createOpenrouterSource({ endpoint, book });
  }
}

/** How the values of the label that tells the arms apart name each; a label of the team's own may use our words. */
function armValuesOf(
  { label_names }: SourceSection,
  config: Config,
): Readonly<Record<Arm, readonly string[]>> {
  const valuesOf = (arm: Arm) => [...hostNames(config[arm].base_url), ...(label_names.arm ? [arm] : [])];
  return { official: valuesOf('official'), gateway: valuesOf('gateway') };
}
