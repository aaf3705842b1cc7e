import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'mqtt';
import { agentSettings, RunningAgent } from './fixtures/agent.js';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { HttpTrap } from './fixtures/http-trap.js';
import { InsectDetectFolder } from './fixtures/insect-detect-folder.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

/** Half a second: a round of the background check is over in one step. */
const OFTEN_DAYS = String(0.5 / 86_400);

let station: Station;
let trap: Trap;
beforeAll(async () => {
  station = await Station.start({ TRAPLINE_CHECK_DAYS: '0' });
  trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
});
afterAll(async () => {
  await trap.close();
  await station.remove();
});

const images = () => join(station.dataDir, 'images');
const fileOf = (run: string) => {
  const found = readdirSync(images(), { recursive: true, encoding: 'utf8' }).find(
    (path) => path.includes(`/${run}/`) && path.endsWith('.jpg'),
  );
  return found && join(images(), found);
};
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** A run of one crop with its plain file. */
async function filed(run: string, seed: number): Promise<{ bytes: Buffer; path: string }> {
  const bytes = await crop('red', seed);
  await trap.crop(run, 'c0', bytes);
  const path = await eventually(() => {
    const found = fileOf(run);
    return found && statSync(found).size === bytes.length && found;
  });
  await leftInbox();
  return { bytes, path };
}

/** Until then the journal has its bytes as well, so that damage to the file does no harm. */
async function leftInbox(): Promise<void> {
  const waiting = async () =>
    Number(
      /^\w*crops_under_way\{stage="inbox"\} (\d+)/m.exec(await (await station.get('/metrics')).text())?.[1],
    );
  await eventually(async () => (await waiting()) === 0);
}

async function imageOf(run: string): Promise<{ status: number; body: Buffer; type?: string }> {
  const answer = await station.get(`/api/v1/runs/trap-1/${run}/crops/c0`);
  const body = Buffer.from(await answer.arrayBuffer());
  return answer.ok
    ? { status: answer.status, body }
    : { status: answer.status, body, type: JSON.parse(body.toString()).type };
}

/** What becomes of a file in a power cut, on a bad disk, or under somebody's hands. */
const DAMAGES: Record<string, (path: string) => void> = {
  zeros: (path) => writeFileSync(path, Buffer.alloc(statSync(path).size)),
  'one other byte': (path) => {
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
    writeFileSync(path, bytes);
  },
  'half of it': (path) => truncateSync(path, statSync(path).size >> 1),
  nothing: (path) => truncateSync(path, 0),
  'a longer file': (path) => writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.from('more')])),
  'no file': (path) => unlinkSync(path),
  'a folder': (path) => {
    unlinkSync(path);
    mkdirSync(join(path, 'inside'), { recursive: true });
  },
  'a link to nowhere': (path) => {
    unlinkSync(path);
    symlinkSync('/nowhere', path);
  },
};

