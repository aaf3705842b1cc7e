import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectAsync } from 'mqtt';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { HttpTrap } from './fixtures/http-trap.js';
import { Mosquitto, mosquittoOrReason } from './fixtures/mosquitto.js';
import { deadLetters } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

type Json = Record<string, unknown>;
interface ShownTrap {
  readonly name: string | null;
  readonly timeZone: string | null;
  readonly state: string | null;
  readonly place: { readonly latitude: number; readonly longitude: number } | null;
  readonly device: Json;
  readonly deployments: readonly { readonly deploymentId: string | null; readonly end: string | null }[];
  readonly telemetry: { readonly readings: Json; readonly suspect: readonly string[] } | null;
}

const BERLIN = { latitude: 52.52, longitude: 13.4 };
const NOW = '2026-06-01T08:00:00Z';

let station: Station;
beforeAll(async () => {
  station = await Station.start();
});
afterAll(() => station.remove());

const connect = async (id: string) => Trap.connect(id, await station.addTrap(id), station.mqttPort);
const shown = (id: string) => station.json<ShownTrap>(`/api/v1/traps/${id}`);
const problemOf = (trap: Trap, part: string) =>
  eventually(() => trap.problems.find(({ message }) => String(message).includes(part)));
const lettersOf = async (id: string) =>
  (await deadLetters(station)).filter(({ topic }) => topic.startsWith(`traps/v1/${id}/`));

