/** The sentences and figures of the report of `exec`, for every place where it is shown. */

import type { Discordance, Lean, PairedComparison } from '../measure/pairs.ts';
import type {
  ArmRun,
  ExecReport,
  FaultOutcome,
  Percentiles,
  RequestFailure,
  ShadowReport,
} from '../measure/recorder/exec-report.ts';
import {
  count,
  figure,
  known,
  milliseconds,
  money,
  percent,
  UNKNOWN,
  usd,
  whole,
} from '../wording/amounts.ts';
import {
  cached,
  cachedPercent,
  type FigureLine,
  LEAST_FOR,
  sideBySide,
  successPercent,
  successRate,
} from '../wording/arm-figures.ts';
import { armsFigures, type FigureTable } from './figure-table.ts';
import { grouped } from './grouped.ts';

type ExecLine = FigureLine<ArmRun>;

const EXEC_LINES: readonly ExecLine[] = [
  ['Base URL', baseUrlOf],
  ['Requests', ({ counts }) => withFailed(counts.attempts, counts.failedAttempts)],
  ['Tasks', ({ counts }) => withFailed(counts.tasks, counts.failedTasks)],
  ['Success rate', ({ counts }) => successRate(counts), 'points', ({ counts }) => successPercent(counts)],
  tokenLine('Input tokens', 'input'),
  ['… cached', ({ counts }) => cached(counts), 'points', ({ counts }) => cachedPercent(counts)],
  tokenLine('Output tokens', 'output'),
  ['Cost', ({ counts }) => money(counts.cost)],
  ['… same tokens at official prices', atOfficialPrices],
  [
    'Cost per task',
    ({ costPerTask: usdEach }) => (usdEach === null ? UNKNOWN : usd(usdEach)),
    'percent',
    (run) => run.costPerTask,
  ],
  ['Retries', ({ retries }) => whole(retries)],
  ['Cost of retries', ({ counts }) => money(counts.retryCost)],
  ...percentileLines('Task latency', 'task', (run) => run.latencyMs),
  ...percentileLines('Time to first token', 'response', (run) => run.ttftMs),
  ['Responses with a request ID', ({ requestIds }) => outOf(requestIds.named, requestIds.answers)],
  ['Failed requests in your logs', ({ loggedIds }) => outOf(loggedIds.logged, loggedIds.failed)],
  ['Command duration', ({ durationMs }) => milliseconds(durationMs)],
  ['Exit code', ({ exitCode }) => String(exitCode)],
];

function tokenLine(label: string, of: 'input' | 'output'): ExecLine {
  return [label, ({ counts }) => known(counts.tokens?.[of]), 'percent', ({ counts }) => counts.tokens?.[of]];
}

/** Both arms side by side, with the gateway's difference; figures that no arm has are left out. */
export function execTable({ arms }: Pick<ExecReport, 'arms'>): FigureTable {
  const runOf = (name: ArmRun['arm']) => arms.find(({ arm }) => arm === name) ?? null;
  const [official, gateway] = [runOf('official'), runOf('gateway')];
  const title = 'Side by side';
  if (official !== null && gateway !== null)
    return armsFigures(title, EXEC_LINES, { official, gateway }, (run) => ({
      ...run,
      median: run.latencyMs?.p50 ?? null,
    }));
  const [only, head] =
    official === null ? (['gateway', 'Gateway'] as const) : (['official', 'Official'] as const);
  const rows = sideBySide(EXEC_LINES, { official, gateway }).map((line) => [line.label, line[only]]);
  return { title, head: ['', head], rows };
}

function baseUrlOf({ baseUrl, profile, arm }: ArmRun): string {
  return profile === null || arm === 'official' ? baseUrl : `${baseUrl} (${profile})`;
}

