/** `gateway-rollout config`: is the config valid, and what does it amount to? */
import { effectiveConfig, formatEffective } from '../config/effective.ts';
import { checkoutAt } from '../config/files.ts';
import { formatProblem } from '../config/problem.ts';
import { forecastOf } from '../conversation/forecast.ts';
import { forecastLines } from './forecast.ts';
import { type RequiredConfig, requireConfig } from './read-config.ts';
import type { ConfigChoice } from './settings.ts';
import { type CommandOutput, noticesTo } from './terminal.ts';

export interface ConfigCommandOptions extends ConfigChoice {
  /** The repository. If it is a checkout, files that the config names are looked for in it. */
  readonly cwd: string;
  /** JSON instead of YAML. */
  readonly json: boolean;
}

const REFERENCE =
  'All settings: https://github.com/gateway-rollout/gateway-rollout/blob/v0/src/config/README.md';

/**
 * Prints the effective config, a forecast of its gates, and warnings; or every problem.
 * @returns the exit code: 0 valid, 2 not
 */
export async function runConfigCommand(options: ConfigCommandOptions, io: CommandOutput): Promise<0 | 2> {
  const { cwd, json } = options;
  const notice = noticesTo(io.stderr);
  const found = await requireConfig(options, cwd, checkoutAt(cwd));
  if (found.kind === 'refused') {
    const { messages } = found;
    for (const message of messages) notice('error', message);
    const count = messages.length === 1 ? '1 problem' : `${messages.length} problems`;
    io.stderr(`${count} in the config. ${REFERENCE}\n`);
    return 2;
  }
  for (const warning of found.warnings) notice('warning', formatProblem(warning));
  io.stdout(json ? `${JSON.stringify(effectiveConfig(found.config), null, 2)}\n` : configText(found));
  return 0;
}

/** The effective config as YAML, with the forecast in comments, so that the text is still a valid config. */
export function configText({ file, config }: RequiredConfig): string {
  const forecast = forecastLines(forecastOf(config)).map((line) => `# ${line}\n`);
  return `# Effective config: ${file} with every default filled in.\n${formatEffective(config)}${forecast.join('')}`;
}
