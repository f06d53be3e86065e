/**
 * What a change that is not merged yet would do to the rollouts of the repository. What it brings is read from GitHub
 * as text, compared, and never run: a pull request may come from anybody.
 */
import { loadConfig } from '../src/config/load.ts';
import { formatProblem, type Problem } from '../src/config/problem.ts';
import type { Config } from '../src/config/schema.ts';
import { numberOf } from '../src/config/share-file/read.ts';
import { type ProposalPart, proposalSummary, proposalTitle } from '../src/conversation/messages/proposal.ts';
import {
  type Finding,
  isHarmful,
  type ProposedValue,
  proposeConfig,
  proposeFile,
} from '../src/rollout/proposal.ts';
import type { Rollout } from '../src/rollout/road.ts';
import { isOver } from '../src/rollout/state.ts';
import type { CheckRun } from './check-run.ts';
import { configFrom, isConfigPath, type ReadConfig, rolloutName } from './config-in-repository.ts';
import { type FileRead, fetchFile } from './contents.ts';
import { orNull } from './http-status.ts';
import type { Repository } from './repository.ts';
import type { Services } from './services.ts';
import { nameTaken, problemsOf } from './start.ts';
import { compareFile } from './traffic/edit-file.ts';
import { type FileTargetConfig, wantedIn } from './traffic/file-target.ts';

export interface Change {
  /** Of the commit to judge. */
  readonly sha: string;
  /** The branch that it would be merged into. */
  readonly into: string;
  /** Files that it adds, changes, moves or removes, by their paths before and after. */
  readonly paths: ReadonlySet<string>;
  /** Where the commit may be found when the repository does not show it: a fork. */
  readonly fork: Repository | null;
  /** The commit that the change begins at. */
  readonly before: () => Promise<string>;
}

type Known =
  | { readonly kind: 'rollout'; readonly name: string; readonly rollout: Rollout }
  | { readonly kind: 'unknown'; readonly name: string };

/** Finds out what the check run has to say of a change. */
export async function examine(services: Services, repository: Repository, change: Change): Promise<CheckRun> {
  const known = await knownRollouts(services, repository);
  const configs = await examineConfigs(services, repository, change, known);
  const targets = await examineTargets(repository, change, known);
  const parts = [...configs.parts, ...targets];
  const findings = parts.flatMap((part) => part.findings);
  const isNeutral = findings.every(({ code }) => code === 'unknown');
  return {
    sha: change.sha,
    conclusion: findings.some(isHarmful) ? 'failure' : isNeutral ? 'neutral' : 'success',
    title: proposalTitle(parts),
    summary: proposalSummary(parts),
    problems: configs.problems,
  };
}

/** One request, which is conditional, and one for each state that this process has not read. */
async function knownRollouts(services: Services, repository: Repository): Promise<readonly Known[]> {
  const store = services.storeOf(repository);
  const known: Known[] = [];
  for (const { name, commit } of await store.list()) {
    const read = await store.read(name, { commit });
    if (read.kind === 'missing') continue;
    const { path, text } = read.kind === 'state' ? read.state.config : { path: '', text: '' };
    const loaded = loadConfig(text, path);
    const isKnown = read.kind === 'state' && loaded.ok;
    known.push(
      isKnown
        ? { kind: 'rollout', name, rollout: { config: loaded.config, state: read.state } }
        : { kind: 'unknown', name },
    );
  }
  return known;
}

async function examineConfigs(
  services: Services,
  repository: Repository,
  change: Change,
  known: readonly Known[],
): Promise<{ readonly parts: readonly ProposalPart[]; readonly problems: readonly Problem[] }> {
  const parts: ProposalPart[] = [];
  const problems: Problem[] = [];
  if (change.into !== repository.defaultBranch) return { parts, problems };
  for (const path of [...change.paths].filter(isConfigPath).toSorted()) {
    const file = await readAfter(repository, change, path);
    const read = file === null ? null : configFrom(path, file);
    const { findings, config, found } = judgeConfig(repository, known, path, read, services.now());
    parts.push({ about: path, config, findings });
    problems.push(...found);
  }
  return { parts, problems };
}

interface Judged {
  readonly findings: readonly Finding[];
  /** In force. */
  readonly config: Config | null;
  readonly found: readonly Problem[];
}

