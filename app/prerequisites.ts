/** What a rollout needs around it: permissions of the App, rules, environments. What is not there, people are told. */

import type { Config } from '../src/config/schema.ts';
import { hasProblem } from '../src/rollout/turn.ts';
import type { Driver } from './driver.ts';
import { orNull } from './http-status.ts';
import { at, type Permissions, type Repository } from './repository.ts';
import type { Services } from './services.ts';
import { rulesOf } from './state/ruleset.ts';

interface Need {
  readonly permission: string;
  readonly level: 'read' | 'write';
  /** The end of a sentence. */
  readonly why: string;
}

/** The least that the App needs for a config. */
export function neededPermissions({ traffic, rollout, measure }: Config): readonly Need[] {
  const need = (permission: string, level: Need['level'], why: string): Need => ({ permission, level, why });
  const has = (kind: Config['traffic'][number]['kind']) => traffic.some((target) => target.kind === kind);
  const variables = traffic.filter((target) => target.kind === 'variable');
  const runs =
    (measure?.workflow ?? null) !== null || rollout.stages.some(({ gate }) => gate.workflows.length > 0);
  const teams = Object.values(rollout.permissions).filter((required) => required.includes('/'));
  return [
    need('metadata', 'read', 'the roles of people'),
    need('contents', 'write', 'the state of the rollout'),
    need('issues', 'write', "the rollout's issue"),
    need('checks', 'write', 'the check run on pull requests'),
    need('pull_requests', 'read', 'the check run on pull requests'),
    ...(runs ? [need('actions', 'read', 'the runs that gates and measurements come from')] : []),
    ...(has('deployment') ? [need('deployments', 'write', 'the deployment target')] : []),
    ...(variables.some(({ environment }) => environment === null)
      ? [need('actions_variables', 'write', 'the variable target')]
      : []),
    ...(variables.some(({ environment }) => environment !== null)
      ? [need('environments', 'write', "the variable target's environment")]
      : []),
    ...(teams.length > 0 ? [need('members', 'read', `the team ${teams[0]}`)] : []),
  ];
}

/** Those that are not granted, each as `deployments: write (for the deployment target)`. */
export function missingPermissions(granted: Permissions, config: Config): readonly string[] {
  return neededPermissions(config)
    .filter(({ permission, level }) => granted[permission] !== 'write' && granted[permission] !== level)
    .map(({ permission, level, why }) => `${permission}: ${level} (for ${why})`);
}

/**
 * Looks once for each config and each set of permissions, so that an idle tick asks nothing; and at the ruleset once
 * for each rollout that this process meets.
 */
export async function checkPrerequisites(
  services: Services,
  repository: Repository,
  driver: Driver,
): Promise<void> {
  const { state, config } = driver.rollout;
  const { granted, prerequisites } = services.memoryOf(repository);
  const known = JSON.stringify([state.config.sha, granted]);
  if (prerequisites.get(state.name) === known) return;
  if (!prerequisites.has(state.name)) await tellRules(services, repository, state.name);
  const missing = granted === null ? [] : missingPermissions(granted, config);
  if (missing.length > 0) {
    services.log.warn({ rollout: state.name, missing }, 'the App lacks permissions that the config needs');
  }
  await tell(driver, 'permissions_missing', missing.length === 0 ? '' : `Missing: ${missing.join(', ')}.`);
  await tell(driver, 'reviewers_delay_rollback', await reviewersIn(repository, config));
  await tell(driver, 'token_limited', services.hasJobToken ? limitsOfJobToken(config) : '');
  prerequisites.set(state.name, known);
}

/** @param detail of the problem; empty where there is none (any more) */
async function tell(driver: Driver, code: string, detail: string): Promise<void> {
  const key = `${code}:${driver.sequence}`;
  if (detail !== '') await driver.happen({ kind: 'alert', key, code, detail });
  else if (hasProblem(driver.rollout.state, code)) await driver.happen({ kind: 'alert_gone', key, code });
}

/** A signed state needs no ruleset to be safe; the log says whether there is one. */
async function tellRules({ log }: Services, repository: Repository, rollout: string): Promise<void> {
  // An older GitHub Enterprise Server knows no rulesets.
  const rules = (await orNull(rulesOf(repository, rollout))) ?? { holds: false, missing: [] };
  if (rules.holds) log.info({ rollout }, 'a ruleset protects the branch of the state');
  else log.warn({ rollout, missing: rules.missing }, 'no ruleset protects the branch of the state');
}

async function reviewersIn(repository: Repository, { traffic }: Config): Promise<string> {
  const waiting: string[] = [];
  for (const target of traffic) {
    if (target.kind === 'deployment' && (await asksForReview(repository, target.environment))) {
      waiting.push(target.environment);
    }
  }
  return waiting.length === 0 ? '' : `It is the environment ${waiting.join(', ')}.`;
}

/** An environment that is not there yet comes to be without reviewers; one that cannot be read is not judged. */
async function asksForReview(repository: Repository, environment: string): Promise<boolean> {
  const { repos } = repository.octokit.rest;
  const asked = repos.getEnvironment({ ...at(repository), environment_name: environment });
  const rules = (await orNull(asked, [403]))?.data.protection_rules ?? [];
  return rules.some(({ type }) => type === 'required_reviewers');
}

function limitsOfJobToken({ traffic }: Config): string {
  const others = [...new Set(traffic.map(({ kind }) => kind).filter((kind) => kind !== 'dispatch'))];
  return others.length === 0 ? '' : `Targets that need an App's token: ${others.join(', ')}.`;
}