describe('a reading', () => {
  it('loses a value that is none, keeps the others, and the trap is told which', async () => {
    const trap = await connect('sensor-1');
    const sent = { batteryPct: 255, temperatureC: -127, cpuTemperatureC: -300, diskFreeMb: -1 };
    await trap.publish('telemetry', { v: 1, at: NOW, ...sent, signalDbm: -71, humidityPct: 130, lux: 65535 });
    expect((await shown('sensor-1')).telemetry).toMatchObject({
      readings: { signalDbm: -71, lux: 65535 },
      suspect: [],
    });
    expect(Object.keys((await shown('sensor-1')).telemetry?.readings ?? {}).sort()).toEqual([
      'lux',
      'signalDbm',
    ]);
    const { message, code } = await problemOf(trap, 'temperatureC');
    expect(code).toBe('bad-payload');
    for (const field of Object.keys(sent)) expect(message).toContain(field);
    expect(await lettersOf('sensor-1')).toEqual([]);
    await trap.close();
  });

  it('keeps 85.0 °C, which a sensor says before it has measured, and flags it', async () => {
    const trap = await connect('sensor-2');
    await trap.publish('telemetry', { v: 1, at: NOW, temperatureC: 85.0, cpuTemperatureC: 85.0 });
    expect((await shown('sensor-2')).telemetry).toMatchObject({
      readings: { temperatureC: 85, cpuTemperatureC: 85 },
      suspect: ['temperatureC'],
    });
    await problemOf(trap, 'temperatureC 85');
    await trap.close();
  });

  it('is taken without a field of the wrong type, which is a dead letter that names it', async () => {
    const trap = await connect('sensor-3');
    await trap.publish('telemetry', { v: 1, at: NOW, batteryPct: 80, temperatureC: 'warm', powerSource: 7 });
    expect((await shown('sensor-3')).telemetry?.readings).toEqual({ batteryPct: 80 });
    expect(await problemOf(trap, 'temperatureC')).toMatchObject({
      message: expect.stringContaining('powerSource must be text'),
    });
    expect(await lettersOf('sensor-3')).toMatchObject([{ code: 'bad-payload' }]);
    const [{ id } = { id: '' }] = await lettersOf('sensor-3');
    const retried = await station.get(`/api/v1/dead-letters/${id}/retry`, { method: 'POST' });
    expect(retried.status).toBe(422);
    expect(await lettersOf('sensor-3')).toHaveLength(1);
    await trap.close();
  });

  it("may come with Python's NaN", async () => {
    const trap = await connect('sensor-4');
    await trap.publish(
      'telemetry',
      `{"v": 1, "at": "${NOW}", "temperatureC": NaN, "batteryPct": 80, "note": "NaN"}`,
    );
    expect((await shown('sensor-4')).telemetry?.readings).toEqual({ batteryPct: 80, note: 'NaN' });
    await problemOf(trap, 'temperatureC');
    await trap.close();
  });

  it('is refused as a whole where its time is no time', async () => {
    const trap = await connect('sensor-5');
    await trap.publish('telemetry', { v: 1, at: 'noon', batteryPct: 80 });
    expect(await lettersOf('sensor-5')).toMatchObject([{ code: 'bad-payload', field: 'at' }]);
    expect((await station.get('/api/v1/traps/sensor-5')).status).toBe(404);
    await trap.close();
  });

  it('is taken in the same way over HTTP, and the answer says what was left out', async () => {
    const trap = new HttpTrap('sensor-6', await station.addTrap('sensor-6'), station);
    const answer = await trap.send('POST', 'telemetry', {
      v: 1,
      at: NOW,
      batteryPct: 80,
      temperatureC: -127,
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('Trapline-Problem')).toContain('temperatureC -127');
    expect((await shown('sensor-6')).telemetry?.readings).toEqual({ batteryPct: 80 });
  });
});

describe('a place', () => {
  it.each([
    ['0/0', { latitude: 0, longitude: 0 }],
    ['91/181', { latitude: 91, longitude: 181 }],
    ['half of one', { latitude: 'north', longitude: 13.4 }],
  ])('is none where a trap says %s, and its name is taken all the same', async (what, place) => {
    const id = `gps-${what.replace(/\W/g, '')}`;
    const trap = await connect(id);
    await trap.publish('info', { v: 1, name: 'Meadow', ...place }, { retain: true });
    expect(await shown(id)).toMatchObject({ name: 'Meadow', place: null });
    await problemOf(trap, 'latitude');
    await trap.publish('info', { v: 1, name: 'Meadow', ...BERLIN }, { retain: true });
    await trap.publish('info', { v: 1, name: 'Meadow', ...place }, { retain: true });
    expect(await shown(id)).toMatchObject({ place: BERLIN, deployments: [{ end: null }] });
    await trap.close();
  });

  it('is 0/0 where an editor says so', async () => {
    const trap = await connect('buoy-1');
    await trap.publish('info', { v: 1, name: 'Buoy' });
    const answer = await station.get('/api/v1/traps/buoy-1', {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ place: { latitude: 0, longitude: 0 } }),
    });
    expect(answer.status).toBe(200);
    expect((await shown('buoy-1')).place).toMatchObject({ latitude: 0, longitude: 0 });
    await trap.close();
  });
});

describe('a time zone', () => {
  it.each([
    ['us/pacific', 'America/Los_Angeles'],
    ['GMT+2', 'Etc/GMT-2'],
    ['+02:00', 'Etc/GMT-2'],
    ['Etc/UTC', 'UTC'],
    ['Europe/Kiev', 'Europe/Kyiv'],
  ])('that is said as %s is kept as %s, which other programs know', async (said, kept) => {
    const id = `zone-${said.replace(/\W/g, '')}`;
    const trap = await connect(id);
    await trap.publish('info', { v: 1, timeZone: said });
    expect(await shown(id)).toMatchObject({ timeZone: kept });
    await trap.close();
    const answer = await station.get(`/api/v1/traps/${id}`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ timeZone: said }),
    });
    expect(await answer.json()).toMatchObject({ timeZone: kept });
  });
});

