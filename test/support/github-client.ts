/** The App's own client on the emulated GitHub, as Probot makes it. */
import { ProbotOctokit } from 'probot';
import { onTestFinished } from 'vitest';
import { type Github, type GithubOptions, startGithub } from './github/github.ts';

export type Octokit = InstanceType<typeof ProbotOctokit>;

/** Ends with the test. */
export async function openGithub(options: GithubOptions = {}): Promise<{ github: Github; octokit: Octokit }> {
  const github = await startGithub({ users: { alice: 'write' }, events: null, ...options });
  onTestFinished(() => github.close());
  return { github, octokit: octokitOf(github) };
}

/** Tries everything once, so that a test sees what GitHub says. */
export const octokitOf = ({ url, app }: Github, auth?: string): Octokit =>
  new ProbotOctokit({
    baseUrl: url,
    auth: auth ?? { appId: app.appId, privateKey: app.privateKey, installationId: app.installationId },
    ...(auth === undefined ? {} : { authStrategy: undefined }),
    retry: { enabled: false },
    throttle: { enabled: false },
    log: SILENT,
  });

const ignore = (): void => {};
const SILENT = { debug: ignore, info: ignore, warn: ignore, error: ignore };

export const REPO = { owner: 'acme', repo: 'shop' } as const;
