import type { Hazard } from './hazards.ts';
import type { HazardKind } from './rule.ts';
import type { ApiFeature, Endpoint, Site } from './site.ts';

/** What the team's configuration says about when not to migrate (`policy` in the config file). */
export interface MigrationPolicy {
  /** A direct contract with the provider is required. */
  readonly complianceContract: boolean;
  /** Areas of the API (the keys of AREAS below) that the team accepts to move. */
  readonly allowExperimental: readonly string[];
}

/** A site or hazard by its place. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** Something about the repository that a team should know before it moves. */
export interface Finding {
  /** Stable, e.g. `experimental.assistants`. */
  readonly reasonCode: string;
  /** `block`: the rollout refuses to start. `warn`: mend it first. `info`: worth knowing. */
  readonly severity: 'block' | 'warn' | 'info';
  readonly message: string;
  readonly places: readonly Place[];
}

/** How far the code is from moving by configuration alone. */
export interface Readiness {
  /** Of the product's settings (base URLs, keys, models), the share that configuration decides, in percent. */
  readonly score: number;
  /** Settings that configuration decides. */
  readonly configured: number;
  /** Files of the product in which a setting is hard-coded: where one would have to edit. */
  readonly scattered: number;
  /** Blocking ones first. */
  readonly findings: readonly Finding[];
}

/** Areas of the API that are experimental or live on the provider's servers, and what shows that one is in use. */
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
 * Judge the product's sites: how much of what a move changes is configuration, what stands in the way, and whether
 * to move at all. Documentation and tests do not count.
 * @param sites those of the product's code
 * @param hazards all; those of documentation and tests are left out here
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

/** Whether a move changes this: a base URL, a key, or a model that is used, not listed or compared with. */
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
        'policy.compliance_contract says that a direct contract with the provider is required. Stay with the official API, or change the policy once the contract allows a gateway.',
      places: [],
    },
  ];
}

function areaFindings(sites: readonly Site[], { allowExperimental }: MigrationPolicy): Finding[] {
  return Object.entries(AREAS).flatMap(([area, signs]): Finding[] => {
    const words: readonly string[] = signs;
    const used = sites.filter(
      ({ kind, value }) => (kind === 'endpoint' || kind === 'feature') && words.includes(value),
    );
    if (used.length === 0) return [];
    const accepted = allowExperimental.includes(area);
    return [
      {
        reasonCode: `experimental.${area}`,
        severity: accepted ? 'info' : 'block',
        message: accepted
          ? `${area} is in use, and policy.allow_experimental accepts that it moves.`
          : `${area} is in use: this area is experimental, or bound to what the provider stores. Find out whether the gateway serves it and name it in policy.allow_experimental, or leave these calls with the official API.`,
        places: placesOf(used),
      },
    ];
  });
}

const SETTING_FINDINGS = {
  base_url: {
    reasonCode: 'hard_coded.base_url',
    message:
      'The base URL can only be changed by editing code. Read it from the environment, e.g. OPENAI_BASE_URL.',
  },
  api_key: {
    reasonCode: 'hard_coded.api_key',
    message:
      'A key stands in the repository, where everyone who can read it has it. Revoke it, and read the new one from the environment.',
  },
  model: {
    reasonCode: 'hard_coded.model',
    message:
      'Model names stand in the code. Read them from configuration, or have the gateway serve these very names (see `models` in the config file).',
  },
} as const;

function settingFindings(hardCoded: readonly Site[]): Finding[] {
  return Object.entries(SETTING_FINDINGS).flatMap(([kind, { reasonCode, message }]): Finding[] => {
    const places = placesOf(hardCoded.filter((site) => site.kind === kind));
    return places.length === 0 ? [] : [{ reasonCode, severity: 'warn', message, places }];
  });
}

function azureFinding(sites: readonly Site[]): Finding[] {
  const places = placesOf(
    sites.filter(({ note, value }) => note?.startsWith('azure') || /azure/i.test(value)),
  );
  if (places.length === 0) return [];
  return [
    {
      reasonCode: 'azure',
      severity: 'warn',
      message:
        'Azure OpenAI is in use: it names deployments instead of models, and its URLs and keys have another form. A change of the base URL alone does not move these calls.',
      places,
    },
  ];
}

const HAZARD_SEVERITY: Partial<Record<HazardKind, 'info'>> = { default_client_limits: 'info' };

function hazardFindings(hazards: readonly Hazard[]): Finding[] {
  const kinds = [...new Set(hazards.map(({ kind }) => kind))];
  return kinds.map((kind) => {
    const same = hazards.filter((hazard) => hazard.kind === kind);
    return {
      reasonCode: `hazard.${kind}`,
      severity: HAZARD_SEVERITY[kind] ?? 'warn',
      message: same[0]?.message ?? '',
      places: placesOf(same),
    };
  });
}

const nothingFound: Finding = {
  reasonCode: 'nothing_found',
  severity: 'info',
  message:
    'Nothing in the code speaks of the OpenAI API. If it is called from here, the call is written in a way that no rule knows yet.',
  places: [],
};

function placesOf(sites: readonly Place[]): Place[] {
  return sites.map(({ file, line }) => ({ file, line }));
}
