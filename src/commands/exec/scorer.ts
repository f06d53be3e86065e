/**
 * The team's own program says which of two answers to a prompt is better, blind and in random order. What it gets and
 * says passes through memory alone: of its output nothing is shown, and its errors are only counted.
 */
import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { promisify } from 'node:util';
import pLimit from 'p-limit';
import type { AnswerContent } from '../../gateway/answer-content.ts';
import { field } from '../../gateway/json.ts';
import { promptOf } from '../../measure/recorder/prompt.ts';
import type { ScoreAnswers } from '../../measure/recorder/shadow.ts';

export interface ScorerOptions {
  readonly command: readonly [string, ...string[]];
  readonly directory: string;
  /** Without keys of the arms. */
  readonly environment: Readonly<Record<string, string>>;
  /** For one pair, in milliseconds. */
  readonly timeLimit?: number;
}

/** Processes at a time. */
const CONCURRENCY = 4;
/** Pairs whose texts wait for one. */
const MOST_WAITING = 256;
const TIME_LIMIT_MS = 60_000;
/** Bytes that it may write; none is shown. */
const MOST_OUTPUT = 1024 * 1024;

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
    const prompt = promptOf(request);
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
  const { directory: cwd, environment: env, timeLimit: timeout = TIME_LIMIT_MS } = options;
  const [program, ...args] = options.command;
  const limits = { timeout, maxBuffer: MOST_OUTPUT, killSignal: 'SIGKILL' } as const;
  const running = promisify(execFile)(program, args, { cwd, env, ...limits });
  running.child.stdin?.on('error', () => undefined).end(JSON.stringify(input));
  try {
    const { stdout } = await running;
    const number = stdout.trim() === '' ? Number.NaN : Number(stdout);
    return Number.isNaN(number) ? 'no number on standard output' : number;
  } catch (error) {
    if (field(error, 'killed') === true) return `no answer within ${timeout / 1000} s`;
    const code = field(error, 'code');
    return typeof code === 'number' ? `exit code ${code}` : String(field(error, 'signal') ?? code);
  }
}
