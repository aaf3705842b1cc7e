import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { expect, it } from '@jest/globals';
import { crop } from './fixtures/crops.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

const onLinux = process.platform === 'linux' ? it : it.skip;

onLinux(
  'the first acknowledgement comes after the entries of all new folders are synced',
  async () => {
    const parent = realpathSync(mkdtempSync(join(tmpdir(), 'trapline-sync-')));
    const log = join(parent, 'syncs.log');
    const dataDir = join(parent, 'made', 'by', 'the-service');
    const station = await Station.start({
      TRAPLINE_DATA_DIR: dataDir,
      NODE_OPTIONS: `--require ${resolve('test/fixtures/log-syncs.cjs')}`,
      LOG_SYNCS: log,
    });
    try {
      const trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
      await trap.crop('first', 'c0', await crop('red', 1));
      const synced = new Set(readFileSync(log, 'utf8').split('\n'));
      const folders = [join(dataDir, 'inbox'), dataDir];
      for (let above = dirname(dataDir); above.startsWith(parent); above = dirname(above))
        folders.push(above);
      expect(folders.filter((folder) => !synced.has(folder))).toEqual([]);
      expect([...synced].some((path) => path.endsWith('.journal'))).toBe(true);
      await trap.close();
    } finally {
      await station.remove();
      rmSync(parent, { recursive: true, force: true });
    }
  },
  120_000,
);
