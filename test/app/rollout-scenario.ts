/** A rollout from the outside: what people and pipelines do, and what the issue shows. The scenario sets the time. */
import { beforeAll, onTestFinished } from 'vitest';
import { type ArmCounts, formatMeasurement, type Measurement } from '../../src/measure/measurement.ts';
import { arm } from '../judge/measured.ts';
import { type Github, type GithubOptions, startGithub } from '../support/github/github.ts';
import { type AppOptions, bothSettled, type StartedApp, startApp } from '../support/start-app.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** A Monday, so that days read well. */
const BEGINNING = Date.UTC(2026, 2, 2, 8);
const CONFIG_PATH = '.github/gateway-rollout.yml';

/** Everybody's role. */
const PEOPLE = {
  olivia: 'admin',
  mara: 'maintain',
  alice: 'write',
  bob: 'write',
  tom: 'triage',
  rita: 'read',
  outsider: 'none',
} as const;

export interface Traffic {
  readonly gateway: ArmCounts | null;
  readonly official: ArmCounts | null;
  readonly pairs?: Measurement['pairs'];
  /** When the window began; by default the last one ended then. */
  readonly since?: number;
}

export interface Scenario {
  readonly github: Github;
  app(): StartedApp;
  now(): number;
  /** Waits until all webhooks are handled and the App is idle. */
  settled(): Promise<void>;
  /** Time passes, then the App ticks. */
  passes(milliseconds: number): Promise<void>;
  tick(): Promise<void>;
  pushesConfig(text: string, path?: string): Promise<void>;
  says(person: string, text: string, issue?: number): Promise<number>;
  /** The workflow that observes production ends with the window since the last one. */
  observes(stage: string, share: number | null, traffic: Traffic): Promise<void>;
  /** Time passes, and then production is observed: 100 tasks a minute, of which some fail on the gateway. */
  observesFor(
    milliseconds: number,
    stage: string,
    share: number,
    options?: { readonly failing?: number },
  ): Promise<void>;
  body(issue?: number): Promise<string>;
  /** The line of the issue with the rollout's status. */
  headline(issue?: number): Promise<string>;
  /** Bodies of the App's comments, the oldest first. */
  replies(issue?: number): Promise<readonly string[]>;
  lastReply(issue?: number): Promise<string>;
  reactions(comment: number, issue?: number): Promise<readonly string[]>;
  /** The process is stopped, and another one takes its place. */
  restarts(): Promise<void>;
  close(): Promise<void>;
}

export interface ScenarioOptions extends Omit<GithubOptions, 'now'> {
  readonly app?: Partial<AppOptions>;
  /** The App's requests go through sockets, as they do in earnest; default false, which is faster. */
  readonly overNetwork?: boolean;
}

/** Ends with the test. */
export async function startScenario(options: ScenarioOptions = {}): Promise<Scenario> {
  const scenario = await openScenario(options);
  onTestFinished(() => scenario.close());
  return scenario;
}

/** One for all tests of a file or a `describe`, which do not move the rollout. Ends with them. */
export function sharedScenario(
  prepare: (scenario: Scenario) => Promise<void>,
  options: ScenarioOptions = {},
): () => Scenario {
  let scenario: Scenario | null = null;
  beforeAll(async () => {
    const opened = await openScenario(options);
    scenario = opened;
    await prepare(opened);
    return () => opened.close();
  });
  return () => {
    if (scenario === null) throw new Error('The scenario begins with the tests: ask for it inside of one.');
    return scenario;
  };
}

async function openScenario(options: ScenarioOptions): Promise<Scenario> {
  let clock = BEGINNING;
  const now = () => clock;
  const { app: appOptions, users, overNetwork = false, ...githubOptions } = options;
  const github = await startGithub({ ...githubOptions, users: { ...PEOPLE, ...users }, now });
  const without = overNetwork ? {} : { fetch: github.fetch };
  const start = () => startApp(github, { now, ...without, ...appOptions });
  let app = await start();
  github.deliverTo(app.url);
  let observedTo: number | null = null;
  let measured = '';

  const settled = (): Promise<void> => bothSettled(github, app);

  async function tick(): Promise<void> {
    await app.tick();
    await settled();
  }

  const scenario: Scenario = {
    github,
    app: () => app,
    now,
    settled,
    tick,
    async passes(milliseconds) {
      clock += milliseconds;
      await tick();
    },
    async pushesConfig(text, path = CONFIG_PATH) {
      await github.pushes({ [path]: text }, { by: 'alice' });
      await settled();
    },
    async says(person, text, issue = 1) {
      // Two comments are never of the same second.
      clock += 1_000;
      const comment = await github.person(person).comments(issue, text);
      await settled();
      return comment;
    },
    async observes(stage, share, { pairs, since, ...arms }) {
      const from = since ?? observedTo ?? clock - HOUR;
      observedTo = clock;
      const window = { from, to: clock };
      const measurement = { schema: 1, window, stage, share, source: 'jsonl', arms } as const;
      measured += `${formatMeasurement({ ...measurement, ...(pairs && { pairs }) })}\n`;
      // As observe does: each artifact repeats the windows of the earlier ones.
      const files = { 'measurement.jsonl': measured };
      await github.runFinished('gateway-observe.yml', {
        event: 'schedule',
        artifact: { name: 'gateway-rollout-measurement', files },
      });
      await settled();
    },
    async observesFor(milliseconds, stage, share, { failing = 0.002 } = {}) {
      observedTo = clock;
      clock += milliseconds;
      const tasks = Math.round((milliseconds / MINUTE) * 100);
      const gateway = Math.round((tasks * share) / 100);
      await scenario.observes(stage, share, {
        gateway: armOf(gateway, failing),
        official: armOf(tasks - gateway, 0.002),
      });
    },
    async body(issue = 1) {
      return (await github.issue(issue))?.body ?? '';
    },
    async headline(issue) {
      const body = await scenario.body(issue);
      return body.split('\n').find((line) => line.startsWith('### ')) ?? '';
    },
    async replies(issue = 1) {
      const comments = (await github.issue(issue))?.comments ?? [];
      return comments.filter(({ author }) => author.endsWith('[bot]')).map(({ body }) => body);
    },
    async lastReply(issue) {
      return (await scenario.replies(issue)).at(-1) ?? '';
    },
    async reactions(comment, issue = 1) {
      const comments = (await github.issue(issue))?.comments ?? [];
      return comments.find(({ id }) => id === comment)?.reactions ?? [];
    },
    async restarts() {
      await settled();
      await app.close();
      app = await start();
      github.deliverTo(app.url);
    },
    async close() {
      await app.close();
      await github.close();
    },
  };
  return scenario;
}

/** Some tasks fail, 8 % are slow. */
function armOf(tasks: number, failing: number): ArmCounts {
  return arm(tasks, { failed: Math.round(tasks * failing), slow: Math.round(tasks * 0.08) });
}
