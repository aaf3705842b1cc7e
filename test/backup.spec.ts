import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { testEngines } from './fixtures/catalog-engines.js';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { Ledger } from './fixtures/ledger.js';
import { colourModel } from './fixtures/model.js';
import { allRuns } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

interface BackedUp {
  readonly snapshot: string;
  readonly copied: number;
  readonly runs: number;
  readonly pictures: number;
  readonly missing: number;
}

const folder = () => mkdtempSync(join(tmpdir(), 'trapline-backup-'));
const filesUnder = (root: string) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(root, path)).isFile())
    .sort();
const partIn = (backups: string) => readdirSync(backups).find((name) => name.endsWith('.part'));
const hashesUnder = (root: string) =>
  filesUnder(root).map((path) => [
    path,
    createHash('sha256')
      .update(readFileSync(join(root, path)))
      .digest('hex'),
  ]);

/** Sends runs of four crops until it is told to stop; the ledger knows what was acknowledged. */
function stream(trap: Trap, ledger: Ledger) {
  let going = true;
  const ended = (async () => {
    for (let run = 0; going; run += 1) {
      await Promise.all(
        Array.from({ length: 4 }, async (_, i) => {
          const bytes = await crop('green', run * 10 + i);
          await trap.crop(`s${run}`, `c-${i}`, bytes);
          ledger.acknowledged(`${trap.id}/s${run}/c-${i}`, bytes);
        }),
      );
      await trap.end(`s${run}`, { crops: 4 });
    }
  })();
  return {
    stop: async () => {
      going = false;
      await ended;
    },
  };
}

