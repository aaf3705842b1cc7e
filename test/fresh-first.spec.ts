import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { colourModel } from './fixtures/model.js';
import { allRuns } from './fixtures/rest.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

const RUNS = 160;
const CROPS_PER_RUN = 20;
/** Large enough that the backlog takes a classifier some seconds. */
const SIDE = 400;
/** A fresh crop waits for what is with the classifier already, and not for what waits. */
const AT_MOST_BEFORE = 0.4;
const A_MOMENT_MS = 2000;

interface RunWithCrops {
  readonly crops: readonly { readonly classification: { readonly classifiedAt: string } | null }[];
}

let station: Station;
const traps: Trap[] = [];
beforeAll(async () => {
  station = await Station.start({ TRAPLINE_MODEL: await colourModel(), TRAPLINE_CLASSIFIERS: '0' });
}, 120_000);
afterAll(async () => {
  for (const trap of traps) await trap.close();
  await station.remove();
});

async function connect(id: string): Promise<Trap> {
  const password = id === 'trap-1' ? station.trapPassword : await station.addTrap(id);
  const trap = await Trap.connect(id, password, station.mqttPort);
  traps.push(trap);
  return trap;
}

const classifiedAt = async (trapId: string, runId: string) => {
  const { crops } = await station.json<RunWithCrops>(`/api/v1/runs/${trapId}/${runId}`);
  return crops.flatMap(({ classification }) =>
    classification ? [Date.parse(classification.classifiedAt)] : [],
  );
};

describe('a fresh crop', () => {
  it('waits neither for the backlog of its own trap nor for that of another', async () => {
    const busy = await connect('trap-1');
    const bytes = await Promise.all(Array.from({ length: CROPS_PER_RUN }, (_, i) => crop('blue', i, SIDE)));
    // Without a word of when it was: all of it looks as if it had just happened.
    for (let run = 0; run < RUNS; run += 1)
      await Promise.all(bytes.map((picture, i) => busy.crop(`old-${run}`, `c${i}`, picture)));
    await eventually(async () => {
      const metrics = await (await station.get('/metrics')).text();
      return /crops_under_way\{stage="inbox"\} 0/.test(metrics);
    });
    await busy.close();
    await station.stop();
    await station.start({ TRAPLINE_CLASSIFIERS: '1' });
    const [same, other] = [await connect('trap-1'), await connect('trap-2')];
    await eventually(async () => (await classifiedAt('trap-1', 'old-0')).length > 0);
    const sentAtMs = Date.now();
    await Promise.all([
      same.crop('fresh', 'c0', await crop('red', 1)),
      other.crop('fresh', 'c0', await crop('red', 2)),
    ]);
    const [ofSame, ofOther] = await eventually(async () => {
      const times = [...(await classifiedAt('trap-1', 'fresh')), ...(await classifiedAt('trap-2', 'fresh'))];
      return times.length === 2 && times;
    });
    const runs = await eventually(async () => {
      const all = (await allRuns(station)).filter(({ runId }) => runId.startsWith('old-'));
      const times = await Promise.all(all.map(({ runId }) => classifiedAt('trap-1', runId)));
      return times.flat().length === RUNS * CROPS_PER_RUN && times;
    }, 120_000);
    const old = runs.flat().sort((a, b) => a - b);
    const backlogMs = (old.at(-1) as number) - sentAtMs;
    const waits = { same: (ofSame as number) - sentAtMs, other: (ofOther as number) - sentAtMs };
    process.stdout.write(
      `a fresh crop waited ${waits.same} ms behind ${old.length} of its own trap, ${waits.other} ms behind those of another; the backlog took ${backlogMs} ms\n`,
    );
    // A fast machine may be almost through with the backlog when the fresh crops come.
    const limitMs = Math.max(A_MOMENT_MS, backlogMs * AT_MOST_BEFORE);
    expect(waits.same).toBeLessThan(limitMs);
    expect(waits.other).toBeLessThan(limitMs);
  }, 300_000);
});
