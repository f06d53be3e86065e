import type { Hazard } from './hazards.ts';
import type { HazardKind } from './rule.ts';
import type { ApiFeature, Endpoint, FileLine, Site } from './site.ts';

/** The team's rules on what not to migrate (`policy` in the config file). */
export interface MigrationPolicy {
  /** A direct contract with the provider is required. */
  readonly complianceContract: boolean;
  /** Areas of the API (keys of AREAS below) that the team allows to migrate. */
  readonly allowExperimental: readonly string[];
}

/** Something a team should know about its repository before it migrates. */
export interface Finding {
  /** Stable, e.g. `experimental.assistants`. */
  readonly reasonCode: string;
  /** `block`: the rollout refuses to start. `warn`: fix it first. `info`: worth knowing. */
  readonly severity: 'block' | 'warn' | 'info';
  readonly message: string;
  readonly places: readonly FileLine[];
}

/** How ready the code is to migrate by configuration alone. */
export interface Readiness {
  /** Share of the product's settings (base URLs, keys, models) that are configurable, in percent. */
  readonly score: number;
  /** Number of configurable settings. */
  readonly configured: number;
  /** Number of product files with a hard-coded setting: the files to edit. */
  readonly scattered: number;
  /** Blocking ones first. */
  readonly findings: readonly Finding[];
}

/** Areas of the API that are experimental or stored by the provider, and the endpoints and features that use them. */
const AREAS = {
  assistants: ['assistants', 'threads'],
  realtime: ['realtime'],
  fine_tuning: ['fine_tuning'],
  batches: ['batches'],
  files: ['files', 'uploads'],
  vector_stores: ['vector_stores', 'file_search'],
  conversations: ['conversations', 'previous_response_id'],
  hosted_tools: ['web_search', 'code_interpreter', 'computer_use', 'containers'],
  videos: ['videos'],
  evals: ['evals'],
} as const satisfies Readonly<Record<string, readonly (Endpoint | ApiFeature)[]>>;

const DEFAULT_POLICY: MigrationPolicy = { complianceContract: false, allowExperimental: [] };

/**
 * Assesses the product's sites: how much of what a migration changes is configurable, what blocks it, and whether to
 * migrate at all. Documentation and tests don't count.
 * @param sites those in the product's code
 * @param hazards all of them; those in documentation and tests are ignored
 */
export function assessReadiness(
  sites: readonly Site[],
  hazards: readonly Hazard[],
  policy: MigrationPolicy = DEFAULT_POLICY,
): Readiness {
  const settings = sites.filter(isSetting);
  const hardCoded = settings.filter((site) => site.hardCoded);
  const configured = settings.length - hardCoded.length;
  return {
    score: settings.length === 0 ? 100 : Math.floor((100 * configured) / settings.length),
    configured,
    scattered: new Set(hardCoded.map(({ file }) => file)).size,
    findings: [
      ...complianceFinding(policy),
      ...areaFindings(sites, policy),
      ...settingFindings(hardCoded),
      ...azureFinding(sites),
      ...hazardFindings(hazards.filter(({ scope }) => scope === 'code')),
      ...(sites.length === 0 ? [nothingFound] : []),
    ].sort((a, b) => WORST_FIRST.indexOf(a.severity) - WORST_FIRST.indexOf(b.severity)),
  };
}

const WORST_FIRST: readonly Finding['severity'][] = ['block', 'warn', 'info'];

/** Whether a migration changes this: a base URL, a key, or a model that is used rather than listed or compared. */
export function isSetting({ kind, role }: Site): boolean {
  if (kind === 'model') return role !== 'table' && role !== 'prefix_check';
  return kind === 'base_url' || kind === 'api_key';
}

function complianceFinding({ complianceContract }: MigrationPolicy): Finding[] {
  if (!complianceContract) return [];
  return [
    {
      reasonCode: 'compliance_contract',
      severity: 'block',
      message:
        'policy.compliance_contract requires a direct contract with the provider. Stay on the official API, or change the policy once the contract allows a gateway.',
      places: [],
    },
  ];
}

function areaFindings(sites: readonly Site[], { allowExperimental }: MigrationPolicy): Finding[] {
  return Object.entries(AREAS).flatMap(([area, names]): Finding[] => {
    const values: readonly string[] = names;
    const used = sites.filter(
      ({ kind, value }) => (kind === 'endpoint' || kind === 'feature') && values.includes(value),
    );
    if (used.length === 0) return [];
    const accepted = allowExperimental.includes(area);
    return [
      {
        reasonCode: `experimental.${area}`,
        severity: accepted ? 'info' : 'block',
        message: accepted
          ? `${area} is in use; policy.allow_experimental allows migrating it.`
          : `${area} is in use: it is experimental or depends on data stored by the provider. If the gateway supports it, add it to policy.allow_experimental; otherwise keep these calls on the official API.`,
        places: fileLines(used),
      },
    ];
  });
}

const SETTING_FINDINGS = {
  base_url: {
    reasonCode: 'hard_coded.base_url',
    message: 'The base URL is hard-coded. Read it from the environment, e.g. OPENAI_BASE_URL.',
  },
  api_key: {
    reasonCode: 'hard_coded.api_key',
    message:
      'An API key is in the repository, where everyone with read access can see it. Revoke it, and read the new one from the environment.',
  },
  model: {
    reasonCode: 'hard_coded.model',
    message:
      'Model names are hard-coded. Read them from the environment, or serve the same names on the gateway (see `models` in the config file).',
  },
} as const;

function settingFindings(hardCoded: readonly Site[]): Finding[] {
  return Object.entries(SETTING_FINDINGS).flatMap(([kind, { reasonCode, message }]): Finding[] => {
    const places = fileLines(hardCoded.filter((site) => site.kind === kind));
    return places.length === 0 ? [] : [{ reasonCode, severity: 'warn', message, places }];
  });
}

function azureFinding(sites: readonly Site[]): Finding[] {
  const places = fileLines(
    sites.filter(({ note, value }) => note?.startsWith('azure') || /azure/i.test(value)),
  );
  if (places.length === 0) return [];
  return [
    {
      reasonCode: 'azure',
      severity: 'warn',
      message:
        'Azure OpenAI is in use. It names deployments instead of models, and its URLs and keys have a different format, so changing the base URL alone does not migrate these calls.',
      places,
    },
  ];
}

const HAZARD_SEVERITY: Partial<Record<HazardKind, 'info'>> = { default_client_limits: 'info' };

/** One finding for each sentence: the same kind may have another cause in another library. */
function hazardFindings(hazards: readonly Hazard[]): Finding[] {
  const messages = new Map(hazards.map(({ message, kind }) => [message, kind]));
  return [...messages].map(([message, kind]) => {
    const same = hazards.filter((hazard) => hazard.message === message);
    return {
      reasonCode: `hazard.${kind}`,
      severity: HAZARD_SEVERITY[kind] ?? 'warn',
      message,
      places: fileLines(same),
    };
  });
}

const nothingFound: Finding = {
  reasonCode: 'nothing_found',
  severity: 'info',
  message: 'The code does not seem to use the OpenAI API. If it does, no rule recognises the call yet.',
  places: [],
};

function fileLines(found: readonly FileLine[]): FileLine[] {
  return found.map(({ file, line }) => ({ file, line }));
}
