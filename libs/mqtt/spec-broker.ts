import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { connectAsync, type IClientOptions, type MqttClient } from 'mqtt';
import { generate, type Packet, parser } from 'mqtt-packet';
import { EmbeddedBroker } from './embedded/embedded-broker.js';
import type { EmbeddedBrokerOptions } from './embedded/embedded-options.js';
import type { Acknowledge } from './message.js';

export const CROP = 'traps/v1/meadow/runs/r1/crops/c1';
export const STATUS = 'traps/v1/meadow/status';

/** `meadow` and `hedge` publish below their own prefix and read it; `observer` reads everything. */
export const RULES: EmbeddedBrokerOptions<{ user?: string }> = {
  port: 0,
  authenticate: async (user, password) => (user && password?.toString() === 'secret' ? { user } : undefined),
  mayPublish: ({ user }, topic) => topic.startsWith(`traps/v1/${user}/`),
  maySubscribe: ({ user }, filter) => user === 'observer' || filter.startsWith(`traps/v1/${user}/`),
  mayRetain: (topic) => topic.endsWith('/status'),
};

const closers: (() => Promise<unknown> | unknown)[] = [];

/** Closes what a test has opened, the last first. */
export async function closeAll(): Promise<void> {
  for (const close of closers.splice(0).reverse()) await close();
}

export async function openBroker(
  settle: Acknowledge,
  options: Partial<EmbeddedBrokerOptions<{ user?: string }>> = {},
) {
  const broker = new EmbeddedBroker({ drainTimeoutMs: 500, ...RULES, ...options });
  await broker.listen(['traps/v1/#'], settle);
  closers.push(() => broker.close());
  return broker;
}

export async function connect(
  broker: EmbeddedBroker,
  user: string,
  options: IClientOptions = {},
): Promise<MqttClient> {
  const client = await connectAsync(`mqtt://127.0.0.1:${broker.ports?.tcp}`, {
    username: user,
    password: 'secret',
    reconnectPeriod: 0,
    ...options,
  });
  client.on('error', () => {});
  closers.push(() => client.endAsync(true));
  return client;
}

/** A client of bytes: what a real one would never send. */
export async function rawClient(broker: EmbeddedBroker) {
  const socket = createConnection(broker.ports?.tcp as number, '127.0.0.1');
  socket.on('error', () => {});
  const packets: Packet[] = [];
  const parse = parser();
  parse.on('packet', (packet) => packets.push(packet));
  socket.on('data', (chunk) => parse.parse(chunk as Buffer));
  await once(socket, 'connect');
  closers.push(() => socket.destroy());
  return { socket, packets, send: (packet: object) => socket.write(generate(packet as Packet)) };
}

export const hello = (clientId: string, more: object = {}) => ({
  cmd: 'connect',
  protocolId: 'MQTT',
  protocolVersion: 4,
  clean: true,
  keepalive: 60,
  clientId,
  username: 'meadow',
  password: Buffer.from('secret'),
  ...more,
});
export const publish = (messageId: number, more: object = {}) => ({
  cmd: 'publish',
  topic: CROP,
  payload: Buffer.from('jpeg'),
  qos: 1,
  dup: false,
  retain: false,
  messageId,
  ...more,
});
export const closed = (socket: Socket) =>
  new Promise<void>((resolve) => (socket.destroyed ? resolve() : socket.once('close', () => resolve())));

export const gone = (client: MqttClient) => new Promise<void>((resolve) => client.once('close', resolve));
