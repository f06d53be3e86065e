/** What `init` needs to know: flags first, then questions on a terminal, else defaults that it names. */
import { createInterface } from 'node:readline/promises';
import type { Environment } from '../../config/environment.ts';
import { baseUrlFlaw } from '../../config/hosts.ts';
import { nonBlank } from '../settings.ts';
import { isLive, noticesTo, type Terminal } from '../terminal.ts';
import { TARGETS } from './plan-files.ts';

/** What is wrong with an answer, as the end of "this …"; null where nothing is. */
type FlawOf = (answer: string) => string | null;

/** Asks until the answer has no flaw. An empty line is the fallback. */
export type Ask = (question: string, fallback: string, flawOf: FlawOf) => Promise<string>;

const QUESTIONS = {
  models: ['The models that your code uses, separated by commas', () => null],
  gateway: ["The gateway's base URL", baseUrlFlaw],
  target: [
    `Where to write the share of traffic (${TARGETS.join(', ')})`,
    (answer) => (TARGETS.some((name) => name === answer) ? null : `is not one of ${TARGETS.join(', ')}`),
  ],
  pulled: [
    'Does something pull the file with the share from the branch, such as Argo CD, Flux or Vercel (yes, no)',
    (answer) => (/^(yes|no)$/.test(answer) ? null : 'is not yes or no'),
  ],
  prometheus: ['The URL of Prometheus, to find your metrics (empty: later)', baseUrlFlaw],
  tasks: [
    'How often your product calls a model a day, about (empty: unknown)',
    (answer) => (/^\d{1,9}$/.test(answer) ? null : 'is not a whole number'),
  ],
} as const satisfies Readonly<Record<string, readonly [question: string, flawOf: FlawOf]>>;

type Question = keyof typeof QUESTIONS;

/** As typed, with what else can be chosen. */
export type InitOptions = { readonly [Name in Question]?: string | undefined } & {
  /** true: act as a GitHub App. false: with the job's own token; something pulls the file with the share. */
  readonly app?: boolean | undefined;
  /** Print the files, and write nothing. */
  readonly dryRun?: boolean | undefined;
  /** Open a pull request with the files. */
  readonly pr?: boolean | undefined;
};

export interface InitHost {
  readonly directory: string;
  readonly environment: Environment;
  readonly terminal: Terminal;
  /** Null where nobody can answer. */
  readonly ask: Ask | null;
}

/** What is wrong with the flags, a sentence each. An address is not repeated: it may contain a password. */
export function flagProblems(options: InitOptions): string[] {
  const flaws = Object.entries(QUESTIONS).flatMap(([name, [, flawOf]]) => {
    const text = nonBlank(options[name as Question]);
    const flaw = text === null ? null : flawOf(text.trim());
    return flaw === null ? [] : [`--${name} ${flaw}.`];
  });
  const isOutOfReach = options.target === 'variable' && options.app === false;
  return isOutOfReach ? [...flaws, '--target variable needs a GitHub App, so leave out --no-app.'] : flaws;
}

/** @param ifUnknown what to say where the fallback is taken unasked */
export async function answer(
  options: InitOptions,
  { ask, terminal }: Pick<InitHost, 'ask' | 'terminal'>,
  name: Question,
  fallback: string,
  ifUnknown = '',
): Promise<string> {
  const text = nonBlank(options[name]);
  if (text !== null) return text.trim();
  const [question, flawOf] = QUESTIONS[name];
  if (ask !== null) return ask(question, fallback, (line) => (line === fallback ? null : flawOf(line)));
  if (ifUnknown !== '') noticesTo(terminal.stderr)('note', ifUnknown);
  return fallback;
}

const EXIT_INTERRUPTED = 130;
const exitInterrupted = () => process.exit(EXIT_INTERRUPTED);

/** Null in files, pipes and jobs, where nobody can answer. */
export function openQuestions({ stdin, stderr, env }: NodeJS.Process): Ask | null {
  if (stdin.isTTY !== true || !isLive(stderr, env)) return null;
  return async function ask(question, fallback, flawOf) {
    const lines = createInterface({ input: stdin, output: stderr }).once('close', exitInterrupted);
    const line = await lines.question(`${question}${fallback === '' ? '' : ` [${fallback}]`}: `);
    lines.off('close', exitInterrupted).close();
    const text = line.trim() || fallback;
    const flaw = flawOf(text);
    if (flaw === null) return text;
    stderr.write(`This ${flaw}.\n`);
    return ask(question, fallback, flawOf);
  };
}
