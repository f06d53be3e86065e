/**
 * What a change that is not merged yet would do to the repository's rollouts. Its files are read from GitHub as text and
 * never run: a pull request may come from anybody.
 */
import { addressesIn } from '../src/config/addresses.ts';
import { ARMS } from '../src/config/arms.ts';
import { type ConfigProblem, formatProblem } from '../src/config/problem.ts';
import type { Config } from '../src/config/schema.ts';
import { numberOf } from '../src/config/share-file/read.ts';
import { type ProposalPart, proposalSummary, proposalTitle } from '../src/conversation/messages/proposal.ts';
import { OPENAI_ORIGIN, originOf } from '../src/gateway/url.ts';
import {
  isHarmful,
  type ProposalFinding,
  type ProposedValue,
  proposeConfig,
  proposeFile,
} from '../src/rollout/proposal.ts';
import type { Rollout } from '../src/rollout/road.ts';
import { isOver } from '../src/rollout/state.ts';
import type { CheckRun } from './check-run.ts';
import { configFrom, type FetchedConfig, isConfigPath, rolloutName } from './config-in-repository.ts';
import { type FileRead, fetchFile } from './contents.ts';
import { nullIfMissing } from './http-status.ts';
import { at, defaultRef, type Repository } from './repository.ts';
import type { RepositoryContext } from './repository-context.ts';
import { nameTaken, problemsOf } from './start.ts';
import { type KnownRollout, knownRollouts } from './stored-rollout.ts';
import { compareFile } from './traffic/edit-file.ts';
import { type FileTargetConfig, wantedIn } from './traffic/file-target.ts';

export interface Change {
  readonly sha: string;
  /** The base branch, and its newest commit. */
  readonly into: string;
  readonly base: string;
  /** Paths of files that it adds, changes, moves or removes; moved files by both paths. */
  readonly paths: ReadonlySet<string>;
}

