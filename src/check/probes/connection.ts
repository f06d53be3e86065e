import { certificateDaysLeft } from '../../gateway/certificate.ts';
import type { NoResponse } from '../../gateway/refusal.ts';
import { count } from '../../wording/amounts.ts';
import { responsesIn } from '../exchanges.ts';
import { type Finding, ok, type Probe, problem, skip } from '../probe.ts';

/** A certificate that runs out within this time will do so during the rollout. */
const CERTIFICATE_DAYS = 14;

export const connectionProbes: readonly Probe[] = [
  {
    id: 'connection.reach',
    severity: 'block',
    needs: 'nothing',
    phase: 'request',
    async run({ connection, plan }) {
      const { baseUrl } = plan.gateway;
      if (connection.kind === 'unreachable') return unreachable(connection.failure, baseUrl);
      if (!baseUrl.startsWith('https:')) return ok('The gateway answers HTTP requests (without TLS).');
      const daysLeft = await certificateDaysLeft(baseUrl, plan.client.timeoutMs);
      if (daysLeft === null) return ok('The gateway responds over HTTPS.');
      const days = Math.floor(daysLeft);
      if (days >= CERTIFICATE_DAYS)
        return ok(`The gateway answers HTTPS requests; its certificate is valid for ${days} more days.`);
      return problem(
        `The gateway's certificate runs out ${days < 1 ? 'within a day' : `in ${count(days, 'day')}`}.`,
        'Ask the operator of the gateway when it is renewed; every request fails from that day on.',
        { severity: 'warn' },
      );
    },
  },
  {
    id: 'connection.base_url',
    severity: 'block',
    needs: 'nothing',
    phase: 'request',
    run({ connection, plan, log }) {
      if (connection.kind === 'unreachable') return skip('Not asked: the gateway cannot be reached.');
      if (connection.kind === 'connected') return ok('The base URL leads to the API.');
      if (connection.kind === 'wrong-base-url') {
        return problem(
          `The base URL ${plan.gateway.baseUrl} does not lead to the API (${connection.seen}), but ${connection.works} does.`,
          `Set the base URL to ${connection.works}`,
        );
      }
      if (connection.answeredBy === 'page')
        return skip('Cannot be told: the gateway answers with a web page.');
      if (connection.answeredBy === 'redirect') {
        const { refusal } = responsesIn(log).find((answer) => answer.refusal !== null) ?? {};
        return problem(
          `The base URL answers with ${refusal?.message ?? 'a redirect'}.`,
          'Set the base URL to the address behind the redirect, when that is the one you mean.',
        );
      }
      return problem(
        `The base URL ${plan.gateway.baseUrl} does not lead to an OpenAI-compatible API (${connection.seen}).`,
        "Copy the base URL from the gateway's documentation; it usually ends in /v1.",
        { evidence: [`Tried: ${connection.tried.join(', ')}`] },
      );
    },
  },
  {
    id: 'connection.json',
    severity: 'block',
    needs: 'nothing',
    phase: 'request',
    run({ connection, log }) {
      if (connection.kind === 'unreachable') return skip('Not asked: the gateway cannot be reached.');
      if (connection.kind === 'wrong-base-url') return skip('Not asked: the base URL is wrong.');
      if (connection.kind === 'no-api' && connection.answeredBy !== 'page') {
        return skip('Not asked: the base URL is wrong.');
      }
      const page = responsesIn(log).find(({ json }) => json === undefined);
      if (page === undefined) return ok('The gateway answers JSON where JSON is due.');
      if (connection.kind === 'connected') {
        return ok('The API answers JSON; its model list does not.', {
          evidence: [`GET /models: HTTP ${page.status}`],
        });
      }
      return problem(
        `The gateway answers with a page instead of JSON: ${page.refusal?.message ?? page.contentType}`,
        'Check that the base URL is that of the API and not of the website, and that no login or bot protection stands before it.',
        { requestId: page.requestId?.value ?? null },
      );
    },
  },
];

function unreachable(failure: NoResponse, baseUrl: string): Finding {
  const { host } = new URL(baseUrl);
  const fix = {
    dns: `Check the spelling of ${host}; if the name is internal, run the check where it resolves (a self-hosted runner).`,
    tcp: `Check the port, and that a firewall lets this machine reach ${host}.`,
    tls: `Have the operator of ${host} mend its certificate (or check http:// against https://). Do not switch verification off.`,
    http: `Check that ${host} is an HTTP server and healthy; its connection broke before an answer was complete.`,
    deadline: `Check that ${host} is healthy and not waiting for something; try again, or raise client.timeout.`,
  }[failure.layer];
  return problem(`The gateway cannot be reached (${failure.layer}): ${failure.message}`, fix, {
    evidence: [failure.code],
  });
}
