import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

const TRIES = 100;

/** The first port of this machine that nobody listens on, from `wanted` on; of 0, any. */
export async function freePort(wanted: number, host: string): Promise<number> {
  for (let port = wanted; port < wanted + TRIES; port += 1) {
    const free = await listened(port, host);
    if (free !== undefined) return free;
  }
  throw new Error(`no port from ${wanted} to ${wanted + TRIES - 1} is free`);
}

/** @returns the port that was listened on for a moment, or undefined where it is taken */
async function listened(port: number, host: string): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  } catch {
    return undefined;
  } finally {
    server.close();
  }
}