function judgeConfig(
  repository: Repository,
  known: readonly Known[],
  path: string,
  read: ReadConfig | null,
  now: number,
): Judged {
  const running = known.find(
    (each) =>
      each.kind === 'rollout' && !isOver(each.rollout.state) && each.rollout.state.config.path === path,
  );
  const invalid = (
    found: readonly Problem[],
    texts: readonly string[] = found.map(formatProblem),
  ): Judged => {
    return { findings: [{ code: 'config_invalid', path, problems: texts }], config: null, found };
  };
  if (read !== null && !read.loaded.ok) return invalid(read.loaded.problems);
  if (running?.kind === 'rollout') {
    const { rollout, name } = running;
    const { config } = rollout;
    if (read === null) return { findings: [{ code: 'config_missing', path }], config, found: [] };
    const texts = problemsOf(read, name, repository);
    if (texts !== null) return invalid([], texts);
    const findings = read.loaded.ok ? proposeConfig(rollout, read.source, read.loaded.config, now) : [];
    return { findings, config, found: [] };
  }
  if (read === null || !read.loaded.ok) return { findings: [], config: null, found: [] };
  const { config } = read.loaded;
  const name = rolloutName(config, repository);
  const namesake = known.find((each) => each.name === name);
  if (namesake?.kind === 'rollout' && !isOver(namesake.rollout.state)) {
    return invalid([nameTaken(path, namesake.rollout.state)]);
  }
  const code = namesake === undefined ? 'begins' : namesake.kind === 'unknown' ? 'unknown' : 'over';
  const stage = config.rollout.stages[0]?.label ?? '';
  const finding: Finding = code === 'begins' ? { code, name, stage } : { code, name };
  return { findings: [finding], config, found: [] };
}

async function examineTargets(
  repository: Repository,
  change: Change,
  known: readonly Known[],
): Promise<readonly ProposalPart[]> {
  const parts: ProposalPart[] = [];
  for (const each of known) {
    if (each.kind !== 'rollout' || isOver(each.rollout.state)) continue;
    const { rollout, name } = each;
    for (const [index, target] of rollout.config.traffic.entries()) {
      if (target.kind !== 'file' || !change.paths.has(target.path)) continue;
      if ((target.branch ?? repository.defaultBranch) !== change.into) continue;
      const findings = await examineFile(repository, change, rollout, index, target);
      parts.push({ about: `${name}: ${target.path}`, config: rollout.config, findings });
    }
  }
  return parts;
}

async function examineFile(
  repository: Repository,
  change: Change,
  rollout: Rollout,
  index: number,
  target: FileTargetConfig,
): Promise<readonly Finding[]> {
  const after = numbersIn(target, rollout, await readAfter(repository, change, target.path));
  if (after.kind === 'problem') return [{ code: 'target_broken', target: index, problem: after.problem }];
  // What the change leaves as the stage wants it needs no look at what was there before.
  if (after.isAsWanted) return proposeFile(rollout, index, []);
  const commit = await change.before();
  const before = numbersIn(target, rollout, await readAt(repository, target.path, commit));
  const values = target.set.map(({ pointer, ...value }): ProposedValue => {
    const was = before.kind === 'numbers' ? (before.at.get(pointer) ?? null) : null;
    return { pointer, value, before: was, after: after.at.get(pointer) ?? Number.NaN };
  });
  return proposeFile(rollout, index, values);
}

type Numbers =
  | {
      readonly kind: 'numbers';
      readonly at: ReadonlyMap<string, number>;
      /** Every place holds what the stage says. */
      readonly isAsWanted: boolean;
    }
  | { readonly kind: 'problem'; readonly problem: string };

function numbersIn(target: FileTargetConfig, { state }: Rollout, file: FileRead | null): Numbers {
  if (file === null) return { kind: 'problem', problem: `${target.path} would be gone.` };
  if (file.kind !== 'file') return { kind: 'problem', problem: `${target.path} would be ${file.what}.` };
  const wanted = wantedIn(target, state.stage.traffic.shares);
  const compared = compareFile(target.path, file.text, wanted);
  if (compared.kind === 'problem') return compared;
  const numbers = new Map(wanted.map(({ pointer, amount }) => [pointer, amount]));
  for (const { wanted: each, position } of compared.different) numbers.set(each.pointer, numberOf(position));
  return { kind: 'numbers', at: numbers, isAsWanted: compared.different.length === 0 };
}

/** The repository shows the commits of its forks' pull requests too; where it does not, the fork is asked. */
async function readAfter(
  repository: Repository,
  { sha, fork }: Change,
  path: string,
): Promise<FileRead | null> {
  const found = await readAt(repository, path, sha);
  return found === null && fork !== null ? readAt(fork, path, sha) : found;
}

async function readAt(repository: Repository, path: string, commit: string): Promise<FileRead | null> {
  return (await orNull(fetchFile(repository, path, commit)))?.value ?? null;
}
