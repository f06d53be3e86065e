/** Probes that put no request of their own: they read the answers to everybody else's. */
import { milliseconds } from '../../wording/amounts.ts';
import { requestIdSources, responsesIn } from '../exchanges.ts';
import { ok, type Probe, problem, skip } from '../probe.ts';

/** A probe is a small request; production asks larger ones, so half of the timeout must be left. */
const LEAST_HEADROOM = 0.5;

export const reviewProbes: readonly Probe[] = [
  {
    id: 'request_id',
    severity: 'warn',
    needs: 'connection',
    phase: 'review',
    run({ log }) {
      const answers = responsesIn(log);
      const named = answers.filter((answer) => answer.requestId !== null);
      const fix =
        "Support will ask for it. Log the time and the response's id instead, or have the operator add an x-request-id.";
      if (named.length === 0) return problem('No answer carries a request id.', fix);
      const unnamed = answers.filter((answer) => answer.requestId === null);
      if (unnamed.length > 0) {
        const refusals = unnamed.every((answer) => answer.refusal !== null);
        const which = refusals ? 'of the refusals' : 'of the answers';
        return problem(`${unnamed.length} ${which} carry no request id.`, fix, {
          evidence: [
            ...new Set(unnamed.map((answer) => `HTTP ${answer.status} ${answer.refusal?.class ?? 'served'}`)),
          ],
        });
      }
      const values = new Set(named.map((answer) => answer.requestId?.value));
      if (values.size < named.length)
        return problem(`Request ids repeat: ${values.size} ids for ${named.length} answers.`, fix);
      return ok(`Every answer carries a request id of its own (${requestIdSources(named).join(', ')}).`);
    },
  },
  {
    id: 'client.timeout',
    severity: 'warn',
    needs: 'connection',
    phase: 'review',
    run({ log, plan }) {
      const { timeoutMs } = plan.client;
      const slowest = log.toSorted((a, b) => b.exchange.durationMs - a.exchange.durationMs)[0];
      if (slowest === undefined) return skip('Nothing was asked.');
      const { durationMs } = slowest.exchange;
      const told = `the slowest answer took ${milliseconds(durationMs)} of a timeout of ${milliseconds(timeoutMs)} (${slowest.request.method} ${slowest.request.path})`;
      if (durationMs <= timeoutMs * (1 - LEAST_HEADROOM)) return ok(`There is headroom: ${told}.`);
      return problem(
        `There is little headroom: ${told}.`,
        'Production asks larger requests than these. Raise the timeout of the client (and client.timeout in the config), or find out why the gateway is slow.',
      );
    },
  },
  {
    id: 'limits.headers',
    severity: 'info',
    needs: 'connection',
    phase: 'review',
    run({ log }) {
      const seen = new Map(
        responsesIn(log).flatMap((answer) =>
          Object.entries(answer.headers).filter(([name]) => /^(x-)?ratelimit|^retry-after(-ms)?$/.test(name)),
        ),
      );
      if (seen.size === 0) return ok('The gateway sends no rate-limit headers.');
      return ok(`The gateway tells its rate limits in ${seen.size} headers.`, {
        evidence: [...seen].map(([name, value]) => `${name}: ${value}`).sort(),
      });
    },
  },
];
