/**
 * The App without a server: one job of GitHub Actions handles the event that started it, and then reconciles everything
 * that earlier jobs may have missed.
 */
import { randomUUID } from 'node:crypto';
import { Probot, type ProbotOctokit } from 'probot';
import type { Environment } from '../src/config/environment.ts';
import { createRolloutApp } from './app.ts';
import { pemOf } from './environment.ts';
import { nullIfMissing, statusOf, wordsOf } from './http-status.ts';
import { createLog } from './log.ts';
import { createMetrics } from './metrics.ts';
import { AppOctokit } from './octokit.ts';
import type { RolloutStatusKind } from './reconcile.ts';
import {
  loginOf,
  type Octokit,
  type Permissions,
  type RepositoryFacts,
  repositoryFrom,
} from './repository.ts';
import { rulesOf } from './state/ruleset.ts';

export interface HostSettings {
  /** An App by its key, or a token. The job's own token cannot write every target. */
  readonly auth:
    | { readonly kind: 'app'; readonly appId: number; readonly privateKey: string }
    | { readonly kind: 'token'; readonly token: string };
  /** The first one signs; null where a ruleset lets only the App write the states. */
  readonly stateKeys: readonly [string, ...string[]] | null;
  /** Of the API. */
  readonly baseUrl: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly event: { readonly name: string; readonly payload: unknown };
  /** The job's environment variables, for the operator's metric sources. */
  readonly variables: Environment;
  /** Values that are kept out of the log. */
  readonly secrets: readonly string[];
  /** Gets each line of the log, one JSON object. */
  readonly write: (line: string) => void;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Another client, such as one without rate limits for tests. */
  readonly Octokit?: typeof ProbotOctokit;
}

export type HostResult =
  | {
      readonly kind: 'hosted';
      readonly statuses: readonly RolloutStatusKind[];
      readonly errors: number;
    }
  /** Nothing was done. `message` says why, and what to do. */
  | { readonly kind: 'refused'; readonly reasonCode: string; readonly message: string };

interface Access {
  readonly octokit: Octokit;
  readonly identity: string;
  /** ID of the App's installation; null with a token. */
  readonly installation: number | null;
  readonly granted: Permissions | null;
}

type Refused = Extract<HostResult, { kind: 'refused' }>;

/** Webhook names of events that a workflow gets under a different name. */
const WEBHOOK_NAMES: Readonly<Record<string, string>> = { pull_request_target: 'pull_request' };

/** Handles the job's event, and reconciles every rollout of the repository. */
export async function hostOnce(settings: HostSettings): Promise<HostResult> {
  let errors = 0;
  const log = createLog('info', settings.secrets, {
    write(line: string) {
      if (/^\{"level":[56]0,/.test(line)) errors += 1;
      settings.write(line);
    },
  });
  const { auth, baseUrl, event, stateKeys, variables, now = Date.now } = settings;
  const { Octokit = AppOctokit } = settings;
  const credentials =
    auth.kind === 'token'
      ? { githubToken: auth.token }
      : { appId: auth.appId, privateKey: pemOf(auth.privateKey) ?? '' };
  if (credentials.privateKey === '') return refused('malformed_private_key', MALFORMED_KEY);
  // No webhook is delivered here, so the secret is never used.
  const probot = new Probot({ ...credentials, secret: randomUUID(), baseUrl, log, Octokit });
  await probot.ready();
  const entered = await enter(probot, settings);
  if ('kind' in entered) return entered;
  const { access, facts } = entered;
  if (stateKeys === null) {
    // The rules apply to all names with the prefix, so any name will do.
    const rules = await nullIfMissing(rulesOf(repositoryFrom(access.octokit, facts), facts.name));
    if (!rules?.holds) return refused('missing_state_key', UNPROTECTED);
  }
  const rollouts = createRolloutApp(probot, {
    stateKeys,
    now,
    environment: variables,
    metrics: createMetrics(),
    identity: async () => access.identity,
    hasJobToken: access.identity === JOB_IDENTITY,
  });
  const name = WEBHOOK_NAMES[event.name] ?? event.name;
  const installed = access.installation === null ? {} : { installation: { id: access.installation } };
  const payload = { ...Object(event.payload), ...installed };
  // The types list known events; others have no handler, and are ignored.
  await probot.receive({ id: randomUUID(), name, payload } as Parameters<Probot['receive']>[0]);
  const statuses = await rollouts.reconcile(access.octokit, facts, access.granted);
  await rollouts.idle();
  return { kind: 'hosted', statuses, errors };
}

const JOB_IDENTITY = 'github-actions[bot]';

const MALFORMED_KEY =
  "The App's private key cannot be read. Set the secret to the .pem file from the App's settings page.";
const UNPROTECTED =
  'There is no state key, and no ruleset protects the branches gateway-rollout/**, so a forged state could not be detected. Set the input state-key, or add the ruleset from app/README.md.';

async function enter(
  probot: Probot,
  { auth, repository }: HostSettings,
): Promise<{ readonly access: Access; readonly facts: RepositoryFacts } | Refused> {
  try {
    const isApp = auth.kind === 'app';
    const access = isApp ? await enterAsApp(probot, repository) : await enterWithToken(await probot.auth());
    if ('kind' in access) return access;
    const { data: facts } = await access.octokit.rest.repos.get(ownerAndName(repository));
    return { access, facts };
  } catch (error) {
    if (statusOf(error) !== 401) throw error;
    const what = auth.kind === 'app' ? 'the App ID and its private key' : 'the token';
    const message = `GitHub did not accept ${what} (${wordsOf(error)}). Expected credentials of the App that is installed in ${repository}; check that the secret is up to date.`;
    return refused('credentials_refused', message);
  }
}

async function enterAsApp(probot: Probot, repository: string): Promise<Access | Refused> {
  const app = await probot.auth();
  const found = await nullIfMissing(app.rest.apps.getRepoInstallation(ownerAndName(repository)));
  if (found === null) {
    const message = `The App is not installed in ${repository}. Install it there: "Install App" on the App's settings page.`;
    return refused('app_not_installed', message);
  }
  const { id, app_slug: slug, permissions } = found.data;
  const octokit = await probot.auth(id);
  return { octokit, identity: loginOf(slug), installation: id, granted: { ...permissions } };
}

async function enterWithToken(octokit: Octokit): Promise<Access> {
  // The REST API cannot identify an installation's token.
  const { viewer } = await octokit.graphql<{ viewer: { login: string } }>('{ viewer { login } }');
  return { octokit, identity: viewer.login, installation: null, granted: null };
}

function ownerAndName(repository: string): { readonly owner: string; readonly repo: string } {
  const [owner = '', repo = ''] = repository.split('/');
  return { owner, repo };
}

function refused(reasonCode: string, message: string): Refused {
  return { kind: 'refused', reasonCode, message };
}
