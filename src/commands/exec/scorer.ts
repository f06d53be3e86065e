/**
 * The team's own program says which of two answers to a prompt is better, blind and in random order. What it gets and
 * says passes through memory alone: of its output nothing is shown, and its errors are only counted.
 */
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import pLimit from 'p-limit';
import type { AnswerContent } from '../../gateway/answer-content.ts';
import { field } from '../../gateway/json.ts';
import type { ScoreAnswers } from '../../measure/recorder/shadow.ts';

export interface ScorerOptions {
  readonly command: readonly [string, ...string[]];
  readonly directory: string;
  /** Without keys of the arms. */
  readonly environment: Readonly<Record<string, string>>;
  /** For one pair, in milliseconds. */
  readonly timeLimit: number;
}

/** Where a request has its prompt, by endpoint. */
const PROMPT = ['instructions', 'messages', 'input', 'prompt'];
/** Processes at a time. */
const CONCURRENCY = 4;
/** Pairs whose texts wait for one. */
const MOST_WAITING = 256;
/** A number is shorter. */
const OUTPUT_LENGTH = 100;

export class Scorer {
  /** Pairs without a verdict, by the reason. */
  readonly unscored: Record<string, number> = {};
  readonly #options: ScorerOptions;
  readonly #limit = pLimit(CONCURRENCY);
  #isStopped = false;

  constructor(options: ScorerOptions) {
    this.#options = options;
  }

  /** Pairs that are not scored yet. */
  get waiting(): number {
    return this.#limit.activeCount + this.#limit.pendingCount;
  }

  /** Pairs that are not scored yet get no verdict. */
  stop(): void {
    this.#isStopped = true;
  }

  readonly score: ScoreAnswers = async (request, original, copy) => {
    const [ours, theirs] = [wordsOf(original), wordsOf(copy)];
    if (ours === theirs) return 'tie';
    const isOriginalFirst = randomInt(2) === 0;
    const [first, second] = isOriginalFirst ? [ours, theirs] : [theirs, ours];
    const prompt = Object.fromEntries(PROMPT.map((name) => [name, field(request, name)]));
    const isFull = this.#limit.pendingCount >= MOST_WAITING;
    const ask = () => (this.#isStopped ? 'the run ended' : run(this.#options, { prompt, first, second }));
    const found = isFull ? `more than ${MOST_WAITING} pairs waited` : await this.#limit(ask);
    if (found === 0) return 'tie';
    if (typeof found === 'number') return found < 0 === isOriginalFirst ? 'official' : 'gateway';
    this.unscored[found] = (this.unscored[found] ?? 0) + 1;
    return undefined;
  };
}

const wordsOf = ({ text, refusal, calls }: AnswerContent): string =>
  [text, refusal, ...calls.map((call) => JSON.stringify(call))].filter((each) => each !== '').join('\n');

/** @returns the number that the program prints: below 0 the first is better, above 0 the second; or why there is none */
async function run(options: ScorerOptions, input: object): Promise<number | string> {
  const [program, ...args] = options.command;
  // A group of its own, so that what it starts ends with it.
  const detached = process.platform !== 'win32';
  const { directory: cwd, environment: env, timeLimit } = options;
  const child = spawn(program, args, { cwd, env, detached, stdio: ['pipe', 'pipe', 'ignore'] });
  let output = '';
  let isLate = false;
  const deadline = setTimeout(() => {
    isLate = true;
    if (detached && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  }, timeLimit);
  child.stdout.on('data', (piece: Buffer) => {
    output = `${output}${piece}`.slice(0, OUTPUT_LENGTH);
  });
  child.stdin.on('error', () => undefined).end(JSON.stringify(input));
  try {
    const [code, signal]: (number | string | null)[] = await once(child, 'close');
    if (isLate) return `no answer within ${timeLimit / 1000} s`;
    if (code !== 0) return signal === null ? `exit code ${code}` : `ended by ${signal}`;
    const number = output.trim() === '' ? Number.NaN : Number(output);
    return Number.isNaN(number) ? 'no number on standard output' : number;
  } catch (error) {
    return `not started (${error instanceof Error && 'code' in error ? error.code : 'unknown reason'})`;
  } finally {
    clearTimeout(deadline);
  }
}
