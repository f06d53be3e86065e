/** Words that are our commands, or that people meant as one. */
import leven from 'leven';
import { COMMANDS } from './command-help.ts';

/** Characters that nobody sees: they come from other programs, and from keyboards of other scripts. */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]|(?!\s|\u0085)\p{Cc}/gu;
const DASH = /[\p{Pd}\u2212\u02d7\u2043\u2500\u2501\u2796\u30fc]/gu;
const SLASH = /[\u2044\u2215\u2571\u29f8]/g;
const ESCAPED = /\\(?=[/_-])/g;
/** Letters of Cyrillic and Greek keyboards that look like the Latin ones of our words, each before its own. */
const LOOKALIKES = 'аaеeоoсcрpѕsкkмmтtһhԁdӏlνvοoρpαaυu';
const LOOKALIKE = /[аеосрѕкмтһԁӏνοραυ]/giu;

/** The text with the plain slash and hyphens that a program or a telephone made something else of. */
export function withPlainCharacters(text: string): string {
  return text
    .replaceAll(INVISIBLE, '')
    .normalize('NFKC')
    .replaceAll(DASH, '-')
    .replaceAll(SLASH, '/')
    .replaceAll(ESCAPED, '')
    .replaceAll(LOOKALIKE, (letter) => LOOKALIKES[LOOKALIKES.indexOf(letter.toLowerCase()) + 1] ?? letter);
}

/** The same for the line's first word alone; the other words stay as they were written. */
export function withPlainWord(line: string): string {
  return line.replaceAll(INVISIBLE, '').replace(/^\s*\S+/u, withPlainCharacters);
}

const verbOf = (word: string): string => word.replace(/-?roll-?out-?/, '').slice(1);
const VERBS = COMMANDS.map(({ word }) => verbOf(word));
/** Verbs that other bots use as well: alone they are not ours. */
const SHARED_VERBS = ['retry', 'status', 'help', 'start'];
/** Verbs of other tools, by ours. */
const SYNONYMS = [
  ['rollback', 'revert undo restore reset'],
  ['pause', 'stop halt hold freeze'],
  ['abort', 'cancel end kill'],
  ['resume', 'continue unpause'],
  ['advance', 'next promote proceed'],
  ['retry', 'restart'],
  ['start', 'begin'],
] as const;

/** The longest word that is compared; ours are shorter. */
const LONGEST_WORD = 40;
/** Wrong letters that are forgiven in a word of about twelve, and in a verb. */
const SLIPS = 3;
const SLIPS_IN_VERB = 2;

/** A word with `rollout` in it, one that is nearly ours, or a verb of ours that no other bot uses. */
export function isMeantForUs(word: string): boolean {
  if (word.length > LONGEST_WORD) return false;
  const verb = word.slice(1);
  return (
    /^\/(?:[\w-]+-)?rollout(?:-[\w-]+)?$/.test(word) ||
    (VERBS.includes(verb) && !SHARED_VERBS.includes(verb)) ||
    COMMANDS.some((entry) => leven(word, entry.word) <= SLIPS)
  );
}

/** The command that was meant: `/rollout-advance`, `/advance` and `/promote-rollout` are `/advance-rollout` to a person. */
export function nearestWord(word: string): string | null {
  const written = verbOf(word);
  const [verb] = SYNONYMS.find(([, others]) => others.split(' ').includes(written)) ?? [written];
  const hasRollout = `/${written}` !== word;
  const [best] = COMMANDS.map((entry) => {
    const distance = leven(verb, verbOf(entry.word));
    return {
      word: entry.word,
      distance: hasRollout ? distance : Math.min(distance, leven(word, entry.word)),
    };
  }).sort((a, b) => a.distance - b.distance);
  return best !== undefined && best.distance <= (hasRollout ? SLIPS_IN_VERB : SLIPS) ? best.word : null;
}

const ROLLOUT = 'roll[-_ ]?out';
const VERB = VERBS.join('|').replace('rollback', 'roll[-_ ]?back');
const APART = '[-_ ./]{0,2}';
const LOOSE = `(?:(${VERB})${APART}${ROLLOUT}|${ROLLOUT}${APART}(${VERB}))`;
/** Another mark before it, or another one inside: `!rollback-rollout`, `/roll back rollout`, `/rollback.rollout`. */
const MARKED = new RegExp(String.raw`^[/\\!]{1,2}${LOOSE}(?![\w/-]|\.\w)`, 'i');
/** The word without its slash, and nothing else on the line. */
const BARE = new RegExp(`^(${COMMANDS.map(({ word }) => word.slice(1)).join('|')})[.!]*$`, 'i');
const ANYWHERE = new RegExp(LOOSE, 'i');

/** What a line begins with, if it is a command of ours but for its marks. */
export function looseCommand(line: string): { readonly written: string; readonly suggestion: string } | null {
  const plain = withPlainCharacters(line.slice(0, 120)).trim();
  const [written, first, second] = MARKED.exec(plain) ?? [];
  const verb = (first ?? second)?.toLowerCase().replace(/[-_ ]/, '');
  const word = COMMANDS[VERBS.indexOf(verb ?? '')]?.word ?? BARE.exec(plain)?.[1];
  if (word === undefined) return null;
  return { written: written ?? word, suggestion: `/${word.replace('/', '').toLowerCase()}` };
}

const SLASH_WORD = /\/ ?([a-z][\w-]{0,80})/giu;

/** Most comments hold no word of ours, so they need not be parsed. */
export function mayHoldCommand(text: string): boolean {
  const plain = withPlainCharacters(text);
  if (ANYWHERE.test(plain)) return true;
  for (const [, name = ''] of plain.matchAll(SLASH_WORD))
    if (isMeantForUs(`/${name.toLowerCase()}`)) return true;
  return false;
}
