/** Checks what a rollout needs: permissions of the App, rules, environments. The issue reports what is missing. */

import type { Config } from '../src/config/schema.ts';
import { hasProblem } from '../src/rollout/turn.ts';
import type { Driver } from './driver.ts';
import { nullIfMissing } from './http-status.ts';
import { at, type Permissions, type Repository } from './repository.ts';
import { rulesOf } from './state/ruleset.ts';
import { startsWithJobToken } from './traffic/open.ts';

/** Permissions that a config needs and that are not granted, each as `deployments: write (for the deployment target)`. */
export function missingPermissions(
  granted: Permissions,
  { traffic, rollout, measure }: Config,
): readonly string[] {
  const has = (kind: Config['traffic'][number]['kind']) => traffic.some((target) => target.kind === kind);
  const variables = traffic.filter((target) => target.kind === 'variable');
  const ofRepository = variables.some(({ environment }) => environment === null);
  const ofEnvironment = variables.some(({ environment }) => environment !== null);
  const runs = rollout.stages.some(({ gate }) => gate.workflows.length > 0);
  const team = Object.values(rollout.permissions).find((required) => required.includes('/'));
  const needs = [
    ['metadata', 'read', 'the roles of people', true],
    ['contents', 'write', 'the state of the rollout', true],
    ['issues', 'write', "the rollout's issue", true],
    ['checks', 'write', 'the check run on pull requests', true],
    ['pull_requests', 'read', 'the check run on pull requests', true],
    ['actions', 'write', 'the workflow target', has('workflow')],
    ['actions', 'write', 'starting the measurements', (measure?.workflow ?? null) !== null],
    ['actions', 'read', 'the runs that gates name', runs],
    ['deployments', 'write', 'the deployment target', has('deployment')],
    ['actions_variables', 'write', 'the variable target', ofRepository],
    ['environments', 'write', "the variable target's environment", ofEnvironment],
    ['members', 'read', `the team ${team}`, team !== undefined],
  ] as const;
  return needs
    .filter(([name, level, , isNeeded]) => isNeeded && granted[name] !== 'write' && granted[name] !== level)
    .map(([name, level, why]) => `${name}: ${level} (for ${why})`);
}

/**
 * Checks once for each config and each set of permissions. Only what takes requests waits for a new rollout or config, so
 * that an idle tick of a new process sends none.
 */
export async function checkPrerequisites(driver: Driver): Promise<void> {
  const { services, repository } = driver;
  const { state, config } = driver.rollout;
  const { granted, prerequisites, newConfigs } = driver.memory;
  const known = JSON.stringify([state.config.sha, granted]);
  if (prerequisites.get(state.name) === known) return;
  const isNew = newConfigs.has(state.name);
  if (isNew) await logRuleset(driver);
  const missing = granted === null ? [] : missingPermissions(granted, config);
  if (missing.length > 0) {
    services.log.warn({ rollout: state.name, missing }, 'the App lacks permissions that the config needs');
  }
  const lacking = missing.length === 0 ? '' : `Missing: ${missing.join(', ')}.`;
  await reportProblem(driver, 'permissions_missing', lacking);
  if (isNew || hasProblem(state, 'reviewers_delay_rollback')) {
    await reportProblem(driver, 'reviewers_delay_rollback', await reviewersIn(repository, config));
  }
  await reportProblem(driver, 'token_limited', services.hasJobToken ? limitsOfJobToken(config) : '');
  newConfigs.delete(state.name);
  prerequisites.set(state.name, known);
}

/** @param detail of the problem; empty where there is none, or none any more */
export async function reportProblem(driver: Driver, code: string, detail: string): Promise<void> {
  const known = driver.rollout.state.problems.find((problem) => problem.code === code);
  if ((known?.detail ?? '') === detail) return;
  const about = { key: `${code}:${driver.sequence}`, code };
  await driver.apply(detail === '' ? { kind: 'alert_gone', ...about } : { kind: 'alert', ...about, detail });
}

/** A signed state is safe without a ruleset; the log says whether there is one. */
async function logRuleset({ services: { log }, repository, rollout: { state } }: Driver): Promise<void> {
  const rollout = state.name;
  // Older versions of GitHub Enterprise Server have no rulesets.
  const rules = (await nullIfMissing(rulesOf(repository, rollout))) ?? { holds: false, missing: [] };
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
  return waiting.length === 0 ? '' : `Environment: ${waiting.join(', ')}.`;
}

/** A new environment has no reviewers. One that the App may not read is not reported. */
async function asksForReview(repository: Repository, environment: string): Promise<boolean> {
  const { repos } = repository.octokit.rest;
  const request = repos.getEnvironment({ ...at(repository), environment_name: environment });
  const rules = (await nullIfMissing(request, [403]))?.data.protection_rules ?? [];
  return rules.some(({ type }) => type === 'required_reviewers');
}

function limitsOfJobToken({ traffic }: Config): string {
  const others = [...new Set(traffic.flatMap((each) => (startsWithJobToken(each) ? [] : each.kind)))];
  return others.length === 0 ? '' : `Targets that need an App's token: ${others.join(', ')}.`;
}