describe('a picture whose file has become', () => {
  it.each(Object.keys(DAMAGES))(
    '%s is not given out, and is whole again once it is sent again',
    async (damage) => {
      const run = `run-${damage.replaceAll(' ', '-')}`;
      const { bytes, path } = await filed(run, damage.length);
      DAMAGES[damage]?.(path);
      const served = await imageOf(run);
      expect([served.status, served.type]).toEqual([
        503,
        expect.stringMatching(/^urn:trapline:problem:picture-(damaged|lost)$/),
      ]);
      expect((await station.get(`/api/v1/runs/trap-1/${run}/crops/c0/thumbnail`)).status).toBe(503);
      await trap.crop(run, 'c0', bytes);
      // Acknowledged: the trap may delete its own, so it must be there already, in the journal or the file.
      expect(sha256((await imageOf(run)).body)).toBe(sha256(bytes));
      await eventually(() => {
        try {
          return readFileSync(path).equals(bytes);
        } catch {
          return false;
        }
      });
      expect((await station.get(`/api/v1/runs/trap-1/${run}/crops/c0/thumbnail`)).status).toBe(200);
    },
  );

  it('wrong is brought back over HTTP as well', async () => {
    const { bytes, path } = await filed('over-http', 50);
    DAMAGES['zeros']?.(path);
    const http = new HttpTrap('trap-1', station.trapPassword, station);
    expect((await http.crop('over-http', 'c0', bytes)).status).toBe(200);
    expect((await imageOf('over-http')).body.equals(bytes)).toBe(true);
    await eventually(() => readFileSync(path).equals(bytes));
    await leftInbox();
    DAMAGES['zeros']?.(path);
    const manifest = [{ crop: 'c0', sha256: sha256(bytes) }];
    const { body } = await http.end('over-http', { crops: 1, manifest });
    expect(body).toMatchObject({ state: 'incomplete', missing: ['c0'] });
  });

  it('wrong keeps its receipt from being complete, until it has come again', async () => {
    const { bytes, path } = await filed('receipt', 60);
    const manifest = [{ crop: 'c0', sha256: sha256(bytes), bytes: bytes.length }];
    DAMAGES['zeros']?.(path);
    await trap.end('receipt', { crops: 1, manifest });
    const [first] = await eventually(() => {
      const answers = trap.answers('receipt', 'receipt');
      return answers.length ? answers : undefined;
    });
    expect(first).toMatchObject({ state: 'incomplete', have: 0, missing: ['c0'] });
    await trap.crop('receipt', 'c0', bytes);
    await trap.end('receipt', { crops: 1, manifest });
    await eventually(() => trap.answers('receipt', 'receipt').at(-1)?.['state'] === 'complete');
    expect((await imageOf('receipt')).body.equals(bytes)).toBe(true);
  });

  it('wrong is found by doctor, and one in an archive fails its checksum', async () => {
    const { path } = await filed('archived', 70);
    DAMAGES['zeros']?.(path);
    const { code, out } = await station.tryCommand(['doctor', '--deep', '--json']);
    expect(code).toBe(1);
    const { findings } = JSON.parse(out) as { findings: { check: string; state: string; message: string }[] };
    const files = findings.find(({ check }) => check === 'files');
    expect([files?.state, files?.message]).toEqual(['fail', expect.stringContaining('trap-1/archived/c0')]);
    const zip = Buffer.from(
      await (await station.get('/api/v1/downloads/images.zip?trap=trap-1')).arrayBuffer(),
    );
    expect(zip.includes('This picture is not here')).toBe(true);
    const sent = readFileSync(path);
    expect(sent.every((byte) => byte === 0)).toBe(true);
  });
});

