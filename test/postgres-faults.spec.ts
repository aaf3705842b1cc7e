import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { Ledger } from './fixtures/ledger.js';
import { OwnPostgres } from './fixtures/own-postgres.js';
import { allRuns, findRun } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { TcpProxy } from './fixtures/tcp-proxy.js';
import { Trap } from './fixtures/trap.js';

const { missing } = OwnPostgres;
const CRASHES = 10;
/** What a person who asks over HTTP waits at most. */
const ANSWER_MS = 30_000;

let postgres: OwnPostgres;
let network: TcpProxy;
let station: Station;
let trap: Trap;
let pid: number;

/** Sends runs of three crops until it is told to stop, and notes what was acknowledged. */
async function sendUntil(isEnough: () => boolean, name: string) {
  const ledger = new Ledger();
  let runs = 0;
  for (; !isEnough() || runs < 3; runs += 1) {
    const run = `${name}-${runs}`;
    await Promise.all(
      [0, 1, 2].map(async (i) => {
        const bytes = await crop('green', runs * 10 + i);
        await trap.crop(run, `c-${i}`, bytes);
        ledger.acknowledged(`trap-1/${run}/c-${i}`, bytes);
      }),
    );
    await trap.end(run, { crops: 3 });
  }
  return { ledger, runs };
}

/** All runs of that name have their three crops, and their traps a receipt. */
async function expectWhole({ ledger, runs }: Awaited<ReturnType<typeof sendUntil>>, name: string) {
  const sent = Array.from({ length: runs }, (_, n) => `${name}-${n}`);
  await eventually(() =>
    sent.every((run) => trap.answers(run, 'receipt').some(({ state }) => state === 'complete')),
  );
  // Plain files follow the receipt by some milliseconds.
  await eventually(
    async () =>
      (await ledger.differences(station)).filter((line) => !line.endsWith('was never sent')).length === 0,
  );
  for (const run of sent) expect((await findRun(station, 'trap-1', run)).storedCrops).toBe(3);
}

async function readiness() {
  const response = await fetch(`${station.http}/health/ready`);
  const { checks } = (await response.json()) as {
    checks: Record<string, { status: string; reason?: string }>;
  };
  return { status: response.status, checks };
}

/** @returns the status of an answer, and how long it took */
async function ask(path = '/api/v1/runs') {
  const begun = Date.now();
  const response = await station.get(path);
  const body = (await response.json()) as { type?: string };
  return { status: response.status, type: body.type, ms: Date.now() - begun };
}

/** A crop that must not be acknowledged before `mend`, and is then. */
async function isHeldUntil(run: string, mend: () => Promise<unknown>) {
  const bytes = await crop('red', 1);
  let isAcknowledged = false;
  const sent = trap.crop(run, 'c-0', bytes).then(() => {
    isAcknowledged = true;
  });
  await delay(1500);
  expect(isAcknowledged).toBe(false);
  await mend();
  await sent;
  await eventually(async () => (await findRun(station, 'trap-1', run)).storedCrops === 1);
}

