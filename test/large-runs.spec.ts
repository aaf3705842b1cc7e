import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { endMessages } from '../libs/protocol/index.js';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { deadLetters } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

const CROPS = 5000;
const AT_ONCE = 200;

let station: Station;
let trap: Trap;
beforeAll(async () => {
  station = await Station.start({ TRAPLINE_RECEIPT_WAIT_S: '3' });
  trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
});
afterAll(async () => {
  await trap.close();
  await station.remove();
});

const idOf = (i: number) => String(i).padStart(5, '0');
const lineOf = (i: number, bytes: Buffer) => ({
  crop: idOf(i),
  sha256: createHash('sha256').update(bytes).digest('hex'),
  bytes: bytes.length,
  at: '2026-06-01T10:00:00.250000Z',
  confidence: 0.93,
  box: [0.1851, 0.7182, 0.2492, 0.7684] as [number, number, number, number],
});
const runOf = (run: string) =>
  station.json<{ status: string; storedCrops: number; announcedCrops: number | null; end: string | null }>(
    `/api/v1/runs/trap-1/${run}`,
  );
const receipts = (run: string) => trap.answers(run, 'receipt');

describe('a run of 5,000 crops', () => {
  it('ends in several messages, each line of its manifest counts, and its receipt is complete', async () => {
    const bytes = await Promise.all(Array.from({ length: CROPS }, (_, i) => crop('red', i, 8)));
    const left = [17, 4999];
    for (let from = 0; from < CROPS; from += AT_ONCE)
      await Promise.all(
        bytes
          .slice(from, from + AT_ONCE)
          .map((picture, i) =>
            left.includes(from + i) ? undefined : trap.crop('long', idOf(from + i), picture),
          ),
      );
    const messages = endMessages(
      { trapId: 'trap-1', runId: 'long' },
      { status: 'complete', end: '2026-06-01T10:20:00Z', crops: CROPS },
      bytes.map((picture, i) => lineOf(i, picture)),
    );
    expect(messages.length).toBeGreaterThan(3);
    const publishEnds = async (some = messages) => {
      for (const { payload } of some) await trap.publish('runs/long/end', Buffer.from(payload));
    };
    await publishEnds();
    // What is missing is named, whichever part of the manifest it is in.
    expect(await eventually(() => receipts('long').at(-1))).toMatchObject({
      state: 'incomplete',
      have: CROPS - left.length,
      missing: left.map(idOf),
    });
    for (const i of left) await trap.crop('long', idOf(i), bytes[i] as Buffer);
    await eventually(() => receipts('long').at(-1)?.['state'] === 'complete');
    expect(await runOf('long')).toMatchObject({
      storedCrops: CROPS,
      announcedCrops: CROPS,
      status: 'complete',
    });
    // Once more, in another order.
    const before = receipts('long').length;
    await publishEnds([...messages].reverse());
    await eventually(
      () => receipts('long').length > before && receipts('long').at(-1)?.['state'] === 'complete',
    );
  }, 180_000);

  it('is not complete while parts of its manifest are still to come', async () => {
    const bytes = [await crop('red', 1), await crop('red', 2)];
    for (const [i, picture] of bytes.entries()) await trap.crop('parts', idOf(i), picture);
    const end = (i: number) =>
      trap.end('parts', { crops: 2, parts: 2, manifest: [lineOf(i, bytes[i] as Buffer)] });
    await end(1);
    await trap.end('other', { crops: 0 });
    await eventually(() => receipts('other').length > 0);
    expect(receipts('parts').filter(({ state }) => state === 'complete')).toEqual([]);
    await end(0);
    await eventually(() => receipts('parts').at(-1)?.['state'] === 'complete');
  });
});

describe('an end that is refused', () => {
  const cases: [string, string, (line: object) => Buffer | object][] = [
    ['too large', 'too-large', (line) => ({ manifest: [line, ...padding(3000)] })],
    [
      'partly wrong',
      'bad-payload',
      (line) => ({ manifest: [line, { crop: 'x y' }, { crop: '00000', box: [2, 0, 1, 1] }] }),
    ],
    ['with a status that is none', 'bad-payload', (line) => ({ status: 'done', manifest: [line] })],
  ];
  const padding = (count: number) =>
    Array.from({ length: count }, () => ({ crop: '00000', note: 'x'.repeat(100) }));

  it.each(cases)(
    'because it is %s costs its run neither its end nor its receipt',
    async (what, code, fields) => {
      const run = `refused-${what.replaceAll(' ', '-')}`;
      const picture = await crop('green', run.length);
      await trap.crop(run, '00000', picture);
      await trap.end(run, { crops: 1, ...fields(lineOf(0, picture)) });
      await eventually(() => receipts(run).at(-1)?.['state'] === 'complete');
      const stored = await runOf(run);
      expect(stored).toMatchObject({ announcedCrops: 1, status: 'complete' });
      expect(Date.parse(stored.end as string)).toBe(Date.parse('2026-06-01T10:00:10Z'));
      expect((await deadLetters(station)).find(({ topic }) => topic.includes(run))).toMatchObject({ code });
    },
  );

  it('because it is cut off counts as far as it goes', async () => {
    const picture = await crop('green', 77);
    await trap.crop('cut', '00000', picture);
    const whole = JSON.stringify({
      v: 1,
      status: 'complete',
      end: '2026-06-01T10:00:10Z',
      crops: 2,
      manifest: [lineOf(0, picture), lineOf(1, picture)],
    });
    await trap.publish('runs/cut/end', whole.slice(0, -60));
    expect(await eventually(() => receipts('cut').at(-1))).toMatchObject({ state: 'incomplete', have: 1 });
    expect(await runOf('cut')).toMatchObject({ announcedCrops: 2 });
  });

  it('because it says nothing is rejected, and changes nothing', async () => {
    await trap.publish('runs/nothing/end', '[1]');
    expect(await eventually(() => receipts('nothing').at(-1))).toMatchObject({ state: 'rejected' });
  });
});
