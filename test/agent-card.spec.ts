import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { agentSettings, RunningAgent } from './fixtures/agent.js';
import { announcingJpeg, announcingPng, manyScans } from './fixtures/hostile-images.js';
import { InsectDetectFolder, type SessionPlan } from './fixtures/insect-detect-folder.js';
import { rssMb } from './fixtures/memory.js';
import { allRuns, findRun } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';

const DAY = '2026-05-03';
const SESSION = `${DAY}_13-00-00`;
const PLAN: SessionPlan = {
  generation: 'v2',
  start: `${DAY}T13:00:00`,
  session: 12,
  tracks: 2,
  cropsPerTrack: 3,
};
const TABLE = `data/${DAY}/${SESSION}/${SESSION}_metadata.csv`;
const LIST = 'data/session_info.csv';
const CROPS = `data/${DAY}/${SESSION}/crops/insect`;
const TABLES = [TABLE, LIST] as const;

let station: Station;
let folder: string;
let recorded: InsectDetectFolder;
let trapId: string;
let password: string;
let traps = 0;

beforeAll(async () => {
  station = await Station.start({ TRAPLINE_RECEIPT_WAIT_S: '1' });
});
afterAll(() => station.remove());
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trapline-card-'));
  recorded = new InsectDetectFolder(join(folder, 'trap', 'data'));
  traps += 1;
  trapId = `card-${traps}`;
  password = await station.addTrap(trapId);
  await recorded.add(PLAN);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The card, as it came to the desk. @returns its folder */
function copyOfCard(): string {
  const card = join(folder, 'card');
  cpSync(join(folder, 'trap'), card, { recursive: true });
  return card;
}
/** Each place has notes of its own: the desk does not know what the trap has sent. */
const send = (place: string, data = 'data', args = '--once') =>
  RunningAgent.start(
    agentSettings(join(folder, place), station, trapId, password, {
      dataFolder: data,
      stateFolder: join(folder, `state-${place}`),
    }),
    `${args} --no-status`,
  ).ended;
const notRead = (output: string): string[] => output.match(/(?<=^not read: ).*/gm) ?? [];

async function stored() {
  const runs = await allRuns(station, `&trap=${trapId}`);
  const crops: [string, string, unknown][] = [];
  for (const { runId } of runs)
    for (const crop of (await findRun(station, trapId, runId)).crops)
      crops.push([`${runId}/${crop.cropId}`, crop.sha256, (crop as { detection?: unknown }).detection]);
  const { items } = await station.json<{ items: object[] }>(`/api/v1/sessions?trap=${trapId}`);
  return { crops: crops.sort(([a], [b]) => (a < b ? -1 : 1)), sessions: items };
}
type Stored = Awaited<ReturnType<typeof stored>>;
const session = ({ sessions }: Stored) => sessions;

type Change = (text: string) => string | Buffer | undefined;
function rewrite(card: string, change: Change, files: readonly string[] = TABLES): void {
  for (const file of files) {
    const path = join(card, file);
    const changed = change(readFileSync(path, 'utf8'));
    if (changed === undefined) unlinkSync(path);
    else writeFileSync(path, changed);
  }
}
const rows = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
const joined = (cells: readonly (readonly string[])[], delimiter: string, end = '\r\n') =>
  cells.map((line) => line.join(delimiter) + end).join('');
const decimalComma = (cell: string) => (/^-?\d+\.\d+$/.test(cell) ? cell.replace('.', ',') : cell);
/** Changes times in the form of Python. */
const dated = (cell: string, form: (parts: string[]) => string) => {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)/.exec(cell);
  return parts ? form(parts) : cell;
};
const american = ([, year, month, day, hour, minute]: string[]) =>
  `${Number(month)}/${Number(day)}/${year} ${Number(hour) % 12 || 12}:${minute} ${Number(hour) < 12 ? 'AM' : 'PM'}`;

