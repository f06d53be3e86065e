/** Which hosts are on this machine or in the private network, and what a base URL must not contain. */
import { BlockList, isIP } from 'node:net';

const PRIVATE = new BlockList();
PRIVATE.addSubnet('127.0.0.0', 8, 'ipv4');
PRIVATE.addSubnet('10.0.0.0', 8, 'ipv4');
PRIVATE.addSubnet('172.16.0.0', 12, 'ipv4');
PRIVATE.addSubnet('192.168.0.0', 16, 'ipv4');
PRIVATE.addSubnet('169.254.0.0', 16, 'ipv4');
PRIVATE.addAddress('::1', 'ipv6');
PRIVATE.addSubnet('fc00::', 7, 'ipv6');
PRIVATE.addSubnet('fe80::', 10, 'ipv6');

const PRIVATE_SUFFIXES = ['.localhost', '.local', '.internal', '.lan', '.home.arpa'];

/** @param hostname as `URL` gives it: lower case, IPv6 in brackets */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  if (family !== 0) return PRIVATE.check(host, family === 4 ? 'ipv4' : 'ipv6');
  // A name without a dot (localhost, a container, a service) only resolves inside the network.
  return !host.includes('.') || PRIVATE_SUFFIXES.some((suffix) => host.endsWith(suffix));
}

/**
 * What is wrong with a base URL, as the end of "this …"; null when nothing is. The URL itself is not repeated: it may
 * contain a password.
 */
export function baseUrlFlaw(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:\/\//i.test(text)) return 'is not an http(s) URL';
  if (url.username !== '' || url.password !== '') return 'contains a user name or a password';
  if (/[?#]/.test(text)) return 'contains a query or a fragment';
  return /\s/.test(text) ? 'contains a space' : null;
}
