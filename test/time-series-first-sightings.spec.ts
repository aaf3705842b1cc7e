import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { crop } from './fixtures/crops.js';
import { eventually } from './fixtures/eventually.js';
import { influxdOrReason, TestInflux } from './fixtures/influx.js';
import { colourModel } from './fixtures/model.js';
import { Station } from './fixtures/station.js';
import { Trap } from './fixtures/trap.js';

const { path, reason } = influxdOrReason();
const BEE = 'Apis mellifera';
/** As people read it: the German name is Trapline's own, the English one that of the model. */
const NAMED_BEE = `${BEE} (Westliche Honigbiene / Bee)`;
const LABELS = [
  { index: 0, id: 'bee', taxon: BEE, rank: 'species', names: { en: 'Bee' }, kind: 'taxon' as const },
  { index: 1, id: 'wasp', taxon: 'Vespula', rank: 'genus', names: { en: 'Wasp' }, kind: 'taxon' as const },
  { index: 2, id: 'fly', taxon: 'Diptera', rank: 'order', names: { en: 'Fly' }, kind: 'taxon' as const },
];

let influx: TestInflux;
let station: Station;
let trap: Trap;

async function see(run: string, day: string): Promise<void> {
  await trap.meta(run, { start: `${day}T10:00:00Z`, end: `${day}T10:00:09Z` });
  for (let i = 0; i < 3; i += 1) await trap.crop(run, `c${i}`, await crop('red', i));
  await trap.end(run, { crops: 3, end: `${day}T10:00:09Z` });
  await eventually(() => trap.answers(run, 'result').find(({ final }) => final === true));
}

async function review(run: string, body: object): Promise<void> {
  const answer = await station.get(`/api/v1/runs/trap-1/${run}/review`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(201);
}

const events = async (): Promise<string[]> => {
  const [series] = await influx.query(`SELECT text FROM trap_event WHERE kind = 'first-sighting'`);
  return (series?.values ?? []).map(([time, text]) => `${String(time).slice(0, 10)} ${text}`);
};
/** What InfluxDB holds once nothing is on its way to it any more. */
async function eventsAfter(isThere: (found: string[]) => boolean): Promise<string[]> {
  await eventually(async () => isThere(await events()));
  await eventually(async () => {
    const now = await station.command<{ waiting: number; toDelete: number }>('influx', 'status', '--json');
    return now.waiting === 0 && now.toDelete === 0;
  });
  return events();
}
const since = (day: string) => (found: string[]) => found.some((event) => event.startsWith(day));

(path ? describe : describe.skip)(`the event of a first sighting in the time series${reason}`, () => {
  beforeAll(async () => {
    influx = await TestInflux.start(path as string);
    const model = await colourModel({ labels: LABELS.map(({ id }) => id), card: { labels: LABELS } });
    station = await Station.start({ TRAPLINE_MODEL: model, ...influx.environment });
    trap = await Trap.connect('trap-1', station.trapPassword, station.mqttPort);
  }, 120_000);

  afterAll(async () => {
    await trap.close();
    await station.remove();
    await influx.remove();
  });

  it('moves to an earlier run that comes late', async () => {
    await see('june', '2026-06-10');
    expect(await eventsAfter(since('2026-06-10'))).toEqual([`2026-06-10 first sighting of ${NAMED_BEE}`]);
    await see('may', '2026-05-20');
    expect(await eventsAfter(since('2026-05-20'))).toEqual([`2026-05-20 first sighting of ${NAMED_BEE}`]);
  });

  it('moves to the next run when a review takes its ground away', async () => {
    await review('may', { verdict: 'not-insect' });
    expect(await eventsAfter(since('2026-06-10'))).toEqual([`2026-06-10 first sighting of ${NAMED_BEE}`]);
  });

  it('is deleted when nothing is left to rest on, and is back when that is taken back', async () => {
    await review('june', { verdict: 'not-insect' });
    expect(await eventsAfter((found) => found.length === 0)).toEqual([]);
    await review('june', { verdict: 'undo' });
    expect(await eventsAfter(since('2026-06-10'))).toEqual([`2026-06-10 first sighting of ${NAMED_BEE}`]);
  });
});
