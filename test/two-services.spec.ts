import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { SHORT_LIVED } from './fixtures/flags.js';
import { findRun } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

let station: Station;
beforeAll(async () => {
  station = await Station.start();
});
afterAll(() => station.remove());

/** Another start with the same data folder and ports of its own. */
async function startAnother() {
  const child = spawn(process.execPath, [...SHORT_LIVED, resolve('dist/apps/station/main.js')], {
    env: {
      PATH: process.env['PATH'],
      TRAPLINE_DATA_DIR: station.dataDir,
      TRAPLINE_HTTP_PORT: '0',
      TRAPLINE_MQTT_PORT: '0',
      TRAPLINE_MODEL: 'none',
      TRAPLINE_DISK_RESERVE_MB: '0',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      said += text;
      // It must not: it would go on for ever.
      if (said.includes('"msg":"ready"')) child.kill('SIGKILL');
    });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}

describe('a second service on the data folder of one that runs', () => {
  it('does not start, and says which folder it is and what to do; the first goes on', async () => {
    const { code, said } = await startAnother();
    expect(said).not.toContain('"msg":"ready"');
    expect(said).toContain(station.dataDir);
    expect(said).toMatch(/another Trapline service runs .*stop it first, or set TRAPLINE_DATA_DIR/);
    expect(code).toBe(1);
    const trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
    await trap.crop('after', 'c0', await crop('red', 1));
    await eventually(async () => (await findRun(station, 'trap-1', 'after')).storedCrops === 1);
    await trap.close();
  });

  it('is no command: those work beside it', async () => {
    expect(await station.command('trap', 'add', 'beside', '--json')).toMatchObject({ trapId: 'beside' });
    expect(
      await station.command('retention', '--dry-run', '--older-than-days', '999', '--json'),
    ).toBeDefined();
  });

  it('may start at once when the first was killed', async () => {
    await station.kill();
    await station.start();
    expect((await station.get('/health/live')).status).toBe(200);
  });
});
