/** Every sentence and figure of the report of `exec`, for all places where it is shown. */
import type {
  ArmRun,
  ExecReport,
  Failure,
  FaultOutcome,
  Percentiles,
} from '../measure/recorder/exec-report.ts';
import { count, known, milliseconds, money, UNKNOWN, usd, whole } from '../wording/amounts.ts';
import { successRate } from '../wording/arm-figures.ts';

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
    ['Success rate', ({ counts }) => successRate(counts)],
    ['Input tokens', inputTokens],
    ['Output tokens', ({ counts }) => known(counts.tokens?.output)],
    ['Requests without usage', ({ counts }) => ifAny(counts.tokens?.unknown ?? 0)],
    ['Cost', ({ counts }) => money(counts.cost)],
    ['… at official prices', atOfficialPrices],
    ['Cost per task', ({ costPerTask }) => (costPerTask === null ? UNKNOWN : usd(costPerTask))],
    ['Retries', ({ retries }) => whole(retries)],
    ['Cost of retries', ({ counts }) => money(counts.retryCost)],
    ...percentileLines('Time of a task', (run) => run.latencyMs),
    ...percentileLines('First token of a stream', (run) => run.ttftMs),
    ['Answers with a request id', ({ requestIds }) => outOf(requestIds.named, requestIds.answers)],
    ['Request ids logged', ({ loggedIds }) => outOf(loggedIds.logged, loggedIds.failed)],
    ['Time of the command', ({ durationMs }) => milliseconds(durationMs)],
    ['Exit code', ({ exitCode }) => String(exitCode)],
  ];
  return lines
    .map(([label, figureOf]) => ({ label, values: arms.map(figureOf) }))
    .filter(({ values }) => values.some((value) => value !== UNKNOWN));
}

/** The result in one line. */
export function execHeadline({ exitCode, arms }: ExecReport): string {
  const ran = exitCode === 0 ? 'The command succeeded' : `The command failed with exit code ${exitCode}`;
  const where = arms.map((run) => `${count(run.counts.attempts ?? 0, 'request')} to ${armName(run)}`);
  const warning = execWarning({ arms });
  return `${ran}: ${where.join(', ')}.${warning === null ? '' : ` Warning: ${warning}`}`;
}

/** That a run shows less than it seems to: no request came, or none that a fault could hit. Null where all is well. */
export function execWarning({ arms }: Pick<ExecReport, 'arms'>): string | null {
  const parts = arms.flatMap((run) => {
    const where = arms.length > 1 ? ` on the ${run.arm} arm` : '';
    return [
      ...(run.counts.attempts ? [] : [`nothing went through the recorder${where}`]),
      ...run.unusedFaults.map((spec) => `the fault ${spec} hit no request${where}`),
    ];
  });
  return parts.length === 0 ? null : `${parts.join(', and ')}.`;
}

function armName({ arm }: ArmRun): string {
  return arm === 'official' ? 'the official API' : 'the gateway';
}

/** What stands below the figures of an arm. */
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/**
 * What to look at first, then faults, failures, models and endpoints; those without a line are left out.
 * @param several whether titles name the arm
 */
export function sections(run: ArmRun, several: boolean): Section[] {
  const of = several ? ` (${run.arm})` : '';
  return [
    { title: `What to look at${of}`, lines: remarks(run) },
    { title: `Faults${of}`, lines: run.faults.map(faultSentence) },
    { title: `Failures that no fault caused${of}`, lines: run.failures.map(failureSentence) },
    { title: `Models${of}`, lines: run.models.map(modelLine) },
    { title: `Endpoints${of}`, lines: run.endpoints.map(endpointLine) },
  ].filter(({ lines }) => lines.length > 0);
}

/** What the program made of a fault. */
function faultSentence(outcome: FaultOutcome): string {
  const { fault, request, error, status, requestId, logged } = outcome;
  const hit = error === null ? 'was answered all the same' : `failed (${status || 'no answer'}, ${error})`;
  const id =
    requestId === null || error === null
      ? ''
      : ` Its id ${requestId} is ${logged ? '' : 'not '}in the program's output.`;
  return `${fault}: request ${request} ${hit}; ${recovery(outcome)}.${id}`;
}

function recovery({ error, recovered, askedAgain, requests, durationMs }: FaultOutcome): string {
  const took = milliseconds(durationMs);
  if (error === null) return `it took ${took}`;
  if (recovered) return `recovered with ${retriesOf(requests)} after ${took}`;
  const tried = requests === 1 ? 'no retry' : `${retriesOf(requests)} in vain`;
  const again = askedAgain ? ', though the same request came again later and succeeded' : '';
  return `not recovered: ${tried}, given up after ${took}${again}`;
}

/** Of so many requests of a task from the failed one on. */
const retriesOf = (requests: number): string =>
  requests === 2 ? '1 retry' : `${whole(requests - 1)} retries`;

function failureSentence({ request, endpoint, status, error, message, requestId }: Failure): string {
  const id = requestId === null ? '' : ` (request id ${requestId})`;
  return `Request ${request} to ${endpoint} failed (${status || 'no answer'}, ${error}): ${message}${id}`;
}

/** What a person should look at, one sentence or two each. */
function remarks(run: ArmRun): string[] {
  const { counts, turnedAway, unusedFaults, arm } = run;
  const said: string[] = [];
  const requests = counts.attempts ?? 0;
  if (requests === 0 && turnedAway.wrongKey + turnedAway.elsewhere === 0) {
    said.push(
      'The command sent no request through the recorder. If it sent any, its base URL probably stands in the code: gateway-rollout inventory finds the place. Let the program read OPENAI_BASE_URL and OPENAI_API_KEY.',
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

/** `gpt-4o-mini → gpt-4o-mini-2024-07-18: 12 requests`, where the answers name another model. */
function modelLine({ model, answeredBy, requests }: ArmRun['models'][number]): string {
  const asked = model === '' ? '(none named)' : model;
  const others = answeredBy.filter((name) => name !== model);
  const name = others.length === 0 ? asked : `${asked} → ${others.join(', ')}`;
  return `${name}: ${count(requests, 'request')}`;
}

function endpointLine({ endpoint, requests, failed }: ArmRun['endpoints'][number]): string {
  return `${endpoint}: ${count(requests, 'request')}${failed === 0 ? '' : `, ${whole(failed)} failed`}`;
}

function percentileLines(label: string, of: (run: ArmRun) => Percentiles | null) {
  return (['p50', 'p90', 'p95', 'p99'] as const).map((name) => {
    const figureOf = (run: ArmRun): string => {
      const found = of(run);
      return found === null ? UNKNOWN : milliseconds(found[name]);
    };
    return [`${label}, ${name}`, figureOf] as const;
  });
}

function withFailed(all: number | null, failed: number | null): string {
  return `${whole(all ?? 0)}${failed ? ` (${whole(failed)} failed)` : ''}`;
}

function inputTokens({ counts: { tokens } }: ArmRun): string {
  if (tokens === null) return UNKNOWN;
  const cached = tokens.cachedInput === 0 ? '' : ` (${whole(tokens.cachedInput)} cached)`;
  return `${whole(tokens.input)}${cached}`;
}

/** What the official arm costs is at official prices anyway. */
function atOfficialPrices({ arm, counts }: ArmRun): string {
  return arm === 'gateway' ? money(counts.atOfficialPrices) : UNKNOWN;
}

const outOf = (some: number, all: number): string =>
  all === 0 ? UNKNOWN : `${whole(some)} of ${whole(all)}`;

const ifAny = (n: number): string => (n === 0 ? UNKNOWN : whole(n));
