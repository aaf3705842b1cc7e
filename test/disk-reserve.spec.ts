import { existsSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

/** A file system in memory, so that a few megabytes more or less are seen and no real disk is filled. */
const SMALL_DISK = '/dev/shm';
const BALLAST_MB = 96;
const there = existsSync(SMALL_DISK);

describe('a disk under its reserve', () => {
  (there ? it : it.skip)(
    `acknowledges nothing, loses nothing, and goes on when there is room${there ? '' : ` (skipped: no ${SMALL_DISK})`}`,
    async () => {
      const { bavail, bsize } = statfsSync(SMALL_DISK);
      const reserveMb = (bavail * bsize) / 1e6 - BALLAST_MB / 2;
      const station = await Station.start({ TRAPLINE_DISK_RESERVE_MB: String(reserveMb) }, SMALL_DISK);
      const ballast = join(station.dataDir, 'ballast');
      const trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
      try {
        await trap.crop('before', 'c0', await crop('red', 0));
        writeFileSync(ballast, Buffer.alloc(BALLAST_MB * 1e6, 1));
        const health = async () => (await fetch(`${station.http}/health/ready`)).status;
        await eventually(async () => (await health()) === 503);

        let acknowledged = 0;
        const sent = Promise.all(
          Array.from({ length: 20 }, async (_, i) => {
            await trap.crop('during', `c-${i}`, await crop('green', i));
            acknowledged += 1;
          }),
        );
        await delay(1500);
        expect(acknowledged).toBe(0);
        expect(await station.json('/api/v1/runs/trap-1/before')).toMatchObject({ runId: 'before' });

        rmSync(ballast);
        await sent;
        expect(await station.json('/api/v1/runs/trap-1/during')).toMatchObject({ runId: 'during' });
        await eventually(async () => (await health()) === 200);
      } finally {
        await trap.close();
        await station.remove();
      }
    },
  );
});