export function execHeadline({ exitCode, arms }: ExecReport): string {
  const ran = exitCode === 0 ? 'The command succeeded' : `The command failed with exit code ${exitCode}`;
  const where = arms.map((run) => `${count(run.counts.attempts ?? 0, 'request')} to ${armName(run)}`);
  const warning = execWarning({ arms });
  return `${ran}: ${where.join(', ')}.${warning === null ? '' : ` Warning: ${warning}`}`;
}

/** Warns that a run shows less than it seems to: no request arrived, or a fault hit none. Null if neither is so. */
export function execWarning({ arms }: Pick<ExecReport, 'arms'>): string | null {
  const parts = arms.flatMap((run) => {
    const where = arms.length > 1 ? ` on the ${run.arm} arm` : '';
    return [
      ...(run.counts.attempts ? [] : [`no requests reached the recorder${where}`]),
      ...run.unusedFaults.map((spec) => `fault ${spec} hit no request${where}`),
    ];
  });
  return parts.length === 0 ? null : `${parts.join(', and ')}.`;
}

function armName({ arm }: ArmRun): string {
  return arm === 'official' ? 'the official API' : 'the gateway';
}

/** A list below the figures of an arm. */
export interface ExecSection {
  readonly title: string;
  readonly lines: readonly string[];
}

/** What copies show, then warnings, faults and failures of each arm, models and endpoints; empty sections are left out. */
export function sections({ arms, shadow }: ExecReport): ExecSection[] {
  return [
    ...(shadow === null ? [] : [shadowSection(shadow)]),
    ...arms.flatMap((run) => armSections(run, arms.length > 1)),
    { title: 'Models', lines: requestLines(arms, ({ models }) => models.map(modelCounts)) },
    { title: 'Endpoints', lines: requestLines(arms, ({ endpoints }) => endpoints.map(endpointCounts)) },
  ].filter(({ lines }) => lines.length > 0);
}

/** Of each name the requests on each arm: `gpt-4o-mini: 4 requests (official), 5 requests (gateway)`. */
function requestLines(arms: readonly ArmRun[], countsOf: (run: ArmRun) => [name: string, counts: string][]) {
  const all = arms.flatMap((run) =>
    countsOf(run).map(([name, counts]) => ({
      name,
      counts: arms.length > 1 ? `${counts} (${run.arm})` : counts,
    })),
  );
  return [...grouped(all, ({ name }) => name)].map(
    ([name, each]) => `${name}: ${each.map(({ counts }) => counts).join(', ')}`,
  );
}

/** @param several whether titles name the arm */
function armSections(run: ArmRun, several: boolean): ExecSection[] {
  const of = several ? ` (${run.arm})` : '';
  return [
    { title: `Warnings${of}`, lines: warnings(run) },
    { title: `Injected faults${of}`, lines: run.faults.map(faultSentence) },
    { title: `Failures without an injected fault${of}`, lines: run.failures.map(failureSentence) },
  ];
}

