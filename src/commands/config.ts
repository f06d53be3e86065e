/** `gateway-rollout config`: is the config valid, and what does it amount to? */
import { effectiveConfig, formatEffective } from '../config/effective.ts';
import { checkoutAt } from '../config/files.ts';
import { formatProblem } from '../config/problem.ts';
import { forecastOf } from '../conversation/forecast.ts';
import { count } from '../wording/amounts.ts';
import { forecastLines } from './forecast.ts';
import { configRoot, type RequiredConfig, requireConfig } from './read-config.ts';
import type { ConfigChoice } from './settings.ts';
import { type CommandOutput, noticesTo } from './terminal.ts';

export interface ConfigCommandOptions extends ConfigChoice {
  /** The repository. If it is a checkout, files that the config names are looked for in it. */
  readonly cwd: string;
  /** JSON instead of YAML. */
  readonly json: boolean;
  /** Only problems, warnings and the result. */
  readonly quiet?: boolean | undefined;
}

const REFERENCE =
  'All settings: https://github.com/gateway-rollout/gateway-rollout/blob/main/src/config/README.md';

/**
 * Prints the effective config, a forecast of its gates, and warnings; or every problem.
 * @returns the exit code: 0 valid, 2 not
 */
export async function runConfigCommand(options: ConfigCommandOptions, io: CommandOutput): Promise<0 | 2> {
  const { json, quiet = false } = options;
  const notice = noticesTo(io.stderr);
  const root = configRoot(options, options.cwd);
  const found = await requireConfig(options, root, checkoutAt(root));
  if (found.kind === 'refused') {
    const { messages } = found;
    for (const message of messages) notice('error', message);
    io.stderr(`${count(messages.length, 'problem')} in the config. ${REFERENCE}\n`);
    return 2;
  }
  const { warnings } = found;
  if (!quiet)
    io.stdout(json ? `${JSON.stringify(effectiveConfig(found.config), null, 2)}\n` : configText(found));
  for (const warning of warnings) notice('warning', formatProblem(warning));
  io.stderr(
    `${found.file}: valid, ${warnings.length === 0 ? 'no warnings' : count(warnings.length, 'warning')}\n`,
  );
  return 0;
}

/** The effective config as YAML, with the forecast in comments, so that the text is still a valid config. */
export function configText({ file, config }: RequiredConfig): string {
  const forecast = forecastLines(forecastOf(config)).map((line) => `# ${line}\n`);
  return `# Effective config: ${file} with every default filled in.\n${formatEffective(config)}${forecast.join('')}`;
}