describe('a card whose tables a spreadsheet has saved', () => {
  const german: Change = (text) =>
    `\uFEFF${joined(
      rows(text).map((line) => line.map(decimalComma)),
      ';',
    )}`;
  it.each<[string, Change]>([
    ['with semicolons, decimal commas, a byte order mark and CRLF', german],
    ['as Unicode text', (text) => Buffer.from(`\uFEFF${joined(rows(text), '\t')}`, 'utf16le')],
    [
      'as Unicode text of the other byte order',
      (text) => Buffer.from(`\uFEFF${joined(rows(text), '\t')}`, 'utf16le').swap16(),
    ],
    [
      'with quotes around every cell',
      (text) =>
        joined(
          rows(text).map((line) => line.map((cell) => `"${cell}"`)),
          ',',
        ),
    ],
    [
      'with each line as one cell',
      (text) =>
        text
          .trimEnd()
          .split('\n')
          .map((line) => `"${line}"\r\n`)
          .join(''),
    ],
    ['with a line that names the delimiter', (text) => `sep=;\r\n${joined(rows(text), ';')}`],
    ['with empty cells behind each line', (text) => joined(rows(text), ';', ';;;\r\n')],
    ['without an end of the last line', (text) => text.trimEnd()],
    [
      'in Windows-1252',
      (text) => Buffer.from(german(text.replaceAll('insdet', 'wärmegarten')) as string, 'latin1'),
    ],
    [
      'with rows in another order',
      (text) => [text.split('\n')[0], ...text.trimEnd().split('\n').slice(1).reverse(), ''].join('\n'),
    ],
    [
      'with German times',
      (text) =>
        joined(
          rows(text).map((line) =>
            line.map((cell) => dated(cell, ([, y, m, d, h, i, s]) => `${d}.${m}.${y} ${h}:${i}:${s}`)),
          ),
          ';',
        ),
    ],
    [
      'with American times to the minute',
      (text) =>
        joined(
          rows(text).map((line) => line.map((cell) => dated(cell, american))),
          ',',
        ),
    ],
    [
      'with counters as floating point',
      (text) =>
        joined(
          rows(text).map((line, at) => line.map((cell, i) => (at > 0 && i === 1 ? '2.02605E+13' : cell))),
          ',',
        ),
    ],
  ])('gives the same runs, crops, boxes and minutes: %s', async (_, change) => {
    expect(await send('trap')).toMatchObject({ status: 0 });
    const before = await stored();
    expect(before.crops).toHaveLength(6);
    rewrite(copyOfCard(), change);
    const desk = await send('card');
    expect(notRead(desk.output)).toEqual([]);
    expect(desk.status).toBe(0);
    const after = await stored();
    expect(after.crops).toEqual(before.crops);
    expect(session(after)).toMatchObject([{ minutes: 39.8, sessionId: '20260503T130000' }]);
  });

  it('keeps from its desk alone what the trap would have sent', async () => {
    rewrite(copyOfCard(), german);
    expect(await send('card')).toMatchObject({ status: 0 });
    const desk = await stored();
    expect(await send('trap')).toMatchObject({ status: 0 });
    expect((await stored()).crops).toEqual(desk.crops);
    expect(desk.crops[1]?.[2]).toMatchObject({ confidence: 0.93, box: [0.1851, 0.7182, 0.2492, 0.7684] });
  });

  it.each<[string, Change, RegExp]>([
    ['cut in the middle of a line', (text) => text.slice(0, -70), /_metadata\.csv: line 7 cannot be read$/m],
    [
      'zero-filled',
      (text) => Buffer.alloc(text.length),
      /_metadata\.csv: line 1 cannot be read|columns are not known/,
    ],
    ['another table', () => 'a,b\n1,2\n', /_metadata\.csv: this is no table of the trap/],
    [
      'with numbers that became dates',
      (text) => text.replaceAll('8.33', '08. Mrz'),
      /exposureTime in line 2.* cannot be read$/m,
    ],
  ])('gives the same ids and says what it could not read, with status 3: %s', async (_, change, why) => {
    expect(await send('trap')).toMatchObject({ status: 0 });
    const before = await stored();
    rewrite(copyOfCard(), change, [TABLE]);
    const { status, output } = await send('card');
    expect([status, notRead(output)]).toEqual([3, [expect.stringMatching(why)]]);
    const after = await stored();
    expect(after.crops.map(([id, hash]) => [id, hash])).toEqual(before.crops.map(([id, hash]) => [id, hash]));
    expect(session(after)).toMatchObject([{ minutes: 39.8 }]);
    // It is said again, whenever somebody asks.
    expect(await send('card')).toMatchObject({ status: 3, output: expect.stringMatching(why) });
  });

  it('gives the same ids and minutes when the tables were deleted', async () => {
    expect(await send('trap')).toMatchObject({ status: 0 });
    const before = await stored();
    rewrite(copyOfCard(), () => undefined);
    expect(await send('card')).toMatchObject({ status: 0 });
    const after = await stored();
    expect(after.crops.map(([id]) => id)).toEqual(before.crops.map(([id]) => id));
    expect(session(after)).toMatchObject([{ minutes: 39.8 }]);
  });

  it('matches rows without a fraction to their pictures where only one can be meant', async () => {
    const v18 = { ...PLAN, generation: 'v1.8', start: `${DAY}T15:00:00` } as const;
    await recorded.add(v18);
    const card = copyOfCard();
    const table = `data/${DAY}/${DAY}_15-00-00/${DAY}_15-00-00_metadata.csv`;
    rewrite(
      card,
      (text) => text.replaceAll(/(T\d\d:\d\d:\d\d)\.\d+/g, '$1').replaceAll(/(\d)T(\d)/g, '$1 $2'),
      [table],
    );
    expect(await send('card')).toMatchObject({ status: 0 });
    const { crops } = await stored();
    const boxes = crops.filter(([id, , detection]) => id.startsWith('20260503T150000') && detection);
    expect(boxes).toHaveLength(6);
  });
});

