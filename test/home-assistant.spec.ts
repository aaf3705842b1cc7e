import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsync, type MqttClient } from 'mqtt';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { colourModel } from './fixtures/model.js';
import { deadLetters } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

type Json = Record<string, unknown>;
interface Device {
  readonly device: Json;
  readonly origin: Json;
  readonly components: Record<string, { platform: string; unique_id: string; state_topic: string }>;
}

const USER = 'home-assistant@house';
/** As it subscribes by itself, and to the topics of the devices that it finds. */
const DISCOVERY = ['homeassistant/+/+/config', 'homeassistant/+/+/+/config'];

let station: Station;
let model: string;
let key: string;
let trap: Trap;
beforeAll(async () => {
  model = await colourModel();
  station = await Station.start({ TRAPLINE_MODEL: model, TRAPLINE_HOME_ASSISTANT: 'true' });
  ({ key } = await station.command<{ key: string }>(
    'key',
    'create',
    '--role',
    'editor',
    '--name',
    USER,
    '--json',
  ));
  await station.addTrap('meadow.1');
  trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
});
afterAll(async () => {
  await trap.close();
  await station.remove();
  rmSync(model, { recursive: true, force: true });
});

/** Home Assistant as far as MQTT sees it: topic → what it says, retained or not. */
async function homeAssistant(): Promise<{ client: MqttClient; seen: Map<string, Json> }> {
  const client = await connectAsync(`mqtt://127.0.0.1:${station.mqttPort}`, {
    username: USER,
    password: key,
    will: { topic: 'homeassistant/status', payload: Buffer.from('offline'), qos: 0, retain: false },
  });
  const seen = new Map<string, Json>();
  client.on('message', (topic, bytes) => {
    if (bytes.length) seen.set(topic, JSON.parse(bytes.toString('utf8')));
    else seen.delete(topic);
  });
  await client.publishAsync('homeassistant/status', 'online');
  const granted = await client.subscribeAsync(DISCOVERY);
  expect(granted.map(({ qos }) => qos)).not.toContain(128);
  return { client, seen };
}

describe('Home Assistant', () => {
  it('finds each trap as a device with its entities', async () => {
    await trap.publish('info', { v: 1, name: 'Meadow, south', timeZone: 'Europe/Berlin' }, { retain: true });
    const { client, seen } = await homeAssistant();
    const config = (await eventually(() => {
      const found = seen.get('homeassistant/device/trap-1/config') as Device | undefined;
      return found?.device['name'] === 'Meadow, south' && found;
    })) as Device;
    expect(config).toMatchObject({
      device: { identifiers: ['trapline-trap-1'], manufacturer: 'Trapline' },
      origin: { name: 'Trapline' },
    });
    expect(Object.entries(config.components).map(([name, { platform }]) => [name, platform])).toEqual([
      ['online', 'binary_sensor'],
      ['battery', 'sensor'],
      ['visits_today', 'sensor'],
      ['last_insect', 'sensor'],
    ]);
    expect(new Set(Object.values(config.components).map((entity) => entity.unique_id)).size).toBe(4);
    await client.endAsync();
  });

  it('reads every topic that the entities are read from, and is told of the visits of the day', async () => {
    await trap.publish('status', { v: 1, state: 'online' }, { retain: true });
    const { client, seen } = await homeAssistant();
    const config = (await eventually(() =>
      seen.get('homeassistant/device/trap-1/config'),
    )) as unknown as Device;
    const topics = Object.values(config.components).map((entity) => entity.state_topic);
    const granted = await client.subscribeAsync(topics);
    expect(granted.map(({ qos }) => qos)).not.toContain(128);

    await trap.publish('telemetry', { v: 1, at: new Date().toISOString(), batteryPct: 87 });
    await trap.meta('r1', { start: new Date().toISOString() });
    await trap.crop('r1', 'c1', await crop('red'));
    await trap.end('r1', { crops: 1 });
    expect(await eventually(() => seen.get('traps/v1/trap-1/status'))).toMatchObject({ state: 'online' });
    expect(await eventually(() => seen.get('traps/v1/trap-1/telemetry'))).toMatchObject({ batteryPct: 87 });
    expect(await eventually(() => seen.get('traps/v1/trap-1/last'))).toMatchObject({ label: 'red' });
    await eventually(() => seen.get('traps/v1/trap-1/today')?.['visits'] === 1);
    await client.endAsync();
  });

  it('loses a device whose trap is removed, for good, and finds it again with a new account', async () => {
    const password = await station.addTrap('short-lived');
    const short = await Trap.connect('short-lived', password, station.mqttPort);
    await short.publish('info', { v: 1, name: 'Short' }, { retain: true });
    const topics = ['homeassistant/device/short-lived/config', 'traps/v1/short-lived/today'];
    const { client, seen } = await homeAssistant();
    await client.subscribeAsync(topics);
    await eventually(() => topics.every((topic) => seen.has(topic)));
    expect(await station.get('/api/v1/traps/short-lived/credentials', { method: 'DELETE' })).toMatchObject({
      status: 204,
    });
    await eventually(() => topics.every((topic) => !seen.has(topic)));
    await short.close();
    await client.endAsync();

    await station.stop();
    await station.start();
    const { client: later, seen: then } = await homeAssistant();
    await later.subscribeAsync(topics);
    await eventually(() => then.has('homeassistant/device/trap-1/config'));
    expect(topics.filter((topic) => then.has(topic))).toEqual([]);
    await station.addTrap('short-lived');
    await eventually(() => then.has(topics[0] as string));
    await later.endAsync();
  });

  it('may say that it has started, and that is no dead letter', async () => {
    const { client } = await homeAssistant();
    client.stream.destroy();
    await client.endAsync(true);
    expect((await deadLetters(station)).filter(({ topic }) => topic.startsWith('homeassistant'))).toEqual([]);
  });

  it('hears of nothing where it is not asked for', async () => {
    await station.stop();
    await station.start({ TRAPLINE_HOME_ASSISTANT: 'false' });
    const { client, seen } = await homeAssistant();
    await client.subscribeAsync('traps/v1/+/status');
    await eventually(() => seen.has('traps/v1/trap-1/status'));
    expect([...seen.keys()].filter((topic) => /^homeassistant|today$/.test(topic))).toEqual([]);
    await client.endAsync();
  });
});
