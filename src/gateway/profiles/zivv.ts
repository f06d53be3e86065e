import { field, listField, numberField, textField } from '../json.ts';
import { joinUrl } from '../url.ts';
import type { Balance, HubModel, Profile, ServiceStatus } from './profile.ts';
import { currencyAmount, named } from './readers.ts';

/** Zivv. Its pages are undocumented and may change: each is optional, and a changed one is read as null. */
export const zivv: Profile = {
  name: 'zivv',
  title: 'Zivv',
  hosts: ['zivv.pro'],
  recognise: () => false,
  requestIdHeaders: [],
  errors: [],
  // Its words for an exhausted or disabled key are unknown; its proxy has sent this page.
  refusals: [
    {
      status: 524,
      headers: { 'content-type': 'text/html; charset=UTF-8', server: 'cloudflare' },
      body: '<!DOCTYPE html><html><head><title>zivv.pro | 524: A timeout occurred</title></head><body><h1>A timeout occurred</h1></body></html>',
      class: 'timeout',
    },
  ],
  balance: {
    url: (baseUrl) => joinUrl(new URL(baseUrl), '/user/balance').href,
    withKey: true,
    read: readBalance,
  },
  hub: { url: (baseUrl) => new URL('/api/models/hub', baseUrl).href, withKey: false, read: readHub },
  links: { keys: 'https://zivv.pro', billing: 'https://zivv.pro', status: 'https://status.zivv.pro' },
  status: { url: () => 'https://status.zivv.pro/api/status?window=7d', withKey: false, read: readStatus },
};

/** `{balance, currency, is_available, key_limit, key_used, plan_name, total_used}`; a `key_limit` of 0 means none. */
function readBalance(json: unknown): Balance | null {
  const balance = numberField(json, 'balance');
  if (balance === null) return null;
  const currency = textField(json, 'currency') ?? 'USD';
  const limit = numberField(json, 'key_limit') ?? 0;
  const used = numberField(json, 'key_used') ?? 0;
  const key =
    limit > 0 ? `, key limit ${currencyAmount(limit, currency)} of which ${used.toFixed(2)} used` : '';
  const plan = textField(json, 'plan_name');
  return {
    // The key stops working at whichever comes first.
    remaining: limit > 0 ? Math.min(balance, limit - used) : balance,
    currency,
    summary: `${currencyAmount(balance, currency)} left${key}${plan === null ? '' : `, plan ${plan}`}`,
  };
}

function readHub(json: unknown): HubModel[] | null {
  return named(field(json, 'data'), 'id', (model, id) => ({
    id,
    contextWindow: numberField(model, 'context_window'),
    capabilities: listField(model, 'capabilities').filter((each) => typeof each === 'string'),
    prices:
      named(field(model, 'groups'), 'name', (group, name) => ({
        group: name,
        input: numberField(group, 'input_rate'),
        output: numberField(group, 'output_rate'),
      })) ?? [],
  }));
}

function readStatus(json: unknown): ServiceStatus[] | null {
  return named(field(json, 'services'), 'name', (service, name) => {
    const ok = field(field(service, 'current'), 'ok');
    return {
      name,
      model: textField(service, 'model'),
      uptimePercent: numberField(service, 'uptime_percent'),
      ok: typeof ok === 'boolean' ? ok : null,
    };
  });
}
