/** The world of one run: an emulated GitHub, replicas of the App, people, and production. Time is its own. */
import { formatMeasurement } from '../../src/measure/measurement.ts';
import type { RolloutState } from '../../src/rollout/state.ts';
import { arm } from '../judge/measured.ts';
import { type Chance, createChance } from '../support/github/chance.ts';
import { type Github, startGithub } from '../support/github/github.ts';
import { readManifest } from '../support/github/manifest.ts';
import { type Fleet, startFleet } from './fleet.ts';
import { readState } from './history.ts';
import { createMeddler, type Meddler } from './meddling.ts';
import { beginSchedules, endSchedules, isTimed, paceOf } from './schedules.ts';
import { FLAGS, ROLES, type Step, type StepOf, type Story, TARGETS, TRAFFIC, type Who } from './story.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const BEGINNING = Date.UTC(2026, 2, 2, 8);
export const ROLLOUT = 'shop';
const CHECK = 'check.yml';
const OBSERVE = 'observe.yml';
/** From one tick of the App to the next. */
const TICK = 5 * MINUTE;
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

export interface World extends Fleet {
  readonly github: Github;
  readonly repository: number;
  readonly did: ActionLog;
  readonly meddler: Meddler;
  now(): number;
  passes(milliseconds: number): void;
  state(): Promise<RolloutState | null>;
  does(step: Step): Promise<void>;
  says(who: Who, text: string, issue: number): Promise<number>;
  /** Reports on the newest deployment, if it has no status yet, and ends the newest run. */
  deploys(state: 'success' | 'failure'): Promise<void>;
  /** The time of the next tick comes, and one replica ticks; no request fails by chance. */
  tickOnce(): Promise<void>;
  /** Stops all faults. */
  calm(): Promise<void>;
}

function configOf({ targets }: Story): string {
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
  const passes = (milliseconds: number) => {
    clock += milliseconds;
  };
  const pace = paceOf(story.seed, story.schedules);
  const permissions = { ...readManifest().permissions, actions: 'write' } as const;
  const github = await startGithub({ users: ROLES, permissions, now, hang: HANG });
  let issue: number | null = null;
  let measured = '';
  let isFair = false;
  const did: ActionLog = { comments: [], checks: [], windows: [] };
  const { id: repository } = (await (
    await github.fetch(`${github.url}/repos/${github.name}`, {
      headers: { authorization: `token ${github.personToken('mara')}` },
    })
  ).json()) as { id: number };
  const state = () => readState(github, ROLLOUT, repository);
  const isHeard = async (comment: number) => (await state())?.applied.comments.includes(comment) === true;
  const meddler = createMeddler(github, ROLLOUT, isHeard);
  const fleet = await startFleet(github, story, now, passes);
  const { replicas } = fleet;

  /** What happens next is the step that reads may lag behind. */
  const notesReads = async () => {
    if (isTimed(story.schedules)) await github.lag.step();
  };

  async function says(who: Who, text: string, issue: number): Promise<number> {
    const id = await github.person(who).comments(issue, text);
    did.comments.push({ id, who, text, at: clock, edited: false });
    return id;
  }

  /** What was begun ends before: no process stands still for minutes between two requests. */
  async function jumps(milliseconds: number): Promise<void> {
    await fleet.settled();
    passes(milliseconds);
  }

  /** As observe does, each artifact repeats the windows of the earlier ones. */
  async function measures(minutes: number, failing: number): Promise<void> {
    const from = clock;
    await jumps(minutes * MINUTE);
    await notesReads();
    const found = await state();
    if (found === null) return;
    const { label, traffic } = found.stage;
    const share = traffic.shares.everything;
    const tasks = Math.round((minutes * PACE * share) / 100);
    const official = minutes * PACE - tasks;
    const counts = (count: number, part: number) => arm(count, { failed: Math.round(count * part) });
    const window = { from, to: clock };
    const arms = { gateway: counts(tasks, failing), official: counts(official, 0.002) };
    measured += `${formatMeasurement({ schema: 1, window, stage: label, share, source: 'jsonl', arms })}\n`;
    did.windows.push({ ...window, stage: label, failing, tasks });
    await github.runFinished(OBSERVE, {
      event: 'schedule',
      artifact: { name: 'gateway-rollout-measurement', files: { 'measurement.jsonl': measured } },
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
    clock += pace() * SECOND;
    issue ??= (await github.issues())[0]?.number ?? null;
    await notesReads();
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
      case 'meddles':
        return meddler.does(step);
      case 'waits': {
        await jumps(step.minutes * MINUTE);
        await fleet.replaceDead();
        await replicas[step.replica % replicas.length]?.tick();
        return;
      }
      case 'kills':
        replicas[step.replica % replicas.length]?.dieAt(step.request, step.when);
    }
  }

  await github.pushes({
    [FLAGS]: '{ "share": 0 }\n',
    [`.github/workflows/${TRAFFIC}`]: 'on: { workflow_dispatch: { inputs: { share: , payload: } } }\n',
  });
  await github.settled();
  const chance = createChance(story.seed, story.weather);
  const weather: Chance = { ...chance, failing: (request) => (isFair ? null : chance.failing(request)) };
  beginSchedules(github, story.schedules, story.seed, weather);
  await github.pushes({ '.github/gateway-rollout.yml': configOf(story) }, { by: 'alice' });
  await fleet.settled();

  return {
    ...fleet,
    github,
    repository,
    did,
    meddler,
    now,
    passes,
    state,
    does,
    says,
    deploys,
    async tickOnce() {
      clock += TICK;
      isFair = true;
      await fleet.replaceDead();
      const [replica] = replicas;
      replica?.spare();
      await replica?.tick();
      await fleet.settled();
      isFair = false;
    },
    async calm() {
      endSchedules(github);
      for (const replica of replicas) replica.spare();
      await meddler.restores();
    },
    async close() {
      await fleet.close();
      await github.close();
    },
  };
}

/** Somebody changed the body in between, or it no longer has that stage. */
function ignoreNoBox(error: unknown): void {
  if (!(error instanceof Error) || !error.message.startsWith('no box')) throw error;
}
