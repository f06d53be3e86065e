/** GitHub's client as the App uses it. */
import { ProbotOctokit } from 'probot';
import { RETRY } from './contents.ts';

/** The version of the REST API that this program was written for; GitHub supports each for at least two years. */
const API_VERSION = '2022-11-28';

export const AppOctokit = ProbotOctokit.plugin((octokit) => {
  octokit.hook.before('request', ({ headers }) => {
    headers['x-github-api-version'] ??= API_VERSION;
  });
}).defaults({ retry: RETRY });

/** The client does not retry requests that create something: one without a response may have succeeded. */
export const ONCE = { request: { retries: 0 } };
