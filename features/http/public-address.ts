import { BlockList, isIP, isIPv4 } from 'node:net';

/** Addresses that mean something else, or nothing, on another machine (IANA special-purpose registries). */
const PRIVATE = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  PRIVATE.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  PRIVATE.addSubnet(network, prefix, 'ipv6');

/** Names that no public DNS knows (RFC 6761, 6762, 8375, and ICANN's `internal`). */
const PRIVATE_NAME =
  /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|private|home\.arpa|test|invalid)$/;

/**
 * The address under which others find the service, for what leaves it as a file.
 *
 * @returns undefined where none is set, or where it leads nowhere from another network: this machine itself, a private
 *   network, or a name without a dot
 */
export function publicAddress(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const host = new URL(url).hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  return isPublicHost(host) ? url : undefined;
}

function isPublicHost(host: string): boolean {
  // An IPv4 address in IPv6 form is checked as what it is: BlockList does so by itself.
  if (isIP(host)) return !PRIVATE.check(host, isIPv4(host) ? 'ipv4' : 'ipv6');
  return host.includes('.') && !PRIVATE_NAME.test(host);
}
