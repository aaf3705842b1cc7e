import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { THREAD_FILE } from '../../test/fixtures/catalog-engines.js';
import { Catalog } from '../database/index.js';

let dataDir: string;
beforeEach(() => {
  dataDir = join(mkdtempSync(join(tmpdir(), 'private-')), 'data');
  mkdirSync(dataDir, { mode: 0o755 });
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const open = () => Catalog.open({ dataDir, threadFile: THREAD_FILE });
const modes = () =>
  Object.fromEntries(
    readdirSync(dataDir)
      .filter((name) => name.startsWith('catalog.sqlite'))
      .map((name) => [name, (statSync(join(dataDir, name)).mode & 0o777).toString(8)]),
  );
const PRIVATE = { 'catalog.sqlite': '600', 'catalog.sqlite-shm': '600', 'catalog.sqlite-wal': '600' };

describe('the files of a catalog', () => {
  it("are their owner's alone, also in a folder that everybody may read", async () => {
    const catalog = await open();
    expect(modes()).toEqual(PRIVATE);
    await catalog.close();
  });

  it('are taken from the others where an earlier version has left them open', async () => {
    const first = await open();
    for (const name of Object.keys(PRIVATE)) chmodSync(join(dataDir, name), 0o644);
    const second = await open();
    expect(modes()).toEqual(PRIVATE);
    await second.close();
    await first.close();
    expect(existsSync(join(dataDir, 'catalog.sqlite'))).toBe(true);
  });
});
