/** The emulated GitHub with the sample application's repository, and the real App. */
import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import type { AppEnvironment } from '../../app/environment.ts';
import { createLog } from '../../app/log.ts';
import { startServer } from '../../app/server.ts';
import { type Github, startGithub } from '../support/github/github.ts';
import type { ShownIssue } from '../support/github/scenario.ts';
import { bothSettled, octokitFor } from '../support/start-app.ts';
import type { DemoClock } from './clock.ts';

/** The people of the demo, and their roles. */
export const PEOPLE = { alice: 'write', mara: 'maintain' } as const;
export type PersonName = keyof typeof PEOPLE;
/** The demo ticks by its own clock, so the server's timer must not. */
const NEVER = 24 * 3_600_000;

export interface RepositoryHost {
  readonly github: Github;
  /** Waits until no webhook and no work of the App is left. */
  settled(): Promise<void>;
  /** Time has passed: the App looks at every rollout, as its server does every few minutes. */
  tick(): Promise<void>;
  /** A person comments on the rollout's issue. */
  says(person: PersonName, text: string): Promise<void>;
  /** The rollout's issue. @throws where there is none */
  issue(): Promise<ShownIssue>;
  /** The errors that the App logged, each a JSON object. */
  errors(): readonly string[];
  stop(): Promise<void>;
}

/** Starts both on 127.0.0.1, with the demo's clock. The caller stops them. */
export async function startRepositoryHost(clock: DemoClock, name = 'assistant'): Promise<RepositoryHost> {
  const { now } = clock;
  const github = await startGithub({ repo: `acme/${name}`, users: PEOPLE, now });
  const errors: string[] = [];
  const destination = new Writable({
    write(line, _, done) {
      errors.push(String(line).trim());
      done();
    },
  });
  const environment = environmentFor(github);
  const log = createLog(environment.logLevel, environment.secrets, destination);
  const app = await startServer({ environment, variables: {}, log, now, Octokit: octokitFor({}) }).catch(
    async (error: unknown) => {
      await github.close();
      throw error;
    },
  );
  github.deliverTo(`${app.url}/api/github/webhooks`);

  const settled = (): Promise<void> => bothSettled(github, app);

  async function issue(): Promise<ShownIssue> {
    const [found] = (await github.issues()).filter(({ labels }) => labels.includes('gateway-rollout'));
    if (found === undefined)
      throw new Error('The App opened no issue. Expected one, because the config is on the default branch.');
    return found;
  }

  return {
    github,
    settled,
    issue,
    errors: () => errors,
    async tick() {
      await app.tick();
      await settled();
    },
    async says(person, text) {
      // No two comments may have the same second.
      clock.pass(1_000);
      await github.person(person).comments((await issue()).number, text);
      await settled();
    },
    async stop() {
      await app.close();
      await github.close();
    },
  };
}

function environmentFor({ url, app }: Github): AppEnvironment {
  const { appId, privateKey, webhookSecret } = app;
  const stateKey = randomBytes(32).toString('hex');
  return {
    appId,
    privateKey,
    webhookSecret,
    stateKeys: [stateKey],
    host: '127.0.0.1',
    port: 0,
    baseUrl: url,
    logLevel: 'error',
    tickInterval: NEVER,
    secrets: [privateKey, webhookSecret, stateKey],
  };
}
