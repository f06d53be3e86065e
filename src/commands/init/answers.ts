/** What `init` needs to know: flags first, then questions on a terminal, else defaults that it names. */
import { createInterface } from 'node:readline/promises';
import { baseUrlFlaw } from '../../config/hosts.ts';
import { nonBlank } from '../settings.ts';
import { isLive } from '../terminal.ts';
import { SHARE_FILE, TARGET_NAMES } from './plan-files.ts';

/** What is wrong with an answer, as the end of "this …"; null where nothing is. */
type FlawOf = (answer: string) => string | null;

/** Asks until the answer has no flaw. An empty line is the fallback. */
export type Ask = (question: string, fallback: string, flawOf: FlawOf) => Promise<string>;

const QUESTIONS = {
  models: ['The models that your code uses, separated by commas', () => null],
  gateway: ["The gateway's base URL", baseUrlFlaw],
  target: [
    `Where to write the share of traffic (${TARGET_NAMES.join(', ')})`,
    (answer) =>
      TARGET_NAMES.some((name) => name === answer) ? null : `is not one of ${TARGET_NAMES.join(', ')}`,
  ],
  pulled: [
    `Does something pull ${SHARE_FILE} from the branch, such as Argo CD, Flux or Vercel (yes, no)`,
    (answer) => (/^(yes|no)$/.test(answer) ? null : 'is not yes or no'),
  ],
  prometheus: ['The URL of Prometheus, to find your metrics (empty: later)', baseUrlFlaw],
  tasks: [
    'How often your product calls a model a day, about (empty: unknown)',
    (answer) => (/^\d{1,9}$/.test(answer) ? null : 'is not a whole number'),
  ],
} as const satisfies Readonly<Record<string, readonly [question: string, flawOf: FlawOf]>>;

type Question = keyof typeof QUESTIONS;

/** As typed. */
export type GivenAnswers = { readonly [Name in Question]?: string | undefined };

/** What is wrong with the flags, a sentence each. An address is not repeated: it may contain a password. */
export function flagProblems(given: GivenAnswers): string[] {
  return Object.entries(QUESTIONS).flatMap(([name, [, flawOf]]) => {
    const text = nonBlank(given[name as Question]);
    const flaw = text === null ? null : flawOf(text.trim());
    return flaw === null ? [] : [`--${name} ${flaw}.`];
  });
}

export interface Answers {
  readonly given: GivenAnswers;
  /** Null where nobody can answer. */
  readonly ask: Ask | null;
  readonly onNote: (note: string) => void;
}

/** @param ifUnknown what to say where the fallback is taken unasked */
export async function answer(
  { given, ask, onNote }: Answers,
  name: Question,
  fallback: string,
  ifUnknown = '',
): Promise<string> {
  const text = nonBlank(given[name]);
  if (text !== null) return text.trim();
  const [question, flawOf] = QUESTIONS[name];
  if (ask !== null) return ask(question, fallback, (line) => (line === fallback ? null : flawOf(line)));
  if (ifUnknown !== '') onNote(ifUnknown);
  return fallback;
}

const EXIT_INTERRUPTED = 130;

/** Null in files, pipes and jobs, where nobody can answer. */
export function openQuestions({ stdin, stderr, env }: NodeJS.Process): Ask | null {
  if (stdin.isTTY !== true || !isLive(stderr, env)) return null;
  return async function ask(question, fallback, flawOf) {
    const lines = createInterface({ input: stdin, output: stderr });
    const interrupted = () => process.exit(EXIT_INTERRUPTED);
    lines.once('close', interrupted);
    const line = await lines.question(`${question}${fallback === '' ? '' : ` [${fallback}]`}: `);
    lines.off('close', interrupted).close();
    const text = line.trim() || fallback;
    const flaw = flawOf(text);
    if (flaw === null) return text;
    stderr.write(`This ${flaw}.\n`);
    return ask(question, fallback, flawOf);
  };
}
