import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { agentSettings, RunningAgent } from './fixtures/agent.js';
import { eventually } from './fixtures/eventually.js';
import { InsectDetectFolder, type SessionPlan } from './fixtures/insect-detect-folder.js';
import { mosquittoOrReason, startMosquitto } from './fixtures/mosquitto.js';
import { allRuns, deadLetters, findRun } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';

/** CI kills more often: see `.ci/run`. */
const KILLS = Number(process.env['TRAPLINE_TEST_KILLS'] ?? 2);
const LIMIT_MS = 600_000;
const IN_FLIGHT = 8;
const SMALL_DISK = '/dev/shm';
const BALLAST_MB = 96;
const RECEIPT_WAIT = { TRAPLINE_RECEIPT_WAIT_S: '1' };

const plan = (more: Partial<SessionPlan>): SessionPlan => ({
  generation: 'v2',
  start: '2026-05-03T13:00:00',
  session: 12,
  tracks: 3,
  cropsPerTrack: 5,
  ...more,
});
/** One of everything that a campaign of two years leaves on a card; the counter has begun anew in between. */
const CAMPAIGN = [
  plan({ generation: 'v1', start: '2024-05-03T13:00:00', session: 7 }),
  plan({ generation: 'v1.8', start: '2025-06-03T13:00:00', wrongClock: true }),
  plan({ brokenCrops: true }),
  plan({ start: '2026-05-04T13:00:05', session: 1, powerCut: true }),
  plan({ start: '2026-05-05T13:00:05', session: 2, tracks: 2, framesOnly: true }),
];

let station: Station;
let folder: string;
let recorded: InsectDetectFolder;
let trapId = 'trap-0';
let password: string;
let traps = 0;

