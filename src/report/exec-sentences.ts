/** Every sentence and figure of the report of `exec`, for all places where it is shown. */
import type {
  ArmRun,
  ExecReport,
  Failure,
  FaultOutcome,
  Percentiles,
} from '../measure/recorder/exec-report.ts';
import { count } from './sentences.ts';

/** One line of the table: a figure of each arm, in the report's order. */
export interface Figure {
  readonly label: string;
  readonly values: readonly string[];
}

/** The figures that stand side by side; those that no arm has are left out. */
export function figures({ arms }: ExecReport): Figure[] {
  const lines: readonly (readonly [label: string, figureOf: (run: ArmRun) => string])[] = [
    ['Requests', ({ counts }) => withFailed(counts.attempts, counts.failedAttempts)],
    ['Tasks', ({ counts }) => withFailed(counts.tasks, counts.failedTasks)],
    ['Success rate', successRate],
    ['Input tokens', inputTokens],
    ['Output tokens', ({ counts }) => (counts.tokens === null ? '' : number(counts.tokens.output))],
    ['Requests without usage', ({ counts }) => ifAny(counts.tokens?.unknown ?? 0)],
    ['Cost', ({ counts }) => money(counts.cost)],
    ['… at official prices', atOfficialPrices],
    ['Cost per task', ({ costPerTask }) => (costPerTask === null ? '' : usd(costPerTask))],
    ['Retries', ({ retries }) => number(retries)],
    ['Cost of retries', ({ counts }) => money(counts.retryCost)],
    ...percentileLines('Time of a task', (run) => run.latencyMs),
    ...percentileLines('First token', (run) => run.ttftMs),
    ['Answers with a request id', ({ requestIds }) => outOf(requestIds.named, requestIds.answers)],
    ['Request ids logged', ({ loggedIds }) => outOf(loggedIds.logged, loggedIds.failed)],
    ['Time of the command', ({ durationMs }) => duration(durationMs)],
    ['Exit code', ({ exitCode }) => String(exitCode)],
  ];
  return lines
    .map(([label, figureOf]) => ({ label, values: arms.map(figureOf) }))
    .filter(({ values }) => values.some((value) => value !== ''));
}

/** The result in one line. */
export function execHeadline({ exitCode, arms }: ExecReport): string {
  const ran = exitCode === 0 ? 'The command succeeded' : `The command failed with exit code ${exitCode}`;
  const where = arms.map((run) => `${count(run.counts.attempts ?? 0, 'request')} to ${armName(run)}`);
  return `${ran}: ${where.join(', ')}.`;
}

function armName({ arm }: ArmRun): string {
  return arm === 'official' ? 'the official API' : 'the gateway';
}

/** What the program made of a fault. */
export function faultSentence(outcome: FaultOutcome): string {
  const { fault, request, error, status, requestId, logged } = outcome;
  const hit = error === null ? 'was answered all the same' : `failed (${status || 'no answer'}, ${error})`;
  const id =
    requestId === null || error === null
      ? ''
      : ` Its id ${requestId} is ${logged ? '' : 'not '}in the program's output.`;
  return `${fault}: request ${request} ${hit}; ${recovery(outcome)}.${id}`;
}

function recovery({ error, recovered, askedAgain, requests, durationMs }: FaultOutcome): string {
  const took = duration(durationMs);
  if (error === null) return `it took ${took}`;
  if (recovered) return `recovered with ${retriesOf(requests)} after ${took}`;
  const tried = requests === 1 ? 'no retry' : `${retriesOf(requests)} in vain`;
  const again = askedAgain ? ', though the same request came again later and succeeded' : '';
  return `not recovered: ${tried}, given up after ${took}${again}`;
}

/** Of so many requests of a task from the failed one on. */
const retriesOf = (requests: number): string =>
  requests === 2 ? '1 retry' : `${number(requests - 1)} retries`;

export function failureSentence({ request, endpoint, status, error, message, requestId }: Failure): string {
  const id = requestId === null ? '' : ` (request id ${requestId})`;
  return `Request ${request} to ${endpoint} failed (${status || 'no answer'}, ${error}): ${message}${id}`;
}

