/** The Action from its inputs to its conclusion. */
import path from 'node:path';
import * as core from '@actions/core';
import type { Environment } from '../../config/environment.ts';
import { checkoutAt } from '../../config/files.ts';
import { sourceSecrets } from '../../measure/source-settings.ts';
import { configAnnotations } from '../../report/config-annotations.ts';
import { appSecrets } from '../app.ts';
import { type ArmCall, gatewayKeyAtHand } from '../arms.ts';
import { performCheck, warningsForCheck } from '../check.ts';
import { restartWithoutKeys } from '../exec/restart.ts';
import { internalErrorText } from '../internal-error.ts';
import type { NamedOrigins } from '../named-origins.ts';
import { lineProgress } from '../progress.ts';
import { locateConfig, type ReadConfig, readConfig, requireConfig } from '../read-config.ts';
import { refuse } from '../refusal.ts';
import { knownSecrets } from '../settings.ts';
import { readCheckouts } from './checkout.ts';
import { type Conclusion, type ScannedCode, skippedReport, unlessExcused } from './conclusion.ts';
import { readEvent } from './event.ts';
import { type Inputs, readInputs } from './inputs.ts';
import { hostOf, type Job, LOG_COLUMNS, logNote } from './job.ts';
import { maskedForms } from './mask.ts';
import { publish } from './publish.ts';
import { anyoneCanTrigger, assessTrust, excuseForMissingKey, type RunEvent, type Trust } from './trust.ts';

/**
 * Runs the Action: masks the keys, runs the command, publishes the conclusion. A check fails the job unless the gateway
 * is ready or the check is excused.
 * @param workspace directory of the repository's files
 */
export async function runAction(environment: Environment, workspace: string): Promise<void> {
  const inputs = readInputs((name) => core.getInput(name));
  const secrets = new Set<string>();
  const mask = (more: readonly string[]): void => {
    for (const secret of more.filter((each) => !secrets.has(each))) {
      secrets.add(secret);
      maskedForms(secret).forEach(core.setSecret);
    }
  };
  const { settings, sources, app } = inputs;
  const credentials = sourceSecrets({ ...environment, ...sources });
  const atHand = [...knownSecrets(settings, environment), ...credentials, ...appSecrets(app, environment)];
  if (inputs.command === 'exec') restartWithoutKeys(environment, atHand);
  mask(atHand);
  try {
    const conclusion = await conclude({ inputs, environment, workspace, mask });
    await publish(conclusion, { ...inputs, workspace, reports: environment.RUNNER_TEMP || workspace });
  } catch (error) {
    core.setFailed(internalErrorText(error, [...secrets], environment));
  }
}

async function conclude(job: Job): Promise<Conclusion> {
  const { inputs, workspace } = job;
  if (inputs.problems.length > 0) return refuse('malformed_input', inputs.problems);
  if (inputs.command === 'app') {
    return (await import('./app.ts')).hostInJob(job, await readEvent());
  }
  if (inputs.command === 'config') return showConfig(job);

  const located = await locateConfig(inputs.settings, workspace);
  const event = await readEvent();
  const file = located.kind === 'refused' ? null : located.file;
  const trust = await assessCheckout(event, workspace, file);
  if (trust.kind === 'untrusted') return refuse('untrusted_head', [trust.message]);
  if (located.kind === 'refused') return located;
  const read = await readConfig(located, workspace);
  if (read.kind === 'refused') return read;
  const named = () => namedInStep(job, event, read);
  const called = async () => ({ ...hostOf(job), config: read.config, named: await named() });
  if (inputs.command === 'exec') return runCommand(await called(), inputs, event);
  if (inputs.command === 'fidelity') return testFidelity(await called(), inputs, event);
  if (inputs.command === 'observe')
    return (await import('./observe.ts')).observeInJob(job, event, read, named);
  const code = await scanCode(workspace, event, read);
  if (inputs.command === 'check') return checkUnlessExcused(job, event, read, code, called);
  return code === null
    ? refuse('unreadable_workspace', [`Can't read the workspace ${workspace}. Check out the code first.`])
    : { kind: 'inventory', code };
}

/** Before the config is read and before any key is used. */
async function assessCheckout(event: RunEvent, workspace: string, file: string | null): Promise<Trust> {
  if (!anyoneCanTrigger(event.name)) return { kind: 'trusted' };
  return assessTrust(
    event,
    await readCheckouts(workspace, file === null ? null : path.resolve(workspace, file)),
  );
}

async function namedInStep(
  { inputs, environment, workspace }: Job,
  event: RunEvent,
  { file, config }: ReadConfig,
): Promise<NamedOrigins> {
  const { settings, app, trustedOrigins: trusted } = inputs;
  const { nameOrigins } = await import('./name-origins.ts');
  const { token } = app;
  const front = 'action';
  return nameOrigins({ event, settings, environment, front, trusted, token, workspace, file, config });
}

async function checkUnlessExcused(
  job: Job,
  event: RunEvent,
  read: ReadConfig,
  code: ScannedCode | null,
  called: () => Promise<Called>,
): Promise<Conclusion> {
  const { inputs, environment } = job;
  for (const { message, location } of configAnnotations(warningsForCheck(read)))
    core.warning(message, location);
  const excuse = gatewayKeyAtHand(inputs.settings, environment) ? null : excuseForMissingKey(event);
  if (excuse !== null) {
    const report = skippedReport(excuse, read.config?.gateway.base_url ?? '');
    return { kind: 'report', report, code };
  }
  const outcome = await performCheck({
    ...(await called()),
    settings: inputs.settings,
    inUse: code && (await import('../in-use.ts')).inUse(code.inventory),
    onProgress: lineProgress((text) => core.info(text.trimEnd()), LOG_COLUMNS).report,
  });
  return outcome.kind === 'refused' ? outcome : { kind: 'report', report: outcome.report, code };
}

type Called = Omit<ArmCall, 'settings'>;

/** The team's own test suite through the recorder. */
async function runCommand(call: Called, { exec: settings }: Inputs, event: RunEvent): Promise<Conclusion> {
  const { performExec } = await import('../exec/perform.ts');
  const place = { output: process, signals: process, atTerminal: false };
  return unlessExcused(await performExec({ ...call, ...place, settings }), event);
}

async function testFidelity(
  call: Called,
  { fidelity: settings }: Inputs,
  event: RunEvent,
): Promise<Conclusion> {
  const { performFidelity } = await import('../fidelity.ts');
  return unlessExcused(await performFidelity({ ...call, settings }), event);
}

/** Null where the workspace cannot be read. */
async function scanCode(
  workspace: string,
  event: RunEvent,
  { config }: ReadConfig,
): Promise<ScannedCode | null> {
  // The rules are large: commands without an inventory don't load them.
  const [{ readInventory }, { linesOfPullRequest }] = await Promise.all([
    import('../inventory.ts'),
    import('./pull-request.ts'),
  ]);
  const inventory = await readInventory(workspace, config);
  if (inventory === null) return null;
  const changed = await linesOfPullRequest(event, workspace);
  if (typeof changed === 'string') logNote(`no annotations on lines of code. ${changed}`);
  return { inventory, changed: typeof changed === 'string' ? null : changed };
}

async function showConfig({ inputs, workspace }: Job): Promise<Conclusion> {
  const found = await requireConfig(inputs.settings, workspace, checkoutAt(workspace));
  if (found.kind === 'refused') return found;
  const { configText } = await import('../config.ts');
  core.info(configText(found).trimEnd());
  for (const { message, location } of configAnnotations(found.warnings)) core.warning(message, location);
  return { kind: 'config-valid' };
}