describe('what a trap says of itself and its runs', () => {
  it('is taken but for the optional fields that are wrong', async () => {
    const trap = await connect('words-1');
    await trap.publish('info', { v: 1, name: 'Meadow', timeZone: 'Mars/Olympus', camera: 7 });
    expect(await shown('words-1')).toMatchObject({ name: 'Meadow', timeZone: null });
    await trap.publish('status', { v: 1, state: 'sleeping', until: 'soon' });
    expect(await shown('words-1')).toMatchObject({ state: 'sleeping' });
    await trap.publish('sessions/s1', { v: 1, start: NOW, minutes: -1, chargeStart: 255, chargeEnd: 80 });
    const { items } = await station.json<{ items: Json[] }>('/api/v1/sessions?trap=words-1');
    expect(items).toMatchObject([{ sessionId: 's1', start: '2026-06-01T08:00:00.000Z' }]);

    await trap.meta('r1', { start: NOW, durationS: -5, trackId: 7 });
    await trap.crop('r1', 'c1', await crop('red'));
    const box = [0.1, 0.1, 0.2, 2];
    await trap.end('r1', { crops: 1, manifest: [{ crop: 'c1', confidence: 0.8, box }] });
    expect(await eventually(() => trap.answers('r1', 'receipt').at(-1))).toMatchObject({ state: 'complete' });
    expect(await station.json('/api/v1/runs/words-1/r1')).toMatchObject({
      trackId: '7',
      crops: [{ cropId: 'c1', detection: { confidence: 0.8, box: null } }],
    });
    const fields = (await lettersOf('words-1')).map(({ field }) => field);
    expect(fields.sort()).toEqual(['durationS', 'manifest[0].box[3]', 'minutes', 'timeZone', 'until']);
    await trap.close();
  });

  it('is refused as a whole where the rest would mean something else', async () => {
    const trap = await connect('words-2');
    await trap.meta('r1', { start: NOW, crops: 'many' });
    await trap.end('r2', { crops: 'many', manifest: [{ crop: 'c1' }] });
    expect(await eventually(() => trap.answers('r2', 'receipt').at(-1))).toMatchObject({ state: 'rejected' });
    // The number of its crops is right, so that the run has ended; what is wrong is refused all the same.
    await trap.end('r3', { crops: 1, manifest: [{ crop: 'c1', sha256: 'abc' }] });
    const fields = (await lettersOf('words-2')).map(({ field }) => field);
    expect(fields.sort()).toEqual(['crops', 'crops', 'manifest[0].sha256']);
    expect(await station.json('/api/v1/runs/words-2/r3')).toMatchObject({ announcedCrops: 1 });
    await trap.close();
  });
});

/** The client of a person who tidies up the broker, and what is retained there. */
async function retainedFor(client: Awaited<ReturnType<typeof connectAsync>>, filter: string) {
  const seen = new Map<string, string>();
  client.on('message', (topic, bytes) => seen.set(topic, bytes.toString()));
  await client.subscribeAsync(filter);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await client.unsubscribeAsync(filter);
  return seen;
}

const { path: mosquittoPath, reason } = mosquittoOrReason();
const brokers = [
  ['the embedded broker', true],
  [`Mosquitto${reason}`, false],
] as const;

