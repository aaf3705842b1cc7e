import type { IncomingMessage } from 'node:http';

const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\b/i;

/** Routes that take a body byte for byte, whatever the client calls it: those of traps, and those for pictures. */
const READ_THEMSELVES =
  /^\/(?:classify\/|api\/v1\/(?:predict|traps\/[^/?]+\/(?:runs|sessions|telemetry|info))(?:[/?]|$))/i;

/** Whether the body is JSON for a route that has it read beforehand. */
export const isJsonForRoute = ({ url = '', headers }: IncomingMessage): boolean =>
  JSON_TYPE.test(headers['content-type'] ?? '') && !READ_THEMSELVES.test(url);
