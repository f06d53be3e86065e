/** Which arm a series belongs to, by the label that names an endpoint. */
import { ARMS, type Arm } from '../../config/arms.ts';
import type { Labels } from './prometheus-api.ts';

/** The values that OpenTelemetry's `server_address` and its like may have for a base URL. */
export function hostNames(baseUrl: string): readonly string[] {
  const { hostname, host, port, protocol } = new URL(baseUrl);
  return [...new Set([hostname, host, `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`, baseUrl])];
}

/**
 * @param armLabel null: everything is the gateway's
 * @param armValues the values of the label for each arm
 * @returns null for series of other endpoints than the two arms, and for a value that both arms have
 */
export function armReader(
  armLabel: string | null,
  armValues: Readonly<Record<Arm, readonly string[]>>,
): (labels: Labels) => Arm | null {
  if (armLabel === null) return () => 'gateway';
  const known = new Map<string, Arm | null>();
  for (const arm of ARMS) {
    for (const value of new Set(armValues[arm].map(plain))) known.set(value, known.has(value) ? null : arm);
  }
  return (labels) => {
    const value = labels[armLabel] ?? '';
    const port = labels.server_port;
    // The first that is known is the most specific.
    const forms = [value, ...(port ? [`${value}:${port}`] : []), ...hostsIn(value)].map(plain);
    return forms.map((each) => known.get(each) ?? null).find((arm) => arm !== null) ?? null;
  };
}

/** Some instrumentations write the whole URL. */
function hostsIn(value: string): readonly string[] {
  if (!/^https?:\/\//i.test(value) || !URL.canParse(value)) return [];
  const { host, hostname } = new URL(value);
  return [host, hostname];
}

function plain(value: string): string {
  return value.toLowerCase().replace(/\/+$/, '');
}