/** What the copies show, the worst first. */
function shadowSection({ notCopied, gateway, again, unscored }: ShadowReport): ExecSection {
  const { failures, inputTokens, lostCache, finishReasonsDiffer } = gateway;
  const lostShare = lostCache.median ?? 0;
  const lines = [
    `${count(failures.onlyOther, 'request')} failed on the gateway alone, ${whole(failures.onlyOfficial)} on the official API alone, ${whole(failures.both)} on both (${proofOf(failures)}).`,
    ratioLine('Latency', gateway.latency, again.latency),
    ratioLine('Time to first token', gateway.timeToFirstToken, again.timeToFirstToken),
    inputTokens.median !== null &&
      `Input tokens: ${whole(inputTokens.differ)} of ${whole(inputTokens.told)} differ, median difference ${whole(inputTokens.median)} (${proofOf(inputTokens)}).`,
    lostShare !== 0 &&
      `Cached input: ${percent(100 * lostShare)} of the input less than officially, in the median (${proofOf(lostCache)}).`,
    `${count(finishReasonsDiffer, 'response')} ended for a different reason than officially; the official API itself differs in ${whole(again.finishReasonsDiffer)} of ${whole(again.pairs)}.`,
    ...DISCORDANT.map(([what, of]) => discordantLine(what, of(gateway))),
    gateway.calls.told > 0 &&
      `Tool calls: ${whole(gateway.calls.differ)} of ${whole(gateway.calls.told)} differ in name or arguments; the official API itself differs in ${whole(again.calls.differ)} of ${whole(again.calls.told)}.`,
    ratioLine('Length of the answer', gateway.length, again.length, 'different'),
    gateway.quality.told > 0 &&
      `Scorer: ${scored(gateway.quality)} (${proofOf(gateway.quality)}); two official answers: ${scored(again.quality)}.`,
    ...Object.entries(unscored).map(([why, pairs]) => `Not scored: ${count(pairs, 'pair')} (${why}).`),
    notCopied > 0 &&
      `${count(notCopied, 'request')} not copied: a copy would have had an effect, or the endpoint is not one that is copied.`,
  ].filter((line) => line !== false);
  return { title: `Copies of ${count(gateway.pairs, 'request')} (shadow)`, lines };
}

const DISCORDANT: readonly (readonly [what: string, of: (compared: PairedComparison) => Discordance])[] = [
  ['Empty answers', ({ empty }) => empty],
  ['Refusals', ({ refused }) => refused],
  ['Answers that are not the JSON asked for', ({ invalidJson }) => invalidJson],
  ['Tool calls with arguments that their schema forbids', ({ invalidArguments }) => invalidArguments],
];

function discordantLine(what: string, events: Discordance): string | false {
  const { onlyOther, onlyOfficial, both } = events;
  if (onlyOther + onlyOfficial + both === 0) return false;
  return `${what}: ${whole(onlyOther)} on the gateway alone, ${whole(onlyOfficial)} on the official API alone, ${whole(both)} on both (${proofOf(events)}).`;
}

const scored = ({ onlyOther: worse, onlyOfficial: better, both: ties }: Discordance): string =>
  `the official answer is better in ${whole(worse)}, the copy's in ${whole(better)}, ${count(ties, 'tie')}`;

/** The median ratio, beside that of the official API to itself. */
function ratioLine(what: string, ratio: Lean, noise: Lean, how?: string): string | false {
  if (ratio.median === null) return false;
  const itself = noise.median === null ? '' : `; the official API to itself: × ${figure(noise.median)}`;
  return `${what}: × ${figure(ratio.median)} in the median (${proofOf(ratio, how)})${itself}.`;
}

function proofOf({ log10E }: Lean, how = 'worse'): string {
  return `${log10E >= LOG10_PROVEN ? '' : 'not '}proved ${how}`;
}

/** One false proof in 20. */
const LOG10_PROVEN = Math.log10(20);

function faultSentence(outcome: FaultOutcome): string {
  const { fault, request, error, status, requestId, logged } = outcome;
  const hit = error === null ? 'succeeded anyway' : `failed (${status || 'no response'}, ${error})`;
  const id =
    requestId === null || error === null
      ? ''
      : ` Its request ID ${requestId} is ${logged ? '' : 'not '}in the program's output.`;
  return `${fault}: request ${request} ${hit}; ${recovery(outcome)}.${id}`;
}

function recovery({ error, recovered, askedAgain, requests, durationMs }: FaultOutcome): string {
  const took = milliseconds(durationMs);
  if (error === null) return `it took ${took}`;
  if (recovered) return `recovered after ${retriesOf(requests)} in ${took}`;
  const tried = requests === 1 ? 'no retries' : `${retriesOf(requests)} failed`;
  const again = askedAgain ? '; the same request succeeded later' : '';
  return `not recovered: ${tried}, gave up after ${took}${again}`;
}

/** @param requests of a task, from the failed one on */
const retriesOf = (requests: number): string =>
  requests === 2 ? '1 retry' : `${whole(requests - 1)} retries`;

