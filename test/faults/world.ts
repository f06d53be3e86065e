/** The world of one run: an emulated GitHub, replicas of the App, people, and production. Time is its own. */
import { formatMeasurement } from '../../src/measure/measurement.ts';
import type { RolloutState } from '../../src/rollout/state.ts';
import { arm } from '../judge/measured.ts';
import { createChance } from '../support/github/chance.ts';
import { type Github, startGithub } from '../support/github/github.ts';
import { readManifest } from '../support/github/manifest.ts';
import { readState } from './history.ts';
import { type Replica, startReplica } from './replica.ts';
import { ROLES, type Step, type StepOf, type Story, TARGETS, TRAFFIC, type Who } from './story.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const BEGINNING = Date.UTC(2026, 2, 2, 8);
export const ROLLOUT = 'shop';
export const CHECK = 'check.yml';
const OBSERVE = 'observe.yml';
export const FLAGS = 'flags.json';
/** Milliseconds until a request that hangs is cut. */
const HANG = 15;
/** Tasks of production in a minute, both arms. */
const PACE = 100;

/** The comments, checks and windows of the run, as the story intended them. */
export interface ActionLog {
  readonly comments: {
    readonly id: number;
    readonly who: Who;
    readonly text: string;
    readonly at: number;
    readonly edited: boolean;
  }[];
  readonly checks: { readonly conclusion: string; readonly at: number }[];
  readonly windows: {
    readonly stage: string;
    readonly from: number;
    readonly to: number;
    readonly failing: number;
    readonly tasks: number;
  }[];
}

export interface World {
  readonly github: Github;
  readonly repository: number;
  readonly did: ActionLog;
  readonly replicas: readonly Replica[];
  now(): number;
  passes(milliseconds: number): void;
  state(): Promise<RolloutState | null>;
  does(step: Step): Promise<void>;
  says(who: Who, text: string, issue: number): Promise<number>;
  /** Reports on the newest deployment, if it has no status yet, and ends the newest run. */
  deploys(state: 'success' | 'failure'): Promise<void>;
  /** Resolves when all webhooks are handled, and no live process has work in progress. */
  settled(): Promise<void>;
  /** Replaces every dead process. */
  replaceDead(): Promise<void>;
  /** Stops all faults. */
  calm(): void;
  close(): Promise<void>;
}

export function configOf({ targets }: Story): string {
  return `gateway: { base_url: https://gateway.example/v1 }
models: [gpt-4o-mini]
measure: { source: prometheus, workflow: ${OBSERVE}, interval: 1h }
traffic:
${targets.map((kind) => `  - ${TARGETS[kind]}`).join('\n')}
rollout:
  stages: [local, 5%, 50%, 100%]
  gates:
    local: { workflows: [${CHECK}], manual: false }
    default:
      min_duration: 1h
      min_tasks: 200
      metrics: { success_rate: { min: 95% }, latency_p95: { max: 10s } }
`;
}

