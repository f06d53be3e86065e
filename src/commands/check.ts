/** `gateway-rollout check`: is the gateway ready? */
import type { CheckPlan } from '../check/plan.ts';
import type { CheckReport } from '../check/report.ts';
import type { CheckProgress } from '../check/run.ts';
import type { Environment } from '../config/environment.ts';
import { type ConfigProblem, formatProblem } from '../config/problem.ts';
import { createRedactor } from '../gateway/redact.ts';
import { checkOnTerminal } from '../report/check-terminal.ts';
import { count, usd } from '../wording/amounts.ts';
import type { ArmCall } from './arms.ts';
import type { InUse } from './in-use.ts';
import { planCheck } from './plan-check.ts';
import type { ReadConfig } from './read-config.ts';
import { type Refused, refuseCall } from './refusal.ts';
import { type CheckSettings, knownSecrets } from './settings.ts';
import { errorsTo, noticesTo, type Terminal } from './terminal.ts';
import { callOnTerminal } from './terminal-call.ts';

export interface Checked {
  readonly kind: 'checked';
  /** Without secrets. */
  readonly report: CheckReport;
}

/** The config's warnings that concern the check; the command `config` reports all of them. */
export function warningsForCheck({ warnings }: ReadConfig): readonly ConfigProblem[] {
  return warnings.filter(({ path }) => /^(gateway|official|models|client|check)\b/.test(path));
}

export interface CheckInput extends ArmCall {
  readonly inUse: InUse | null;
  readonly onProgress: (progress: CheckProgress) => void;
}

/** Plans the check and runs it. The probes' modules are loaded here and not at the start, so that `--help` is fast. */
export async function performCheck(input: CheckInput): Promise<Checked | Refused> {
  const [{ PROBES }, { runCheck }, { PROFILES }] = await Promise.all([
    import('../check/probes/index.ts'),
    import('../check/run.ts'),
    import('../gateway/profiles/index.ts'),
  ]);
  const known = {
    probeIds: PROBES.map(({ id }) => id),
    profileNames: PROFILES.map(({ name }) => name),
  };
  const planned = planCheck({ ...input, ...known });
  if (planned.kind === 'problems') return refuseCall(planned.problems);
  input.onSecrets(planned.secrets);
  for (const note of planned.notes) input.onNote(note);
  const redactor = createRedactor([...planned.secrets, ...knownSecrets(input.settings, input.environment)]);
  const report = await runCheck(planned.plan, (progress) => {
    if (progress.kind === 'begun') input.onNote(expectedText(progress, planned.plan));
    input.onProgress(redactor.report(progress, OWN_FIELDS));
  });
  return { kind: 'checked', report: redactor.report(report, OWN_FIELDS) };
}

/** What this program names itself: a key that is an ordinary word is not masked there. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  'kind',
  'id',
  'status',
  'severity',
  'verdict',
  'reasonCode',
  'features',
]);

function expectedText(
  { requests, mostUsd }: Extract<CheckProgress, { kind: 'begun' }>,
  { maxCostUsd }: CheckPlan,
): string {
  return `About ${count(requests, 'request')}, at most ${usd(mostUsd)} (limit: ${usd(maxCostUsd)}).`;
}

/** The report as `--json` prints it and the Action stores it. */
export function reportJson(report: CheckReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

/**
 * `gateway-rollout check`: the report goes to stdout, everything else to stderr.
 * @returns exit code: 0 ready, 1 not ready, 2 usage or config error
 */
export async function runCheckCommand(
  settings: CheckSettings,
  { json, directory }: { readonly json: boolean; readonly directory: string },
  environment: Environment,
  terminal: Terminal,
): Promise<0 | 1 | 2> {
  const refused = errorsTo(terminal.stderr);
  const call = await callOnTerminal(settings, directory, environment, terminal.stderr);
  if (call.kind === 'refused') return refused(call);
  const { read, config } = call;
  for (const warning of warningsForCheck(read)) {
    noticesTo(terminal.stderr)('warning', formatProblem(warning));
  }
  const progress = await terminal.progress();
  try {
    const inUse = await (await import('./in-use.ts')).usedIn(directory, config);
    const outcome = await performCheck({ ...call, inUse, onProgress: progress.report });
    progress.stop();
    if (outcome.kind === 'refused') return refused(outcome);
    terminal.stdout(json ? reportJson(outcome.report) : checkOnTerminal(outcome.report, terminal));
    return outcome.report.verdict === 'not-ready' ? 1 : 0;
  } finally {
    progress.stop();
  }
}
