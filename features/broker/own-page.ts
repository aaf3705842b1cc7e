import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { Config } from '../../libs/config/index.js';

/** Names that nobody outside of this network can have: RFC 6761, 6762, 8375, 9476 and what routers use. */
const INSIDE = /(^|\.)(localhost|local|lan|home|internal|home\.arpa|test)$/;

/**
 * Whether a WebSocket may be opened without an account: by a program, which sends no `Origin`, by a page of this service,
 * or by a page of an origin that was allowed. A foreign page that a browser of this network has open may not, and
 * neither may one whose name was made to lead here (DNS rebinding).
 */
export function isFromOwnPage(
  { origin, host = '' }: Pick<IncomingHttpHeaders, 'origin' | 'host'>,
  { httpPort, publicUrl, mqtt }: Pick<Config, 'httpPort' | 'publicUrl' | 'mqtt'>,
): boolean {
  if (origin === undefined) return true;
  const page = urlOf(origin);
  if (!page) return false;
  const allowed = [...mqtt.allowedOrigins, ...(publicUrl ? [new URL(publicUrl).origin] : [])];
  if (allowed.includes(page.origin)) return true;
  const asked = urlOf(`${page.protocol}//${host}`);
  if (!asked || page.hostname !== asked.hostname || !isInside(page.hostname)) return false;
  return page.port === asked.port || page.port === String(httpPort);
}

const isInside = (name: string): boolean =>
  isIP(name.replace(/^\[|\]$/g, '')) !== 0 ||
  !name.includes('.') ||
  INSIDE.test(name) ||
  name === hostname().toLowerCase();

function urlOf(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
