import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsync, type MqttClient } from 'mqtt';
import { crop } from './fixtures/crops.js';
import { EventStream } from './fixtures/event-stream.js';
import { eventually } from './fixtures/eventually.js';
import { colourModel } from './fixtures/model.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

let station: Station;
let key: string;
beforeAll(async () => {
  station = await Station.start({ TRAPLINE_MODEL: await colourModel() });
  key = (await change('POST', '/keys', { name: 'river', role: 'editor', traps: ['river-1'] })).key;
  await change('POST', '/traps', { trapId: 'river-1' });
  for (const [trapId, password] of [
    ['trap-1', station.trapPassword],
    ['river-1', (await change('POST', '/traps/river-1/credentials', {})).password],
  ] as const) {
    const trap = await Trap.connect(trapId, password, station.mqttPort);
    await trap.crop('before', 'c-1', await crop('green', 1, 240));
    await trap.end('before', { crops: 1 });
    await trap.close();
  }
  await eventually(async () => (await runs(station.adminKey)).length === 2);
});
afterAll(() => station?.remove());

async function change(method: string, path: string, body: object) {
  const answer = await station.get(`/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Record<'key' | 'password', string>;
}

async function runs(secret: string): Promise<readonly string[]> {
  const answer = await fetch(`${station.http}/api/v1/runs`, {
    headers: { Authorization: `Bearer ${secret}` },
  });
  const { items } = (await answer.json()) as { items: { trapId: string }[] };
  return items.map(({ trapId }) => trapId);
}

const reader = () =>
  connectAsync(`mqtt://127.0.0.1:${station.mqttPort}`, {
    username: 'river',
    password: key,
    reconnectPeriod: 0,
  });
/** @returns whether the broker takes the subscription */
const takes = async (client: MqttClient, filter: string): Promise<boolean> => {
  const [granted] = await client.subscribeAsync(filter, { qos: 1 }).catch(() => [{ qos: 128 }]);
  return granted !== undefined && granted.qos < 128;
};

describe('a key for one of two traps', () => {
  it('reads nothing of the other over HTTP', async () => {
    expect(await runs(key)).toEqual(['river-1']);
  });

  it('subscribes to its own trap alone', async () => {
    const client = await reader();
    for (const filter of ['traps/v1/river-1/#', 'traps/v1/river-1/runs/+/result', 'traps/v1/river-1/info'])
      expect([filter, await takes(client, filter)]).toEqual([filter, true]);
    for (const filter of [
      'traps/v1/#',
      'traps/v1/+/status',
      'traps/v1/+/runs/+/result',
      'traps/v1/trap-1/last',
      'traps/v1/river-1+/last',
      'alerts/v1/#',
      'homeassistant/#',
    ])
      expect([filter, await takes(client, filter)]).toEqual([filter, false]);
    await client.endAsync(true);
  });

  it('is disconnected when its traps change', async () => {
    const client = await reader();
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    await change('PATCH', '/keys/river', { traps: ['river-1', 'trap-1'] });
    await closed;
    const again = await reader();
    expect(await takes(again, 'traps/v1/trap-1/last')).toBe(true);
    await again.endAsync(true);
    await change('PATCH', '/keys/river', { traps: ['river-1'] });
  });

  it('hears of its own trap alone, and not of the other once it may not see it any more', async () => {
    const [all, own] = [
      await EventStream.open(station.http, station.adminKey),
      await EventStream.open(station.http, key),
    ];
    for (const trapId of ['trap-1', 'river-1'])
      await change('POST', `/runs/${trapId}/before/review`, { verdict: 'not-insect' });
    await eventually(() => all.of('run').length >= 2 && own.of('run').length >= 1);
    expect(new Set(own.of('run').map(({ data }) => data['trapId']))).toEqual(new Set(['river-1']));
    await change('PATCH', '/keys/river', { traps: ['elsewhere'] });
    // With the next heartbeat.
    await eventually(() => own.isOver, 60_000);
    all.close();
  }, 90_000);
});
