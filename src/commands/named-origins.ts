/**
 * Where keys may go inside GitHub Actions; pure. A branch, a pull request or a fork can change the addresses in the
 * config. So a key goes only to an origin that somebody with authority named: in the config of the default branch, or in
 * the workflow itself.
 */
import type { Arm } from '../config/arms.ts';
import type { Environment } from '../config/environment.ts';
import { baseUrlFlaw } from '../config/hosts.ts';
import { OPENAI_ORIGIN, originOf } from '../gateway/url.ts';
import { SOURCE_VARIABLES, sourceSecrets } from '../measure/source-settings.ts';
import type { Front } from './settings.ts';

/** The origins that somebody with authority named. */
export interface NamedOrigins {
  /** For the keys and headers of one arm. */
  readonly gateway: readonly string[];
  readonly official: readonly string[];
  /** For either arm: what `trusted-origins` names. */
  readonly trusted: readonly string[];
  /** Whether the workflow can name origins. That of a fork can't: it is the fork's own. */
  readonly workflowCounts: boolean;
  /** Why the config of the default branch names nothing, as a sentence; null if it was read, or was not needed. */
  readonly unread: string | null;
}

/** An address that nobody with authority named for this arm. */
export interface NewAddress {
  readonly arm: Arm;
  readonly baseUrl: string;
}

/**
 * Whether the keys and headers of an arm may go to an address. An origin that is the other arm's gets no key of this one,
 * unless it is also named for this arm alone.
 * @param gateway the gateway's address in this run; null where there is none
 */
export function mayGetKey(
  { arm, baseUrl }: NewAddress,
  named: NamedOrigins,
  gateway: string | null = null,
): boolean {
  const origin = originOf(baseUrl);
  if (origin === null) return false;
  const own = arm === 'official' ? [OPENAI_ORIGIN, ...named.official] : named.gateway;
  if (own.includes(origin)) return true;
  const others =
    arm === 'gateway' ? [OPENAI_ORIGIN, ...named.official] : [...named.gateway, gateway && originOf(gateway)];
  return named.trusted.includes(origin) && !others.includes(origin);
}

/** What happened, and who must do what. */
export function newAddressText(
  addresses: readonly NewAddress[],
  named: NamedOrigins,
  front: Front,
): { readonly summary: string; readonly fix: string } {
  const what = addresses.map(({ arm, baseUrl }) => `${originOf(baseUrl)} for ${KEYS[arm]}`).join(' or ');
  const who = named.workflowCounts
    ? 'neither the workflow nor the default branch names'
    : 'the default branch does not name';
  const lines = front === 'action' ? linesOfStep(addresses, named) : addresses.map(argumentOf);
  const place = front === 'action' ? 'below "with:" in this step' : 'to this step';
  const merge = 'the config that names it must be merged into the default branch';
  const fix = named.workflowCounts
    ? `Somebody who may edit workflows must add ${lines.join(' and ')} ${place}, or ${merge} first.`
    : `The workflow of this run can't name it, because it may be a fork's: ${merge} first.`;
  return {
    summary: `New address: ${who} ${what}, so no key was sent there.`,
    fix: named.unread === null ? fix : `${fix} ${named.unread}`,
  };
}

const KEYS = { gateway: "the gateway's key", official: 'the official key' } as const;

/** `trusted-origins`, or the addresses of the arms where that would not make each origin the only arm's. */
function linesOfStep(addresses: readonly NewAddress[], named: NamedOrigins): string[] {
  const origins = addresses.flatMap(({ baseUrl }) => originOf(baseUrl) ?? []);
  const trusted = [...new Set([...named.trusted, ...origins])];
  const isEnough =
    trusted.length === named.trusted.length + addresses.length &&
    addresses.every((address) => mayGetKey(address, { ...named, trusted }));
  if (isEnough) return [`"trusted-origins: ${trusted.join(' ')}"`];
  return addresses.map(
    ({ arm, baseUrl }) => `"${arm === 'official' ? 'official-' : ''}base-url: ${baseUrl}"`,
  );
}

const argumentOf = ({ arm, baseUrl }: NewAddress): string =>
  arm === 'official' ? `OFFICIAL_BASE_URL=${baseUrl}` : `--base-url ${baseUrl}`;

/**
 * Why the credentials of the sources of `observe` stay here, or null. The config can't name these addresses, only the
 * step can; so in a run whose workflow does not count, nobody with authority named them.
 */
export function newSourceAddress(environment: Environment, workflowCounts: boolean): string | null {
  const urls = Object.values(SOURCE_VARIABLES)
    .flat()
    .flatMap(({ name }) => (name.endsWith('_URL') ? hostIn(environment[name] ?? '') : []));
  if (workflowCounts || urls.length === 0 || sourceSecrets(environment).length === 0) return null;
  return `New address: this run sent no credentials to ${urls.join(' and ')}, because its workflow may be a fork's, which can't name addresses. Somebody with write access must run the workflow on the default branch.`;
}

/** Without the user, the password and the path. */
function hostIn(address: string): string[] {
  return URL.canParse(address) ? [originOf(address) ?? new URL(address).host] : [];
}

/**
 * Reads the input `trusted-origins`: origins, separated by spaces, commas or lines.
 * @returns the origins in one form, and what is wrong with each of the others
 */
export function readTrustedOrigins(text: string): {
  readonly origins: string[];
  readonly problems: string[];
} {
  const origins = new Set<string>();
  const problems: string[] = [];
  const entries = text.split(/[\s,]+/).filter(Boolean);
  for (const [index, entry] of entries.entries()) {
    const flaw = originFlaw(entry);
    const what = `Entry ${index + 1} of the input trusted-origins`;
    if (flaw === null) origins.add(originOf(entry) ?? '');
    else problems.push(`${what} ${flaw}. Expected scheme and host, such as https://gateway.example.`);
  }
  return { origins: [...origins], problems };
}

/** The entry is not repeated: it may contain a password. */
function originFlaw(entry: string): string | null {
  const flaw = baseUrlFlaw(entry);
  if (flaw !== null) return flaw;
  const { hostname, pathname } = new URL(entry);
  if (hostname.includes('*')) return 'contains a wildcard';
  return pathname === '/' ? null : 'contains a path';
}
