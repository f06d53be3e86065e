/** From the text of a comment to the command in it. */
import leven from 'leven';
import type { Command, CommandName, CommandProblem } from '../rollout/command.ts';
import { plainLine } from '../wording/foreign-text.ts';
import { COMMAND_FORMS, COMMANDS, type CommandArguments, type CommandEntry } from './command-help.ts';
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
  const lines = commentLines(text).map((line) => ({ ...line, text: withPlainWord(line.text) }));
  const found = lines.flatMap(({ text: line, place }) => {
    const command = place === 'inside' ? null : parseLine(line);
    return command === null ? [] : [{ command, written: plainLine(line, 60), place }];
  });
  const run = found.filter(({ command, place }) => place === 'line' || stops(command));
  if (run.length > 0) return oneOf(run);
  const [original] = found;
  if (original !== undefined) {
    const { command, written } = original;
    return unclear({ kind: 'in_original', written }, command.kind === 'unclear' ? 'help' : command.kind);
  }
  return misplacedIn(lines);
}

interface FoundCommand {
  readonly command: Command;
  readonly written: string;
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
  return takesBack(command) || command.kind === 'pause';
}

const INVISIBLE = /[\p{Cf}\ufeff]/gu;
const DASH = /[\p{Pd}\u2212]/gu;
const SLASH_WORD = /[/\u2044\u2215\u29f8\uff0f] ?([^\s/]{1,80})/gu;

/** Most comments hold no word of ours, so they need not be parsed. */
function mayHoldCommand(text: string): boolean {
  for (const [, word = ''] of text.replaceAll(INVISIBLE, '').matchAll(SLASH_WORD)) {
    const [name] = /^[a-z][\w-]*/i.exec(plainWord(word)) ?? [];
    if (name !== undefined && isMeantForUs(`/${name.toLowerCase()}`)) return true;
  }
  return false;
}

/** The line's first word with the plain slash and hyphens that a program or a telephone made something else of. */
function withPlainWord(line: string): string {
  return line.replaceAll(INVISIBLE, '').replace(/^\s*\S+/u, plainWord);
}

function plainWord(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(DASH, '-')
    .replaceAll(/[\u2044\u2215\u29f8]/g, '/');
}

/** One of our words behind a list mark, in bold, after a mention or inside of a sentence; a path or a link is none. */
const INSIDE = /(?<=^|[\s*_~("'“„«⋯,:|])\/ ?([a-z]+-[a-z]+)(?![\w/-]|\.\w)/giu;

function misplacedIn(lines: readonly CommentLine[]): Command | null {
  for (const { visible, place } of lines) {
    if (place === 'original') continue;
    for (const [, name = ''] of plainWord(visible.replaceAll(INVISIBLE, '')).matchAll(INSIDE)) {
      const word = `/${name.toLowerCase()}`;
      const form = COMMAND_FORMS.find(({ usage }) => usage.split(' ')[0] === word);
      if (form !== undefined) return unclear({ kind: 'misplaced', command: word }, form.permission);
    }
  }
  return null;
}

/** Whether the command is there to take traffic back, whatever else was asked for. */
export function takesBack(command: Command): command is Extract<Command, { kind: 'rollback' | 'abort' }> {
  return command.kind === 'rollback' || command.kind === 'abort';
}

const LONGEST_LINE = 2000;
const LONGEST_REASON = 500;
/** A slash, a word, and what follows; a path such as `/etc/hosts` does not match. */
const COMMAND_LINE = /^\/([a-z][\w-]*)[.,;:!]*(?:\s+(.*))?$/isu;
/** The same, with anything after the word that does not make it a longer word or a path. */
const HASTY_LINE = /^\/([a-z][\w-]*)(?!\/|\.\w)([^\w-].*)$/isu;

function parseLine(line: string): Command | null {
  const written = line.slice(0, LONGEST_LINE).trim();
  const exact = COMMAND_LINE.exec(written);
  const [, name = '', rest = ''] = exact ?? HASTY_LINE.exec(written) ?? [];
  if (name === '') return null;
  const word = `/${name.toLowerCase()}`;
  const entry = COMMANDS.find((each) => each.word === word);
  if (exact === null && entry?.runsAlways !== true) return null;
  if (entry !== undefined) return readArguments(entry, rest);
  return isMeantForUs(word)
    ? unclear({ kind: 'unknown_command', written: plainLine(word, 40), suggestion: nearestWord(word) })
    : null;
}

const NOTHING: CommandArguments = { to: null, reason: null, dryRun: false, force: false, problem: null };

/** Verbs that other bots use as well: alone they are not ours. */
const SHARED_VERBS = ['/retry', '/status', '/help', '/start'];
const verbOf = (word: string): string => word.replace(/-?rollout-?/, '');
/** The longest word that is compared; ours are shorter. */
const LONGEST_WORD = 40;
/** Wrong letters that are forgiven in a word of about twelve. */
const SLIPS = 3;

/** A word with `rollout` in it, one that is nearly ours, or a verb of ours that no other bot uses. */
function isMeantForUs(word: string): boolean {
  if (word.length > LONGEST_WORD) return false;
  const verbs = COMMANDS.map((entry) => verbOf(entry.word)).filter((verb) => !SHARED_VERBS.includes(verb));
  return (
    /^\/(?:[\w-]+-)?rollout(?:-[\w-]+)?$/.test(word) ||
    verbs.includes(word) ||
    COMMANDS.some((entry) => leven(word, entry.word) <= SLIPS)
  );
}

function nearestWord(word: string): string | null {
  const [best] = COMMANDS.map((entry) => ({
    word: entry.word,
    // `/rollout-advance` and `/advance` are `/advance-rollout` to a person.
    distance: Math.min(leven(word, entry.word), leven(verbOf(word), verbOf(entry.word))),
  })).sort((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= SLIPS ? best.word : null;
}

/** An option with the words after it; `name` is null for the words before the first option. */
interface Option {
  readonly name: string | null;
  readonly value: string;
}

/** Telephones and word processors turn two hyphens into a dash, and one into another. */
const OPTION = /^(?:--|[\p{Pd}\u2212]{2}|[^\P{Pd}-]|\u2212)([a-z][a-z\p{Pd}\u2212]*)$/iu;
const QUOTES = `"'“”„«»‘’‚`;
const TOKEN = new RegExp(`[${QUOTES}](.*?)[${QUOTES}](?=\\s|$)|(\\S+)`, 'gsu');

/** Splits at options; quoted text is one word, whatever it holds. */
function splitAtOptions(rest: string): readonly Option[] {
  const given: { name: string | null; words: string[] }[] = [{ name: null, words: [] }];
  for (const [, quoted, plain = ''] of rest.replace(/(?<=\s--[a-z-]+)=/gi, ' ').matchAll(TOKEN)) {
    const [, option] = (quoted === undefined && OPTION.exec(plain)) || [];
    if (option === undefined) given.at(-1)?.words.push(quoted ?? plain);
    else given.push({ name: `--${option.toLowerCase().replaceAll(DASH, '-')}`, words: [] });
  }
  return given.map(({ name, words }) => ({ name, value: reasonOf(words) }));
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
