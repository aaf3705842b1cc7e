import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { colourModel } from './fixtures/model.js';
import { findRun, type RunInFull } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

let station: Station;
let trap: Trap;
let crops: Buffer[];

beforeAll(async () => {
  station = await Station.start({ TRAPLINE_MODEL: await colourModel() });
  trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
  crops = await Promise.all((['red', 'green', 'red'] as const).map((colour, i) => crop(colour, i)));
});

afterAll(async () => {
  await trap.close();
  await station.remove();
});

const START = '2026-06-01T12:00:00+02:00';
type Step = 'meta' | 'c0' | 'c1' | 'c2' | 'end';

async function play(run: string, steps: readonly Step[], start = START): Promise<RunInFull> {
  for (const step of steps) {
    if (step === 'meta') await trap.meta(run, { start, trackId: 3, end: '2026-06-01T12:00:09+02:00' });
    else if (step === 'end') await trap.end(run, { crops: 3, end: '2026-06-01T12:00:10+02:00' });
    else await trap.crop(run, step, crops[Number(step[1])] as Buffer);
  }
  await eventually(() =>
    trap.answers(run, 'result').find((result) => result['final'] === true && result['crops'] === 3),
  );
  return findRun(station, 'trap-1', run);
}

/** What must not depend on how the messages came. */
const essence = ({ observation, status, crops: stored }: RunInFull) => ({
  status,
  label: observation?.label,
  probability: observation?.probability,
  crops: observation?.crops,
  stored: stored.map(({ cropId, sha256 }) => ({ cropId, sha256 })),
});

describe('the observation of a run', () => {
  it('is the same for metadata, crops and end in any order, and for all of it twice', async () => {
    const usual = essence(await play('usual', ['meta', 'c0', 'c1', 'c2', 'end']));
    expect(usual).toMatchObject({ status: 'complete', label: 'red', crops: 3 });
    const orders: Step[][] = [
      ['end', 'c2', 'c1', 'c0', 'meta'],
      ['c1', 'end', 'meta', 'c0', 'c2'],
      ['end', 'meta', 'c0', 'c1', 'c2'],
      ['c2', 'c0', 'c1', 'end', 'meta'],
      ['meta', 'end', 'c0', 'c0', 'c1', 'c1', 'c2', 'c2', 'end', 'meta'],
      ['meta', 'c0', 'c1', 'c2', 'end', 'meta', 'c0', 'c1', 'c2', 'end'],
    ];
    for (const [i, order] of orders.entries())
      expect(essence(await play(`order-${i}`, order))).toEqual(usual);
  });

  it('is the same with a clock that is years off, which is flagged and never refused', async () => {
    const usual = essence(await play('right-clock', ['meta', 'c0', 'c1', 'c2', 'end']));
    const ahead = await play('clock-ahead', ['meta', 'c0', 'c1', 'c2', 'end'], '2071-01-01T00:00:00Z');
    expect(essence(ahead)).toEqual(usual);
    expect(ahead.clockSuspect).toBe(true);
    const behind = await play('clock-behind', ['c0', 'c1', 'c2', 'end', 'meta'], '1999-12-31T23:00:00');
    expect(essence(behind)).toEqual(usual);
    expect(behind.clockSuspect).toBe(true);
  });

  it('follows a late crop, with the same identity and no second count', async () => {
    await play('late', ['meta', 'c0', 'c1', 'c2', 'end']);
    for (const i of [10, 11]) await trap.crop('late', `c${i}`, await crop('green', i));
    const result = await eventually(() =>
      trap.answers('late', 'result').find((answer) => answer['crops'] === 5 && answer['final'] === true),
    );
    expect(result['revision']).toBeGreaterThan(1);
    const run = await findRun(station, 'trap-1', 'late');
    expect(run).toMatchObject({ status: 'complete', observation: { label: 'green', crops: 5 } });
  });

  it('tells the trap what is missing, and completes when that has come', async () => {
    const hasty = await Station.start({
      TRAPLINE_MODEL: await colourModel(),
      TRAPLINE_RECEIPT_WAIT_S: '0.2',
    });
    const sender = await Trap.connect('trap-1', hasty.trapPassword, hasty.mqttPort);
    try {
      await sender.crop('gaps', 'c0', crops[0] as Buffer);
      const end = { crops: 3, manifest: [{ crop: 'c0' }, { crop: 'c1' }, { crop: 'c2' }] };
      await sender.end('gaps', end);
      const first = await eventually(() => sender.answers('gaps', 'receipt')[0]);
      expect(first).toMatchObject({ state: 'incomplete', have: 1, missing: ['c1', 'c2'] });
      await sender.crop('gaps', 'c1', crops[1] as Buffer);
      await sender.crop('gaps', 'c2', crops[2] as Buffer);
      await sender.end('gaps', end);
      expect(
        await eventually(() => sender.answers('gaps', 'receipt').find(({ state }) => state === 'complete')),
      ).toMatchObject({ have: 3, missing: [] });
    } finally {
      await sender.close();
      await hasty.remove();
    }
  });
});

