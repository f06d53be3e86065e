import type { Feature } from '../../config/features.ts';
import type { Exchange, HttpResponse } from '../../gateway/exchange.ts';
import { classOf, notServed, reason, requestIdOf, served } from '../exchanges.ts';
import { responseRequest } from '../forms.ts';
import { modelProbe } from '../model-probe.ts';
import { ok, type Probe, type ProbeFinding, problem } from '../probe.ts';
import { ENDPOINTS, missingRoute } from '../requests.ts';

const NONE = 'gateway-rollout-none';

/** Tools that run at the provider, with an option that none has: a gateway that knows the tool refuses the option. */
const HOSTED_TOOLS: readonly (readonly [feature: Feature, tool: Readonly<Record<string, unknown>>])[] = [
  ['web_search', { type: 'web_search', search_context_size: NONE }],
  ['code_interpreter', { type: 'code_interpreter', container: NONE }],
  ['image_generation', { type: 'image_generation', quality: NONE }],
  ['computer_use', { type: 'computer_use_preview', environment: NONE, display_width: 1, display_height: 1 }],
  ['mcp', { type: 'mcp', server_label: NONE, server_url: NONE }],
];

export const hostedToolProbes: readonly Probe[] = HOSTED_TOOLS.map(([feature, tool]) =>
  modelProbe({
    id: `endpoint.${feature}`,
    severity: 'block',
    features: [feature],
    async run(model, { send }) {
      const request = responseRequest(model);
      const withTool = (offered: unknown) =>
        send({ ...request, body: { ...request.body, tools: [offered] } });
      const [exchange, control] = await Promise.all([withTool(tool), withTool({ type: NONE })]);
      if (served(exchange) === null) return judgePresence(`tool ${tool.type}`, exchange, control);
      const dropped = `The gateway drops the tool ${tool.type}: it accepts an option that the tool does not have.`;
      return problem(dropped, FIX, { requestId: requestIdOf(exchange) });
    },
  }),
);

export const endpointProbes: readonly Probe[] = ENDPOINTS.map(([feature, request]) => ({
  id: `endpoint.${feature}`,
  severity: 'block',
  needs: 'key',
  features: [feature],
  skipReason: ({ plan }) => (plan.features.includes(feature) ? null : 'The endpoint is not used.'),
  async run({ send }) {
    const [exchange, control] = await Promise.all([send(request), send(missingRoute(request.method))]);
    return judgePresence(request.path.replace(/\?.*$/, ''), exchange, control);
  },
}));

function judgePresence(what: string, exchange: Exchange, control: Exchange): ProbeFinding {
  const failing = classOf(exchange);
  if (exchange.kind === 'no-response') return notServed(what, exchange);
  const requestId = requestIdOf(exchange);
  if (isMissing(exchange, control, what)) {
    return problem(`The gateway has no ${what}: ${reason(exchange)}`, FIX, { requestId });
  }
  if (failing === 'upstream_error' || failing === 'overloaded' || failing === 'timeout')
    return notServed(what, exchange);
  const seen =
    exchange.refusal === null
      ? `HTTP ${exchange.status}`
      : 'it refuses an invalid request with its own error';
  return ok(`The gateway has ${what} (${seen}).`, { requestId });
}

const FIX = 'Code that uses it must stay on the official API, or do without it.';

/** Whether the endpoint responds like a route that certainly does not exist: the same status, the same words. */
function isMissing(response: HttpResponse, control: Exchange, what: string): boolean {
  const { refusal, status } = response;
  if (refusal === null) return false;
  if ([404, 405, 501].includes(status) || refusal.class === 'not_openai_shape') return true;
  if (control.kind !== 'response' || control.refusal === null || control.status !== status) return false;
  const name = what.split(' ').at(-1) ?? what;
  const words = (text: string) =>
    text
      .replaceAll(name, '')
      .replace(/\S*\/\S*|gateway-rollout\S*|(['"`]).*?\1/g, '')
      .toLowerCase();
  return (
    words(control.refusal.message) === words(refusal.message) &&
    control.refusal.code === refusal.code &&
    control.refusal.param === refusal.param
  );
}