beforeAll(async () => {
  station = await Station.start(RECEIPT_WAIT);
});
afterAll(() => station.remove());
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trapline-agent-'));
  recorded = new InsectDetectFolder(join(folder, 'data'));
  traps += 1;
  trapId = `pi-${traps}`;
  password = await station.addTrap(trapId);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const settings = (more: object = {}) => agentSettings(folder, station, trapId, password, more);
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** What differs between the card and the service; none = everything is there, once, and byte for byte. */
async function differences(): Promise<string[]> {
  const found = new Map<string, string>();
  for (const { runId } of await runs())
    for (const { cropId, sha256: hash } of (await findRun(station, trapId, runId)).crops)
      found.set(`${runId}/${cropId}`, hash);
  const wrong = [...recorded.expected]
    .filter(([key, bytes]) => !found.has(key) || (bytes && found.get(key) !== sha256(bytes)))
    .map(([key]) => `${key} is not stored as it was recorded`);
  const extra = [...found.keys()]
    .filter((key) => !recorded.expected.has(key))
    .map((key) => `${key} is extra`);
  return [...wrong, ...extra];
}
/** Of all traps, over MQTT. */
async function cropsThatCameAgain(): Promise<number> {
  const text = await (await station.get('/metrics')).text();
  return Number(/^trapline_crops_total\{outcome="same"\} (\d+)/m.exec(text)?.[1] ?? 0);
}
/** Crops that the agent has noted as acknowledged. */
const acknowledgedIn = (state: string): number =>
  readdirSync(state).reduce(
    (sum, name) => sum + (readFileSync(join(state, name), 'utf8').match(/"acked":\["/g)?.length ?? 0),
    0,
  );
const storedCrops = async () => (await runs()).reduce((sum, run) => sum + run.storedCrops, 0);
const runs = () => allRuns(station, `&trap=${trapId}`);
const isStored = async () => (await differences()).length === 0;
const lastState = async () => (await station.json<{ state: string }>(`/api/v1/traps/${trapId}`)).state;
const manySessions = async (sessions: number) => {
  for (let i = 0; i < sessions; i += 1)
    await recorded.add(plan({ start: `2026-05-${String(10 + i)}T13:00:00`, session: i, tracks: 6 }));
};

describe('a card that was copied', () => {
  it(
    'is published completely and once, whichever version wrote it and whatever is broken on it',
    async () => {
      for (const session of CAMPAIGN) await recorded.add(session);
      const first = await RunningAgent.start(settings(), '--once').ended;
      expect(first).toMatchObject({
        status: 3,
        output: expect.stringContaining('published: all of 5 sessions, 14 runs'),
      });
      expect(first.output.match(/^not read: .*/gm)).toEqual([
        expect.stringMatching(/2026-05-03.*: this picture has no byte$/),
        expect.stringMatching(/2026-05-03.*: this is no picture$/),
        expect.stringMatching(
          /20260503T130000-1\/20260503T133001.*: set aside by the service: not-an-image$/,
        ),
        expect.stringMatching(/2026-05-04_13-00-05_metadata.csv: lines \d+, \d+ cannot be read$/),
      ]);
      expect(await differences()).toEqual([]);
      expect(new Set((await runs()).map(({ status }) => status))).toEqual(new Set(['complete']));
      const refused = (await deadLetters(station)).filter(({ client }) => client === trapId);
      expect(refused.map(({ code }) => code)).toEqual(['not-an-image']);

      const second = await RunningAgent.start(settings(), '--once').ended;
      expect(second).toMatchObject({
        status: 3,
        output: expect.stringContaining('published: all of 2 sessions, 0 runs, 0 crops'),
      });
      expect(second.output.match(/^not read: .*/gm)).toEqual(first.output.match(/^not read: .*/gm));
    },
    LIMIT_MS,
  );

  it('tells the sessions with their minutes, and the readings in their columns', async () => {
    await recorded.add(plan({}));
    await RunningAgent.start(settings(), '--once').ended;
    const { items } = await station.json<{ items: object[] }>(`/api/v1/sessions?trap=${trapId}`);
    expect(items).toMatchObject([
      {
        sessionId: '20260503T130000',
        start: '2026-05-03T11:00:12.000Z',
        minutes: 39.8,
        extra: { chargeStart: 91, chargeEnd: 'USB_C_IN' },
      },
    ]);
    const { telemetry } = await station.json<{ telemetry: object }>(`/api/v1/traps/${trapId}`);
    expect(telemetry).toMatchObject({ readings: { batteryPct: 86, powerSource: 'solar', voltageInV: 5.1 } });
    expect(telemetry).not.toHaveProperty('readings.cpuTemperatureC');
  });

  it('keeps what the detector said of each crop', async () => {
    await recorded.add(plan({ tracks: 1, cropsPerTrack: 2 }));
    await RunningAgent.start(settings(), '--once').ended;
    const { crops } = await findRun(station, trapId, '20260503T130000-1');
    expect(crops[1]).toMatchObject({
      detection: { confidence: 0.93, box: [0.1851, 0.7182, 0.2492, 0.7684] },
    });
  });

  it('says what would be sent, and sends nothing', async () => {
    for (const session of CAMPAIGN) await recorded.add(session);
    const { status, output } = await RunningAgent.start(settings({ url: 'mqtt://127.0.0.1:1' }), '--dry-run')
      .ended;
    expect([status, output]).toEqual([
      3,
      expect.stringContaining('would publish 5 sessions, 14 runs, 74 crops (10 to be cut)'),
    ]);
    expect(output).toContain('crops days away from their session');
    expect(output).toContain('2 crops without a row');
    expect(existsSync(join(folder, 'state'))).toBe(false);
    expect(await runs()).toEqual([]);
  });

  it('is published but for what cannot be read, and says which that is', async () => {
    for (const day of ['03', '04', '05']) await recorded.add(plan({ start: `2026-05-${day}T13:00:00` }));
    const session = (day: string) => join(recorded.path, `2026-05-${day}`, `2026-05-${day}_13-00-00`);
    const crops = join(session('03'), 'crops', 'insect');
    const [bad] = readdirSync(crops).sort() as [string];
    // Whoever reads it gets an error, also who may read everything.
    rmSync(join(crops, bad));
    symlinkSync(bad, join(crops, bad));
    rmSync(join(session('04'), 'crops'), { recursive: true });
    symlinkSync('crops', join(session('04'), 'crops'));

    const { status, output } = await RunningAgent.start(settings(), '--once').ended;
    expect(status).toBe(1);
    expect(output).toContain('not published: 20260503T130000-1: ELOOP');
    expect(output).toContain(`not published: ${trapId}/2026-05-04_13-00-00: ELOOP`);
    expect(output).not.toContain(`not published: ${trapId}/2026-05-05`);
    expect((await runs()).map(({ runId }) => runId).sort()).toEqual([
      '20260503T130000-2',
      '20260503T130000-3',
      ...[1, 2, 3].map((track) => `20260505T130000-${track}`),
    ]);
    const { items } = await station.json<{ items: object[] }>(`/api/v1/sessions?trap=${trapId}`);
    expect(items).toMatchObject([{ minutes: 39.8 }, { minutes: 39.8 }]);
  });

  it('goes out again under the right name when it was sent under a wrong one', async () => {
    await recorded.add(plan({}));
    await RunningAgent.start(settings(), '--once').ended;
    trapId = `${trapId}-right`;
    password = await station.addTrap(trapId);
    expect(await RunningAgent.start(settings(), '--once').ended).toMatchObject({ status: 0 });
    expect(await differences()).toEqual([]);
  });

  it('ends with 1 and a list when the broker cannot be reached', async () => {
    await recorded.add(plan({}));
    const end = await RunningAgent.start(settings({ url: 'mqtt://127.0.0.1:1' }), '--once --patience 1')
      .ended;
    expect(end).toMatchObject({
      status: 1,
      output: expect.stringContaining(`not published: ${trapId}/2026-05-03_13-00-00`),
    });
  });

  it('ends with 1 at once when the account is wrong', async () => {
    await recorded.add(plan({}));
    const end = await RunningAgent.start(settings({ password: 'wrong' }), '--once').ended;
    expect(end).toMatchObject({ status: 1, output: expect.stringContaining(`does not let ${trapId} in`) });
  });
});

describe('a trap in the field', () => {
  it(
    'loses and repeats nothing when the agent is killed again and again',
    async () => {
      await manySessions(8);
      const path = settings({ bytesPerS: 8_000 });
      const sameBefore = await cropsThatCameAgain();
      for (let kills = 0; kills < KILLS; kills += 1) {
        const before = await storedCrops();
        const agent = RunningAgent.start(path);
        // Killed at work: what it has sent was acknowledged, or is on its way.
        await eventually(async () => (await storedCrops()) > before || (await isStored()), LIMIT_MS);
        await delay(Math.random() * 300);
        await agent.kill();
      }
      const agent = RunningAgent.start(settings());
      await eventually(isStored, LIMIT_MS);
      // All may have been stored before it began: Node.js itself ends on a signal that nobody listens for yet.
      await eventually(() => agent.output.includes('connected'), LIMIT_MS);
      const end = await agent.kill('SIGTERM');
      expect(end.status).toBe(0);
      expect(await runs()).toHaveLength(48);
      // What was on its way at a kill, and no more.
      expect((await cropsThatCameAgain()) - sameBefore).toBeLessThanOrEqual(KILLS * IN_FLIGHT);
      expect(await RunningAgent.start(path, '--once').ended).toMatchObject({ status: 0 });
    },
    LIMIT_MS,
  );

  it(
    'goes on where it was when the broker comes back',
    async () => {
      await manySessions(4);
      const agent = RunningAgent.start(settings({ bytesPerS: 40_000 }));
      for (let i = 0; i < 2; i += 1) {
        await eventually(async () => (await runs()).length > i * 4);
        await station.kill();
        await delay(300);
        await station.start();
      }
      await eventually(isStored, LIMIT_MS);
      await eventually(async () => (await runs()).every(({ status }) => status === 'complete'));
      await agent.kill('SIGTERM');
      expect(await differences()).toEqual([]);
    },
    LIMIT_MS,
  );

  it('waits for the session to be closed or quiet, and sends what comes late', async () => {
    const { powerCut: _open, ...closed } = plan({ powerCut: true });
    await recorded.add({ ...closed, powerCut: true });
    const agent = RunningAgent.start(settings({ quietS: 5 }));
    await eventually(async () => {
      const { items } = await station.json<{ items: object[] }>(`/api/v1/sessions?trap=${trapId}`);
      return items.length === 1;
    });
    expect(await runs()).toEqual([]);
    await eventually(isStored);
    const before = (await runs()).map(({ runId, storedCrops }) => [runId, storedCrops]);

    const late = plan({ tracks: 1, cropsPerTrack: 1, start: '2026-05-03T13:00:00' });
    const other = new InsectDetectFolder(join(folder, 'late'));
    await other.add({ ...late, wrongClock: true });
    const name = '2039-04-30_13-00-00-000000';
    const source = [...other.expected].find(([key]) => key.includes('/2039'));
    if (!source) throw new Error('there is no late crop');
    const [key, bytes] = source;
    writeFileSync(
      join(
        recorded.path,
        '2026-05-03',
        '2026-05-03_13-00-00',
        'crops',
        'insect',
        `insdet_${name}_ID1_crop.jpg`,
      ),
      bytes as Buffer,
    );
    recorded.expected.set('20260503T130000-1/20390430T130000.000000', bytes);
    expect(key).toContain('20260503T130000-1/');
    await eventually(isStored);
    await eventually(async () => (await findRun(station, trapId, '20260503T130000-1')).announcedCrops === 6);
    expect((await runs()).length).toBe(before.length);
    await agent.kill('SIGTERM');
  });

  it('is online while the agent runs, asleep when it was told to end, and offline when it was killed', async () => {
    const agent = RunningAgent.start(settings());
    await eventually(async () => (await lastState()) === 'online');
    await agent.kill('SIGTERM');
    await eventually(async () => (await lastState()) === 'sleeping');
    const other = RunningAgent.start(settings());
    await eventually(async () => (await lastState()) === 'online');
    await other.kill();
    await eventually(async () => (await lastState()) === 'offline');
  });

  (existsSync(SMALL_DISK) ? it : it.skip)(
    `waits while the disk of the service is full${existsSync(SMALL_DISK) ? '' : ` (skipped: no ${SMALL_DISK})`}`,
    async () => {
      const { bavail, bsize } = statfsSync(SMALL_DISK);
      const reserveMb = (bavail * bsize) / 1e6 - BALLAST_MB / 2;
      const small = await Station.start(
        { ...RECEIPT_WAIT, TRAPLINE_DISK_RESERVE_MB: String(reserveMb) },
        SMALL_DISK,
      );
      const ballast = join(small.dataDir, 'ballast');
      try {
        await recorded.add(plan({}));
        writeFileSync(ballast, Buffer.alloc(BALLAST_MB * 1e6, 1));
        await eventually(async () => (await fetch(`${small.http}/health/ready`)).status === 503);
        const agent = RunningAgent.start(agentSettings(folder, small, 'trap-1', small.trapPassword));
        await eventually(() => agent.output.includes('connected'));
        await delay(1000);
        expect(await allRuns(small)).toEqual([]);
        rmSync(ballast);
        await eventually(
          async () => (await allRuns(small)).filter(({ status }) => status === 'complete').length === 3,
        );
        await agent.kill('SIGTERM');
      } finally {
        await small.remove();
      }
    },
    LIMIT_MS,
  );
});

const { path: mosquittoPath, reason } = mosquittoOrReason();
describe('behind Mosquitto', () => {
  (mosquittoPath ? it : it.skip)(
    `believes the receipt and not the broker: what is acknowledged while the service is away is not done${reason}`,
    async () => {
      const behind = await Station.start(RECEIPT_WAIT);
      const mosquitto = await startMosquitto(mosquittoPath as string, behind);
      try {
        await recorded.add(plan({}));
        await behind.stop();
        await behind.startAt(mosquitto.serviceUrl);
        await behind.kill();
        const at = { mqttPort: mosquitto.port };
        const more = { receiptWaitS: 1 };
        const agent = RunningAgent.start(
          agentSettings(folder, at, 'trap-1', behind.trapPassword, more),
          '--once',
        );
        await eventually(
          () =>
            /15 of about 15 crops/.test(agent.output) ||
            acknowledgedIn(join(folder, 'state', 'trap-1')) === 15,
        );
        expect(
          readFileSync(join(folder, 'state', 'trap-1', '2026-05-03_13-00-00.jsonl'), 'utf8'),
        ).not.toContain('"done":true');
        await behind.start();
        expect((await agent.ended).status).toBe(0);
        const stored = await allRuns(behind);
        expect(stored.map(({ status, storedCrops }) => [status, storedCrops])).toEqual(
          Array.from({ length: 3 }, () => ['complete', 5]),
        );
      } finally {
        await behind.remove();
        await mosquitto.stop();
      }
    },
    LIMIT_MS,
  );
});

describe('settings', () => {
  it('names the field that is wrong, and ends with 2', async () => {
    for (const [more, words] of [
      [{ timeZone: 'Berlin' }, 'timeZone: must be an IANA time zone such as Europe/Berlin'],
      [{ url: 'localhost' }, 'url: must be a URL such as mqtt://'],
      [{ inFlight: 0.5 }, 'inFlight: must be a whole number'],
      [{ dataFolder: 'nowhere' }, 'dataFolder: there is no folder'],
      [{ trap: undefined }, 'trap: is missing'],
      [{ bandwidth: 1 }, 'bandwidth: there is no such setting'],
    ] as const)
      expect(await RunningAgent.start(settings(more), '--dry-run').ended).toMatchObject({
        status: 2,
        output: expect.stringContaining(words),
      });
  });

  it('warns of a password that everybody can read', async () => {
    const path = settings();
    chmodSync(path, 0o644);
    const { output } = await RunningAgent.start(path, '--dry-run').ended;
    expect(output).toContain('everybody on this machine can read it');
    expect(output).not.toContain(JSON.parse(readFileSync(path, 'utf8')).password);
  });

  it('takes the password from a file or from the environment', async () => {
    await recorded.add(plan({ tracks: 1 }));
    const env = { TRAPLINE_AGENT_PASSWORD: password };
    expect(await RunningAgent.start(settings({ password: undefined }), '--once', env).ended).toMatchObject({
      status: 0,
    });
    writeFileSync(join(folder, 'secret'), `${password}\n`, { mode: 0o600 });
    await recorded.add(plan({ tracks: 1, start: '2026-05-09T13:00:00' }));
    const end = await RunningAgent.start(settings({ password: undefined, passwordFile: 'secret' }), '--once')
      .ended;
    expect(end).toMatchObject({
      status: 0,
      output: expect.stringContaining('published: all of 1 session, 1 run, '),
    });
  });
});