describe('a card that a computer has written on', () => {
  const crops = (card: string) => readdirSync(join(card, CROPS)).sort();
  const put = (path: string, content: string | Buffer = 'x') => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  };

  it.each<[string, (card: string) => void]>([
    [
      'twins of a Mac',
      (card) => {
        for (const name of crops(card)) put(join(card, CROPS, `._${name}`), Buffer.alloc(4096, 1));
        put(join(card, CROPS, '.DS_Store'));
        put(join(card, `data/${DAY}/._${SESSION}`));
        put(join(card, `data/${DAY}/${SESSION}/._${SESSION}_metadata.csv`));
        put(join(card, 'data/.Trashes/501/x.jpg'));
        put(join(card, 'data/.Spotlight-V100/store.db'));
      },
    ],
    [
      'litter of Windows',
      (card) => {
        put(join(card, CROPS, 'Thumbs.db'));
        put(join(card, CROPS, 'desktop.ini'));
        put(join(card, 'data/System Volume Information/IndexerVolumeGuid'));
        put(join(card, 'data/$RECYCLE.BIN/x.jpg'));
      },
    ],
    [
      'locks of open spreadsheets',
      (card) => {
        put(join(card, `data/${DAY}/${SESSION}/.~lock.${SESSION}_metadata.csv#`));
        put(join(card, `data/${DAY}/${SESSION}/~$${SESSION}_metadata.csv`));
      },
    ],
    [
      'copies of pictures and tables',
      (card) => {
        const [first, second, third] = crops(card) as [string, string, string];
        const copy = (name: string, as: string) => cpSync(join(card, CROPS, name), join(card, CROPS, as));
        copy(first, first.replace('.jpg', ' (1).jpg'));
        copy(second, second.replace('.jpg', ' copy.jpg'));
        copy(third, `Kopie von ${third}`);
        cpSync(join(card, TABLE), join(card, TABLE.replace('.csv', ' (1).csv')));
        cpSync(join(card, LIST), join(card, 'data/Kopie von session_info.csv'));
      },
    ],
    [
      'names in capitals and other endings',
      (card) => {
        for (const [i, name] of crops(card).entries())
          renameSync(
            join(card, CROPS, name),
            join(card, CROPS, name.replace('.jpg', i % 2 ? '.JPG' : '.jpeg')),
          );
        renameSync(join(card, CROPS), join(card, dirname(CROPS), 'INSECT'));
        renameSync(join(card, dirname(CROPS)), join(card, `data/${DAY}/${SESSION}/CROPS`));
      },
    ],
    [
      'a picture sorted into another folder, of a decomposed name',
      (card) => {
        const [first] = crops(card) as [string];
        const other = join(card, dirname(CROPS), 'Käfer'.normalize('NFD'));
        mkdirSync(other);
        renameSync(join(card, CROPS, first), join(other, first));
      },
    ],
    [
      'pictures one level deeper',
      (card) => {
        renameSync(join(card, CROPS), join(card, `data/${DAY}/${SESSION}/insect`));
        mkdirSync(join(card, CROPS), { recursive: true });
        renameSync(join(card, `data/${DAY}/${SESSION}/insect`), join(card, CROPS, 'insect'));
      },
    ],
    [
      'the session in a folder of its own name, as an archive unpacks it',
      (card) => {
        const path = join(card, `data/${DAY}/${SESSION}`);
        renameSync(path, `${path}.x`);
        mkdirSync(path);
        renameSync(`${path}.x`, join(path, SESSION));
      },
    ],
    [
      'folders renamed',
      (card) => {
        renameSync(join(card, `data/${DAY}/${SESSION}`), join(card, `data/${DAY}/meadow, morning`));
        renameSync(join(card, `data/${DAY}`), join(card, 'data/first day'));
      },
    ],
    [
      'a copy of the session beside it',
      (card) => {
        const path = join(card, `data/${DAY}/${SESSION}`);
        cpSync(path, `${path} - Kopie`, { recursive: true });
      },
    ],
    ['a link that leads back up', (card) => symlinkSync('..', join(card, `data/${DAY}/${SESSION}/loop`))],
    [
      'the picture itself lost, and a copy of it there',
      (card) => {
        const [first] = crops(card) as [string];
        cpSync(join(card, CROPS, first), join(card, CROPS, first.replace('.jpg', ' (2).jpg')));
        writeFileSync(join(card, CROPS, first), Buffer.alloc(3000));
      },
    ],
  ])('gives the same runs and crops, each once: %s', async (_, change) => {
    expect(await send('trap')).toMatchObject({ status: 0 });
    const before = await stored();
    const card = copyOfCard();
    change(card);
    const { status, output } = await send('card');
    expect([status, notRead(output)]).toEqual([0, []]);
    expect((await stored()).crops).toEqual(before.crops);
    // Sent from the desk alone, it is the same, too.
    trapId = `${trapId}-desk`;
    password = await station.addTrap(trapId);
    expect(await send('card')).toMatchObject({ status: 0 });
    expect((await stored()).crops).toEqual(before.crops);
  });

  it.each(['data', `data/${DAY}`, `data/${DAY}/${SESSION}`, '.', '..'])(
    'is found whichever of its folders is named: %s',
    async (data) => {
      copyOfCard();
      rmSync(join(folder, 'trap'), { recursive: true });
      expect(await send('card', data)).toMatchObject({ status: 0 });
      expect((await stored()).crops.map(([id]) => id)).toEqual([...recorded.expected.keys()].sort());
    },
  );

  it('names what may hold recordings and cannot be placed, with status 3', async () => {
    const card = copyOfCard();
    const [first] = crops(card) as [string];
    put(join(card, 'data/FOUND.000/FILE0000.CHK'));
    put(join(card, 'data/may.zip'));
    put(join(card, CROPS, 'HOST_2~1.JPG'));
    put(join(card, CROPS, 'FILE0001.CHK'));
    put(join(card, `data/${DAY}/${SESSION}/${SESSION}_metadata.xlsx`));
    put(join(card, `data/${DAY}/${first}`));
    put(join(card, CROPS, first), '');
    put(join(card, 'data/notes.txt'));
    const { status, output } = await send('card');
    expect(status).toBe(3);
    expect(
      notRead(output)
        .map((line) => line.replace(/: .*/, ''))
        .sort(),
    ).toEqual(
      [
        'data/FOUND.000',
        'data/may.zip',
        `${CROPS}/HOST_2~1.JPG`,
        `${CROPS}/FILE0001.CHK`,
        `data/${DAY}/${SESSION}/${SESSION}_metadata.xlsx`,
        `data/${DAY}/${first}`,
        `${CROPS}/${first}`,
      ]
        .map((path) => path.replace(/^data\//, ''))
        .sort(),
    );
    expect((await stored()).crops).toHaveLength(5);
    expect(await send('card', 'data', '--dry-run')).toMatchObject({ status: 3 });
  });

  it('says that a card is write-protected where its notes would go', async () => {
    const card = copyOfCard();
    const sealed = join(folder, 'sealed');
    mkdirSync(sealed);
    chmodSync(sealed, 0o555);
    const path = agentSettings(card, station, trapId, password, { stateFolder: join(sealed, 'state') });
    const { status, output } = await RunningAgent.start(path, '--once --no-status').ended;
    // Whoever may write everywhere does.
    if (process.getuid?.() !== 0)
      expect([status, output]).toEqual([1, expect.stringContaining('set stateFolder')]);
    chmodSync(sealed, 0o755);
  });
});

describe('the place in the configuration of insect-detect', () => {
  const place = (latitude: number | null, longitude: number | null) => ({
    deployment: { start: null, location: { latitude, longitude, accuracy: 5 }, notes: null },
    camera: { fps: 15 },
  });
  const whereItIs = async () => {
    const { place } = await station.json<{ place: { latitude: number; longitude: number } | null }>(
      `/api/v1/traps/${trapId}`,
    );
    return place && [place.latitude, place.longitude];
  };
  const snapshot = () => join(folder, 'trap', `data/${DAY}/${SESSION}/${SESSION}_config.json`);
  const configs = (yaml: string) => {
    mkdirSync(join(folder, 'trap/configs'));
    writeFileSync(join(folder, 'trap/configs/config_selector.yaml'), 'config_active: field.yaml\n');
    writeFileSync(join(folder, 'trap/configs/field.yaml'), yaml);
  };

  it('is told to the service', async () => {
    writeFileSync(snapshot(), JSON.stringify(place(52.5163, 13.3777)));
    expect(await send('trap')).toMatchObject({ status: 0 });
    expect(await whereItIs()).toEqual([52.5163, 13.3777]);
  });

  it('is that of the active file where the session has none, and never that of a receiver without a fix', async () => {
    writeFileSync(snapshot(), JSON.stringify(place(0, 0)));
    configs('deployment:\n  location:\n    latitude: 47.5\n    longitude: 8.25 # by hand\n');
    expect(await send('trap')).toMatchObject({ status: 0 });
    expect(await whereItIs()).toEqual([47.5, 8.25]);
  });

  it('comes after the settings of the agent', async () => {
    writeFileSync(snapshot(), JSON.stringify(place(52.5163, 13.3777)));
    const path = agentSettings(join(folder, 'trap'), station, trapId, password, {
      latitude: 1.5,
      longitude: 2.5,
    });
    expect((await RunningAgent.start(path, '--once --no-status').ended).status).toBe(0);
    expect(await whereItIs()).toEqual([1.5, 2.5]);
  });
});

describe('a card with frames that nobody can decode', () => {
  /** The most that the agent and what it started have had at once, in MB. */
  function watchMemory(pid: number) {
    const children = () =>
      readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
    let peakMb = 0;
    const watch = setInterval(() => {
      try {
        peakMb = Math.max(
          peakMb,
          [pid, ...children().map(Number)].reduce((sum, each) => sum + (rssMb(each) || 0), 0),
        );
      } catch {
        // One of them has ended.
      }
    }, 20);
    return () => {
      clearInterval(watch);
      return peakMb;
    };
  }

  it('sends the crops of all others, within bounds, and names these with status 3', async () => {
    recorded = new InsectDetectFolder(join(folder, 'frames', 'data'));
    await recorded.add({ ...PLAN, tracks: 2, cropsPerTrack: 4, framesOnly: true });
    const frames = join(folder, 'frames', `data/${DAY}/${SESSION}`);
    const [thin, empty, scans, long, bomb, costly] = readdirSync(frames)
      .filter((name) => name.endsWith('.jpg'))
      .sort()
      .map((name) => join(frames, name)) as [string, string, string, string, string, string];
    writeFileSync(thin, announcingPng(1, 39_999_999));
    writeFileSync(empty, await announcingJpeg(6000, 6000));
    writeFileSync(scans, await manyScans(3000, 3000, 2000));
    writeFileSync(long, await announcingJpeg(65_500, 600));
    writeFileSync(bomb, announcingPng(300, 300));
    // As large as it may be, and in memory as a whole.
    const wide = sharp({ create: { width: 7900, height: 5000, channels: 4, background: '#123456' } });
    writeFileSync(costly, await wide.toColourspace('rgb16').png({ progressive: true }).toBuffer());

    const startedAt = performance.now();
    const settings = agentSettings(join(folder, 'frames'), station, trapId, password);
    const agent = RunningAgent.start(settings, '--once --no-status');
    const peak = watchMemory(agent.pid);
    const { status, output } = await agent.ended;
    expect(peak()).toBeLessThan(400);
    expect(performance.now() - startedAt).toBeLessThan(60_000);
    expect(notRead(output).map((line) => line.replace(/^.*not sent: unreadable-frame: /, ''))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/1 × 39999999 pixels: at most|1 × 39999999 pixels: the longer side/),
        expect.stringMatching(/6000 × 6000 pixels in \d+ bytes/),
        expect.stringMatching(/2\d{3} times: at most/),
        expect.stringMatching(/65500 × 600 pixels/),
        expect.stringMatching(/png/i),
        expect.stringMatching(/needs more memory/),
      ]),
    );
    expect([status, notRead(output).length]).toEqual([3, 6]);
    expect((await stored()).crops).toHaveLength(2);
  }, 120_000);
});
