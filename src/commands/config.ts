/** `gateway-rollout config`: is the configuration valid, and what is in force? */
import { effectiveConfig, formatEffective } from '../config/effective.ts';
import { checkoutAt } from '../config/files.ts';
import { formatProblem } from '../config/problem.ts';
import { forecastOf } from './forecast.ts';
import { type RequiredConfig, requireConfig } from './read-config.ts';
import type { ConfigChoice } from './settings.ts';
import { type CommandOutput, noticesTo } from './terminal.ts';

export interface ConfigCommandOptions extends ConfigChoice {
  /** The repository; files that the config names are looked for in it, where it is checked out. */
  readonly cwd: string;
  /** JSON instead of YAML. */
  readonly json: boolean;
}

const REFERENCE =
  'Every setting is described at https://github.com/gateway-rollout/gateway-rollout/blob/v0/src/config/README.md.';

/**
 * Prints the effective configuration, how long its gates will take, and warnings beside it; or every problem.
 * @returns the exit code: 0 valid, 2 not
 */
export async function runConfigCommand(options: ConfigCommandOptions, io: CommandOutput): Promise<0 | 2> {
  const { cwd, json } = options;
  const tell = noticesTo(io.stderr);
  const found = await requireConfig(options, cwd, checkoutAt(cwd));
  if (found.kind === 'refused') {
    const { messages } = found;
    for (const message of messages) tell('error', message);
    const count = messages.length === 1 ? '1 problem' : `${messages.length} problems`;
    io.stderr(`${count} in the configuration. ${REFERENCE}\n`);
    return 2;
  }
  for (const warning of found.warnings) tell('warning', formatProblem(warning));
  io.stdout(json ? `${JSON.stringify(effectiveConfig(found.config), null, 2)}\n` : configText(found));
  return 0;
}

/** The configuration in force as YAML; what is told of it stands in comments, so that it is a configuration still. */
export function configText({ file, config }: RequiredConfig): string {
  const forecast = forecastOf(config).map((line) => `# ${line}\n`);
  return `# The configuration in force: ${file} with every default filled in.\n${formatEffective(config)}${forecast.join('')}`;
}
