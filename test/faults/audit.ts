/** Checks what must hold when a run is over, in the branch's history, on the issue and in the targets. */

import { parseCommand } from '../../src/conversation/parse-command.ts';
import { wouldRaise } from '../../src/rollout/shares.ts';
import type { HistoryEntry, RolloutState } from '../../src/rollout/state.ts';
import { may } from './authority.ts';
import type { Recorded } from './history.ts';
import type { Story } from './story.ts';
import { shareIn } from './targets.ts';
import type { ActionLog, World } from './world.ts';

/** The config's numbers; see `configOf`. */
const MIN_DURATION = 3_600_000;
const MIN_TASKS = 200;
const MOST_FAILING = 0.05;
/** Replicas whose clock is wrong go by GitHub's, which has whole seconds. */
const SECOND = 1_000;

/** The rules that do not hold, in words. */
export async function audit(world: World, story: Story, commits: readonly Recorded[]): Promise<string[]> {
  const last = commits.at(-1)?.state;
  if (last === undefined) return ['the rollout never began'];
  return [
    ...commits.flatMap(({ state, message }, index) => {
      const before = commits[index - 1]?.state;
      const about = `commit ${index + 1} (${message.split('\n')[0]})`;
      return before === undefined ? [] : auditStep(world, before, state).map((what) => `${about} ${what}`);
    }),
    ...auditCommands(world, commits),
    ...(await auditIssue(world, story, last)),
    ...(await auditTargets(world, story, last)),
    ...(last.pending.length === 0
      ? []
      : [
          `the end: still pending: ${last.pending.map(({ id, effect }) => `${effect.kind} ${id}`).join(', ')}`,
        ]),
  ];
}

function auditStep(world: World, before: RolloutState, after: RolloutState): string[] {
  const known = before.history.length;
  if (JSON.stringify(after.history.slice(0, known)) !== JSON.stringify(before.history)) {
    return ['rewrites the history'];
  }
  const news = after.history.slice(known);
  const moves = news.filter(({ kind }) => kind === 'advanced' || kind === 'forced' || kind === 'completed');
  const forward = after.stage.index - before.stage.index;
  const isCompleted = after.status.kind === 'completed' && before.status.kind !== 'completed';
  const rules: readonly (readonly [string, boolean])[] = [
    ['goes forward by more than one stage', forward <= 1],
    ['goes forward without a history entry', forward <= 0 || moves.length === 1],
    ['completes without a history entry', !isCompleted || moves.some(({ kind }) => kind === 'completed')],
    ['completes at a stage that is not the last', !isCompleted || before.stage.label === '100%'],
    [
      'moves forward from a stage that is not the current one',
      moves.every(({ from }) => from === before.stage.label),
    ],
    ['goes forward while rolled back or over', moves.length === 0 || mayMove(before)],
    ['raises the share without a move', !raises(before, after) || mayRaise(before, after, news)],
    ['continues after an abort', before.status.kind !== 'aborted' || after.status.kind === 'aborted'],
  ];
  const gates = moves.flatMap((move) => gateProblems(world, before, move, news));
  return [...rules.filter(([, holds]) => !holds).map(([what]) => what), ...gates];
}

function mayMove({ status }: RolloutState): boolean {
  return status.kind === 'progressing' || status.kind === 'paused';
}

function raises(before: RolloutState, after: RolloutState): boolean {
  return wouldRaise(before.stage.traffic.shares, after.stage.traffic.shares);
}

/** By a move, by a retry, or because the start has shown that every target can be written. */
function mayRaise({ stage }: RolloutState, after: RolloutState, news: readonly HistoryEntry[]): boolean {
  return (
    after.stage.enteredAt !== stage.enteredAt ||
    stage.traffic.purpose === 'probe' ||
    news.some(({ kind }) => kind === 'advanced' || kind === 'forced' || kind === 'completed')
  );
}

/** Whether a person or the metrics justified leaving the stage, according to the action log. */
function gateProblems(
  { did }: World,
  before: RolloutState,
  move: HistoryEntry,
  news: readonly HistoryEntry[],
): string[] {
  const asked = did.comments.find(({ id }) => id === move.comment);
  const command = asked === undefined ? null : parseCommand(asked.text);
  const isAllowed = asked !== undefined && command !== null && may(asked.who, command);
  if (news.some(({ kind }) => kind === 'forced')) {
    return isAllowed && command.kind === 'force' ? [] : ['is forced without a command of a person who may'];
  }
  if (move.comment !== null && !isAllowed) return ['advances by a comment of a person who may not'];
  return before.stage.label === 'local' ? checkProblems(did, move) : numberProblems(did, before, move);
}