/** Checks a change that is not merged yet. @returns the check run to post */
export async function checkChange(context: RepositoryContext, change: Change): Promise<CheckRun> {
  const { repository, services } = context;
  const known = await knownRollouts(context.store);
  const configs = await checkConfigs(repository, change, known, services.now());
  const targets = await checkTargets(repository, change, known);
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

async function checkConfigs(
  repository: Repository,
  change: Change,
  known: readonly KnownRollout[],
  now: number,
): Promise<{ readonly parts: readonly ProposalPart[]; readonly problems: readonly ConfigProblem[] }> {
  const parts: ProposalPart[] = [];
  const problems: ConfigProblem[] = [];
  if (change.into !== repository.defaultBranch) return { parts, problems };
  for (const path of [...change.paths].filter(isConfigPath).toSorted()) {
    const file = await readAt(repository, path, change.sha);
    const read = file === null ? null : configFrom(path, file);
    const { findings, config = null, found = [] } = checkConfig(repository, known, path, read, now);
    const added = read?.loaded.ok ? await newAddresses(repository, path, read.loaded.config) : [];
    parts.push({ about: path, config, findings: [...findings, ...added] });
    problems.push(...found);
  }
  return { parts, problems };
}

/** Addresses that the config of the default branch does not name: the jobs of the change may not send them a key. */
async function newAddresses(
  repository: Repository,
  path: string,
  config: Config,
): Promise<readonly ProposalFinding[]> {
  const file = await readAt(repository, path, defaultRef(repository));
  const named = file?.kind === 'file' ? addressesIn(file.text) : null;
  const addresses = ARMS.flatMap((arm) => {
    const origin = originOf(config[arm].base_url);
    const isNamed =
      origin === originOf(named?.[arm] ?? '') || (arm === 'official' && origin === OPENAI_ORIGIN);
    return origin === null || isNamed ? [] : [{ arm, origin }];
  });
  return addresses.length === 0 ? [] : [{ code: 'new_address', addresses }];
}

interface ConfigCheck {
  readonly findings: readonly ProposalFinding[];
  /** The config in force. */
  readonly config?: Config;
  readonly found?: readonly ConfigProblem[];
}

function checkConfig(
  repository: Repository,
  known: readonly KnownRollout[],
  path: string,
  read: FetchedConfig | null,
  now: number,
): ConfigCheck {
  const invalid = (problems: readonly string[], found: readonly ConfigProblem[] = []): ConfigCheck => {
    return { findings: [{ code: 'config_invalid', path, problems }], found };
  };
  if (read?.loaded.ok === false)
    return invalid(read.loaded.problems.map(formatProblem), read.loaded.problems);
  const running = known.flatMap(({ rollout }) => (rollout && !isOver(rollout.state) ? [rollout] : []));
  const rollout = running.find(({ state }) => state.config.path === path);
  if (rollout !== undefined) {
    const { config } = rollout;
    if (read === null) return { findings: [{ code: 'config_missing', path }], config };
    const problems = problemsOf(read, rollout.state.name, repository);
    if (problems !== null) return invalid(problems);
    const findings = read.loaded.ok ? proposeConfig(rollout, read.source, read.loaded.config, now) : [];
    return { findings, config };
  }
  if (read === null || !read.loaded.ok) return { findings: [] };
  const { config } = read.loaded;
  const name = rolloutName(config, repository);
  const taken = running.find(({ state }) => state.name === name);
  if (taken !== undefined) {
    const problem = nameTaken(path, taken.state);
    return invalid([formatProblem(problem)], [problem]);
  }
  const namesake = known.find((each) => each.name === name);
  const stage = config.rollout.stages[0]?.label ?? '';
  const finding: ProposalFinding =
    namesake === undefined
      ? { code: 'begins', name, stage }
      : { code: namesake.rollout === null ? 'unknown' : 'over', name };
  return { findings: [finding], config };
}

async function checkTargets(
  repository: Repository,
  change: Change,
  known: readonly KnownRollout[],
): Promise<readonly ProposalPart[]> {
  const parts: ProposalPart[] = [];
  for (const { name, rollout } of known) {
    if (rollout === null || isOver(rollout.state)) continue;
    for (const [index, target] of rollout.config.traffic.entries()) {
      if (target.kind !== 'file' || !change.paths.has(target.path)) continue;
      if ((target.branch ?? repository.defaultBranch) !== change.into) continue;
      const findings = await checkFile(repository, change, rollout, index, target);
      parts.push({ about: `${name}: ${target.path}`, config: rollout.config, findings });
    }
  }
  return parts;
}

async function checkFile(
  repository: Repository,
  change: Change,
  rollout: Rollout,
  index: number,
  target: FileTargetConfig,
): Promise<readonly ProposalFinding[]> {
  const after = numbersIn(target, rollout, await readAt(repository, target.path, change.sha));
  if (after.kind === 'problem') return [{ code: 'target_broken', target: index, problem: after.problem }];
  // Values that match the stage need no comparison with those from before.
  if (after.isAsWanted) return proposeFile(rollout, index, []);
  const commit = await mergeBase(repository, change);
  const before = numbersIn(target, rollout, await readAt(repository, target.path, commit));
  const values = target.set.map(({ pointer, ...value }): ProposedValue => {
    const was = before.kind === 'numbers' ? (before.at.get(pointer) ?? null) : null;
    return { pointer, value, before: was, after: after.at.get(pointer) ?? Number.NaN };
  });
  return proposeFile(rollout, index, values);
}

/** The newest commit that both have: the change is what differs from it. */
async function mergeBase(repository: Repository, { base, sha }: Change): Promise<string> {
  const { repos } = repository.octokit.rest;
  const basehead = `${base}...${sha}`;
  const { data } = await repos.compareCommitsWithBasehead({ ...at(repository), basehead, per_page: 1 });
  return data.merge_base_commit.sha;
}

/** The number at each pointer, and whether every one matches the stage. */
function numbersIn(target: FileTargetConfig, { state }: Rollout, file: FileRead | null) {
  const problem = (text: string) => ({ kind: 'problem', problem: `${target.path} would ${text}.` }) as const;
  if (file === null) return problem('no longer exist');
  if (file.kind !== 'file') return problem(`be ${file.what}`);
  const wanted = wantedIn(target, state.stage.traffic.shares);
  const compared = compareFile(target.path, file.text, wanted);
  if (compared.kind === 'problem') return compared;
  const numbers = new Map(wanted.map(({ pointer, amount }) => [pointer, amount]));
  for (const { wanted: each, position } of compared.different) numbers.set(each.pointer, numberOf(position));
  return { kind: 'numbers', at: numbers, isAsWanted: compared.different.length === 0 } as const;
}

/** A repository shows the commits of pull requests from its forks too. */
async function readAt(repository: Repository, path: string, commit: string): Promise<FileRead | null> {
  return (await nullIfMissing(fetchFile(repository, path, commit)))?.data ?? null;
}
