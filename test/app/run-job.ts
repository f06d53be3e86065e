/** The App without a server: one job of GitHub Actions after another, each a new process. */
import { onTestFinished } from 'vitest';
import { type HostSettings, hostOnce } from '../../app/host.ts';
import { type Github, type GithubOptions, startGithub } from '../support/github/github.ts';
import { octokitFor, STATE_KEY } from '../support/start-app.ts';

/** Ends with the test. */
export async function openGithub(options: GithubOptions = {}): Promise<Github> {
  // A second passes with every look at the clock, so that nothing happens in the second of something else.
  let clock = Date.UTC(2026, 2, 2, 8);
  const now = () => (clock += 1_000);
  const github = await startGithub({ users: { alice: 'write', rita: 'read' }, now, ...options });
  onTestFinished(() => github.close());
  return github;
}

/** One job: its event is the newest webhook that GitHub sent, as a job gets it. */
export async function job(github: Github, options: Partial<HostSettings> & { readonly name?: string } = {}) {
  const lines: string[] = [];
  const { name: given, ...settings } = options;
  const { event = 'schedule', payload = {} } = github.deliveries().at(-1) ?? {};
  const { installation: _, ...sent } = Object(payload);
  const { appId, privateKey } = github.app;
  const outcome = await hostOnce({
    auth: { kind: 'app', appId, privateKey },
    stateKeys: [STATE_KEY],
    baseUrl: github.url,
    repository: github.name,
    event: { name: given ?? event, payload: given === 'schedule' ? { schedule: '*/5 * * * *' } : sent },
    variables: {},
    secrets: [privateKey, STATE_KEY],
    write: (line) => void lines.push(line),
    now: github.now,
    Octokit: octokitFor({}),
    ...settings,
  });
  return { outcome, log: lines.join('') };
}

/** The job's own token instead of the App's key. */
export const withToken = (token: string) => ({ auth: { kind: 'token', token } as const });
