/** The commands, with the role that each one needs. */
import type { Config } from '../../config/schema.ts';
import { markdownText } from '../../wording/foreign-text.ts';
import { markdownTable } from '../../wording/markdown.ts';
import { COMMAND_FORMS } from '../command-help.ts';

/** @param config null: the roles depend on the config */
export function commandTable(config: Config | null): string {
  const rows = COMMAND_FORMS.map(({ usage, permission, does }) => [
    `\`${usage}\``,
    config === null ? 'as configured' : roleText(config.rollout.permissions[permission]),
    markdownText(does),
  ]);
  return markdownTable(['Command', 'Who', 'What it does'], 3, rows);
}

export function helpText(config: Config | null): string {
  const examples = COMMAND_FORMS.map(({ example }) => example).join('\n');
  return `Put a command on a line of its own in a new comment, one command per comment. Edits, quotes and code are ignored.\n\n${commandTable(config)}\n\nExamples:\n\n\`\`\`text\n${examples}\n\`\`\``;
}

/** @param required the least role, or `org/team` */
export function roleText(required: string): string {
  return required.includes('/') ? `members of ${markdownText(required)}` : `${required} or higher`;
}
