/** The commands with who may use them. */
import type { Config } from '../../config/schema.ts';
import { markdownText } from '../../wording/foreign-text.ts';
import { markdownTable } from '../../wording/markdown.ts';
import { COMMAND_FORMS } from '../command-help.ts';

/** @param config null: the roles are those that a config has which says nothing about them */
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
  return `A command is a line of its own in a new comment; edits, quotes and code do not count. One command a comment.\n\n${commandTable(config)}\n\nExamples:\n\n\`\`\`text\n${examples}\n\`\`\``;
}

/** As part of a sentence. @param required the least role, or `org/team` */
export function whoText(required: string): string {
  return required.includes('/') ? roleText(required) : `people with the role ${roleText(required)}`;
}

/** @param required the least role, or `org/team` */
export function roleText(required: string): string {
  return required.includes('/') ? `members of ${markdownText(required)}` : `${required} or more`;
}