describe('a time without a zone', () => {
  const ZONE = 'Europe/Berlin';
  const START = '2026-06-01T10:00:00';
  const READ = { start: '2026-06-01T08:00:00.000Z', startOffsetMin: 120, end: '2026-06-01T08:00:09.000Z' };
  type Word = 'meta' | 'crop' | 'end' | 'session' | 'telemetry';
  const WORDS: readonly Word[] = ['meta', 'crop', 'end', 'session', 'telemetry'];

  async function connect(id: string): Promise<Trap> {
    return Trap.connect(id, await station.addTrap(id), station.mqttPort);
  }

  async function say(sender: Trap, word: Word): Promise<void> {
    if (word === 'meta') await sender.meta('r', { start: START });
    if (word === 'crop') await sender.crop('r', 'c0', crops[0] as Buffer);
    if (word === 'end') {
      const manifest = [{ crop: 'c0', at: '2026-06-01T10:00:01' }];
      await sender.end('r', { crops: 1, end: '2026-06-01T10:00:09', manifest });
    }
    if (word === 'session')
      await sender.publish('sessions/s', { v: 1, start: START, end: '2026-06-01T11:00:00' });
    if (word === 'telemetry') await sender.publish('telemetry', { v: 1, at: START, batteryPct: 50 });
  }

  /** All that has a time of what the trap said. */
  async function timesOf(trapId: string) {
    const run = await station.json<Record<string, unknown> & { crops: { detection: unknown }[] }>(
      `/api/v1/runs/${trapId}/r`,
    );
    const { items } = await station.json<{ items: Record<string, unknown>[] }>(
      `/api/v1/sessions?trap=${trapId}`,
    );
    const { telemetry } = await station.json<{ telemetry: { at: string } }>(`/api/v1/traps/${trapId}`);
    const { start, startOffsetMin, end, clockSuspect } = run;
    return {
      run: { start, startOffsetMin, end },
      clockSuspect,
      detections: run.crops.map(({ detection }) => detection),
      sessions: items.map((session) => [session['start'], session['end'], session['offsetMin']]),
      telemetry: telemetry.at,
    };
  }

  it('is read in the zone of the trap, whether that was known before or comes to be known later', async () => {
    const usual = await connect('zone-first');
    await usual.publish('info', { v: 1, timeZone: ZONE });
    for (const word of WORDS) await say(usual, word);
    const expected = await eventually(() => timesOf('zone-first'));
    expect(expected).toMatchObject({
      run: READ,
      sessions: [['2026-06-01T08:00:00.000Z', '2026-06-01T09:00:00.000Z', 120]],
      telemetry: '2026-06-01T08:00:00.000Z',
    });
    const late = await connect('zone-last');
    for (const word of WORDS.toReversed()) await say(late, word);
    await late.publish('info', { v: 1, timeZone: ZONE });
    await eventually(async () => {
      expect(await timesOf('zone-last')).toEqual(expected);
      return true;
    });
    await Promise.all([usual.close(), late.close()]);
  });

  it('is read again when an editor sets another zone, also after a kill', async () => {
    const sender = await connect('zone-edited');
    await sender.publish('info', { v: 1, timeZone: 'America/Lima' });
    for (const word of WORDS) await say(sender, word);
    await eventually(async () => (await timesOf('zone-edited')).telemetry === '2026-06-01T15:00:00.000Z');
    const path = '/api/v1/traps/zone-edited';
    const headers = { 'Content-Type': 'application/json' };
    const body = JSON.stringify({ timeZone: ZONE });
    expect((await station.get(path, { method: 'PUT', headers, body })).status).toBe(200);
    await station.kill();
    await station.start();
    await eventually(async () => {
      expect(await timesOf('zone-edited')).toMatchObject({ run: READ, telemetry: READ.start });
      return true;
    });
    await sender.close();
  });
});
