import type { Exchange } from '../../gateway/exchange.ts';
import type { ErrorClass } from '../../gateway/refusal.ts';
import { milliseconds } from '../../wording/amounts.ts';
import { classOf, NEXT_STEP, notServed, OUTAGES, reason, requestIdOf, served } from '../exchanges.ts';
import type { CheckPlan } from '../plan.ts';
import { type Finding, ok, type Probe, problem, skip } from '../probe.ts';
import { smallestRequest, WRONG_KEY, withKey } from '../requests.ts';

const KEY_REFUSALS: readonly (ErrorClass | null)[] = ['invalid_key', 'disabled_key'];

/** A refusal is due at once; one that takes longer keeps the program and its user waiting. */
const PROMPT_REFUSAL_MS = 5_000;

export const authProbes: readonly Probe[] = [
  {
    id: 'auth.accepted',
    severity: 'block',
    needs: 'connection',
    phase: 'request',
    async run(context) {
      const answer = await context.send(smallestRequest(context));
      const refused = classOf(answer);
      if (OUTAGES.includes(refused)) return skip(`Cannot be told: ${reason(answer)}`);
      if (!KEY_REFUSALS.includes(refused)) return ok('The key is accepted.');
      const keysUrl = context.profile?.keysUrl;
      const fix = `${NEXT_STEP[refused ?? 'invalid_key']}${keysUrl === undefined ? '' : ` See ${keysUrl}`}`;
      return problem(`The gateway does not accept the key: ${reason(answer)}`, fix, {
        requestId: requestIdOf(answer),
      });
    },
  },
  {
    id: 'auth.refused',
    severity: 'warn',
    needs: 'connection',
    phase: 'request',
    async run(context) {
      const answer = await context.send(withKey(smallestRequest(context), WRONG_KEY));
      return judgeWrongKey(answer);
    },
  },
  refusedKeyProbe({
    id: 'auth.disabled_key',
    key: 'disabled',
    name: 'A disabled key',
    notGiven: 'Not tested: no disabled key was given (input disabled-key, or GATEWAY_DISABLED_KEY).',
    due: ['disabled_key', 'invalid_key'],
    step: 'create a new key',
  }),
  refusedKeyProbe({
    id: 'balance.insufficient',
    key: 'empty',
    name: 'A key without balance',
    notGiven: 'Not tested: no key without balance was given (input empty-key, or GATEWAY_EMPTY_KEY).',
    due: ['insufficient_balance', 'key_quota'],
    step: 'top up',
  }),
  {
    id: 'balance.left',
    severity: 'info',
    // Not 'key': that nothing is left explains the refusals and does not follow from them.
    needs: 'connection',
    phase: 'request',
    skipReason: ({ profile }) =>
      profile?.balance === undefined ? 'The platform is not known to tell what is left.' : null,
    async run({ profile, plan, read }) {
      if (profile?.balance === undefined) return skip('The platform is not known to tell what is left.');
      const answer = await read(profile.balance.url(plan.gateway.baseUrl), profile.balance.withKey);
      const balance = profile.balance.read(served(answer)?.json);
      if (balance === null) return skip(`${profile.title} did not tell what is left (${reason(answer)}).`);
      if (balance.remaining !== null && balance.remaining <= 0) {
        return problem(`Nothing is left: ${balance.summary}`, NEXT_STEP.insufficient_balance);
      }
      return ok(balance.summary);
    },
  },
];

function judgeWrongKey(answer: Exchange): Finding {
  const requestId = requestIdOf(answer);
  if (answer.kind === 'no-response') {
    return problem(
      `A wrong key gets no answer: ${answer.message}`,
      'Programs will wait for their whole timeout when a key is revoked; ask the operator of the gateway.',
    );
  }
  if (served(answer) !== null) {
    return problem(
      'A wrong key is served as if it were right.',
      'Check that the gateway asks for keys at all: anybody who finds its address can spend on the account.',
      { requestId },
    );
  }
  const refusal = answer.refusal;
  const slow =
    answer.durationMs > PROMPT_REFUSAL_MS ? [`it came after ${milliseconds(answer.durationMs)}`] : [];
  const oddities = [
    ...(answer.status === 401 ? [] : [`the status is ${answer.status} instead of 401`]),
    ...(refusal?.openaiShape ? [] : ['the body is no OpenAI error object {error: {message, type, code}}']),
    ...slow,
  ];
  if (oddities.length === 0) return ok('A wrong key gets 401 and an OpenAI error object.', { requestId });
  return problem(
    `A wrong key is refused, but ${oddities.join(', and ')}.`,
    'Check that the error handling of the program recognises this refusal; the official client raises another error class for it.',
    { evidence: [reason(answer)], requestId },
  );
}

interface RefusedKey {
  readonly id: string;
  /** Which of the plan's keys is tried. */
  readonly key: keyof CheckPlan['keys'];
  readonly name: string;
  /** What is said where it was not given. */
  readonly notGiven: string;
  /** The classes that send people the right way. */
  readonly due: readonly (ErrorClass | null)[];
  /** What is to be done about such a key. */
  readonly step: string;
}

/** A probe that tries a key which must be refused. */
function refusedKeyProbe({ id, key, name, notGiven, due, step }: RefusedKey): Probe {
  return {
    id,
    severity: 'warn',
    needs: 'connection',
    phase: 'request',
    skipReason: ({ plan }) => (plan.keys[key] === undefined ? notGiven : null),
    async run(context) {
      const answer = await context.send(withKey(smallestRequest(context), context.plan.keys[key] ?? ''));
      const requestId = requestIdOf(answer);
      if (served(answer) !== null) {
        return problem(
          `${name} is served.`,
          'Check that the right key was given, and that the gateway enforces its limits.',
          { requestId },
        );
      }
      const found = classOf(answer);
      if (due.includes(found)) {
        return ok(`${name} is refused in words that a person understands: ${reason(answer)}`, { requestId });
      }
      if (found === 'timeout' || found === 'unreachable') return notServed(name, answer);
      return problem(
        `${name} is refused as ${found}, which sends people the wrong way: ${reason(answer)}`,
        `Tell the people on call that this message means: ${step}.`,
        { requestId },
      );
    },
  };
}