describe('a backup', () => {
  let station: Station;
  let trap: Trap;
  let backups: string;
  beforeAll(async () => {
    station = await Station.start({ TRAPLINE_MODEL: await colourModel() });
    trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
  });
  afterAll(async () => {
    await trap.close();
    await station.remove();
  });
  beforeEach(() => {
    backups = folder();
  });
  afterEach(() => rmSync(backups, { recursive: true, force: true }));

  const backup = (...args: string[]) => station.command<BackedUp>('backup', backups, ...args, '--json');

  it('has everything that was acknowledged before it began, while crops keep coming in', async () => {
    const before = new Ledger();
    const all = new Ledger();
    const both = {
      acknowledged(key: string, bytes: Buffer) {
        all.acknowledged(key, bytes);
        if (!begun) before.acknowledged(key, bytes);
      },
    } as Ledger;
    let begun = false;
    const sending = stream(trap, both);
    await eventually(() => all.size >= 60);
    begun = true;
    const { missing } = await backup();
    const duringIt = all.size - before.size;
    await sending.stop();
    expect({ missing, wereSentMeanwhile: duringIt > 0 }).toEqual({ missing: 0, wereSentMeanwhile: true });

    const elsewhere = await Station.start({ TRAPLINE_CLASSIFIERS: '0' });
    try {
      await elsewhere.stop();
      rmSync(elsewhere.dataDir, { recursive: true });
      await elsewhere.command('restore', backups);
      elsewhere.adminKey = station.adminKey;
      await elsewhere.start();
      const differences = await before.differences(elsewhere);
      // What came during the backup may be in it, too.
      expect(differences.filter((line) => !line.endsWith('was never sent'))).toEqual([]);
      const again = await Trap.connect('trap-1', station.trapPassword, elsewhere.mqttPort);
      await again.crop('new', 'c0', await crop('red', 1));
      await again.close();
    } finally {
      await elsewhere.remove();
    }
  }, 120_000);

  it('copies only what is new the next time, and every snapshot can be restored', async () => {
    const send = async (run: string) => {
      await trap.crop(run, 'c0', await crop('red', run.length));
      await trap.end(run, { crops: 1 });
    };
    await send('n1');
    const first = await backup();
    expect(first).toMatchObject({ copied: first.pictures, missing: 0 });
    await send('n22');
    const second = await backup('--no-secrets');
    expect(second).toMatchObject({ copied: 1, pictures: first.pictures + 1, runs: first.runs + 1 });
    expect(existsSync(join(second.snapshot, 'secrets.json'))).toBe(false);
    const restored = folder();
    await station.command('restore', second.snapshot, '--to', restored);
    await eventually(() => filesUnder(join(station.dataDir, 'images')).length === second.pictures);
    expect(hashesUnder(join(restored, 'images'))).toEqual(hashesUnder(join(station.dataDir, 'images')));
    rmSync(restored, { recursive: true });

    // A backup may rot; and it need not keep every snapshot for good.
    const rotten = join(backups, 'images', filesUnder(join(backups, 'images'))[0] as string);
    const bytes = readFileSync(rotten);
    writeFileSync(rotten, Buffer.alloc(bytes.length));
    await expect(station.command('restore', backups, '--check')).rejects.toThrow(/damaged or missing: /);
    expect(await backup('--quick')).toMatchObject({ copied: 0 });
    expect(await backup('--keep', '2')).toMatchObject({ copied: 1, pictures: second.pictures });
    expect(readFileSync(rotten)).toEqual(bytes);
    expect([first, second].map(({ snapshot }) => existsSync(snapshot))).toEqual([false, false]);
    expect(await station.command('restore', backups, '--check', '--json')).toMatchObject({
      pictures: second.pictures,
    });
  });

  it('keeps its secrets apart, in a file that others cannot read', async () => {
    const { snapshot } = await backup();
    const secrets = join(snapshot, 'secrets.json');
    expect(statSync(secrets).mode & 0o777).toBe(0o600);
    expect(statSync(snapshot).mode & 0o777).toBe(0o700);
    const hash = createHash('sha256').update(station.adminKey).digest('hex');
    const key = readFileSync(join(station.dataDir, 'service.key'), 'utf8').trim();
    expect(readFileSync(secrets, 'utf8')).toContain(hash);
    for (const path of filesUnder(backups).filter((name) => !name.endsWith('secrets.json'))) {
      const bytes = readFileSync(join(backups, path));
      for (const secret of [hash, key]) expect([path, bytes.includes(secret)]).toEqual([path, false]);
    }
    // Taken elsewhere, they must be named.
    const safe = folder();
    renameSync(secrets, join(safe, 'mine.json'));
    const to = folder();
    await expect(station.command('restore', snapshot, '--to', to)).rejects.toThrow(/--secrets/);
    expect(readdirSync(to)).toEqual([]);
    await station.command('restore', snapshot, '--to', to, '--secrets', join(safe, 'mine.json'));
    expect(readFileSync(join(to, 'service.key'), 'utf8').trim()).toBe(key);
    for (const path of [safe, to]) rmSync(path, { recursive: true });
  });

  it('that was interrupted is no backup, and does not spoil the earlier one', async () => {
    const interrupted = async () => {
      const child = station.spawnCommand(['backup', backups]);
      const ended = once(child, 'exit');
      await eventually(() => child.exitCode !== null || partIn(backups) !== undefined);
      child.kill('SIGKILL');
      await ended;
      expect(partIn(backups)).toBeDefined();
    };
    await interrupted();
    for (const path of [backups, join(backups, partIn(backups) as string)])
      await expect(station.command('restore', path, '--check')).rejects.toThrow(/half of a backup/);
    const { snapshot } = await backup();
    expect(partIn(backups)).toBeUndefined();
    await interrupted();
    expect(await station.command('restore', backups, '--check', '--json')).toMatchObject({ snapshot });
  });

  it('is refused where it cannot be one', async () => {
    await expect(station.command('backup', join(station.dataDir, 'backup'))).rejects.toThrow(
      /lie in each other/,
    );
    writeFileSync(join(backups, 'letters.txt'), 'mine');
    await expect(station.command('backup', backups)).rejects.toThrow(/is not empty, and no backup/);
    const other = folder();
    writeFileSync(join(other, 'trapline-backup.json'), '{"format":1,"catalog":"another"}');
    await expect(station.command('backup', other)).rejects.toThrow(/backup of another catalog/);
    rmSync(other, { recursive: true });
    if (process.platform === 'linux')
      await expect(station.command('backup', '/proc/none/at-all')).rejects.toThrow(/cannot be made/);
  });

  it('says which pictures were not there to be copied', async () => {
    const [path] = filesUnder(join(station.dataDir, 'images')).filter((name) => name.includes('/n1/'));
    rmSync(join(station.dataDir, 'images', path as string));
    const { snapshot, missing } = await backup();
    expect(missing).toBe(1);
    expect(readFileSync(join(snapshot, 'missing.txt'), 'utf8')).toBe('trap-1/n1/c0  there is no file\n');
  });
});

