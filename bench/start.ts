import { emptyRun } from '../features/runs/run-state.repository.js';
import { Catalog } from '../libs/database/index.js';
import { Station } from '../test/fixtures/station.js';
import { median } from './load.js';

const RUNS = 100_000;
const AT_ONCE = 500;
const ROUNDS = 5;

/** How long a start takes with a season of runs in the catalog, from the process's begin until it takes messages. */
export async function start(): Promise<void> {
  const station = await Station.startAsInUse();
  const empty = await restart(station);
  await station.stop();
  const catalog = await Catalog.open({ dataDir: station.dataDir });
  for (let first = 0; first < RUNS; first += AT_ONCE) {
    const rows = Array.from({ length: AT_ONCE }, (_, i) => ({
      ...emptyRun({ trapId: `trap-${i % 10}`, runId: `run-${first + i}` }, 1_780_000_000_000 + first + i),
      state: 'complete' as const,
      decide_at: null,
    }));
    await catalog.db.insertInto('runs').values(rows).execute();
  }
  await catalog.close();
  await station.start();
  const full = await restart(station);
  await station.remove();
  console.log(
    `start with ${RUNS} runs: median ${full.toFixed(2)} s; with an empty catalog: ${empty.toFixed(2)} s`,
  );
}

async function restart(station: Station): Promise<number> {
  const seconds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await station.stop();
    const begin = performance.now();
    await station.start();
    seconds.push((performance.now() - begin) / 1000);
  }
  return median(seconds);
}
