import { classOfWords } from '../../gateway/errors.ts';
import type { Exchange } from '../../gateway/exchange.ts';
import type { Profile } from '../../gateway/profiles/profile.ts';
import type { ErrorClass } from '../../gateway/refusal.ts';
import { milliseconds } from '../../wording/amounts.ts';
import {
  classOf,
  isRefusedByProvider,
  NEXT_STEP,
  nextStep,
  notServed,
  OUTAGES,
  reason,
  requestIdOf,
  served,
} from '../exchanges.ts';
import { withRequestId } from '../model-probe.ts';
import type { CheckPlan } from '../plan.ts';
import { ok, type Probe, type ProbeContext, type ProbeFinding, problem, skip } from '../probe.ts';
import { onEach } from '../repeat.ts';
import { smallestRequest, WRONG_KEY, withKey } from '../requests.ts';

const KEY_REFUSALS: readonly (ErrorClass | null)[] = ['invalid_key', 'disabled_key'];

const BALANCE_REFUSALS: typeof KEY_REFUSALS = ['insufficient_balance', 'key_quota'];

/** A refusal should come at once; a slower one keeps the program and its user waiting. */
const PROMPT_REFUSAL_MS = 5_000;

export const authProbes: readonly Probe[] = [
  {
    id: 'auth.accepted',
    severity: 'block',
    needs: 'connection',
    async run(context) {
      const exchange = await context.send(smallestRequest(context));
      const refused = classOf(exchange);
      if (isRefusedByProvider(exchange)) {
        // A gateway that passes keys on, or asks for none, lets its provider refuse any key.
        const wrong = await context.send(withKey(smallestRequest(context), WRONG_KEY));
        return isRefusedByProvider(wrong)
          ? problem(`The gateway's provider rejects a key: ${reason(exchange)}`, nextStep(exchange))
          : ok("The key is accepted; what is refused is the gateway's own key or account at its provider.");
      }
      if (OUTAGES.includes(refused)) return skip(`Unknown: ${reason(exchange)}`);
      if (!KEY_REFUSALS.includes(refused)) return ok('The key is accepted.');
      const fix = nextStep(exchange, context.profile);
      return problem(`The gateway rejects the key: ${reason(exchange)}`, fix, {
        requestId: requestIdOf(exchange),
      });
    },
  },
  {
    id: 'auth.refused',
    severity: 'warn',
    needs: 'connection',
    isKeyless: true,
    run: (context) => withKeyOnEach(context, WRONG_KEY, judgeWrongKey),
  },
  refusedKeyProbe('auth.disabled_key', 'disabled', 'disabled key', KEY_REFUSALS, 'create a new key'),
  refusedKeyProbe('balance.insufficient', 'empty', 'key without balance', BALANCE_REFUSALS, 'top up'),
  {
    id: 'balance.left',
    severity: 'info',
    // Not 'key': an empty balance is the cause of refusals, not their consequence.
    needs: 'connection',
    async run({ platform, plan, read }) {
      const profile = await platform();
      if (profile?.balance === undefined) return skip('This platform has no known balance endpoint.');
      const exchange = await read(profile.balance.url(plan.gateway.baseUrl), profile.balance.withKey);
      const balance = profile.balance.read(served(exchange)?.json);
      if (balance === null) return skip(`${profile.title} did not report the balance (${reason(exchange)}).`);
      if (balance.remaining !== null && balance.remaining <= 0) {
        const { billing } = profile.links ?? {};
        const fix = `${NEXT_STEP.insufficient_balance}${billing === undefined ? '' : ` See ${billing}`}`;
        return problem(`No balance left: ${balance.summary}`, fix);
      }
      return ok(balance.summary);
    },
  },
];

/**
 * Sends another key, on each endpoint that the code uses. A refusal of another kind, which the gateway's own key gets
 * too, says nothing about keys.
 */
const withKeyOnEach = (
  context: ProbeContext,
  key: string,
  judge: (exchange: Exchange) => ProbeFinding,
): Promise<ProbeFinding> =>
  onEach(context, async (send) => {
    const exchange = await send(withKey(smallestRequest(context), key));
    const isAboutKeys = [...KEY_REFUSALS, ...BALANCE_REFUSALS].includes(classOf(exchange));
    if (!isAboutKeys && served(exchange) === null && context.plan.gateway.apiKey !== null) {
      const usual = reason(await send(smallestRequest(context)));
      if (usual === reason(exchange)) return skip(`Unknown: ${usual}`);
    }
    return withRequestId(judge(exchange), exchange);
  });

function judgeWrongKey(exchange: Exchange): ProbeFinding {
  if (exchange.kind === 'no-response') {
    return problem(
      `A wrong key gets no response: ${exchange.message}`,
      "When a key is revoked, programs will wait for their whole timeout; ask the gateway's operator.",
    );
  }
  if (served(exchange) !== null) {
    return problem(
      'A wrong key is accepted.',
      'Check that the gateway requires keys at all: anyone who finds its URL can spend your balance.',
    );
  }
  const { durationMs, refusal, status } = exchange;
  const defects = [
    ...(status === 401 ? [] : [`the status is ${status} instead of 401`]),
    ...(refusal?.openaiShape
      ? []
      : ['the body is not an OpenAI error object {error: {message, type, code}}']),
    ...(durationMs > PROMPT_REFUSAL_MS ? [`it took ${milliseconds(durationMs)}`] : []),
  ];
  if (defects.length === 0) return ok('A wrong key gets 401 and an OpenAI error object.');
  return problem(
    `A wrong key is refused, but ${defects.join(', and ')}.`,
    'Check that your error handling recognises this refusal; the official client raises a different error class for it.',
    { evidence: [reason(exchange)] },
  );
}

/**
 * A probe with a key that must be refused.
 * @param expected the classes that describe the problem correctly
 * @param step what to do about such a key
 */
function refusedKeyProbe(
  id: string,
  key: keyof CheckPlan['keys'],
  what: string,
  expected: typeof KEY_REFUSALS,
  step: string,
): Probe {
  const name = `A ${what}`;
  const notGiven = `No ${what} was given (input ${key}-key, or GATEWAY_${key.toUpperCase()}_KEY).`;
  const judge = (exchange: Exchange, profile: Profile | null): ProbeFinding => {
    if (served(exchange) !== null) {
      return problem(
        `${name} is accepted.`,
        'Check that you gave the right key, and that the gateway enforces its limits.',
      );
    }
    const found = classOf(exchange);
    const isExpected = expected.includes(found);
    if (isExpected && !isSilent(exchange, profile))
      return ok(`${name} is refused with a clear message: ${reason(exchange)}`);
    if (found === 'timeout' || found === 'unreachable') return notServed(name, exchange);
    return problem(
      `${name} is refused ${isExpected ? 'without a word of why' : `as ${found}, which is misleading`}: ${reason(exchange)}`,
      `Tell your on-call team what this message means: ${step}.`,
    );
  };
  return {
    id,
    severity: 'warn',
    needs: 'connection',
    skipReason: ({ plan }) => (plan.keys[key] === undefined ? notGiven : null),
    run: (context) =>
      withKeyOnEach(context, context.plan.keys[key] ?? '', (exchange) => judge(exchange, context.profile)),
  };
}

/** Whether only the status says that the key is the reason. */
function isSilent(exchange: Exchange, profile: Profile | null): boolean {
  if (exchange.kind !== 'response' || exchange.refusal?.class !== 'invalid_key') return false;
  const { code, type, message } = exchange.refusal;
  const names = [code, type].map((name) => name ?? '');
  return names.every((name) => classOfWords({ status: exchange.status, name, message }, profile) === null);
}
