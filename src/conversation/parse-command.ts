/** From the text of a comment to the command in it. */
import leven from 'leven';
import type { Command, CommandName, CommandProblem } from '../rollout/command.ts';
import { plainLine } from '../wording/foreign-text.ts';
import {
  COMMAND_FORMS,
  COMMANDS,
  type CommandArguments,
  type CommandEntry,
  type CommandForm,
} from './command-help.ts';
import {
  isMeantForUs,
  looseCommand,
  mayHoldCommand,
  nearestWord,
  withPlainCharacters,
  withPlainWord,
} from './command-words.ts';
import { type CommentLine, commentLines } from './comment-lines.ts';

/**
 * Reads the command of a comment: of a line that begins with it, outside of quotes, code and hidden HTML. Case and line
 * ends do not matter. Of several commands one that takes traffic back is run alone, and several of those are a rollback
 * of everything; otherwise none is run, and `several_commands` is the answer. In the original below an e-mail reply, only
 * what stops the rollout is run. A command of ours anywhere else in the text is never run: `misplaced` says how to write
 * it. Never throws.
 * @returns null where no line is meant for this App, so that other bots' commands stay theirs
 */
export function parseCommand(text: string): Command | null {
  if (!mayHoldCommand(text)) return null;
  const lines = commentLines(text).map((line) => {
    const commands = line.place === 'inside' ? [] : commandsOn(withPlainWord(line.text));
    return { ...line, commands };
  });
  const found = lines.flatMap(({ commands, place }) => commands.map((each) => ({ ...each, place })));
  const inside = misplacedIn(lines.filter(({ commands }) => commands.length === 0));
  const run = found.filter(({ command, place }) => place === 'line' || stops(command));
  if (run.length > 0) {
    const overlooked = inside.find(({ form, isAlone }) => isAlone && STOPPING.includes(form.permission));
    return overlooked === undefined || run.some(({ command }) => stops(command))
      ? oneOf(run)
      : misplaced(overlooked);
  }
  const [original] = found;
  if (original !== undefined) {
    const { command, written } = original;
    return unclear({ kind: 'in_original', written }, command.kind === 'unclear' ? 'help' : command.kind);
  }
  const [first] = inside;
  return first === undefined ? null : misplaced(first);
}

interface FoundCommand {
  readonly command: Command;
  readonly written: string;
}

const TWO_COMMANDS = /^(\/[\w-]+)[.,;&+]*(?:\s+(?:and|then|&|\+|,))?\s+(\/.*)$/isu;

/** The commands of a line, of which one may follow another at once. */
function commandsOn(line: string): readonly FoundCommand[] {
  const [, first = '', rest = ''] = TWO_COMMANDS.exec(line.slice(0, LONGEST_LINE).trim()) ?? [];
  const next = rest === '' ? [] : commandsOn(rest);
  const isSplit = next.some(({ command }) => command.kind !== 'unclear');
  const command = parseLine(isSplit ? first : line);
  return [
    ...(command === null ? [] : [{ command, written: plainLine(isSplit ? first : line, 60) }]),
    ...(isSplit ? next : []),
  ];
}

function oneOf(found: readonly FoundCommand[]): Command | null {
  const different = [
    ...new Map(found.map(({ command, written }) => [JSON.stringify(command), { command, written }])).values(),
  ];
  const [first, ...more] = different;
  if (first === undefined) return null;
  if (more.length === 0) return first.command;
  const commands = different.slice(0, 5).map(({ written }) => written);
  const problem = { kind: 'several_commands', commands } as const;
  const [back, ...others] = different.flatMap(({ command }) => (takesBack(command) ? [command] : []));
  if (back === undefined) return unclear(problem);
  if (others.length === 0) return back;
  // Whichever command was meant, a rollback to 0 % is safe.
  const reason = [back, ...others].find((each) => each.reason !== null)?.reason ?? null;
  return { kind: 'rollback', to: null, reason, problem };
}

/** Whether the command is there to stop the rollout or to take traffic back. */
export function stops(command: Command): boolean {
  return STOPPING.includes(command.kind);
}

