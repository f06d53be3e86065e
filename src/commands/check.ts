import path from 'node:path';
import type { CheckReport } from '../check/report.ts';
import type { CheckProgress, runCheck } from '../check/run.ts';
import { findConfigFile, loadConfigFile } from '../config/files.ts';
import { formatProblem, type Problem } from '../config/problem.ts';
import type { Config } from '../config/schema.ts';
import { createRedactor } from '../gateway/redact.ts';
import { checkOnTerminal } from '../report/check-terminal.ts';
import { plainLine } from '../wording/foreign-text.ts';
import type { InUse } from './in-use.ts';
import { planCheck } from './plan-check.ts';
import type { Progress } from './progress.ts';
import { type CheckSettings, type Environment, type Front, present, secretsAtHand } from './settings.ts';

/** The check did not take place: the call or the config must be changed first. */
export interface Refused {
  readonly kind: 'refused';
  /** Stable; `config_invalid`, or the reason code of the first problem of the call. */
  readonly reasonCode: string;
  /** All problems, one sentence or two each. */
  readonly messages: readonly string[];
  /** Those that have a place in a file. */
  readonly configProblems: readonly Problem[];
}

export interface Checked {
  readonly kind: 'checked';
  /** Without secrets. */
  readonly report: CheckReport;
}

export interface ReadConfig {
  readonly kind: 'config';
  /** Null where the repository has none. */
  readonly config: Config | null;
  readonly warnings: readonly Problem[];
}

/** Those warnings of a config that touch the check; the others are told by the command `config`. */
export function warningsForCheck({ warnings }: ReadConfig): readonly Problem[] {
  return warnings.filter(({ path }) => /^(gateway|official|models|client|check)\b/.test(path));
}

export interface CheckRequest {
  readonly settings: CheckSettings;
  readonly environment: Environment;
  readonly front: Front;
  readonly config: Config | null;
  readonly inUse: InUse | null;
  /** Told before anything is asked; a log must mask them. */
  readonly onSecrets: (secrets: readonly string[]) => void;
  readonly onNote: (note: string) => void;
  readonly onProgress: (progress: CheckProgress) => void;
}

export interface Located {
  readonly kind: 'located';
  /** As messages name it; null where the repository has none. */
  readonly file: string | null;
}

/** Find the config without reading it: the named file, else the repository's. */
export async function locateConfig(settings: CheckSettings, root: string): Promise<Located | Refused> {
  const named = present(settings.config);
  if (named !== null) return { kind: 'located', file: named };
  const found = await findConfigFile(root, present(settings.name) ?? undefined);
  if (found.ok) return { kind: 'located', file: found.file };
  return found.none ? { kind: 'located', file: null } : refusedConfig(found.problems);
}

/** Read and validate a located config. */
export async function readConfig({ file }: Located, root: string): Promise<ReadConfig | Refused> {
  if (file === null) return { kind: 'config', config: null, warnings: [] };
  const loaded = await loadConfigFile(path.resolve(root, file), file);
  if (!loaded.ok) return refusedConfig(loaded.problems);
  return { kind: 'config', config: loaded.config, warnings: loaded.warnings };
}

/**
 * Plan the check and run it. The probes' own modules are loaded here and not at start, so that `--help` is fast.
 * @param run stands in for the probes in tests
 */
export async function performCheck(request: CheckRequest, run?: typeof runCheck): Promise<Checked | Refused> {
  const [{ PROBES }, { PROFILES }] = await Promise.all([
    import('../check/probes/index.ts'),
    import('../gateway/profiles/index.ts'),
  ]);
  const known = {
    probeIds: PROBES.map(({ id }) => id),
    profileNames: PROFILES.map(({ name }) => name),
  };
  const planned = planCheck({ ...request, ...known });
  if (planned.kind === 'problems') return refusedCall(planned.problems);
  request.onSecrets(planned.secrets);
  for (const note of planned.notes) request.onNote(note);
  const redactor = createRedactor([
    ...planned.secrets,
    ...secretsAtHand(request.settings, request.environment),
  ]);
  const check = run ?? (await import('../check/run.ts')).runCheck;
  const report = await check(planned.plan, (progress) => request.onProgress(redactor.value(progress)));
  return { kind: 'checked', report: redactor.value(report) };
}

/** The report as it is stored and printed by `--json`. */
export function reportJson(report: CheckReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}

/** Where the command line writes. */
export interface Terminal {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly color: boolean;
  readonly columns: number;
  readonly progress: () => Promise<Progress>;
}

/**
 * `gateway-rollout check`: report on stdout, all else on stderr.
 * @returns exit code: 0 ready, 1 not ready, 2 when the call or the config is wrong
 */
export async function runCheckCommand(
  settings: CheckSettings,
  { json, directory }: { readonly json: boolean; readonly directory: string },
  environment: Environment,
  terminal: Terminal,
): Promise<0 | 1 | 2> {
  const located = await locateConfig(settings, directory);
  if (located.kind === 'refused') return tellRefused(located, terminal);
  const read = await readConfig(located, directory);
  if (read.kind === 'refused') return tellRefused(read, terminal);
  const tell = (kind: string) => (text: string) => terminal.stderr(`${kind}: ${plainLine(text, 1000)}\n`);
  warningsForCheck(read).map(formatProblem).forEach(tell('warning'));
  const progress = await terminal.progress();
  try {
    const outcome = await performCheck({
      settings,
      inUse: located.file === null ? null : await usedIn(directory, read.config),
      environment,
      front: 'command-line',
      config: read.config,
      onSecrets: () => undefined,
      onNote: tell('note'),
      onProgress: progress.report,
    });
    progress.stop();
    if (outcome.kind === 'refused') return tellRefused(outcome, terminal);
    terminal.stdout(json ? reportJson(outcome.report) : checkOnTerminal(outcome.report, terminal));
    return outcome.report.verdict === 'not-ready' ? 1 : 0;
  } finally {
    progress.stop();
  }
}

/** What the code in this directory uses; null where it cannot be looked at: the check is not about that. */
async function usedIn(directory: string, config: Config | null): Promise<InUse | null> {
  const [{ readInventory }, { inUse }] = await Promise.all([import('./inventory.ts'), import('./in-use.ts')]);
  const inventory = await readInventory(directory, config);
  return inventory === null ? null : inUse(inventory);
}

function tellRefused({ messages }: Refused, { stderr }: Terminal): 2 {
  for (const message of messages) stderr(`error: ${plainLine(message, 1000)}\n`);
  return 2;
}

function refusedConfig(problems: readonly Problem[]): Refused {
  return {
    kind: 'refused',
    reasonCode: 'config_invalid',
    messages: problems.map(formatProblem),
    configProblems: problems,
  };
}

function refusedCall(
  problems: readonly { readonly reasonCode: string; readonly message: string }[],
): Refused {
  return {
    kind: 'refused',
    reasonCode: problems[0]?.reasonCode ?? 'malformed_input',
    messages: problems.map(({ message }) => message),
    configProblems: [],
  };
}