describe('the background check', () => {
  it('finds damaged pictures, asks the trap for them, and says so on the receipt', async () => {
    const { bytes, path } = await filed('checked', 80);
    await trap.end('checked', { crops: 1, manifest: [{ crop: 'c0' }] });
    await eventually(() => trap.answers('checked', 'receipt').at(-1)?.['state'] === 'complete');
    await trap.close();
    await station.stop();
    DAMAGES['zeros']?.(path);
    await station.start({ TRAPLINE_CHECK_DAYS: OFTEN_DAYS });
    trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
    const last = await eventually(() => {
      const answer = trap.answers('checked', 'receipt').at(-1);
      return answer?.['state'] === 'incomplete' && answer;
    }, 20_000).catch(() => undefined);
    // Where the trap was not connected yet when it was found, the next end tells it.
    if (!last) await trap.end('checked', { crops: 1, manifest: [{ crop: 'c0' }] });
    await eventually(() => trap.answers('checked', 'receipt').at(-1)?.['state'] === 'incomplete');
    expect(trap.answers('checked', 'receipt').at(-1)).toMatchObject({ missing: ['c0'] });
    await trap.crop('checked', 'c0', bytes);
    await eventually(() => trap.answers('checked', 'receipt').at(-1)?.['state'] === 'complete');
  }, 90_000);

  it('brings back from the last backup what the trap has not any more', async () => {
    const { bytes, path } = await filed('backed-up', 90);
    const folder = mkdtempSync(join(tmpdir(), 'trapline-backup-'));
    try {
      await station.command('backup', join(folder, 'b'), '--json');
      for (const damage of ['zeros', 'no file']) {
        DAMAGES[damage]?.(path);
        await eventually(() => {
          try {
            return readFileSync(path).equals(bytes);
          } catch {
            return false;
          }
        }, 30_000);
      }
      // And a copy in the backup that has rotted is copied anew.
      const copy = join(folder, 'b', 'images', path.slice(images().length + 1));
      DAMAGES['zeros']?.(copy);
      await station.command('backup', join(folder, 'b'), '--json');
      expect(readFileSync(copy).equals(bytes)).toBe(true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }, 90_000);
});

describe('the agent of a trap', () => {
  let folder: string;
  let agent: RunningAgent | undefined;
  afterEach(async () => {
    await agent?.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  });

  it('sends again what the background check has found to be damaged, says so, and nothing else goes out', async () => {
    folder = mkdtempSync(join(tmpdir(), 'trapline-agent-'));
    const recorded = new InsectDetectFolder(join(folder, 'data'));
    const session = await recorded.add({
      generation: 'v2',
      start: '2026-05-03T13:00:00',
      session: 12,
      tracks: 2,
      cropsPerTrack: 3,
    });
    const password = await station.addTrap('pi-1');
    const settings = agentSettings(folder, station, 'pi-1', password);
    expect((await RunningAgent.start(settings, '--once').ended).status).toBe(0);
    await leftInbox();
    const answers: { ok: boolean; message?: string }[] = [];
    const watching = connect(`mqtt://127.0.0.1:${station.mqttPort}`, {
      username: 'first-admin',
      password: station.adminKey,
    });
    watching.on('message', (_topic, payload) => answers.push(JSON.parse(payload.toString())));
    try {
      await watching.subscribeAsync('traps/v1/pi-1/command/+/answer', { qos: 1 });
      agent = RunningAgent.start(settings);
      await eventually(() => agent?.output.includes('connected to'));
      const run = '20260503T130000-1';
      const [cropId] = [...recorded.expected.keys()]
        .filter((key) => key.startsWith(`${run}/`))
        .map((key) => key.slice(run.length + 1)) as [string];
      const bytes = recorded.expected.get(`${run}/${cropId}`) as Buffer;
      const path = readdirSync(join(images(), 'pi-1'), { recursive: true, encoding: 'utf8' })
        .map((name) => join(images(), 'pi-1', name))
        .find((name) => name.endsWith('.jpg') && readFileSync(name).equals(bytes)) as string;
      DAMAGES['zeros']?.(path);
      await eventually(() => answers.length > 0, 60_000);
      expect(answers[0]).toMatchObject({ ok: true });
      await eventually(() => readFileSync(path).equals(bytes), 20_000);
      await eventually(async () => {
        const { crops } = await station.json<{ crops: { damagedAt: string | null }[] }>(
          `/api/v1/runs/pi-1/${run}`,
        );
        return crops.every(({ damagedAt }) => damagedAt === null);
      });
      // A restart finds all of it published, and nothing new.
      await agent.kill('SIGTERM');
      const { status, output } = await RunningAgent.start(settings, '--once').ended;
      expect([status, output]).toEqual([0, expect.stringContaining('there is nothing new')]);

      // With nothing new, it still does what the service asks for when it hears that the trap is there.
      DAMAGES['zeros']?.(path);
      await eventually(async () => {
        const { crops } = await station.json<{ crops: { damagedAt: string | null }[] }>(
          `/api/v1/runs/pi-1/${run}`,
        );
        return crops.some(({ damagedAt }) => damagedAt !== null);
      });
      const asked = await RunningAgent.start(settings, '--once').ended;
      expect([asked.status, asked.output]).toEqual([0, expect.stringContaining('there is nothing new')]);
      expect(readFileSync(path).equals(bytes)).toBe(true);
      expect(answers.splice(0).at(-1)).toMatchObject({ ok: true });
      const before = answers.length;

      // What the card has not any more cannot come again: the answer says so.
      rmSync(session, { recursive: true });
      agent = RunningAgent.start(settings);
      await eventually(() => agent?.output.includes('connected to'));
      DAMAGES['zeros']?.(path);
      await eventually(() => answers.length > before, 60_000);
      expect(answers.at(-1)).toMatchObject({
        ok: false,
        message: expect.stringMatching(/not here any more/),
      });
    } finally {
      await watching.endAsync(true);
    }
  }, 180_000);
});

describe('a crop whose bytes in the journal have become zeros', () => {
  it('gets no file that looks like a picture, and is whole again once it is sent again', async () => {
    const password = await station.addTrap('trap-2');
    const other = await Trap.connect('trap-2', password, station.mqttPort);
    try {
      // A file where the folder should be keeps the crop in the journal.
      writeFileSync(join(images(), 'trap-2'), 'in the way');
      const bytes = await crop('blue', 95);
      await other.crop('in-journal', 'c0', bytes);
      const inbox = join(station.dataDir, 'inbox');
      for (const segment of readdirSync(inbox)) {
        const path = join(inbox, segment);
        writeFileSync(path, Buffer.alloc(statSync(path).size));
      }
      rmSync(join(images(), 'trap-2'));
      const url = '/api/v1/runs/trap-2/in-journal/crops/c0';
      await eventually(async () => (await station.get(url)).status === 503, 40_000);
      await other.crop('in-journal', 'c0', bytes);
      await eventually(async () => {
        const answer = await station.get(url);
        return answer.ok && Buffer.from(await answer.arrayBuffer()).equals(bytes);
      });
      const path = await eventually(() => fileOf('in-journal'), 40_000);
      expect(readFileSync(path).equals(bytes)).toBe(true);
    } finally {
      await other.close();
    }
  }, 90_000);
});