const STOPPING: readonly Command['kind'][] = ['rollback', 'abort', 'pause'];

interface Misplaced {
  readonly form: CommandForm;
  /** Nothing but marks and mentions before it, so it is not part of a sentence. */
  readonly isAlone: boolean;
}

/** One of our words behind a list mark, in bold, after a mention or inside of a sentence; a path or a link is none. */
const INSIDE =
  /(?<![a-z\d%+=/]|(?<!\.)\.{1,2}|\]\()\/ ?([a-z]+-[a-z]+)(?![a-z\d/-]|_+[a-z\d]|\.[a-z\d]|\]\()/giu;
const ONLY_MARKS = /^(?:[^\p{L}\p{N}]|\p{N}{1,9}[.)]|@[\w-]+)*$/u;

function misplacedIn(lines: readonly CommentLine[]): readonly Misplaced[] {
  return lines.flatMap(({ visible, place }) => {
    const line = place === 'original' ? '' : withPlainCharacters(visible);
    return [...line.matchAll(INSIDE)].flatMap(({ index, 1: name = '' }) => {
      const word = `/${name.toLowerCase()}`;
      const form = COMMAND_FORMS.find((each) => each.word === word);
      return form === undefined
        ? []
        : [{ form, isAlone: ONLY_MARKS.test(line.slice(0, Math.min(index, 200))) }];
    });
  });
}

function misplaced({ form: { word, permission } }: Misplaced): Command {
  return unclear({ kind: 'misplaced', command: word }, permission);
}

/** Whether the command is there to take traffic back, whatever else was asked for. */
export function takesBack(command: Command): command is Extract<Command, { kind: 'rollback' | 'abort' }> {
  return command.kind === 'rollback' || command.kind === 'abort';
}

const LONGEST_LINE = 2000;
const LONGEST_REASON = 500;
/** A slash, a word, and what follows; a path such as `/etc/hosts` does not match. */
const COMMAND_LINE = /^\/([a-z][\w-]*)[.,;:!。]*(?:\s+(.*))?$/isu;
/** The same, with anything after the word that does not make it a longer word or a path. */
const HASTY_LINE = /^\/([a-z][\w-]*)(?!\/|\.\w)([^\w-].*)$/isu;

function parseLine(line: string): Command | null {
  const written = line.slice(0, LONGEST_LINE).trim();
  const exact = COMMAND_LINE.exec(written);
  const [, name = '', rest = ''] = exact ?? HASTY_LINE.exec(written) ?? [];
  if (name === '') return nearCommand(written);
  const word = `/${name.toLowerCase()}`;
  const entry = COMMANDS.find((each) => each.word === word);
  if (exact === null && entry?.runsAlways !== true) return null;
  if (entry !== undefined) return readArguments(entry, rest);
  return nearCommand(written) ?? (isMeantForUs(word) ? unknown(word, nearestWord(word)) : null);
}

function nearCommand(line: string): Command | null {
  const near = looseCommand(line);
  return near && unknown(near.written, near.suggestion);
}

function unknown(written: string, suggestion: string | null): Command {
  return unclear({ kind: 'unknown_command', written: plainLine(written, 40), suggestion });
}

const NOTHING: CommandArguments = { to: null, reason: null, dryRun: false, force: false, problem: null };

/** An option with the words after it; `name` is null for the words before the first option. */
interface Option {
  readonly name: string | null;
  readonly value: string;
}

const QUOTES = `"'“”„«»‹›‘’‚「」『』＂`;
const TOKEN = new RegExp(`[${QUOTES}](.*?)[${QUOTES}](?=\\s|$)|(\\S+)`, 'gsu');

/** Splits at options; quoted text is one word, whatever it holds. */
function splitAtOptions(rest: string): readonly Option[] {
  const given: { name: string | null; words: string[] }[] = [{ name: null, words: [] }];
  for (const [, quoted, plain = ''] of rest.replace(OPTION_WITH_VALUE, '$1 ').matchAll(TOKEN)) {
    const option = quoted === undefined ? optionOf(plain) : null;
    if (option === null) given.at(-1)?.words.push(quoted ?? plain);
    else given.push({ name: option, words: [] });
  }
  return given.map(({ name, words }) => ({ name, value: reasonOf(words) }));
}

