/** The reference of commands, inputs and outputs for the documents. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { z } from 'zod';
import { COMMAND_FORMS } from '../src/conversation/command-help.ts';
import { markdownTable } from '../src/wording/markdown.ts';
import { cellText, setting } from './config-reference.ts';

const root = path.resolve(import.meta.dirname, '..');

const actionSchema = z.object({
  inputs: z.record(z.string(), z.object({ description: z.string(), default: z.string().optional() })),
  outputs: z.record(z.string(), z.object({ description: z.string() })),
});
const action = actionSchema.parse(parse(readFileSync(path.join(root, 'action.yml'), 'utf8')));

/** Runs every command with `--help`. */
export async function commandHelp(): Promise<string> {
  const names = [...(await help()).matchAll(/^ {2}(\w+) .*$/gm)].flatMap(([, name]) =>
    name === undefined || name === 'help' ? [] : [name],
  );
  const sections = names.map(async (name) => `### ${name}\n\`\`\`text\n${await help(name)}\n\`\`\``);
  return (await Promise.all(sections)).join('\n\n');
}

/** Inputs of the Action, in the order of action.yml. */
export function inputsTable(): string {
  return markdownTable(
    ['input', 'what it is', 'default'],
    3,
    Object.entries(action.inputs).map(([name, input]) => [
      `\`${name}\``,
      cellText(input.description),
      input.default === undefined ? '' : `\`${input.default}\``,
    ]),
  );
}

/** Outputs of the Action, in the order of action.yml. */
export function outputsTable(): string {
  return markdownTable(
    ['output', 'what it is'],
    2,
    Object.entries(action.outputs).map(([name, { description }]) => [`\`${name}\``, cellText(description)]),
  );
}

/** The commands on the rollout's issue, with the role that each needs by default. */
export function slashCommandsTable(): string {
  return markdownTable(
    ['comment', 'who, by default', 'what it does'],
    3,
    COMMAND_FORMS.map(({ usage, permission, does }) => [
      `\`${usage}\``,
      String(setting(['rollout', 'permissions', permission]).default),
      cellText(does),
    ]),
  );
}

async function help(...command: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [path.join(root, 'src/cli.ts'), ...command, '--help'],
    { env: { PATH: process.env.PATH } },
  );
  return stdout.trimEnd();
}