describe.each(brokers)('what is retained by %s', (_name, isEmbedded) => {
  const inBroker = isEmbedded || mosquittoPath ? it : it.skip;
  let at: Station;
  let mosquitto: Mosquitto | undefined;
  let trap: Trap;
  let admin: string;
  beforeAll(async () => {
    if (isEmbedded) at = await Station.start();
    else if (mosquittoPath) {
      at = await Station.start();
      ({ key: admin } = await at.command<{ key: string }>(
        ...['key', 'create', '--role', 'admin', '--name', 'tidy@house', '--json'],
      ));
      mosquitto = await Mosquitto.start(mosquittoPath, at);
      await at.stop();
      await at.startAt(mosquitto.serviceUrl);
    } else return;
    if (isEmbedded)
      ({ key: admin } = await at.command<{ key: string }>(
        ...['key', 'create', '--role', 'admin', '--name', 'tidy@house', '--json'],
      ));
    trap = await Trap.connect('trap-1', at.trapPassword, mosquitto?.port ?? at.mqttPort);
  });
  afterAll(async () => {
    await trap?.close();
    await at?.remove();
    await mosquitto?.stop();
  });
  const port = () => mosquitto?.port ?? at.mqttPort;
  const view = () => at.json<ShownTrap>('/api/v1/traps/trap-1');
  const noLetters = async () =>
    expect((await deadLetters(at)).filter(({ code }) => code === 'empty')).toEqual([]);

  inBroker(
    'is cleared by an empty payload: no dead letter, and what the trap had said holds no more',
    async () => {
      await trap.publish('status', { v: 1, state: 'online' }, { retain: true });
      const info = { v: 1, name: 'Meadow', timeZone: 'Europe/Berlin', camera: 'OAK-1', ...BERLIN };
      await trap.publish('info', info, { retain: true });
      await trap.publish('config/applied', { v: 1, revision: 4, ok: true }, { retain: true });
      await eventually(async () => (await view()).name === 'Meadow' && (await view()).state === 'online');

      for (const topic of ['status', 'info', 'config/applied'])
        await trap.publish(topic, '', { retain: true });
      await eventually(async () => (await view()).name === null);
      expect(await view()).toMatchObject({ name: null, place: null, state: null, device: {} });
      // Earlier times were read in it.
      expect(await view()).toMatchObject({ timeZone: 'Europe/Berlin' });
      await noLetters();
      expect(trap.problems).toEqual([]);

      const client = await connectAsync(`mqtt://127.0.0.1:${port()}`, {
        username: 'tidy@house',
        password: admin,
      });
      for (const topic of ['status', 'info', 'config/applied'])
        expect(
          (await retainedFor(client, `traps/v1/+/${topic}`)).get(`traps/v1/trap-1/${topic}`),
        ).toBeUndefined();
      await client.endAsync();
    },
  );

  inBroker(
    'leaves what was seen where it was seen, and goes on there when the trap says it again',
    async () => {
      const [last] = (await view()).deployments;
      expect(last).toMatchObject({ deploymentId: 'd1', end: expect.any(String) });
      await trap.publish('info', { v: 1, name: 'Meadow', ...BERLIN }, { retain: true });
      await eventually(async () => (await view()).name === 'Meadow');
      expect(await view()).toMatchObject({ place: BERLIN, deployments: [{ deploymentId: 'd1', end: null }] });
    },
  );

  inBroker('leaves what an editor has said', async () => {
    const place = { latitude: 1.5, longitude: 2.5 };
    await at.get('/api/v1/traps/trap-1', {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: 'Said', place }),
    });
    await trap.publish('info', '', { retain: true });
    await eventually(async () => Object.keys((await view()).device).length === 0);
    expect(await view()).toMatchObject({ name: 'Said', place });
    await noLetters();
  });

  inBroker('may be cleared over HTTP, and nothing else may be empty', async () => {
    const http = new HttpTrap('trap-1', at.trapPassword, at);
    await trap.publish('info', { v: 1, camera: 'OAK-1' }, { retain: true });
    await eventually(async () => (await view()).device['camera'] === 'OAK-1');
    expect((await http.send('PUT', 'info', '')).status).toBe(204);
    expect((await view()).device).toEqual({});
    expect((await http.send('POST', 'telemetry', '')).status).toBe(422);
    for (const topic of ['telemetry', 'sessions/s1', 'runs/r1/meta', 'runs/r1/end', 'command/1/answer'])
      await trap.publish(topic, '');
    const letters = await eventually(async () => {
      const found = (await deadLetters(at)).filter(({ code }) => code === 'empty');
      return found.length >= 5 && found;
    });
    expect(letters.map(({ topic }) => topic).sort()).toEqual([
      'traps/v1/trap-1/command/1/answer',
      'traps/v1/trap-1/runs/r1/end',
      'traps/v1/trap-1/runs/r1/meta',
      'traps/v1/trap-1/sessions/s1',
      'traps/v1/trap-1/telemetry',
    ]);
  });

  inBroker('stays cleared when the service starts again', async () => {
    await trap.publish('status', { v: 1, state: 'online' }, { retain: true });
    await trap.publish('status', '', { retain: true });
    await eventually(async () => (await view()).state === null);
    await at.stop();
    await at.start();
    expect(await view()).toMatchObject({ state: null, device: {} });
  });
});
