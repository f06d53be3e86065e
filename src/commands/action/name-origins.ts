/** Finds out, inside GitHub Actions, which origins somebody with authority named. */
import path from 'node:path';
import { getOctokit } from '@actions/github';
import type { Addresses } from '../../config/addresses.ts';
import { ARMS, type Arm } from '../../config/arms.ts';
import type { Config } from '../../config/schema.ts';
import { field, textField } from '../../gateway/json.ts';
import { originOf } from '../../gateway/url.ts';
import { mayGetKey, type NamedOrigins } from '../named-origins.ts';
import { statusOf } from '../refusal.ts';
import { type Front, nonBlank, readSetting, type SettingSources } from '../settings.ts';
import { readCheckouts, repositoryAround } from './checkout.ts';
import { mayWorkflowNameOrigins, type RunEvent } from './trust.ts';

const DEADLINE_MS = 10_000;

export interface OriginSources extends SettingSources {
  readonly event: RunEvent;
  /** What `trusted-origins` names. */
  readonly trusted: readonly string[];
  /** The job's token, which may read the repository; `''`: none. */
  readonly token: string;
  readonly workspace: string;
  /** Path of the config in use, relative to the workspace; null where there is none. */
  readonly file: string | null;
  readonly config: Config | null;
}

/**
 * Asks GitHub once, unless the workflow sets both addresses, or the checkout is that of the default branch. It also asks
 * where `trusted-origins` names them: only the default branch shows which of them belongs to which arm.
 */
export async function nameOrigins(sources: OriginSources): Promise<NamedOrigins> {
  const ofWorkflow = namedByWorkflow(sources);
  const { config } = sources;
  const isSet = (arm: Arm) =>
    config === null || mayGetKey({ arm, baseUrl: config[arm].base_url }, { ...ofWorkflow, trusted: [] });
  if (ofWorkflow.workflowCounts && ARMS.every(isSet)) return ofWorkflow;
  const read = (await configOfCheckout(sources)) ?? (await configOfDefaultBranch(sources));
  if (typeof read === 'string') return { ...ofWorkflow, unread: read };
  return {
    ...ofWorkflow,
    gateway: [...ofWorkflow.gateway, ...originsIn(read.gateway)],
    official: [...ofWorkflow.official, ...originsIn(read.official)],
  };
}

/**
 * The inputs of the step, and its environment, which is written in the workflow as well. OPENAI_BASE_URL is the address
 * of OPENAI_API_KEY alone, so it names nothing for an arm with a key of its own.
 */
function namedByWorkflow(sources: OriginSources): NamedOrigins {
  const { event, settings, environment, trusted } = sources;
  const workflowCounts = mayWorkflowNameOrigins(event);
  const counted = (...addresses: readonly (string | undefined)[]) =>
    workflowCounts ? originsIn(...addresses) : [];
  const ofOpenAiKey = (key: 'apiKey' | 'officialApiKey') =>
    readSetting(key, sources) === null ? environment.OPENAI_BASE_URL : undefined;
  return {
    gateway: counted(settings.baseUrl, ofOpenAiKey('apiKey')),
    official: counted(settings.officialBaseUrl, environment.OFFICIAL_BASE_URL, ofOpenAiKey('officialApiKey')),
    trusted: counted(...trusted),
    workflowCounts,
    unread: null,
  };
}

const originsIn = (...addresses: readonly (string | null | undefined)[]): string[] =>
  addresses.flatMap((address) => originOf(address ?? '') ?? []);

/** The addresses of the config in use, if the checkout is the commit of the default branch that this run is for. */
async function configOfCheckout(sources: OriginSources): Promise<Addresses | null> {
  const { event, environment, workspace, file, config } = sources;
  const branch = textField(field(event.payload, 'repository'), 'default_branch');
  if (config === null || file === null || branch === null) return null;
  if (environment.GITHUB_REF !== `refs/heads/${branch}`) return null;
  const checkout = (await readCheckouts(workspace, path.resolve(workspace, file))).at(-1);
  const isDefault =
    checkout?.kind === 'commit' && checkout.commit === event.sha && checkout.changed.length === 0;
  return isDefault ? { gateway: config.gateway.base_url, official: config.official.base_url } : null;
}

/** The addresses in the config of the default branch, as it is now; or why it could not be read. */
async function configOfDefaultBranch(sources: OriginSources): Promise<Addresses | string> {
  const { environment, front, token, workspace, file } = sources;
  const [owner = '', repo = ''] = (environment.GITHUB_REPOSITORY ?? '').split('/');
  if (nonBlank(token) === null) return `The default branch could not be read: ${NO_TOKEN[front]}`;
  const baseUrl = nonBlank(environment.GITHUB_API_URL);
  const github = getOctokit(token, baseUrl === null ? {} : { baseUrl });
  const about = {
    owner,
    repo,
    path: pathInRepository(workspace, file ?? '.github/gateway-rollout.yml'),
    request: { signal: AbortSignal.timeout(DEADLINE_MS) },
  };
  try {
    // Without `ref`, which could also be a tag, GitHub reads the default branch.
    const { data } = await github.rest.repos.getContent(about);
    const base64 = Array.isArray(data) || !('content' in data) ? '' : data.content;
    const { addressesIn } = await import('../../config/addresses.ts');
    return addressesIn(Buffer.from(base64, 'base64').toString('utf8'));
  } catch (error) {
    const status = statusOf(error);
    if (status === 404) return `On the default branch, GitHub shows no ${about.path} to this job.`;
    const answer = status === 0 ? 'GitHub did not respond' : `GitHub responded with status ${status}`;
    return `The config of the default branch could not be read (${answer}): run the job again, and give it the permission "contents: read".`;
  }
}

const NO_TOKEN = {
  action: "the input github-token is empty. Remove it; the job's own token is the default.",
  'command-line': 'set GITHUB_TOKEN to the token of the job.',
} as const satisfies Readonly<Record<Front, string>>;

/** As the repository names the file, which may be checked out in a folder of the workspace. */
function pathInRepository(workspace: string, file: string): string {
  const absolute = path.resolve(workspace, file);
  const root = repositoryAround(path.dirname(absolute), workspace) ?? workspace;
  return path.relative(root, absolute).replaceAll(path.sep, '/');
}
