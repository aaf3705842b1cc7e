import type { IncomingHttpHeaders } from 'node:http';

const BEARER = /^Bearer +([\w~+/.-]+=*) *$/i;
const BASIC = /^Basic +([\w+/]+=*) *$/i;
const TOKEN = /^[\w~+/.-]+=*$/;

/** What a request came with. `user` only where it says so itself: then the secret must be that user's. */
export interface Credentials {
  readonly secret: string;
  readonly user?: string;
}

/**
 * @param takesAccessToken whether the header of waskrabbeltda's clients counts, where there is no other
 * @returns undefined where there are none, or none that can be read
 */
export function credentialsOf(
  headers: IncomingHttpHeaders,
  takesAccessToken: boolean,
): Credentials | undefined {
  const { authorization, access_token: accessToken } = headers;
  if (authorization === undefined && takesAccessToken && typeof accessToken === 'string')
    return TOKEN.test(accessToken) ? { secret: accessToken } : undefined;
  const bearer = BEARER.exec(authorization ?? '')?.[1];
  return bearer ? { secret: bearer } : basic(authorization ?? '');
}

function basic(authorization: string): Credentials | undefined {
  const text = Buffer.from(BASIC.exec(authorization)?.[1] ?? '', 'base64').toString();
  const colon = text.indexOf(':');
  return colon > 0 ? { user: text.slice(0, colon), secret: text.slice(colon + 1) } : undefined;
}
