/** Which addresses a key may go to, which of them it reaches in clear text, and what a base URL must not contain. */
import { BlockList, isIP } from 'node:net';

/** Link-local addresses, and what clouds answer their machines' metadata on, credentials among it. */
const LINK_LOCAL = blockList('169.254.0.0/16', 'fe80::/10', [
  '100.100.100.200', // Alibaba
  '168.63.129.16', // Azure
  '192.0.0.192', // Oracle
  'fd00:ec2::254', // AWS
  'fd20:ce::254', // Google
  'fd00:42::42', // Scaleway
]);

const METADATA_NAMES =
  /^(?:(?:metadata|instance-data)(?:\.[\w-]+)*\.internal|metadata|instance-data|metadata\.(?:goog|tencentyun\.com|packet\.net|platformequinix\.com))$/;

/** `0.0.0.0` and `::` reach this machine, too. */
const LOOPBACK = blockList('127.0.0.0/8', ['0.0.0.0', '::1', '::']);

/** IPv6 addresses that stand for the IPv4 address in their last four bytes: compatible, mapped, translated, NAT64. */
const IPV4_AT_END = blockList('::/96', '::ffff:0:0/96', '::ffff:0:0:0/96', '64:ff9b::/96', '64:ff9b:1::/48');

/**
 * Whether a host is link-local or a cloud's metadata service, in any spelling.
 * @param hostname of a `URL`, or an address that a name resolved to
 */
export function isLinkLocalHost(hostname: string): boolean {
  const host = plainHost(hostname);
  return isIP(host) === 0 ? METADATA_NAMES.test(host) : isListed(LINK_LOCAL, host);
}

/** Whether a key for this address can be read on its way: http, other than to this machine. */
export function sendsInClearText({ protocol, hostname }: URL): boolean {
  const host = plainHost(hostname);
  const isLocal = isIP(host) === 0 ? /^(?:.+\.)?localhost$/.test(host) : isListed(LOOPBACK, host);
  return protocol === 'http:' && !isLocal;
}

/**
 * What is wrong with a base URL, as the end of "this …"; null when nothing is. The URL itself is not repeated: it may
 * contain a password.
 */
export function baseUrlFlaw(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:\/\//i.test(text)) return 'is not an http(s) URL';
  if (isLinkLocalHost(url.hostname)) return 'has a link-local or cloud metadata address';
  if (url.username !== '' || url.password !== '') return 'contains a user name or a password';
  if (/[?#]/.test(text)) return 'contains a query or a fragment';
  return /\s/.test(text) ? 'contains a space' : null;
}

/** URLs that differ only by a trailing slash are the same. */
export function plainAddress(url: string): string {
  return new URL(url).href.replace(/\/+$/, '');
}

/** Without the brackets and the zone of an IPv6 address, and without the dots that end a name. */
function plainHost(hostname: string): string {
  return hostname.replace(/^\[|\]$|%.*$|\.+$/g, '').toLowerCase();
}

function blockList(...ranges: readonly (string | readonly string[])[]): BlockList {
  const list = new BlockList();
  const family = (address: string) => (address.includes(':') ? 'ipv6' : 'ipv4');
  for (const range of ranges.flat()) {
    const [address = '', bits] = range.split('/');
    if (bits === undefined) list.addAddress(address, family(address));
    else list.addSubnet(address, Number(bits), family(address));
  }
  return list;
}

function isListed(list: BlockList, address: string): boolean {
  if (isIP(address) === 4) return list.check(address, 'ipv4');
  const embedded = embeddedIpv4(address);
  return list.check(address, 'ipv6') || (embedded !== null && list.check(embedded, 'ipv4'));
}

/** The IPv4 address that an IPv6 address stands for, also in 6to4 (`2002:` and the address) and ISATAP. */
function embeddedIpv4(address: string): string | null {
  const [head = '', tail = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const [left, right] = [head, tail].map((part) => part.split(':').filter(Boolean)) as [string[], string[]];
  const groups = [...left, ...Array(8 - left.length - right.length).fill('0'), ...right];
  const isAtEnd = IPV4_AT_END.check(address, 'ipv6') || /:(?:0|200):5efe:/.test(groups.join(':'));
  const [high, low] = groups[0] === '2002' ? groups.slice(1, 3) : isAtEnd ? groups.slice(6) : [];
  if (high === undefined || low === undefined) return null;
  const numbers = [high, low].map((group) => Number.parseInt(group, 16));
  return numbers.flatMap((number) => [number >> 8, number & 255]).join('.');
}
