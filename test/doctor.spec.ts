import { createHash } from 'node:crypto';
import {
  chmodSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DatabaseSync } from '@photostructure/sqlite';
import { putDeadLetter } from '../features/dead-letters/index.js';
import { touchTraps } from '../features/traps/index.js';
import { Catalog, putState } from '../libs/database/index.js';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { colourModel } from './fixtures/model.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

interface Examined {
  readonly ok: boolean;
  readonly findings: readonly {
    readonly check: string;
    readonly state: string;
    readonly message: string;
    readonly hint?: string;
  }[];
}

let station: Station;
const HOUR = 3_600_000;

beforeAll(async () => {
  station = await Station.start({ TRAPLINE_MODEL: await colourModel() });
  const trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
  for (let run = 0; run < 3; run += 1) {
    await trap.crop(`r${run}`, 'c0', await crop('red', run));
    await trap.end(`r${run}`, { crops: 1 });
  }
  await eventually(() => images().length === 3);
  // The classifier runs by then, and there is nothing to warn of.
  await eventually(() => trap.answers('r2', 'result').at(-1));
  await trap.close();
});
afterAll(() => station.remove());

const images = () =>
  readdirSync(join(station.dataDir, 'images'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.jpg'),
  );

async function doctor(more: Record<string, string> = {}) {
  const { code, out, err } = await station.tryCommand(['doctor', '--json'], more);
  expect(err).toBe('');
  const { ok, findings } = JSON.parse(out) as Examined;
  expect(code).toBe(ok ? 0 : 1);
  return new Map(findings.map((finding) => [finding.check, finding]));
}

/** What is not as it should be, by its check. */
async function troubles(more: Record<string, string> = {}): Promise<Record<string, string>> {
  const found = [...(await doctor(more)).values()].filter(
    ({ state }) => state === 'warn' || state === 'fail',
  );
  for (const { hint } of found) expect(hint).toMatch(/\w/);
  return Object.fromEntries(found.map(({ check, state, message }) => [check, `${state}: ${message}`]));
}

/** All that lies in the data folder but what SQLite keeps beside the catalog. */
const dataHash = () => {
  const hash = createHash('sha256');
  for (const path of readdirSync(station.dataDir, { recursive: true, encoding: 'utf8' }).sort()) {
    const full = join(station.dataDir, path);
    if (/-shm$|-wal$|folder\.lock/.test(path)) continue;
    hash.update(path).update(statSync(full).isFile() ? readFileSync(full) : '');
  }
  return hash.digest('hex');
};

describe('the doctor', () => {
  it('finds nothing where all is well but that there is no backup, and changes nothing', async () => {
    const before = dataHash();
    expect(await troubles()).toEqual({ backup: 'warn: there is no backup' });
    expect(dataHash()).toBe(before);
    const { code, out } = await station.tryCommand(['doctor']);
    expect(code).toBe(0);
    expect(out).toMatch(/^ok {4}settings/);
    expect(out).toMatch(/WARN {2}backup +there is no backup\n +npm run trapline/);
  });

  it('has every stage, in order from the settings to the last backup', async () => {
    expect([...(await doctor()).keys()]).toEqual([
      'settings',
      'data-folder',
      'disk',
      'service-key',
      'service',
      'broker',
      'catalog',
      'integrity',
      'pairing',
      'model',
      'classifier',
      'influxdb',
      'clock',
      'traps',
      'dead-letters',
      'journal',
      'outbox',
      'files',
      'set-aside',
      'places',
      'backup',
      'retention',
      'restores',
    ]);
  });

  it('knows when the last backup was', async () => {
    const folder = join(station.dataDir, '..', `${station.dataDir.split('/').pop()}-backup`);
    await station.command('backup', folder);
    expect(await troubles()).toEqual({});
    rmSync(folder, { recursive: true });
  });

  it('names each piece that is broken, all at once, and no password', async () => {
    const found = await troubles({
      TRAPLINE_MODEL: 'nothing',
      TRAPLINE_DISK_RESERVE_MB: '999999999',
      MQTT_URL: 'mqtt://u:hunter2@127.0.0.1:2',
      INFLUX_URL: 'http://127.0.0.1:2',
      DATABASE_URL: 'postgres://u:hunter2@127.0.0.1:2/x',
    });
    expect(found).toMatchObject({
      model: expect.stringMatching(/^fail: .*nothing/),
      disk: expect.stringMatching(/^fail: .*nothing is acknowledged/),
      broker: expect.stringMatching(/^fail: no broker answers at 127\.0\.0\.1:2/),
      influxdb: expect.stringMatching(/^fail: InfluxDB cannot be asked: .*ECONNREFUSED/),
      catalog: expect.stringMatching(/^fail: the database of DATABASE_URL cannot be opened: .*ECONNREFUSED/),
    });
    expect(JSON.stringify(found)).not.toContain('hunter2');
  });

  it('names a service key that is none, or that others can read', async () => {
    const file = join(station.dataDir, 'service.key');
    const whole = readFileSync(file);
    try {
      for (const bytes of [
        Buffer.alloc(0),
        Buffer.alloc(whole.length),
        Buffer.from('A'.repeat(43)),
        whole.subarray(0, 20),
        Buffer.concat([whole.subarray(0, 43), Buffer.from('more')]),
      ]) {
        writeFileSync(file, bytes);
        expect(await troubles()).toMatchObject({ 'service-key': expect.stringMatching(/^fail: .*no key/) });
      }
      writeFileSync(file, whole);
      chmodSync(file, 0o644);
      expect(await troubles()).toMatchObject({ 'service-key': expect.stringMatching(/^warn: .*mode 644/) });
      rmSync(file);
      expect((await doctor()).get('service-key')?.state).toBe('skipped');
    } finally {
      writeFileSync(file, whole);
      chmodSync(file, 0o600);
    }
    expect((await doctor()).get('service-key')?.state).toBe('ok');
  });

  it('names a setting that is wrong, and a data folder that is not there', async () => {
    expect(await troubles({ TRAPLINE_HTTP_PORT: 'http' })).toEqual({
      settings: expect.stringMatching(/^fail: TRAPLINE_HTTP_PORT/),
    });
    expect(await troubles({ TRAPLINE_DATA_DIR: '/proc/nowhere' })).toMatchObject({
      'data-folder': expect.stringMatching(/^fail: \/proc\/nowhere/),
      catalog: expect.stringMatching(/^fail: .*there is no /),
    });
  });

  it('names an external broker that does not let the service in', async () => {
    const found = await troubles({ MQTT_URL: `mqtt://somebody:wrong@127.0.0.1:${station.mqttPort}` });
    expect(found['broker']).toMatch(/^fail: the broker at 127\.0\.0\.1:\d+ refuses somebody/);
    const right = await doctor({
      MQTT_URL: `mqtt://trap-1:${station.trapPassword}@127.0.0.1:${station.mqttPort}`,
    });
    expect(right.get('broker')?.state).toBe('ok');
  });

  it('names a token that InfluxDB refuses, and a clock that is off', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(401, { date: new Date(Date.now() - HOUR).toUTCString() });
      response.end('{"message":"unauthorized access"}');
    }).listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    const { port } = server.address() as AddressInfo;
    const found = await troubles({ INFLUX_URL: `http://127.0.0.1:${port}`, INFLUX_TOKEN: 'hunter2' });
    server.close();
    expect(found['influxdb']).toMatch(/401.*unauthorized/);
    expect(found['clock']).toMatch(/^fail: the clock is 60 min off that of InfluxDB/);
  });

  it('names what piles up, who is silent, and what has waited too long', async () => {
    const catalog = await Catalog.open({ dataDir: station.dataDir, patienceMs: 5000 });
    const nowMs = Date.now();
    await station.stop();
    await touchTraps(catalog.db, new Map([['trap-9', nowMs - 50 * HOUR]]));
    await putDeadLetter(
      catalog.db,
      { topic: 'x', code: 'bad-topic', message: 'm', bytes: Buffer.from('x'), keepBytes: 9 },
      nowMs,
    );
    await putState(catalog.db, 'backup', { atMs: nowMs - 20 * 24 * HOUR, folder: '/mnt/usb', crops: 1 });
    await putState(catalog.db, 'retention', { atMs: nowMs, refused: 'too much: look with --dry-run' });
    await catalog.db
      .insertInto('inbox')
      .values({
        trap_id: 'trap-1',
        run_id: 'r0',
        crop_id: 'c0',
        received_at: nowMs - HOUR,
        segment: 'gone',
        position: 0,
      })
      .execute();
    await catalog.db
      .insertInto('outbox')
      .values({ kind: 'result', key: 'k', seq: (nowMs - HOUR) * 1000, topic: 't', retain: 0, payload: '{}' })
      .execute();
    await catalog.close();
    expect(await troubles()).toEqual({
      service: expect.stringMatching(/^fail: nothing answers at http:/),
      broker: expect.stringMatching(/^fail: no broker answers/),
      traps: 'warn: 1 of 2 traps is silent: trap-9 (2 days)',
      'dead-letters': 'warn: 1 message was refused within a day: 1 bad-topic',
      journal: expect.stringMatching(
        /^fail: 1 crop waits in the journal for its file, the oldest for 60 min/,
      ),
      outbox: expect.stringMatching(/^warn: 1 answer waits for the traps, the oldest for 60 min/),
      backup: 'warn: the last backup is 20 days old, in /mnt/usb',
      retention: 'fail: retention removes nothing: too much: look with --dry-run',
    });
  });

  it('names files that are lost, a clock that was set back, and a folder of another catalog', async () => {
    for (const path of images()) unlinkSync(join(station.dataDir, 'images', path));
    const ahead = (Date.now() + 5 * HOUR) / 1000;
    utimesSync(join(station.dataDir, 'inbox'), ahead, ahead);
    const mark = join(station.dataDir, 'catalog-mark.json');
    writeFileSync(mark, readFileSync(mark, 'utf8').replace(/"catalog":"[^"]*"/, '"catalog":"another"'));
    expect(await troubles()).toMatchObject({
      files: expect.stringMatching(/^fail: 3 of 3 pictures/),
      clock: expect.stringMatching(/^fail: the clock was set back: the newest data are 5 hours ahead/),
      pairing: 'fail: the data folder belongs to another catalog',
    });
  });

  it('names a catalog that is damaged', async () => {
    const file = join(station.dataDir, 'catalog.sqlite');
    const db = new DatabaseSync(file);
    db.exec('pragma wal_checkpoint(TRUNCATE)');
    db.close();
    for (const ending of ['-wal', '-shm']) rmSync(file + ending, { force: true });
    const bytes = readFileSync(file);
    bytes.fill(0x5a, 4096 * 3, 4096 * 12);
    writeFileSync(file, bytes);
    const damaged = await troubles();
    expect(damaged['integrity'] ?? damaged['catalog']).toMatch(/^fail: /);
    writeFileSync(file, 'this is no database at all, whatever its name says');
    expect((await troubles())['catalog']).toMatch(/^fail: .*cannot be opened: .*not a database/);
    renameSync(file, `${file}.aside`);
    expect((await troubles())['catalog']).toMatch(/^fail: .*there is no /);
  });
});
