import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect, connectAsync } from 'mqtt';
import { testEngines } from './fixtures/catalog-engines.js';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { Ledger } from './fixtures/ledger.js';
import { colourModel } from './fixtures/model.js';
import { type Mosquitto, mosquittoOrReason, startMosquitto } from './fixtures/mosquitto.js';
import { allRuns } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

const { path, reason } = mosquittoOrReason();
const BACKLOG_RUNS = Number(process.env['TRAPLINE_TEST_BACKLOG_RUNS'] ?? 1500);
const KILLS = Number(process.env['TRAPLINE_TEST_KILLS'] ?? 20);
/** Under this id services had their session before each had one of its own. */
const OLD_ID = 'trapline-ingest';
const TRAP_TOPICS = ['status', 'info', 'runs/+/meta', 'runs/+/crops/+', 'runs/+/end'];

let station: Station;
let mosquitto: Mosquitto;
let trap: Trap;
let passwords: ReadonlyMap<string, string>;

async function sendRun(sender: Trap, run: string, seed: number, ledger: Ledger): Promise<void> {
  const bytes = await crop('green', seed);
  await sender.crop(run, 'c-0', bytes);
  ledger.acknowledged(`${sender.id}/${run}/c-0`, bytes);
  await sender.end(run, { crops: 1 });
}

async function sendRuns(sender: Trap, name: string, count: number): Promise<Ledger> {
  const ledger = new Ledger();
  for (let n = 0; n < count; n += 1) await sendRun(sender, `${name}-${n}`, n, ledger);
  return ledger;
}

const receipts = (of: Trap, name: string) =>
  new Set(
    of.told
      .filter(({ topic, payload }) => topic.includes(`/runs/${name}-`) && payload['state'] === 'complete')
      .map(({ topic }) => topic),
  ).size;

async function expectAll(of: Trap, name: string, ledger: Ledger, at = station): Promise<void> {
  await eventually(() => receipts(of, name) === ledger.size, 300_000).catch(() => {});
  expect(receipts(of, name)).toBe(ledger.size);
  await eventually(
    async () =>
      (await ledger.differences(at)).filter((line) => !line.endsWith('was never sent')).length === 0,
  );
}

(path ? describe : describe.skip)(`sessions at Mosquitto${reason}`, () => {
  beforeAll(async () => {
    station = await Station.start();
    passwords = new Map([
      ['trap-1', station.trapPassword],
      ['trap-2', await station.addTrap('trap-2')],
    ]);
    mosquitto = await startMosquitto(path as string, station);
    await station.stop();
  });

  afterAll(async () => {
    await trap?.close();
    await station?.remove();
    await mosquitto?.stop();
  });

  it('hands over what was queued for the session that a service of an older version had', async () => {
    const old = await connectAsync(mosquitto.serviceUrl, {
      clientId: OLD_ID,
      clean: false,
      protocolVersion: 5,
      properties: { sessionExpiryInterval: 3600 },
    });
    await old.subscribeAsync(
      TRAP_TOPICS.map((topic) => `traps/v1/+/${topic}`),
      { qos: 1 },
    );
    await old.endAsync();
    trap = await Trap.connect('trap-1', passwords.get('trap-1') as string, mosquitto.port);
    // Before the new session exists, these are in the old one only.
    const ledger = await sendRuns(trap, 'upgrade', 20);
    await station.startAt(mosquitto.serviceUrl);
    await expectAll(trap, 'upgrade', ledger);
    // And the old session has ended: nothing piles up in it.
    await eventually(async () => {
      const look = connect(mosquitto.serviceUrl, { clientId: OLD_ID, clean: false, reconnectPeriod: 0 });
      const isKept = await new Promise((resolve) =>
        look.once('connect', ({ sessionPresent }) => resolve(sessionPresent)),
      );
      await look.endAsync();
      // A look leaves a session of its own behind.
      await (await connectAsync(mosquitto.serviceUrl, { clientId: OLD_ID })).endAsync();
      return !isKept;
    });
  });

  it('cannot be taken by a trap, whatever client id it gives', async () => {
    const stolen: string[] = [];
    const thief = [
      'trapline-ingest',
      'trapline-ingest-out',
      'trapline',
      'trapline-service',
      'trapline-1',
      'station',
    ];
    const thieves = await Promise.all(
      thief.map(async (clientId) => {
        const client = await connectAsync(`mqtt://127.0.0.1:${mosquitto.port}`, {
          username: 'trap-2',
          password: passwords.get('trap-2') as string,
          clientId,
          clean: false,
          reconnectPeriod: 50,
        });
        client.on('error', () => {});
        client.on('message', (topic) => stolen.push(topic));
        return client;
      }),
    );
    const ledger = await sendRuns(trap, 'thief', 40);
    await expectAll(trap, 'thief', ledger);
    expect(stolen).toEqual([]);
    await Promise.all(thieves.map((client) => client.endAsync(true)));
  });

  it('bring what traps had retained before the service came', async () => {
    await trap.publish('info', { v: 1, name: 'Meadow, south' }, { retain: true });
    await station.kill();
    await trap.publish('status', { v: 1, state: 'sleeping' }, { retain: true });
    await station.start();
    await eventually(async () => {
      const { items } = await station.json<{ items: { trapId: string; name: string; state: string }[] }>(
        '/api/v1/traps',
      );
      const known = items.find(({ trapId }) => trapId === 'trap-1');
      return known?.name === 'Meadow, south' && known.state === 'sleeping';
    });
  });

  it('let receipts out while a backlog comes in', async () => {
    await station.stop();
    const ledger = await sendRuns(trap, 'backlog', BACKLOG_RUNS);
    const begun = Date.now();
    await station.start();
    const atHalf = await eventually(async () => {
      const runs = (await allRuns(station)).filter(({ runId }) => runId.startsWith('backlog')).length;
      return runs >= BACKLOG_RUNS / 2 && { runs, receipts: receipts(trap, 'backlog') };
    }, 120_000);
    await eventually(() => receipts(trap, 'backlog') === BACKLOG_RUNS, 120_000);
    const seconds = (Date.now() - begun) / 1000;
    process.stdout.write(
      `backlog of ${BACKLOG_RUNS} runs: ${atHalf.receipts} receipts when ${atHalf.runs} runs were in, all after ${seconds.toFixed(1)} s\n`,
    );
    // Not one in a thousand, as when they wait for the connection on which the backlog comes.
    expect(atHalf.receipts).toBeGreaterThan(atHalf.runs / 4);
    expect(ledger.size).toBe(BACKLOG_RUNS);
  }, 300_000);
});

