/** Probes that send nothing: they read the responses to all other probes. */
import { count, milliseconds } from '../../wording/amounts.ts';
import { requestIdSources, responsesIn } from '../exchanges.ts';
import { ok, type Probe, problem, skip } from '../probe.ts';

/** Probes are small requests and production sends larger ones, so half of the timeout must be left. */
const LEAST_HEADROOM = 0.5;

export const reviewProbes: readonly Probe[] = [
  {
    id: 'request_id',
    severity: 'warn',
    needs: 'connection',
    isReview: true,
    run({ log }) {
      const responses = responsesIn(log);
      const identified = responses.filter(({ requestId }) => requestId !== null);
      const fix =
        "Support will ask for it. Log the time and the response's id instead, or ask the operator to add an x-request-id.";
      if (identified.length === 0) return problem('No response has a request ID.', fix);
      const without = responses.filter(({ requestId }) => requestId === null);
      if (without.length > 0) {
        const kind = without.every(({ refusal }) => refusal !== null) ? 'refusal' : 'response';
        const seen = without.map(({ status, refusal }) => `HTTP ${status} ${refusal?.class ?? 'served'}`);
        return problem(`${count(without.length, kind)} without a request ID.`, fix, {
          evidence: [...new Set(seen)],
        });
      }
      const values = new Set(identified.map(({ requestId }) => requestId?.value));
      if (values.size < identified.length)
        return problem(`Request IDs repeat: ${values.size} IDs for ${identified.length} responses.`, fix);
      return ok(`Every response has its own request ID (${requestIdSources(identified).join(', ')}).`);
    },
  },
  {
    id: 'client.timeout',
    severity: 'warn',
    needs: 'connection',
    isReview: true,
    run({ log, plan }) {
      const { timeoutMs } = plan.client;
      const slowest = log.toSorted((a, b) => b.exchange.durationMs - a.exchange.durationMs)[0];
      if (slowest === undefined) return skip('No request was sent.');
      const { durationMs } = slowest.exchange;
      const measured = `the slowest response took ${milliseconds(durationMs)} of the ${milliseconds(timeoutMs)} timeout (${slowest.request.method} ${slowest.request.path})`;
      if (durationMs <= timeoutMs * (1 - LEAST_HEADROOM)) return ok(`Enough headroom: ${measured}.`);
      return problem(
        `Little headroom: ${measured}.`,
        "Production sends larger requests than these. Raise your client's timeout (and client.timeout in the config), or find out why the gateway is slow.",
      );
    },
  },
  {
    id: 'limits.headers',
    severity: 'info',
    needs: 'connection',
    isReview: true,
    run({ log }) {
      const seen = new Map(
        responsesIn(log).flatMap(({ headers }) =>
          Object.entries(headers).filter(([name]) => /^(x-)?ratelimit|^retry-after(-ms)?$/.test(name)),
        ),
      );
      if (seen.size === 0) return ok('The gateway sends no rate-limit headers.');
      return ok(`The gateway sends ${count(seen.size, 'rate-limit header')}.`, {
        evidence: [...seen].map(([name, value]) => `${name}: ${value}`).sort(),
      });
    },
  },
];
