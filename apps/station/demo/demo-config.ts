import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { addPerson, newSecret, putAccount } from '../../../features/accounts/index.js';
import { type Config, expectKnownVariables, readConfig, VERSION } from '../../../libs/config/index.js';
import { Catalog } from '../../../libs/database/index.js';

const HOST = '127.0.0.1';
const STANDARD = readConfig({});

/**
 * The settings of the demo. Of the environment it takes the ports only, and the next free ones: drawn insects must not
 * get into a database, a broker or an InfluxDB that somebody works with.
 */
export async function demoConfig(dataDir: string, env: NodeJS.ProcessEnv): Promise<Config> {
  expectKnownVariables(env);
  const { TRAPLINE_HTTP_PORT: http, TRAPLINE_MQTT_PORT: mqtt } = env;
  const wanted = readConfig({ TRAPLINE_HTTP_PORT: http, TRAPLINE_MQTT_PORT: mqtt });
  return {
    ...STANDARD,
    dataDir,
    host: HOST,
    httpPort: await freePort(wanted.httpPort, HOST),
    mqtt: { ...STANDARD.mqtt, port: await freePort(wanted.mqtt.port, HOST) },
    timeZone: 'Europe/Berlin',
  };
}

/** The name under which the demo looks at itself, over REST and MQTT. */
export const DEMO_USER = 'demo';

/** Makes a key for this start of the demo, whose predecessor stops working, and a user who has no password yet. */
export async function demoKey(dataDir: string): Promise<string> {
  const secret = newSecret();
  const catalog = await Catalog.open({ dataDir });
  try {
    await putAccount(catalog.db, { kind: 'key', name: DEMO_USER, role: 'admin', secret }, Date.now());
    await addPerson(catalog.db, { name: 'admin', role: 'admin', passwordHash: '' }, Date.now());
  } finally {
    await catalog.close();
  }
  return secret;
}

const TRIES = 100;

/** The first free port at or above `wanted`; any free port if it is 0. */
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

export interface DemoOptions {
  readonly dataDir: string;
  readonly traps: number;
  readonly days: number;
}

const whole =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() && Number.isInteger(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };

/** @throws CommanderError where the command line is wrong, or asks for help */
export function readOptions(argv: readonly string[]): DemoOptions {
  return new Command('demo')
    .description('A service of its own and simulated traps: two weeks of drawn insects, then live')
    .option('--data-dir <folder>', 'where it keeps everything', (path) => resolve(path), resolve('data-demo'))
    .option('--traps <n>', 'how many traps', whole(1, 100), 3)
    .option('--days <n>', 'days of the past', whole(1, 365), 14)
    .version(VERSION, '--version', 'print the version')
    .configureOutput({ outputError: (text, write) => write(`${text.trim().replaceAll('\n', ' ')}\n`) })
    .exitOverride()
    .parse(argv, { from: 'user' })
    .opts<DemoOptions>();
}
