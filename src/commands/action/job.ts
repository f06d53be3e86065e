/** The job that a step runs in: what the step gets from it, and what it can report to it. */
import * as core from '@actions/core';
import { ARMS, type Arm } from '../../config/arms.ts';
import type { Environment } from '../../config/environment.ts';
import type { Measurement } from '../../measure/measurement.ts';
import { plainLine } from '../../wording/foreign-text.ts';
import { reasonOf } from '../refusal.ts';
import type { Inputs } from './inputs.ts';
import { OUTPUTS, type Outputs } from './outputs.ts';

export interface PublishOptions extends Pick<Inputs, 'command' | 'summary' | 'sarif' | 'failOnHardCoded'> {
  /** Paths of inputs are relative to it. */
  readonly workspace: string;
  readonly reports: string;
}

export interface Job {
  readonly inputs: Inputs;
  readonly environment: Environment;
  readonly workspace: string;
  readonly mask: (secrets: readonly string[]) => void;
}

export const hostOf = ({ environment, workspace, mask }: Job) => ({
  environment,
  directory: workspace,
  front: 'action' as const,
  onSecrets: mask,
  onNote: logNote,
});

export const LOG_COLUMNS = 100;

export function logLine(text: string, limit = 1000): void {
  core.info(plainLine(text, limit));
}

export function logNote(note: string): void {
  logLine(`note: ${note}`);
}

/** Outputs that are not given are empty. */
export function setOutputs(outputs: Outputs): void {
  for (const name of OUTPUTS) core.setOutput(name, outputs[name] ?? '');
}

/** A summary that cannot be written (no such file outside GitHub) must not change the verdict. */
export async function writeSummary(markdown: string): Promise<void> {
  try {
    await core.summary.addRaw(markdown).write();
  } catch (error) {
    core.info(`Can't write the job summary: ${reasonOf(error)}`);
  }
}

type OutputCounts = Pick<
  NonNullable<Measurement['arms']['official']>,
  'tasks' | 'failedTasks' | 'tokens' | 'cost'
>;

/** Success rate, tokens and cost of both arms; empty where they are not known. */
export function armOutputs(arms: Readonly<Partial<Record<Arm, OutputCounts | null>>>): Outputs {
  const entries = ARMS.flatMap((arm) => {
    const counts = arms[arm] ?? null;
    if (counts === null) return [];
    const { tasks, failedTasks, tokens, cost } = counts;
    const rate = tasks === null || tasks === 0 || failedTasks === null ? null : 1 - failedTasks / tasks;
    return [
      [`${arm}-success-rate`, rate === null ? '' : String(100 * rate)],
      [`${arm}-tokens`, tokens === null ? '' : String(tokens.input + tokens.output)],
      [`${arm}-cost-usd`, cost.unpriced > 0 ? '' : String(cost.usd)],
    ];
  });
  return Object.fromEntries(entries);
}
