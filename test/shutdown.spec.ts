import { describe, expect, it } from '@jest/globals';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { Ledger } from './fixtures/ledger.js';
import { colourModel } from './fixtures/model.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

describe('SIGTERM', () => {
  it('in the middle of a stream ends the service in good order, and what was sent is there, once', async () => {
    const station = await Station.start({ TRAPLINE_MODEL: await colourModel() });
    const trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
    const ledger = new Ledger();
    try {
      const sent = Promise.all(
        Array.from({ length: 400 }, async (_, i) => {
          const bytes = await crop('blue', i);
          await trap.crop('long', `c-${i}`, bytes);
          ledger.acknowledged(`trap-1/long/c-${i}`, bytes);
        }),
      );
      await eventually(() => ledger.size > 50);
      expect(await station.stop()).toBe(0);
      await station.start();
      await sent;
      await trap.end('long', { crops: 400 });
      await eventually(() => trap.answers('long', 'result').find((result) => result['final'] === true));
      expect(await ledger.differences(station)).toEqual([]);
    } finally {
      await trap.close();
      await station.remove();
    }
  });

  it('marks traps that were online as offline at the next start, until they say otherwise', async () => {
    const station = await Station.start();
    const trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
    try {
      await trap.publish('status', { v: 1, state: 'online' }, { retain: true });
      await trap.close();
      await station.kill();
      await station.start();
      expect(await station.json('/api/v1/traps/trap-1')).toMatchObject({ state: 'offline' });
    } finally {
      await station.remove();
    }
  });
});
