import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fingerprint } from '../files/fingerprint.js';
import { StoredZip, type ZipPages } from './stored-zip.js';
import { placeAfter, ZIP_START, type ZipEntry } from './zip-records.js';

const JUNE_1 = Date.UTC(2026, 5, 1, 8, 0, 3);
const GIB = 2 ** 30;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trapline-zip-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const isHere = (program: string) => spawnSync(program, ['--version']).error === undefined;
const itWith = (program: string) => (isHere(program) ? it : it.skip);
/** What the program prints; its exit code must be 0. */
function run(program: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1e8 });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stdout.slice(-500)}${stderr}`);
  return stdout;
}

const entry = (name: string, content: Buffer | string, atMs = JUNE_1): ZipEntry => {
  const bytes = Buffer.from(content);
  return { name, bytes: bytes.length, crc32: fingerprint(bytes).crc32, atMs, read: async () => bytes };
};
const streamed = (name: string, content: Buffer): ZipEntry => ({
  name,
  bytes: content.length,
  crc32: fingerprint(content).crc32,
  atMs: JUNE_1,
  async *stream(from, to) {
    for (let at = from; at <= to; at += 1000) yield content.subarray(at, Math.min(at + 1000, to + 1));
  },
});
/** A content that nobody reads. */
const virtual = (name: string, bytes: number): ZipEntry => ({
  name,
  bytes,
  crc32: 0,
  atMs: JUNE_1,
  stream: () => {
    throw new Error('nobody should read this');
  },
});

async function all(bytes: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function write(zip: StoredZip, name: string): Promise<string> {
  const path = join(folder, name);
  const file = await open(path, 'w');
  try {
    for await (const chunk of zip.bytes()) await file.write(chunk);
  } finally {
    await file.close();
  }
  return path;
}

const few = () => [
  entry('README.txt', 'plain'),
  entry('Wiesen/Bläuling ü.jpg', Buffer.alloc(3000, 7)),
  entry('empty', ''),
  streamed('large.bin', Buffer.from(Array.from({ length: 70_000 }, (_, i) => i % 251))),
  entry('last', 'end'),
];

describe('StoredZip', () => {
  it('is as long as it says', async () => {
    for (const entries of [[], few()]) {
      const zip = new StoredZip(entries);
      expect(await all(zip.bytes())).toHaveLength(zip.length);
    }
  });

  it('gives any range of bytes as the whole has them', async () => {
    const zip = new StoredZip(few());
    const whole = await all(zip.bytes());
    const ranges = Array.from({ length: 300 }, (_, i) => {
      const start = (i * 7919) % zip.length;
      return [start, Math.min(zip.length - 1, start + ((i * 104_729) % 9000))] as const;
    });
    ranges.push([0, 0], [zip.length - 1, zip.length - 1], [0, zip.length - 1]);
    for (const [start, end] of ranges) {
      expect((await all(zip.bytes(start, end))).equals(whole.subarray(start, end + 1))).toBe(true);
    }
  });

  it('gives the same bytes when its entries come in pages', async () => {
    const entries = few();
    const whole = await all(new StoredZip(entries).bytes());
    const zip = new StoredZip(paged(entries, 2));
    expect(await all(zip.bytes())).toEqual(whole);
    for (let start = 0; start < zip.length; start += 997) {
      const part = await all(zip.bytes(start, Math.min(start + 10, zip.length - 1)));
      expect(part.equals(whole.subarray(start, start + 11))).toBe(true);
    }
  });

  it('refuses names that would be unpacked elsewhere, and a name that stands twice', () => {
    for (const name of ['/etc/passwd', '../up', 'a/../b', './a', 'a//b', 'a/', '', 'C:/a', 'a\\b', 'a\nb'])
      expect(() => new StoredZip([entry(name, 'x')])).toThrow(/not a name/);
    expect(() => new StoredZip([entry('a', 'x'), entry('a', 'y')])).toThrow(/twice/);
  });

  it('stops where a content has not the size that was announced', async () => {
    const short = { ...entry('a', 'four'), bytes: 5 };
    await expect(all(new StoredZip([short]).bytes())).rejects.toThrow('a gave 4 bytes; 5 were announced');
    const long: ZipEntry = {
      ...entry('b', Buffer.alloc(4000)),
      async *stream() {
        yield Buffer.alloc(5000);
      },
    };
    Reflect.deleteProperty(long, 'read');
    await expect(all(new StoredZip([long]).bytes())).rejects.toThrow(/4000 were announced/);
  });

  it('says which content could not be read, and lets no other failure go astray', async () => {
    const failing = Array.from({ length: 40 }, (_, i) => ({
      ...entry(`${i}`, 'x'),
      read: () => Promise.reject(new Error(`read ${i}`)),
    }));
    await expect(all(new StoredZip(failing).bytes())).rejects.toThrow('read 0');
  });

  it('reads only a little ahead of who takes its bytes, and ends what it began when they go', async () => {
    let reading = 0;
    let closed = 0;
    const entries = Array.from({ length: 1000 }, (_, i) => ({
      ...entry(`${i}.jpg`, Buffer.alloc(20_000)),
      read: async () => {
        reading += 1;
        await new Promise((resolve) => setImmediate(resolve));
        closed += 1;
        return Buffer.alloc(20_000);
      },
    }));
    const bytes = new StoredZip(entries).bytes();
    await bytes.next();
    await bytes.return(undefined);
    expect(reading).toBeLessThan(100);
    expect(closed).toBe(reading);
  });

  it('keeps times in UTC, and clamps those that no ZIP can hold', async () => {
    const zip = new StoredZip([entry('old', 'x', -1e12), entry('new', 'x', 9e12), entry('now', 'x')]);
    expect(await all(zip.bytes())).toHaveLength(zip.length);
  });

  itWith('unzip')('is unpacked by unzip, names and times too', async () => {
    const path = await write(new StoredZip(few()), 'few.zip');
    expect(run('unzip', '-tq', path)).toContain('No errors detected');
    const list = run('env', 'TZ=UTC', 'LC_ALL=C.UTF-8', 'unzip', '-l', path);
    expect(list).toContain('2026-06-01 08:00');
    expect(list).toContain('Bläuling ü.jpg');
  });

  itWith('python3')('is unpacked by Python', async () => {
    const path = await write(new StoredZip(few()), 'few-python.zip');
    const script = 'import sys,zipfile as z; f=z.ZipFile(sys.argv[1]); print(f.testzip(), f.namelist())';
    expect(run('python3', '-c', script, path).trim()).toBe(
      "None ['README.txt', 'Wiesen/Bläuling ü.jpg', 'empty', 'large.bin', 'last']",
    );
  });

  describe('with 70,000 entries', () => {
    let path = '';
    beforeAll(async () => {
      const entries = Array.from({ length: 70_000 }, (_, i) => entry(`day/trap/run/${i}.jpg`, `${i}`));
      path = await write(new StoredZip(paged(entries, 500)), 'many.zip');
    });

    itWith('unzip')('is read by unzip', () => {
      expect(run('unzip', '-l', path)).toMatch(/70000 files\s*$/);
      expect(run('unzip', '-p', path, 'day/trap/run/69999.jpg')).toBe('69999');
    });

    itWith('python3')('is read by Python', () => {
      const script =
        'import sys,zipfile as z; f=z.ZipFile(sys.argv[1]); print(len(f.namelist()), f.testzip())';
      expect(run('python3', '-c', script, path).trim()).toBe('70000 None');
    });
  });

  describe('beyond 4 GiB', () => {
    const entries = [virtual('huge', 5 * GIB), virtual('more', GIB), entry('last.txt', 'behind them all')];
    let path = '';
    beforeAll(async () => {
      path = join(folder, 'far.zip');
      const file = await open(path, 'w');
      await writeSparsely(new StoredZip(entries), entries, file).finally(() => file.close());
    });

    itWith('unzip')('is read by unzip', () => {
      expect(run('unzip', '-l', path)).toMatch(/5368709120 .*huge[\s\S]*3 files/);
      expect(run('unzip', '-p', path, 'last.txt')).toBe('behind them all');
    });

    itWith('python3')('is read by Python', () => {
      const script =
        'import sys,zipfile as z; f=z.ZipFile(sys.argv[1]); print([i.file_size for i in f.infolist()], f.read("last.txt"))';
      expect(run('python3', '-c', script, path).trim()).toBe(`[${5 * GIB}, ${GIB}, 15] b'behind them all'`);
    });
  });
});

/** The same list as a snapshot has it: in pages, each with its place. */
function paged(entries: readonly ZipEntry[], size: number): ZipPages {
  const pages: ZipPages['pages'][number][] = [];
  let end = ZIP_START;
  for (let from = 0; from < entries.length; from += size) {
    const page = entries.slice(from, from + size);
    pages.push({ first: end, entries: async () => page });
    end = page.reduce(placeAfter, end);
  }
  return { pages, end };
}

/** Everything but the contents that nobody reads: they are holes in the file. */
async function writeSparsely(zip: StoredZip, entries: readonly ZipEntry[], file: FileHandle): Promise<void> {
  const put = async (start: number, end: number) => {
    let at = start;
    for await (const chunk of zip.bytes(start, end))
      at += (await file.write(chunk, 0, chunk.length, at)).bytesWritten;
  };
  let place = ZIP_START;
  for (const each of entries) {
    const next = placeAfter(place, each);
    await put(place.offset, 'read' in each ? next.offset - 1 : next.offset - each.bytes - 1);
    place = next;
  }
  await put(place.offset, zip.length - 1);
}
