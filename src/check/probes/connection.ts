import { certificateDaysLeft } from '../../gateway/certificate.ts';
import type { NoResponse } from '../../gateway/refusal.ts';
import { count } from '../../wording/amounts.ts';
import { responsesIn } from '../exchanges.ts';
import { ok, type Probe, type ProbeFinding, problem, skip } from '../probe.ts';

/** A certificate that expires within this time may do so during the rollout. */
const CERTIFICATE_DAYS = 14;

const UNREACHABLE = 'The gateway cannot be reached.';
const WRONG_BASE_URL = 'The base URL is wrong.';

export const connectionProbes: readonly Probe[] = [
  {
    id: 'connection.reach',
    severity: 'block',
    needs: 'nothing',
    async run({ connection, plan }) {
      const { baseUrl } = plan.gateway;
      if (connection.kind === 'unreachable') return unreachable(connection.failure, baseUrl);
      if (!baseUrl.startsWith('https:')) return ok('The gateway responds over HTTP (without TLS).');
      const daysLeft = await certificateDaysLeft(baseUrl, plan.client.timeoutMs);
      if (daysLeft === null) return ok('The gateway responds over HTTPS.');
      const days = Math.floor(daysLeft);
      if (days >= CERTIFICATE_DAYS)
        return ok(`The gateway responds over HTTPS; its certificate is valid for ${days} more days.`);
      return problem(
        `The gateway's certificate expires ${days < 1 ? 'within a day' : `in ${count(days, 'day')}`}.`,
        "Ask the gateway's operator when it will be renewed; once it has expired, every request fails.",
        { severity: 'warn' },
      );
    },
  },
  {
    id: 'connection.base_url',
    severity: 'block',
    needs: 'nothing',
    run({ connection, plan, log }) {
      if (connection.kind === 'unreachable') return skip(UNREACHABLE);
      if (connection.kind === 'connected') return ok('The base URL is correct.');
      if (connection.kind === 'wrong-base-url') {
        return problem(
          `The base URL ${plan.gateway.baseUrl} is wrong (${connection.seen}); ${connection.works} works.`,
          `Set the base URL to ${connection.works}`,
        );
      }
      if (connection.found === 'page') return skip('Unknown: the gateway returns a web page.');
      if (connection.found === 'redirect') {
        const { refusal } = responsesIn(log).find((response) => response.refusal !== null) ?? {};
        return problem(
          `The base URL returns ${refusal?.message ?? 'a redirect'}.`,
          'If the redirect leads to the API, set the base URL to its target.',
        );
      }
      return problem(
        `The base URL ${plan.gateway.baseUrl} is not an OpenAI-compatible API (${connection.seen}).`,
        "Copy the base URL from the gateway's documentation; it usually ends in /v1.",
        { evidence: [`Tried: ${connection.tried.join(', ')}`] },
      );
    },
  },
  {
    id: 'connection.json',
    severity: 'block',
    needs: 'nothing',
    run({ connection, log }) {
      if (connection.kind === 'unreachable') return skip(UNREACHABLE);
      if (connection.kind === 'wrong-base-url') return skip(WRONG_BASE_URL);
      if (connection.kind === 'no-api' && connection.found !== 'page') return skip(WRONG_BASE_URL);
      const page = responsesIn(log).find(({ json }) => json === undefined);
      if (page === undefined) return ok('The gateway returns JSON where it should.');
      if (connection.kind === 'connected') {
        return ok('The API returns JSON, but its model list does not.', {
          evidence: [`GET /models: HTTP ${page.status}`],
        });
      }
      return problem(
        `The gateway returns a web page instead of JSON: ${page.refusal?.message ?? page.contentType}`,
        'Check that the base URL is the API and not the website, and that no login or bot protection is in front of it.',
        { requestId: page.requestId?.value ?? null },
      );
    },
  },
];

function unreachable(failure: NoResponse, baseUrl: string): ProbeFinding {
  const { host } = new URL(baseUrl);
  const fix = {
    dns: `Check the spelling of ${host}. If the name is internal, run the check where it resolves (on a self-hosted runner).`,
    tcp: `Check the port, and that a firewall lets this machine reach ${host}.`,
    tls: `Ask the operator of ${host} to fix its certificate, and check whether the URL should start with http:// or https://. Do not turn verification off.`,
    http: `Check that ${host} is a healthy HTTP server; the connection broke before the response was complete.`,
    deadline: `Check that ${host} is healthy; try again, or raise client.timeout.`,
  }[failure.layer];
  return problem(`The gateway cannot be reached (${failure.layer}): ${failure.message}`, fix, {
    evidence: [failure.code],
  });
}
