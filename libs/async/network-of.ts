import { isIPv6 } from 'node:net';

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * Where a connection comes from, for counting: an IPv4 address, also where it comes as IPv6 (`::ffff:192.0.2.1`), or the
 * network (/64) of an IPv6 one, in which a client has as many addresses as it likes.
 */
export function networkOf(ip: string): string {
  const mapped = MAPPED_IPV4.exec(ip)?.[1];
  return mapped ?? (isIPv6(ip) ? prefixOf(ip) : ip);
}

function prefixOf(ip: string): string {
  // The URL parser writes every form of an address in the same way.
  const text = new URL(`http://[${ip.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const hex = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(text);
  if (hex) {
    const bytes = [hex[1], hex[2]].map((part) => Number.parseInt(part as string, 16));
    return bytes.flatMap((pair) => [pair >> 8, pair & 0xff]).join('.');
  }
  const [head = '', tail] = text.split('::');
  const [left, right] = [head, tail ?? ''].map((part) => part.split(':').filter(Boolean)) as [
    string[],
    string[],
  ];
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array<string>(zeros).fill('0'), ...right];
  return `${groups.slice(0, 4).join(':')}::/64`;
}