describe('a restore', () => {
  let station: Station;
  let backups: string;
  let original: [string, string][];
  const restore = (...args: string[]) =>
    station.command<{ restorePoint: string | null; pictures: number }>('restore', ...args, '--json');

  beforeAll(async () => {
    backups = folder();
    station = await Station.start({ TRAPLINE_CLASSIFIERS: '0' });
    const trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
    for (let i = 0; i < 5; i += 1) await trap.crop(`r${i}`, 'c0', await crop('blue', i));
    await station.command('backup', backups);
    for (let i = 5; i < 8; i += 1) await trap.crop(`r${i}`, 'c0', await crop('blue', i));
    await eventually(() => filesUnder(join(station.dataDir, 'images')).length === 8);
    await trap.close();
  });
  afterAll(async () => {
    await station.remove();
    rmSync(backups, { recursive: true, force: true });
  });
  /** Without what SQLite keeps beside the catalog. */
  const dataIn = (root: string) =>
    hashesUnder(root).filter(([path]) => !/folder\.lock|-shm$|-wal$/.test(path as string)) as [
      string,
      string,
    ][];
  const now = () => dataIn(station.dataDir);

  it('is refused while a service runs on the folder', async () => {
    await expect(restore(backups)).rejects.toThrow(
      /a service or a command is at work on this data folder: stop it first/,
    );
    expect(await allRuns(station)).toHaveLength(8);
    await station.stop();
    original = now();
  });

  it.each([
    [
      'a catalog that is damaged',
      (snapshot: string) => change(snapshot, 'catalog.sqlite'),
      /catalog\.sqlite is damaged/,
    ],
    [
      'a list that was cut',
      (snapshot: string) => change(snapshot, 'images.sha256'),
      /images\.sha256 is damaged/,
    ],
    [
      'a manifest that is none',
      (snapshot: string) => writeFileSync(join(snapshot, 'manifest.json'), '{"format":'),
      /manifest\.json is damaged/,
    ],
    ['no manifest', (snapshot: string) => lose(snapshot, 'manifest.json'), /no finished snapshot/],
  ])('from a backup with %s changes nothing, and names it', async (_what, spoil, named) => {
    const [spoiled, empty] = [folder(), folder()];
    try {
      for (const path of filesUnder(backups)) {
        mkdirSync(join(spoiled, path, '..'), { recursive: true });
        writeFileSync(join(spoiled, path), readFileSync(join(backups, path)));
      }
      const snapshot = readdirSync(spoiled).find((name) => name.startsWith('20')) as string;
      spoil(join(spoiled, snapshot));
      await expect(restore(spoiled, '--check')).rejects.toThrow(named);
      await expect(restore(spoiled, '--to', empty)).rejects.toThrow(named);
      expect(readdirSync(empty).filter((name) => !name.startsWith('folder.lock'))).toEqual([]);
      await expect(restore(spoiled)).rejects.toThrow(named);
      expect(now()).toEqual(original);
    } finally {
      for (const path of [spoiled, empty]) rmSync(path, { recursive: true });
    }
  });

  it.each([
    ['damaged', (folder: string) => change(folder, '.jpg')],
    ['missing', (folder: string) => lose(folder, '.jpg')],
  ])(
    'from a backup with a %s picture brings back all else, and the trap is asked again',
    async (_what, spoil) => {
      const spoiled = folder();
      const other = await Station.start({ TRAPLINE_CLASSIFIERS: '0' });
      try {
        await other.stop();
        cpSync(backups, spoiled, { recursive: true });
        const before = filesUnder(join(spoiled, 'images'));
        const hashes = hashesUnder(join(spoiled, 'images'));
        spoil(join(spoiled, 'images'));
        const after = new Map(hashesUnder(join(spoiled, 'images')) as [string, string][]);
        const [bad] = hashes.find(([path, hash]) => after.get(path as string) !== hash) as [string, string];
        const checked = await other.tryCommand(['restore', spoiled, '--check', '--json']);
        expect([checked.code, JSON.parse(checked.out)]).toEqual([
          3,
          expect.objectContaining({ pictures: 4, damaged: [join(spoiled, 'images', bad)] }),
        ]);
        const { code, out, err } = await other.tryCommand(['restore', spoiled, '--json']);
        expect(code).toBe(3);
        expect(err).toContain(join(spoiled, 'images', bad));
        const run = /r\d/.exec(bad)?.[0] as string;
        expect(JSON.parse(out)).toMatchObject({ pictures: 4, withoutPicture: [`trap-1/${run}/c0`] });
        expect(filesUnder(join(other.dataDir, 'images'))).toEqual(before.filter((path) => path !== bad));
        await other.start();
        other.adminKey = station.adminKey;
        const damagedAt = async () =>
          (await other.json<{ crops: { damagedAt: string | null }[] }>(`/api/v1/runs/trap-1/${run}`)).crops[0]
            ?.damagedAt;
        expect(await damagedAt()).toMatch(/^20/);
        const trap = await Trap.connect('trap-1', station.trapPassword, other.mqttPort);
        await trap.crop(run, 'c0', await crop('blue', Number(run.slice(1))));
        await eventually(async () => (await damagedAt()) === null);
        expect((await other.get(`/api/v1/runs/trap-1/${run}/crops/c0`)).status).toBe(200);
        await trap.close();
      } finally {
        await other.remove();
        rmSync(spoiled, { recursive: true, force: true });
      }
    },
  );

  it('puts aside what is there, whole, and brings back what was', async () => {
    const { restorePoint, pictures } = await restore(backups);
    expect(pictures).toBe(5);
    expect(dataIn(restorePoint as string)).toEqual(original);
    await station.start();
    expect((await allRuns(station)).map(({ runId }) => runId).sort()).toEqual(['r0', 'r1', 'r2', 'r3', 'r4']);
    await station.stop();
    // And back again, by hand.
    for (const name of readdirSync(station.dataDir))
      if (!name.startsWith('restore-point-')) rmSync(join(station.dataDir, name), { recursive: true });
    for (const name of readdirSync(restorePoint as string))
      renameSync(join(restorePoint as string, name), join(station.dataDir, name));
    rmSync(restorePoint as string, { recursive: true });
    expect(now()).toEqual(original);
  });

  it('that is killed half-way is ended by the next start, or has changed nothing', async () => {
    for (let kill = 0; kill < 3; kill += 1) {
      const child = station.spawnCommand(['restore', backups]);
      const ended = once(child, 'exit');
      const seen = ['.restoring-', 'restore-swap.json', 'restore-point-'][kill] as string;
      await eventually(
        () => child.exitCode !== null || readdirSync(station.dataDir).some((name) => name.startsWith(seen)),
      );
      child.kill('SIGKILL');
      await ended;
      await station.start();
      expect([5, 8]).toContain((await allRuns(station)).length);
      await station.stop();
      expect(readdirSync(station.dataDir).filter((name) => name === 'restore-swap.json')).toEqual([]);
    }
  }, 120_000);
});