function failureSentence({ request, endpoint, status, error, message, requestId }: RequestFailure): string {
  const id = requestId === null ? '' : ` (request ID ${requestId})`;
  return `Request ${request} to ${endpoint} failed (${status || 'no response'}, ${error}): ${message}${id}`;
}

/** One or two sentences each. */
function warnings(run: ArmRun): string[] {
  const { counts, turnedAway, unusedFaults, arm } = run;
  const { wrongKey, elsewhere } = turnedAway;
  const requests = counts.attempts ?? 0;
  const unknown = counts.tokens?.unknown ?? 0;
  return [
    requests + wrongKey + elsewhere === 0 &&
      "No requests reached the recorder. If the command sent any, its base URL is hard-coded, or has a variable of another name; gateway-rollout inventory finds both. Read OPENAI_BASE_URL and OPENAI_API_KEY instead, or pass them on: sh -c 'LLM_URL=$OPENAI_BASE_URL LLM_KEY=$OPENAI_API_KEY npm test'",
    wrongKey > 0 &&
      `${count(wrongKey, 'request')} rejected: not the recorder's key. Use the key in OPENAI_API_KEY.`,
    elsewhere > 0 &&
      `${count(elsewhere, 'request')} rejected: the URL is not under OPENAI_BASE_URL. Use that base URL, including its path.`,
    ...unusedFaults.map(
      (spec) => `Fault ${spec} hit no request: the ${arm} arm received ${count(requests, 'request')}.`,
    ),
    unknown > 0 &&
      `${count(unknown, 'request')} without token counts, so the cost is incomplete. For streams, set stream_options: { include_usage: true }.`,
  ].filter((line) => line !== false);
}

/** `gpt-4o-mini → gpt-4o-mini-2024-07-18`, if the responses name another model. */
function modelCounts({ model, answeredBy, requests }: ArmRun['models'][number]): [string, string] {
  const requested = model === '' ? '(no model)' : model;
  const others = answeredBy.filter((name) => name !== model);
  const name = others.length === 0 ? requested : `${requested} → ${others.join(', ')}`;
  return [name, count(requests, 'request')];
}

function endpointCounts({ endpoint, requests, failed }: ArmRun['endpoints'][number]): [string, string] {
  return [endpoint, `${count(requests, 'request')}${failed === 0 ? '' : `, ${whole(failed)} failed`}`];
}

function percentileLines(
  label: string,
  noun: string,
  of: (run: ArmRun) => Percentiles | null,
): readonly ExecLine[] {
  const lines = (['p50', 'p90', 'p95', 'p99'] as const).map((name): ExecLine => {
    const read = (run: ArmRun): number | null => {
      const found = of(run);
      return found === null || found.count < LEAST_FOR[name] ? null : found[name];
    };
    const textOf = (value: number | null) => (value === null ? UNKNOWN : milliseconds(value));
    return [`${label}, ${name}`, (run) => textOf(read(run)), 'percent', read];
  });
  const slowest = (run: ArmRun): string => {
    const found = of(run);
    // By nearest rank, p99 of fewer than 100 is the largest.
    return found === null || found.count >= LEAST_FOR.p95
      ? UNKNOWN
      : `${milliseconds(found.p99)} (of ${count(found.count, noun)})`;
  };
  return [...lines, [`${label}, slowest`, slowest]];
}

function withFailed(all: number | null, failed: number | null): string {
  return `${whole(all ?? 0)}${failed ? ` (${whole(failed)} failed)` : ''}`;
}

/** Unknown for the official arm: its cost is at official prices anyway. */
function atOfficialPrices({ arm, counts }: ArmRun): string {
  return arm === 'gateway' ? money(counts.atOfficialPrices) : UNKNOWN;
}

const outOf = (some: number, all: number): string =>
  all === 0 ? UNKNOWN : `${whole(some)} of ${whole(all)}`;