const OPTION_WITH_VALUE = /(?<!\S)(\p{Pd}{1,2}[a-z-]+)=/giu;

/** Telephones and word processors turn two hyphens into one dash, so one dash is enough, but not one hyphen. */
function optionOf(word: string): string | null {
  const [, dashes, name = ''] = /^(-{1,2})([a-z][a-z-]*)$/i.exec(withPlainCharacters(word)) ?? [];
  return dashes === undefined || (dashes === '-' && word.startsWith('-')) ? null : `--${name.toLowerCase()}`;
}

/** An unclosed quote is dropped; its words stay. */
function reasonOf(words: readonly string[]): string {
  return plainLine(words.join(' ').replace(/^["“„«]/, ''), LONGEST_REASON);
}

function readArguments(entry: CommandEntry, rest: string): Command {
  if (entry.words === 'ignored') return entry.command(NOTHING);
  const [words, ...options] = splitAtOptions(rest);
  const read = readWords(entry, words?.value ?? '');
  const { to, reason } = 'kind' in read ? NOTHING : read;
  const problem = 'kind' in read ? read : (optionProblem(entry, options) ?? conflict(entry, options));
  if (problem !== null && entry.runsAlways !== true) return unclear(problem);
  const givenTo = (option: string) => options.findLast(({ name }) => name === option)?.value ?? null;
  return entry.command({
    to,
    reason: givenTo('--reason') || reason,
    dryRun: givenTo('--dry-run') !== null,
    force: givenTo('--force') !== null,
    problem,
  });
}

/** Words that are not options: a stage after `to`, a name, or a reason without its option. */
function readWords(
  entry: CommandEntry,
  words: string,
): Pick<CommandArguments, 'to' | 'reason'> | CommandProblem {
  if (words === '') return NOTHING;
  const [isTo, to = ''] = /^to(?:\s+(.*))?$/iu.exec(words) ?? [];
  if (entry.words === 'name') return { to: words, reason: null };
  if (entry.words === 'stage' || entry.words === 'stage_or_reason') {
    if (to !== '') return { to, reason: null };
    if (isTo !== undefined) return { kind: 'missing_value', command: entry.word, option: 'to' };
  }
  // People who roll back in a hurry write the reason without the option.
  if (entry.words === 'reason' || entry.words === 'stage_or_reason') return { to: null, reason: words };
  const problem = unknownOption(entry, words);
  return entry.words === 'stage' ? { ...problem, suggestion: `to ${plainLine(words, 60)}` } : problem;
}

function optionProblem(entry: CommandEntry, options: readonly Option[]): CommandProblem | null {
  for (const { name, value } of options) {
    if (name === null || !entry.options?.some((known) => known === name))
      return unknownOption(entry, name ?? value);
    if (name === '--reason' && value === '')
      return { kind: 'missing_value', command: entry.word, option: name };
    if (name !== '--reason' && value !== '') return unknownOption(entry, value);
  }
  return null;
}

function conflict({ word }: CommandEntry, options: readonly Option[]): CommandProblem | null {
  const has = (option: string) => options.some(({ name }) => name === option);
  if (!has('--force')) return null;
  if (has('--dry-run')) return { kind: 'options_conflict', command: word, options: ['--force', '--dry-run'] };
  return has('--reason') ? null : { kind: 'reason_needed', command: word };
}

function unknownOption(
  { word, options = [] }: CommandEntry,
  text: string,
): Extract<CommandProblem, { kind: 'unknown_option' }> {
  const written = plainLine(text, 60);
  const near = options.find((option) => written.startsWith('--') && leven(written, option) <= 2) ?? null;
  return { kind: 'unknown_option', command: word, written, suggestion: near };
}

function unclear(problem: CommandProblem, meant: CommandName = 'help'): Command {
  return { kind: 'unclear', problem, meant };
}
