import type { HttpResponse } from '../../gateway/exchange.ts';
import { readRetryAfter } from '../../gateway/retry-after.ts';
import { type SdkOutcome, sdkChat, sdkStream } from '../../gateway/sdk.ts';
import { replayToSdk, type SdkReplay } from '../../gateway/sdk-replay.ts';
import { count, milliseconds } from '../../wording/amounts.ts';
import { responsesIn, served } from '../exchanges.ts';
import { formOf } from '../forms.ts';
import { modelProbe } from '../model-probe.ts';
import { ok, type Probe, type ProbeContext, problem } from '../probe.ts';
import { onEach } from '../repeat.ts';
import { plainChat, plainStream } from '../requests.ts';

/** A refusal that takes this long, and this many times as long as an ordinary response, hides retries. */
const SILENCE_MS = 2_000;
const SILENCE_TIMES = 5;

/** Above this, the official client ignores `retry-after` and retries after its own short pause. */
const LONGEST_RETRY_AFTER_S = 60;

/** Headers in which gateways count their own attempts. */
const ATTEMPT_HEADERS = ['x-portkey-retry-attempt-count', 'x-litellm-attempted-retries'] as const;

export const clientProbes: readonly Probe[] = [
  modelProbe({
    id: 'client.sdk',
    severity: 'block',
    run: (model, context) =>
      onEach(context, async (_, form) => {
        const { plan, sdk } = context;
        const streaming = plan.features.includes('streaming');
        // What the client reads from an ordinary response, responses.basic judges, too.
        const isSecond = form.name !== formOf(plan).name;
        const [whole, stream] = await Promise.all([
          streaming && isSecond ? null : sdk(form.request(plainChat(model)), sdkChat),
          streaming ? sdk(form.request(plainStream(model)), sdkStream) : null,
        ]);
        const defect = (whole && sdkDefect(whole)) ?? (stream && sdkDefect(stream, 'stream'));
        if (defect !== null)
          return problem(
            `The official client ${defect}`,
            'Programs with the official client will fail in the same way; see the failing probes above for the cause.',
          );
        const calls = stream === null ? 'an ordinary call' : 'an ordinary and a streamed call';
        const requestId = whole?.kind === 'completion' ? whole.requestId : null;
        return ok(`The official client completes ${calls}.`, { requestId });
      }),
  }),
  {
    id: 'client.retries',
    severity: 'warn',
    needs: 'connection',
    isReview: true,
    async run({ log, plan }) {
      const { maxRetries } = plan.client;
      const refusals = distinctRefusals(log);
      const replays = await Promise.all(
        refusals.map(async (response) => ({ response, ...(await replayToSdk({ response, maxRetries })) })),
      );
      const recovery = await replayTransientFault(log, maxRetries);
      const defects = [
        // Needless retries.
        ...replays
          .filter(({ response, requests }) => requests > 1 && response.refusal?.retryable === false)
          .map(
            ({ response, requests }) =>
              `${nameOf(response)} is final, but the official client sends ${requests} requests`,
          ),
        ...hiddenRetries(log),
        ...passingFailures(log),
        ...longPauses(refusals),
        ...(recovery?.recovered === false && maxRetries > 0 ? ['a transient 503 is not recovered'] : []),
      ];
      const end = recovery?.recovered ? 'recovered' : 'not recovered';
      const evidence = [
        ...replays.map(({ response, requests }) => `${nameOf(response)}: ${count(requests, 'request')}`),
        ...(recovery ? [`a transient 503: ${count(recovery.requests, 'request')}, ${end}`] : []),
      ];
      if (defects.length === 0) {
        return ok(`With ${maxRetries} retries, the official client retries only where it helps.`, {
          evidence,
        });
      }
      return problem(
        `Retries: ${defects.join('; ')}.`,
        'Allow for these requests in your timeouts and rate limits. If you can configure the gateway, let it send x-should-retry: false with final refusals, and turn off its own retries.',
        { evidence },
      );
    },
  },
];

function sdkDefect(outcome: SdkOutcome, stream?: 'stream'): string | null {
  if (outcome.kind === 'error')
    return `fails${stream ? ' on a stream' : ''}: ${outcome.name}: ${outcome.message}`;
  return outcome.text === '' ? `gets no text${stream ? ' from a stream' : ''}, and no error.` : null;
}

/** One response for each kind of refusal that the gateway sent. */
function distinctRefusals(log: ProbeContext['log']): HttpResponse[] {
  const refusals = responsesIn(log).filter(({ refusal, status }) => refusal !== null && status >= 400);
  const byName = new Map(refusals.map((response) => [nameOf(response), response]));
  return [...byName.values()].sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
}

const nameOf = ({ status, refusal }: HttpResponse): string => `${status} ${refusal?.class ?? ''}`.trim();

/** Attempts that the gateway reports, and pauses that suggest more. */
function hiddenRetries(log: ProbeContext['log']): string[] {
  const responses = responsesIn(log);
  const reported = ATTEMPT_HEADERS.filter((name) =>
    responses.some(({ headers }) => Number(headers[name]) > 0),
  );
  const usual = median(
    responses.filter(({ refusal }) => refusal === null).map(({ durationMs }) => durationMs),
  );
  const refusals = responses.filter(({ refusal }) => refusal !== null).map(({ durationMs }) => durationMs);
  const slowest = Math.max(...refusals, 0);
  const silence = `a refusal took ${milliseconds(slowest)}, while served requests usually took ${milliseconds(usual)}: the gateway seems to retry silently`;
  return [
    ...(reported.length > 0 ? [`the gateway retries by itself (${reported.join(', ')})`] : []),
    ...(slowest > SILENCE_MS && slowest > usual * SILENCE_TIMES ? [silence] : []),
  ];
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Failures that were gone when the check asked again, as the official client would. */
function passingFailures(log: ProbeContext['log']): string[] {
  const retries = log.filter(({ isRetry }) => isRetry);
  const recovered = retries.filter(({ exchange }) => served(exchange) !== null);
  if (recovered.length === 0) return [];
  return [
    `${recovered.length} of ${log.length - retries.length} requests failed at first, and were served when asked again`,
  ];
}

function longPauses(refusals: readonly HttpResponse[]): string[] {
  const longest = Math.max(
    ...refusals.map(({ headers }) => (readRetryAfter(headers['retry-after'] ?? null) ?? 0) / 1000),
    0,
  );
  if (longest <= LONGEST_RETRY_AFTER_S) return [];
  return [
    `the official client ignores retry-after: ${Math.round(longest)} (it obeys up to ${LONGEST_RETRY_AFTER_S} s)`,
  ];
}

/** Replays a 503, and at the second attempt a response that the gateway served. */
async function replayTransientFault(log: ProbeContext['log'], maxRetries: number): Promise<SdkReplay | null> {
  const good = log
    .filter(({ request }) => request.method === 'POST')
    .map(({ exchange }) => served(exchange))
    .find((response) => response !== null && response.transcript === null);
  if (good == null) return null;
  const fault = {
    status: 503,
    headers: { 'content-type': 'application/json' },
    text: '{"error":{"message":"overloaded","type":"server_error"}}',
  };
  return replayToSdk({ response: fault, next: good, maxRetries });
}