/** What a person should look at, one sentence or two each. */
export function remarks(run: ArmRun): string[] {
  const { counts, turnedAway, unusedFaults, arm } = run;
  const said: string[] = [];
  const requests = counts.attempts ?? 0;
  if (requests === 0 && turnedAway.wrongKey + turnedAway.elsewhere === 0) {
    said.push(
      'The command sent no request through the recorder. Expected a program that reads OPENAI_BASE_URL and OPENAI_API_KEY; see where it gets its base URL from.',
    );
  }
  if (turnedAway.wrongKey > 0) {
    said.push(
      `${count(turnedAway.wrongKey, 'request')} came with another key than the recorder's and went no further. Let the program read its key from OPENAI_API_KEY.`,
    );
  }
  if (turnedAway.elsewhere > 0) {
    said.push(
      `${count(turnedAway.elsewhere, 'request')} went to an address that is not below OPENAI_BASE_URL and went no further. Let the program read its base URL from there, with its path.`,
    );
  }
  for (const spec of unusedFaults) {
    said.push(`The fault ${spec} hit nothing: the ${arm} arm saw ${count(requests, 'request')}.`);
  }
  const unknown = counts.tokens?.unknown ?? 0;
  if (unknown > 0) {
    said.push(
      `${count(unknown, 'request')} told no tokens and could not be priced. Streams tell them where the program asks: stream_options: { include_usage: true }.`,
    );
  }
  return said;
}

/** `gpt-4o-mini → gpt-4o-mini-2024-07-18`, where the answers name another model. */
export function modelName({ model, answeredBy }: ArmRun['models'][number]): string {
  const asked = model === '' ? '(none named)' : model;
  const others = answeredBy.filter((name) => name !== model);
  return others.length === 0 ? asked : `${asked} → ${others.join(', ')}`;
}

/** `120 ms`, `1.2 s`, `95 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${ms < 10 ? Number(ms.toFixed(1)) : Math.round(ms)} ms`;
  return `${ms < 10_000 ? (ms / 1000).toFixed(1) : Math.round(ms / 1000)} s`;
}

function percentileLines(label: string, of: (run: ArmRun) => Percentiles | null) {
  return (['p50', 'p90', 'p95', 'p99'] as const).map((name) => {
    const figureOf = (run: ArmRun): string => {
      const found = of(run);
      return found === null ? '' : duration(found[name]);
    };
    return [`${label}, ${name}`, figureOf] as const;
  });
}

function withFailed(all: number | null, failed: number | null): string {
  return `${number(all ?? 0)}${failed ? ` (${number(failed)} failed)` : ''}`;
}

function successRate({ counts: { tasks, failedTasks } }: ArmRun): string {
  // Rounded down: one failure among many is not 100 %.
  return tasks ? `${Math.floor(10_000 * (1 - (failedTasks ?? 0) / tasks)) / 100} %` : '';
}

function inputTokens({ counts: { tokens } }: ArmRun): string {
  if (tokens === null) return '';
  const cached = tokens.cachedInput === 0 ? '' : ` (${number(tokens.cachedInput)} cached)`;
  return `${number(tokens.input)}${cached}`;
}

function atOfficialPrices({ arm, counts: { atOfficialPrices: money } }: ArmRun): string {
  return arm === 'gateway' && money.priced > 0 ? usd(money.usd) : '';
}

function money({ usd: amount, priced, unpriced }: ArmRun['counts']['cost']): string {
  if (priced + unpriced === 0) return '';
  if (priced === 0) return 'unknown';
  return unpriced === 0 ? usd(amount) : `${usd(amount)} + ${count(unpriced, 'unpriced task')}`;
}

/** Three digits at least: a task may cost a millionth of a dollar. */
function usd(amount: number): string {
  if (amount === 0) return '0 USD';
  if (amount >= 1) return `${amount.toFixed(2)} USD`;
  return `${amount.toFixed(Math.min(12, 2 - Math.floor(Math.log10(amount))))} USD`;
}

const outOf = (some: number, all: number): string => (all === 0 ? '' : `${number(some)} of ${number(all)}`);

const ifAny = (n: number): string => (n === 0 ? '' : number(n));

const number = (n: number): string => n.toLocaleString('en-US');