(missing ? describe.skip : describe)(`a PostgreSQL that fails${missing}`, () => {
  beforeAll(async () => {
    postgres = await OwnPostgres.start();
    network = await TcpProxy.to(postgres.port);
    station = await Station.start({
      DATABASE_URL: postgres.urlOn(network.port),
      TRAPLINE_RECEIPT_WAIT_S: '1',
    });
    pid = station.pid;
    trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
  });

  afterAll(async () => {
    await trap?.close();
    await station?.remove();
    await network?.close();
    await postgres?.remove();
  });

  it(`crashes ${CRASHES} times while a trap sends: the same process goes on, and nothing is lost`, async () => {
    let crashes = 0;
    const crashed = (async () => {
      for (; crashes < CRASHES; crashes += 1) {
        await delay(300);
        if (crashes % 3 === 2) {
          await (crashes % 2 ? postgres.kill() : postgres.stopAtOnce());
          await postgres.startAgain();
        } else await postgres.crashBackend();
      }
    })();
    const sent = await sendUntil(() => crashes >= CRASHES, 'crash');
    await crashed;
    await expectWhole(sent, 'crash');
    expect([station.isRunning, station.pid]).toEqual([true, pid]);
    expect((await allRuns(station)).filter(({ runId }) => runId.startsWith('crash'))).toHaveLength(sent.runs);
  }, 240_000);

  it('is cut off: health says so, REST answers 503, a crop is held back until it is there again', async () => {
    network.cut();
    await eventually(async () => (await readiness()).status === 503);
    expect((await readiness()).checks['catalog']?.status).toBe('down');
    expect(await ask()).toMatchObject({ status: 503, type: 'urn:trapline:problem:unavailable' });
    await isHeldUntil('cut', async () => network.restore());
    await eventually(async () => (await readiness()).status === 200);
    expect(station.pid).toBe(pid);
  });

  it('falls silent with its connections open: answers come in bounded time, and new connections are made', async () => {
    await ask();
    network.silence();
    const answers = await Promise.all([ask(), ask(), ask('/api/v1/traps')]);
    for (const { status, ms } of answers) {
      expect(status).toBe(503);
      expect(ms).toBeLessThan(ANSWER_MS);
    }
    await isHeldUntil('silent', async () => network.restore());
    expect(await ask()).toMatchObject({ status: 200 });
  }, 200_000);

  it('can be read only, as after a failover: health says so, and what comes is kept back', async () => {
    await postgres.run('alter database catalog set default_transaction_read_only = on');
    await postgres.terminate();
    await eventually(async () => (await readiness()).checks['catalog']?.reason === 'can be read only');
    expect(await ask('/api/v1/runs')).toMatchObject({ status: 200 });
    const write = await station.get('/api/v1/traps/late/credentials', { method: 'POST' });
    expect([write.status, (await write.json()) as unknown]).toMatchObject([503, { status: 503 }]);
    await isHeldUntil('read-only', async () => {
      // Connections of the time before stay open, and read only: the service has to leave them.
      await postgres.run('alter database catalog reset default_transaction_read_only');
    });
    await eventually(async () => (await readiness()).status === 200);
  });

  it.each([
    [
      'has no connection left',
      'alter role station connection limit 0',
      'alter role station connection limit -1',
    ],
    [
      'has another password for a while',
      `alter role station password 'other'`,
      `alter role station password 'station'`,
    ],
    [
      'lets nobody into the database',
      'alter database catalog allow_connections false',
      'alter database catalog allow_connections true',
    ],
  ])('%s: the service waits', async (what, ailing, well) => {
    const admin = await postgres.connect();
    await admin.query(ailing);
    await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'station'`);
    expect(await ask()).toMatchObject({ status: 503 });
    await isHeldUntil(what.replaceAll(' ', '-'), () => admin.query(well));
    await admin.end();
    expect(station.pid).toBe(pid);
  });

  it('has a table locked by another program: whoever asks gets an answer', async () => {
    const other = await postgres.connect('catalog');
    await other.query('begin');
    await other.query('lock table accounts in access exclusive mode');
    const { status, ms } = await ask();
    expect(status).toBe(503);
    expect(ms).toBeLessThan(ANSWER_MS);
    await other.query('rollback');
    await other.end();
    expect(await ask()).toMatchObject({ status: 200 });
  }, 60_000);

  it('is away when the service is stopped, and when it is started: it ends in order, and waits', async () => {
    network.cut();
    const begun = Date.now();
    expect(await station.stop()).toBe(0);
    expect(Date.now() - begun).toBeLessThan(ANSWER_MS);
    const started = station.start();
    await eventually(() => station.output.includes('DATABASE_URL'));
    await delay(500);
    expect(station.isRunning).toBe(true);
    network.restore();
    await started;
    expect(await ask()).toMatchObject({ status: 200 });
  }, 120_000);
});
