/** Finds out, inside GitHub Actions, which origins somebody with authority named. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { getOctokit } from '@actions/github';
import type { Addresses } from '../../config/addresses.ts';
import type { Environment } from '../../config/environment.ts';
import type { Config } from '../../config/schema.ts';
import { field, textField } from '../../gateway/json.ts';
import { originOf } from '../../gateway/url.ts';
import { mayGetKey, type NamedOrigins } from '../named-origins.ts';
import { type CheckSettings, type Front, nonBlank } from '../settings.ts';
import { readCheckouts } from './checkout.ts';
import { mayWorkflowNameOrigins, type RunEvent } from './trust.ts';

const DEADLINE_MS = 10_000;

export interface OriginSources {
  readonly event: RunEvent;
  readonly settings: CheckSettings;
  readonly environment: Environment;
  /** What `trusted-origins` names. */
  readonly trusted: readonly string[];
  readonly front: Front;
  /** The job's token, which may read the repository; `''`: none. */
  readonly token: string;
  readonly workspace: string;
  /** Path of the config in use, relative to the workspace; null where there is none. */
  readonly file: string | null;
  readonly config: Config | null;
}

/** Asks GitHub once, and only if neither the workflow nor a checkout of the default branch names every address. */
export async function nameOrigins(sources: OriginSources): Promise<NamedOrigins> {
  const ofWorkflow = namedByWorkflow(sources);
  const { config } = sources;
  const isNamed =
    ofWorkflow.workflowCounts &&
    (config === null ||
      (mayGetKey({ arm: 'gateway', baseUrl: config.gateway.base_url }, ofWorkflow) &&
        mayGetKey(
          { arm: 'official', baseUrl: config.official.base_url },
          ofWorkflow,
          config.gateway.base_url,
        )));
  if (isNamed) return ofWorkflow;
  const read = (await configOfCheckout(sources)) ?? (await readDefaultConfig(sources));
  if (typeof read === 'string') return { ...ofWorkflow, unread: read };
  return {
    ...ofWorkflow,
    gateway: [...ofWorkflow.gateway, ...originsIn(read.gateway)],
    official: [...ofWorkflow.official, ...originsIn(read.official)],
  };
}

/** The inputs of the step, and its environment, which is written in the workflow as well. */
function namedByWorkflow({ event, settings, environment, trusted }: OriginSources): NamedOrigins {
  const workflowCounts = mayWorkflowNameOrigins(event);
  const counted = (...addresses: readonly (string | undefined)[]) =>
    workflowCounts ? originsIn(...addresses) : [];
  return {
    gateway: counted(settings.baseUrl),
    official: counted(settings.officialBaseUrl, environment.OFFICIAL_BASE_URL),
    trusted: counted(...trusted, environment.OPENAI_BASE_URL),
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
  if (config === null || file === null || environment.GITHUB_REF !== `refs/heads/${branch}`) return null;
  const checkout = (await readCheckouts(workspace, path.resolve(workspace, file))).at(-1);
  const isDefault =
    checkout?.kind === 'commit' && checkout.commit === event.sha && checkout.changed.length === 0;
  return isDefault ? { gateway: config.gateway.base_url, official: config.official.base_url } : null;
}

/** The addresses in the config of the default branch, or why it could not be read. */
async function readDefaultConfig(sources: OriginSources): Promise<Addresses | string> {
  const text = await fetchDefaultConfig(sources);
  if (text.kind === 'unread') return text.why;
  const { addressesIn } = await import('../../config/addresses.ts');
  return addressesIn(text.content);
}

type FetchedText =
  | { readonly kind: 'text'; readonly content: string }
  | { readonly kind: 'unread'; readonly why: string };

async function fetchDefaultConfig({
  environment,
  front,
  token,
  workspace,
  file,
}: OriginSources): Promise<FetchedText> {
  const inRepository = pathInRepository(workspace, file ?? '.github/gateway-rollout.yml');
  const unread = (why: string): FetchedText => ({ kind: 'unread', why });
  const [owner = '', repo = ''] = (environment.GITHUB_REPOSITORY ?? '').split('/');
  if (nonBlank(token) === null) return unread(`The default branch could not be read: ${NO_TOKEN[front]}`);
  const baseUrl = nonBlank(environment.GITHUB_API_URL);
  const github = getOctokit(token, baseUrl === null ? {} : { baseUrl });
  try {
    // Without `ref`, which could also be a tag, GitHub reads the default branch.
    const { data } = await github.rest.repos.getContent({
      owner,
      repo,
      path: inRepository,
      request: { signal: AbortSignal.timeout(DEADLINE_MS) },
    });
    const content = Array.isArray(data) || !('content' in data) ? '' : data.content;
    return { kind: 'text', content: Buffer.from(content, 'base64').toString('utf8') };
  } catch (error) {
    const status = error instanceof Error && 'status' in error ? Number(error.status) : 0;
    if (status === 404) return unread(`On the default branch, GitHub shows no ${inRepository} to this job.`);
    const answer = status === 0 ? 'GitHub did not respond' : `GitHub responded with status ${status}`;
    return unread(
      `The config of the default branch could not be read (${answer}): run the job again, and give it the permission "contents: read".`,
    );
  }
}

const NO_TOKEN = {
  action: "the input github-token is empty. Remove it; the job's own token is the default.",
  'command-line': 'set GITHUB_TOKEN to the token of the job.',
} as const satisfies Readonly<Record<Front, string>>;

/** As the repository names the file, which may be checked out in a folder of the workspace. */
function pathInRepository(workspace: string, file: string): string {
  const absolute = path.resolve(workspace, file);
  let root = path.dirname(absolute);
  while (root.startsWith(workspace) && root !== workspace && !existsSync(path.join(root, '.git'))) {
    root = path.dirname(root);
  }
  return path
    .relative(root.startsWith(workspace) ? root : workspace, absolute)
    .split(path.sep)
    .join('/');
}
