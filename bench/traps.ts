import { readFileSync } from 'node:fs';
import { simulate } from '../test/fixtures/simulator.js';
import { Station } from '../test/fixtures/station.js';

const TRAPS = 1000;
const SEASON = '--days 1 --runs 0.5 --drawings 8 --seed bench --patience 120';
/** Of the service and its classifier's processes, the first alone: the others do not grow with the traps. */
const memoryMb = (pid: number, what: 'VmRSS' | 'VmHWM'): number =>
  Number(new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

/** So many traps at once, each with a connection and an account of its own, at the embedded broker, with the demo model. */
export async function traps(): Promise<void> {
  const station = await Station.startAsInUse({ TRAPLINE_MODEL: 'demo' });
  try {
    const before = memoryMb(station.pid, 'VmRSS');
    const begin = performance.now();
    const { status, output, lastLine } = await simulate(station, `--traps ${TRAPS} ${SEASON}`);
    const seconds = (performance.now() - begin) / 1000;
    console.log(output.trimEnd());
    console.log(
      `${TRAPS} traps: ${status === 0 ? 'all served' : 'NOT all served'} in ${seconds.toFixed(0)} s, comparing included; ${lastLine}`,
    );
    console.log(
      `memory of the service: ${before.toFixed(0)} MB before, ${memoryMb(station.pid, 'VmHWM').toFixed(0)} MB at most`,
    );
    if (status !== 0) throw new Error('not everything that was published is stored');
  } finally {
    await station.remove();
  }
}