function change(root: string, ending: string): void {
  const path = filesUnder(root).find((name) => name.endsWith(ending)) as string;
  appendFileSync(join(root, path), 'x');
}

function lose(root: string, ending: string): void {
  rmSync(join(root, filesUnder(root).find((name) => name.endsWith(ending)) as string));
}

const postgres = (await testEngines()).find(({ name }) => name === 'postgres');
afterAll(() => postgres?.stop());

(postgres?.missing ? describe.skip : describe)('a backup moves a season', () => {
  it('from SQLite to PostgreSQL and back, with accounts and pictures', async () => {
    const station = await Station.start({ TRAPLINE_MODEL: await colourModel() });
    const [one, two] = [folder(), folder()];
    try {
      const trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
      const ledger = new Ledger();
      for (let i = 0; i < 6; i += 1) {
        const bytes = await crop('green', i);
        await trap.crop(`r${i}`, 'c-0', bytes);
        await trap.end(`r${i}`, { crops: 1 });
        ledger.acknowledged(`trap-1/r${i}/c-0`, bytes);
      }
      await trap.close();
      const final = async () =>
        (await allRuns(station))
          .filter(({ observation }) => observation?.final)
          .map(({ runId, observation }) => [runId, observation?.label, observation?.probability]);
      await eventually(async () => (await final()).length === 6);
      const known = await final();
      await station.command('backup', one);
      await station.stop();
      const database = (await postgres?.place())?.databaseUrl;
      rmSync(station.dataDir, { recursive: true });
      Object.assign(station, {
        env: { ...(station as never as { env: object }).env, DATABASE_URL: database },
      });
      await station.command('restore', one);
      expect(existsSync(join(station.dataDir, 'catalog.sqlite'))).toBe(false);
      await station.start();
      expect(await final()).toEqual(known);
      expect(await ledger.differences(station)).toEqual([]);

      await station.command('backup', two);
      await expect(station.command('restore', two, '--to', folder())).rejects.toThrow(/is not empty/);
      await station.stop();
      rmSync(station.dataDir, { recursive: true });
      Object.assign(station, {
        env: { ...(station as never as { env: object }).env, DATABASE_URL: undefined },
      });
      await station.command('restore', two);
      await station.start();
      expect(await final()).toEqual(known);
      expect(await ledger.differences(station)).toEqual([]);
    } finally {
      await station.remove();
      for (const path of [one, two]) rmSync(path, { recursive: true, force: true });
    }
  }, 120_000);
});
