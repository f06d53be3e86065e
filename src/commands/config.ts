/** `gateway-rollout config`: is the configuration valid, and what is in force? */
import { isAbsolute, join } from 'node:path';
import { effectiveConfig, formatEffective } from '../config/effective.ts';
import { findConfigFile, loadConfigFile } from '../config/files.ts';
import { formatProblem, type Problem } from '../config/problem.ts';
import { forecastOf } from './forecast.ts';

export interface ConfigCommandOptions {
  /** The repository. */
  readonly cwd: string;
  /** The file, relative to `cwd` or absolute; found by itself where it is left out. */
  readonly path?: string;
  /** Chooses one of several rollouts. */
  readonly name?: string;
  /** JSON instead of YAML. */
  readonly json: boolean;
}

export interface CommandOutput {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

const REFERENCE =
  'Every setting is described in the configuration reference of the README and in gateway-rollout.schema.json.';

/**
 * Prints the effective configuration, how long its gates will take, and warnings beside it; or every problem.
 * @returns the exit code: 0 valid, 2 not
 */
export async function runConfigCommand(options: ConfigCommandOptions, io: CommandOutput): Promise<0 | 2> {
  const { cwd, path, name, json } = options;
  const found = path === undefined ? await findConfigFile(cwd, name) : { ok: true as const, file: path };
  if (!found.ok) return refuse(found.problems, io);
  const { file } = found;
  const loaded = await loadConfigFile(isAbsolute(file) ? file : join(cwd, file), file);
  if (!loaded.ok) return refuse(loaded.problems, io);
  for (const warning of loaded.warnings) io.stderr(`warning: ${formatProblem(warning)}\n`);
  if (json) {
    io.stdout(`${JSON.stringify(effectiveConfig(loaded.config), null, 2)}\n`);
    return 0;
  }
  io.stdout(
    `# The configuration in force: ${file} with every default filled in.\n${formatEffective(loaded.config)}`,
  );
  // As comments, so that what is printed is a configuration still.
  for (const line of forecastOf(loaded.config)) io.stdout(`# ${line}\n`);
  return 0;
}

function refuse(problems: readonly Problem[], io: CommandOutput): 2 {
  for (const problem of problems) io.stderr(`error: ${formatProblem(problem)}\n`);
  io.stderr(
    `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} in the configuration. ${REFERENCE}\n`,
  );
  return 2;
}
