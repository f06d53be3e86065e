import type { HttpResponse } from '../../gateway/exchange.ts';
import { createOfficialClient, type SdkOutcome, sdkChat, sdkStream } from '../../gateway/sdk.ts';
import { type Replay, replayToSdk } from '../../gateway/sdk-replay.ts';
import { count, milliseconds } from '../../wording/amounts.ts';
import { responsesIn, served } from '../exchanges.ts';
import type { Spent } from '../meter.ts';
import { modelProbe } from '../model-probe.ts';
import { ok, type Probe, type ProbeContext, problem } from '../probe.ts';
import { type ProbeRequest, plainChat, plainStream } from '../requests.ts';

/** A refusal that takes this long, and this many times an ordinary answer, hides retries behind it. */
const SILENCE_MS = 2_000;
const SILENCE_TIMES = 5;

/** Above this, the official client ignores `retry-after` and comes back after its own short pause. */
const LONGEST_RETRY_AFTER_S = 60;

/** Headers in which gateways count the attempts that they made by themselves. */
const ATTEMPT_HEADERS = ['x-portkey-retry-attempt-count', 'x-litellm-attempted-retries'] as const;

export const clientProbes: readonly Probe[] = [
  modelProbe({
    id: 'client.sdk',
    severity: 'block',
    async run(model, { plan, meter }) {
      const client = await createOfficialClient({ ...plan.gateway, ...plan.client });
      const callSdk = (request: ProbeRequest, call: typeof sdkChat) =>
        meter.run(request, () => call(client, request.body ?? {}), spentOnSdk);
      const streaming = plan.features.includes('streaming');
      const [chat, stream] = await Promise.all([
        callSdk(plainChat(model), sdkChat),
        streaming ? callSdk(plainStream(model), sdkStream) : null,
      ]);
      const fix =
        'Programs with the official client will fail in the same way; look at the failing probes above for the cause.';
      if (chat.kind === 'error')
        return problem(`The official client fails: ${chat.name}: ${chat.message}`, fix);
      if (chat.finishReason === null && chat.text === '')
        return problem('The official client gets a completion without choices, and no error.', fix);
      if (stream === null)
        return ok('The official client completes an ordinary call.', { requestId: chat.requestId });
      if (stream.kind === 'error')
        return problem(`The official client fails on a stream: ${stream.name}: ${stream.message}`, fix);
      if (stream.chunks === 0) return problem('The official client gets an empty stream, and no error.', fix);
      return ok('The official client completes an ordinary and a streamed call.', {
        requestId: chat.requestId,
      });
    },
  }),
  {
    id: 'client.retries',
    severity: 'warn',
    needs: 'connection',
    phase: 'review',
    async run({ log, plan }) {
      const { maxRetries } = plan.client;
      const refusals = distinctRefusals(log);
      const replays = await Promise.all(
        refusals.map((refusal) => replayToSdk({ response: refusal, maxRetries })),
      );
      const recovery = await replayPassingFault(log, maxRetries);
      const oddities = [
        ...refusals.flatMap((refusal, index) => retriedForNothing(refusal, replays[index])),
        ...hiddenRetries(log),
        ...longPauses(refusals),
        ...(recovery !== null && maxRetries > 0 && !recovery.recovered
          ? ['a passing 503 is not recovered']
          : []),
      ];
      const evidence = [
        ...refusals.map(
          (refusal, index) => `${nameOf(refusal)}: ${count(replays[index]?.requests ?? 0, 'request')}`,
        ),
        ...(recovery === null
          ? []
          : [
              `a passing 503: ${count(recovery.requests, 'request')}, ${recovery.recovered ? 'recovered' : 'not recovered'}`,
            ]),
      ];
      if (oddities.length === 0) {
        return ok(`With ${maxRetries} retries, the official client asks again only where it helps.`, {
          evidence,
        });
      }
      return problem(
        `Retries: ${oddities.join('; ')}.`,
        'Count these requests into timeouts and rate limits; where the gateway can be configured, let it send x-should-retry: false with final refusals, and not retry by itself.',
        { evidence },
      );
    },
  },
];

const spentOnSdk = (outcome: SdkOutcome): Spent =>
  outcome.kind === 'error' ? 'nothing' : (outcome.usage ?? 'unknown');

/** One answer for each kind of refusal that the gateway gave. */
function distinctRefusals(log: ProbeContext['log']): HttpResponse[] {
  const refusals = responsesIn(log).filter(({ refusal, status }) => refusal !== null && status >= 400);
  const byName = new Map(refusals.map((answer) => [nameOf(answer), answer]));
  return [...byName.values()].sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
}

const nameOf = (answer: HttpResponse): string => `${answer.status} ${answer.refusal?.class ?? ''}`.trim();

function retriedForNothing(refusal: HttpResponse, replay: Replay | undefined): string[] {
  if (replay === undefined || replay.requests <= 1 || refusal.refusal?.retryable !== false) return [];
  return [`${nameOf(refusal)} is final, yet the official client asks ${replay.requests} times`];
}

/** Attempts that the gateway admits to, and silences that give them away. */
function hiddenRetries(log: ProbeContext['log']): string[] {
  const answers = responsesIn(log);
  const admitted = ATTEMPT_HEADERS.filter((name) => answers.some(({ headers }) => Number(headers[name]) > 0));
  const usual = median(answers.filter(({ refusal }) => refusal === null).map(({ durationMs }) => durationMs));
  const refusals = answers.filter(({ refusal }) => refusal !== null).map(({ durationMs }) => durationMs);
  const slowest = Math.max(...refusals, 0);
  const silence = `a refusal took ${milliseconds(slowest)} while answers usually took ${milliseconds(usual)}: the gateway seems to retry by itself, in silence`;
  return [
    ...(admitted.length > 0 ? [`the gateway retries by itself (${admitted.join(', ')})`] : []),
    ...(slowest > SILENCE_MS && slowest > usual * SILENCE_TIMES ? [silence] : []),
  ];
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

function longPauses(refusals: readonly HttpResponse[]): string[] {
  const longest = Math.max(...refusals.map((answer) => Number(answer.headers['retry-after'] ?? 0) || 0), 0);
  if (longest <= LONGEST_RETRY_AFTER_S) return [];
  return [
    `retry-after: ${longest} is ignored by the official client (it obeys up to ${LONGEST_RETRY_AFTER_S} s)`,
  ];
}

/** A 503 that is gone at the second attempt, then the gateway's own good answer. */
async function replayPassingFault(log: ProbeContext['log'], maxRetries: number): Promise<Replay | null> {
  const good = log
    .filter(({ request }) => request.path === '/chat/completions')
    .map(({ exchange }) => served(exchange))
    .find((answer) => answer !== null && answer.transcript === null);
  if (good == null) return null;
  const fault = {
    status: 503,
    headers: { 'content-type': 'application/json' },
    text: '{"error":{"message":"overloaded","type":"server_error"}}',
  };
  return replayToSdk({ response: fault, next: good, maxRetries });
}