const engines = await testEngines();
const postgres = engines.find(({ name }) => name === 'postgres');
const missing = reason || (postgres?.missing ? ` (skipped: ${postgres.missing})` : '');

(missing ? describe.skip : describe)(`two services on one Mosquitto and one PostgreSQL${missing}`, () => {
  const both: Station[] = [];
  let broker: Mosquitto;
  const traps: Trap[] = [];

  afterAll(async () => {
    await Promise.all(traps.map((one) => one.close()));
    // They share a folder.
    for (const one of both) await one.kill();
    for (const one of both) await one.remove();
    await broker?.stop();
    for (const engine of engines) await engine.stop();
  });

  it(`lose nothing and count nothing twice in ${KILLS} kills of the one that receives`, async () => {
    const place = await postgres?.place();
    const env = { DATABASE_URL: place?.databaseUrl, TRAPLINE_MODEL: await colourModel() };
    const first = await Station.start(env);
    both.push(first);
    const secrets = new Map([
      ['trap-1', first.trapPassword],
      ['trap-2', await first.addTrap('trap-2')],
    ]);
    broker = await startMosquitto(path as string, first);
    await first.stop();
    await first.startAt(broker.serviceUrl);
    const second = await Station.start({
      ...env,
      MQTT_URL: broker.serviceUrl,
      TRAPLINE_DATA_DIR: first.dataDir,
    });
    both.push(second);
    for (const [id, password] of secrets) traps.push(await Trap.connect(id, password, broker.port));
    const received = async (one: Station) => {
      const response = await fetch(`${one.http}/metrics`, {
        headers: { Authorization: `Bearer ${first.adminKey}` },
      });
      return Number(/^\S*mqtt_received_total (\d+)/m.exec(await response.text())?.[1] ?? 0);
    };
    const ledgers = traps.map(() => new Ledger());
    let isSending = true;
    const sending = traps.map(async (one, t) => {
      for (let n = 0; isSending; n += 1) {
        await sendRun(one, `killed-${n}`, n, ledgers[t] as Ledger);
        await delay(400);
      }
    });
    for (let kill = 0; kill < KILLS; kill += 1) {
      // Only one of them receives at a time; each kill makes it the other one.
      const [receiving, waiting] = kill % 2 ? [second, first] : [first, second];
      await eventually(async () => (await received(receiving)) > 20, 60_000);
      expect(await received(waiting)).toBe(0);
      await receiving.kill();
      await eventually(async () => (await received(waiting)) > 0, 60_000);
      await receiving.start();
    }
    isSending = false;
    isSending = false;
    await Promise.all(sending);
    for (const [i, one] of traps.entries()) await expectAll(one, 'killed', ledgers[i] as Ledger, first);
    const runs = await eventually(async () => {
      const all = await allRuns(first);
      return all.every(({ observation }) => observation?.final) && all;
    }, 300_000);
    const sent = ledgers.reduce((sum, { size }) => sum + size, 0);
    process.stdout.write(`${KILLS} kills: ${sent} runs sent, ${runs.length} stored\n`);
    expect(runs).toHaveLength(sent);
    for (const { observation } of runs)
      expect([observation?.crops, observation?.label]).toEqual([1, 'green']);
  }, 1_200_000);
});