/** Starts the story. Its faults begin with the push of the config. */
export async function startWorld(story: Story): Promise<World> {
  let clock = BEGINNING;
  const now = () => clock;
  const permissions = { ...readManifest().permissions, actions: 'write' } as const;
  const github = await startGithub({ users: ROLES, permissions, now, hang: HANG });
  const replicas: Replica[] = [];
  let issue: number | null = null;
  const did: ActionLog = { comments: [], checks: [], windows: [] };
  const start = () => startReplica(github, { now, retries: story.retries });
  const { id: repository } = (await (
    await github.fetch(`${github.url}/repos/${github.name}`, {
      headers: { authorization: `token ${github.personToken('mara')}` },
    })
  ).json()) as { id: number };

  async function settled(): Promise<void> {
    for (let seen = -1; seen !== github.requests().length; ) {
      seen = github.requests().length;
      await github.settled();
      await Promise.all(replicas.map((replica) => replica.idle()));
    }
  }

  async function replaceDead(): Promise<void> {
    for (const [index, replica] of replicas.entries()) {
      if (!replica.isDead) continue;
      await replica.close();
      replicas[index] = await start();
    }
    github.deliverTo(...replicas.map(({ app }) => app.url));
  }

  async function says(who: Who, text: string, issue: number): Promise<number> {
    const id = await github.person(who).comments(issue, text);
    did.comments.push({ id, who, text, at: clock, edited: false });
    return id;
  }

  const state = () => readState(github, ROLLOUT, repository);

  async function measures(minutes: number, failing: number): Promise<void> {
    const from = clock;
    clock += minutes * MINUTE;
    const found = await state();
    if (found === null) return;
    const { label, traffic } = found.stage;
    const share = traffic.shares.everything;
    const tasks = Math.round((minutes * PACE * share) / 100);
    const official = minutes * PACE - tasks;
    const counts = (count: number, part: number) => arm(count, { failed: Math.round(count * part) });
    const window = { from, to: clock };
    const line = formatMeasurement({
      schema: 1,
      window,
      stage: label,
      share,
      source: 'jsonl',
      arms: { gateway: counts(tasks, failing), official: counts(official, 0.002) },
    });
    did.windows.push({ ...window, stage: label, failing, tasks });
    await github.runFinished(OBSERVE, {
      event: 'schedule',
      artifact: { name: 'gateway-rollout-measurement', files: { 'measurement.jsonl': `${line}\n` } },
    });
  }

  async function deploys(outcome: 'success' | 'failure'): Promise<void> {
    const newest = github.deployments().at(-1);
    if (newest !== undefined && newest.states.length === 0)
      await github.deploymentReports(newest.id, outcome);
    const run = github.startedRuns().at(-1);
    if (run?.conclusion === null) await github.runFinished(TRAFFIC, { run: run.id, conclusion: outcome });
  }

  async function saysSomething({ who, text, thenEdits }: StepOf<'says'>, issue: number): Promise<void> {
    const id = await says(who, text, issue);
    if (!thenEdits) return;
    clock += SECOND;
    const said = did.comments.pop();
    if (said !== undefined) did.comments.push({ ...said, edited: true });
    await github.person(who).editsComment(id, `${text} please`);
  }

  async function ticksNextBox(who: Who, issue: number): Promise<void> {
    const found = await state();
    if (found !== null) await github.person(who).ticks(issue, found.stage.label).catch(ignoreNoBox);
  }

  async function does(step: Step): Promise<void> {
    clock += SECOND;
    issue ??= (await github.issues())[0]?.number ?? null;
    switch (step.does) {
      case 'says':
        if (issue !== null) await saysSomething(step, issue);
        return;
      case 'ticks the next box':
        if (issue !== null) await ticksNextBox(step.who, issue);
        return;
      case 'measures':
        return measures(step.minutes, step.failing);
      case 'checks':
        did.checks.push({ conclusion: step.conclusion, at: clock });
        await github.runFinished(CHECK, { conclusion: step.conclusion });
        return;
      case 'deploys':
        return deploys(step.state);
      case 'waits': {
        clock += step.minutes * MINUTE;
        await replaceDead();
        await replicas[step.replica % replicas.length]?.tick();
        return;
      }
      case 'kills':
        replicas[step.replica % replicas.length]?.dieAt(step.request, step.when);
    }
  }

  for (let index = 0; index < story.replicas; index += 1) replicas.push(await start());
  github.deliverTo(...replicas.map(({ app }) => app.url));
  await github.pushes({
    [FLAGS]: '{ "share": 0 }\n',
    [`.github/workflows/${TRAFFIC}`]: 'on: { workflow_dispatch: { inputs: { share: , payload: } } }\n',
  });
  await github.settled();
  github.leaveToChance(createChance(story.seed, story.weather));
  await github.pushes({ '.github/gateway-rollout.yml': configOf(story) }, { by: 'alice' });
  await settled();

  return {
    github,
    repository,
    did,
    replicas,
    now,
    passes(milliseconds) {
      clock += milliseconds;
    },
    state,
    does,
    says,
    deploys,
    settled,
    replaceDead,
    calm() {
      github.leaveToChance(null);
      for (const replica of replicas) replica.spare();
    },
    async close() {
      await Promise.all(replicas.map((replica) => replica.close()));
      await github.close();
    },
  };
}

/** Somebody changed the body in between, or it no longer has that stage. */
function ignoreNoBox(error: unknown): void {
  if (!(error instanceof Error) || !error.message.startsWith('no box')) throw error;
}
