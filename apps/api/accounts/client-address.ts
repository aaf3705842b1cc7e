import { isIPv6 } from 'node:net';
import type { Request } from 'express';

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * Where a request comes from, for counting: an IPv4 address, or the network (/64) of an IPv6 one, in which a client has
 * as many addresses as it likes. What a proxy says counts only if that proxy is trusted.
 */
export function addressOf({ ip = '' }: Pick<Request, 'ip'>): string {
  const mapped = MAPPED_IPV4.exec(ip)?.[1];
  return mapped ?? (isIPv6(ip) ? networkOf(ip) : ip);
}

function networkOf(ip: string): string {
  // The URL parser writes every form of an address in the same way.
  const [head = '', tail] = new URL(`http://[${ip.replace(/%.*$/, '')}]`).hostname.slice(1, -1).split('::');
  const [left, right] = [head, tail ?? ''].map((part) => part.split(':').filter(Boolean)) as [
    string[],
    string[],
  ];
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array<string>(zeros).fill('0'), ...right];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