function checkProblems({ checks }: ActionLog, { at: moment }: HistoryEntry): string[] {
  const wasGreen = checks.some(({ conclusion, at }) => conclusion === 'success' && at < moment + SECOND);
  return wasGreen ? [] : ['leaves the first stage without a green workflow'];
}

function numberProblems({ windows }: ActionLog, { stage }: RolloutState, move: HistoryEntry): string[] {
  const since = stage.traffic.verifiedAt ?? Number.POSITIVE_INFINITY;
  const counted = windows.filter(
    (each) => each.stage === stage.label && each.from >= since && each.to < move.at + SECOND,
  );
  const tasks = counted.reduce((sum, window) => sum + window.tasks, 0);
  const failed = counted.reduce((sum, window) => sum + window.tasks * window.failing, 0);
  return [
    ...(tasks >= MIN_TASKS ? [] : [`advances on ${tasks} tasks of ${MIN_TASKS}`]),
    ...(failed <= tasks * MOST_FAILING ? [] : ['advances although too many tasks fail']),
    ...(move.at - since >= MIN_DURATION ? [] : ['advances too early']),
  ];
}

/** What a move past the last stage leads to. */
const FOLLOWS: readonly string[] = ['watching', 'completed'];

/** Each command is answered, each rollback happens, and none moves the rollout twice. */
function auditCommands({ did }: World, commits: readonly Recorded[]): string[] {
  const last = commits.at(-1)?.state;
  const all = last?.history ?? [];
  return did.comments.flatMap(({ id, who, text, edited }) => {
    const about = `${who}'s "${text}" (comment ${id})`;
    const command = parseCommand(text);
    if (command === null) return [];
    const moved = all.filter(({ comment, kind }) => comment === id && !FOLLOWS.includes(kind));
    const twice = moved.length > 1 ? [`${about} moved the rollout ${moved.length} times`] : [];
    if (edited) return twice;
    const isHeard = last?.applied.comments.includes(id) === true;
    const heardAt = commits.findIndex(({ state }) => state.applied.comments.includes(id));
    const found = commits[heardAt - 1]?.state.status.kind;
    const isDue = command.kind === 'rollback' && may(who, command) && found !== 'aborted' && isHeard;
    const isDone = moved.some(({ kind }) => kind === 'rolled_back');
    return [
      ...twice,
      ...(isHeard ? [] : [`${about} was lost`]),
      ...(isDue && !isDone ? [`${about} did not roll back`] : []),
    ];
  });
}

const ANSWERS = ['rocket', '+1', 'confused'];

async function auditIssue(
  { github, did, meddler }: World,
  { schedules, replicas }: Story,
  state: RolloutState,
): Promise<string[]> {
  const ours = (await github.issues()).filter(({ author }) => author.endsWith('[bot]'));
  const others = ours.filter(({ number }) => number !== state.issue);
  const open = others.filter((issue) => issue.state === 'open');
  const problems = open.map(({ number }) => `issue ${number} of the App is open beside ${state.issue}`);
  if (others.length === ours.length) problems.push('the state names another issue');
  if (others.length > 0 && !schedules.includes('lost creations')) problems.push('there are several issues');
  const comments = ours.flatMap((issue) => issue.comments);
  const markers = comments.flatMap(({ body }) => body.match(/<!-- gateway-rollout reply:.*? -->/g) ?? []);
  for (const marker of new Set(markers)) {
    const count = markers.filter((each) => each === marker).length;
    // Replicas may come upon the same cause of a notice in the same moment.
    const most = marker.includes('notice%3A') ? replicas : 1;
    if (count > most) problems.push(`${count} comments are the same reply: ${marker}`);
  }
  if (meddler.hasLocked || schedules.includes('deaf reactions')) return problems;
  for (const { id, who, text, edited } of did.comments) {
    const reactions = comments.find((comment) => comment.id === id)?.reactions ?? [];
    const isAnswered = ANSWERS.some((answer) => reactions.includes(answer));
    if (!edited && !isAnswered && !meddler.deleted.has(id))
      problems.push(`${who}'s "${text}" (comment ${id}) has no reply: ${reactions}`);
  }
  return problems;
}

/** Each target holds the shares of the state. */
async function auditTargets(
  { github }: World,
  { targets }: Story,
  { stage }: RolloutState,
): Promise<string[]> {
  const { shares, purpose, targets: statuses } = stage.traffic;
  const problems: string[] = [];
  for (const [index, kind] of targets.entries()) {
    const found = await shareIn(github, kind);
    if (found !== shares.everything) {
      problems.push(
        `the end: the ${kind} holds ${found}, the state says ${shares.everything} (${purpose}, ${statuses[index]})`,
      );
    }
  }
  return problems;
}
