/** The repository of the emulated GitHub, as the App sees it. */
import { ProbotOctokit } from 'probot';
import { RETRY } from '../../app/contents.ts';
import { type Repository, repositoryFrom } from '../../app/repository.ts';
import type { Github } from '../support/github/github.ts';

/** A retry of the client waits this many milliseconds instead of a second, and four times that for the next. */
const RETRY_UNIT = 2;

export async function openRepository({ url, app, name: fullName }: Github): Promise<Repository> {
  const octokit = new ProbotOctokit({
    baseUrl: url,
    auth: { appId: app.appId, privateKey: app.privateKey, installationId: app.installationId },
    retry: { ...RETRY, retryAfterBaseValue: RETRY_UNIT },
    throttle: { enabled: false },
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const [owner = '', repo = ''] = fullName.split('/');
  const { data } = await octokit.rest.repos.get({ owner, repo });
  return repositoryFrom(octokit, data);
}
