import { loadOfficialPrices } from '../../gateway/prices.ts';
import type { HubModel, PlatformPage, ServiceStatus } from '../../gateway/profiles/profile.ts';
import { served } from '../exchanges.ts';
import type { ModelInUse } from '../plan.ts';
import { ok, type Probe, type ProbeContext, problem, skip } from '../probe.ts';

/** What the platform itself publishes about the models in use: prices, context window, capabilities, uptime. */
export const hubProbe: Probe = {
  id: 'models.hub',
  severity: 'info',
  needs: 'connection',
  async run(context) {
    const { plan } = context;
    const profile = await context.platform();
    if (profile?.hub === undefined && profile?.status === undefined)
      return skip('This platform has no known model hub or status page.');
    const { title } = profile;
    const [models, services] = await Promise.all([
      readPage(context, profile.hub),
      readPage(context, profile.status),
    ]);
    if (models === null && services === null) return skip(`${title} published nothing about its models.`);
    const evidence = plan.models.flatMap(({ gatewayName }) => {
      const facts = [
        ...hubFacts(models?.find(({ id }) => id === gatewayName)),
        ...statusFacts(services?.find(({ model }) => model === gatewayName)),
      ];
      return facts.length === 0 ? [] : [`${gatewayName}: ${facts.join('; ')}`];
    });
    const odd = profile.hub?.ofServedModel === true ? await pricedAsAnother(plan.models, models ?? []) : [];
    if (odd.length > 0) {
      return problem(
        `${title} prices ${odd.join(', ')} unlike the official API.`,
        "Another model may be behind the name; ask the gateway's operator, unless the price is set by hand.",
        { evidence, severity: 'info' },
      );
    }
    return ok(`${title} has data on ${evidence.length} of ${plan.models.length} models in use.`, {
      evidence,
    });
  },
};

/** The models whose price on the hub is not their official one. */
async function pricedAsAnother(inUse: readonly ModelInUse[], hub: readonly HubModel[]): Promise<string[]> {
  const official = await loadOfficialPrices();
  return inUse.flatMap(({ gatewayName }) => {
    const price = official.flatPrice(gatewayName, Date.now());
    const told = hub.find(({ id }) => id === gatewayName)?.prices[0];
    const isOdd = price !== null && told?.input != null && told.input !== price.input;
    return isOdd ? [gatewayName] : [];
  });
}

/** Null where the platform has no such page, or the page has changed. */
async function readPage<T>(
  { read, plan }: ProbeContext,
  page: PlatformPage<T> | undefined,
): Promise<T | null> {
  if (page === undefined) return null;
  const response = served(await read(page.url(plan.gateway.baseUrl), page.withKey));
  return response === null ? null : page.read(response.json);
}

function hubFacts(model: HubModel | undefined): string[] {
  if (model === undefined) return [];
  const { contextWindow, prices, capabilities } = model;
  return [
    ...(contextWindow === null ? [] : [`context ${contextWindow} tokens`]),
    ...prices.map(
      ({ group, input, output }) =>
        `${group === '' ? '' : `${group}: `}${input ?? '?'} in, ${output ?? '?'} out USD per million tokens`,
    ),
    ...(capabilities.length === 0 ? [] : [capabilities.join(', ')]),
  ];
}

function statusFacts(service: ServiceStatus | undefined): string[] {
  if (service === undefined) return [];
  return [
    ...(service.uptimePercent === null ? [] : [`uptime ${service.uptimePercent} %`]),
    ...(service.ok === false ? ['down now'] : []),
  ];
}
