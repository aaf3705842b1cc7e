import { Station } from '../test/fixtures/station.js';
import { type Load, loopDelayP99Ms, median, publish } from './load.js';

const ROUNDS = 3;
const LOAD: Omit<Load, 'first'> = { runs: 300, cropsPerRun: 20, atOnce: 64 };

/** Crops per second that are acknowledged, and so durable, with the classifier off. */
export async function acknowledge(): Promise<void> {
  const station = await Station.startAsInUse({ TRAPLINE_CLASSIFIERS: '0' });
  const rates: number[] = [];
  try {
    await publish(station, { runs: 10, cropsPerRun: 20, atOnce: 32, first: 0 });
    for (let round = 0; round < ROUNDS; round += 1) {
      await loopDelayP99Ms(station);
      const { startedAt, endedAt, crops, meanBytes } = await publish(station, {
        ...LOAD,
        first: 1000 * (round + 1),
      });
      const rate = crops / ((endedAt - startedAt) / 1000);
      rates.push(rate);
      console.log(
        `round ${round + 1}: ${rate.toFixed(0)} crops of ${meanBytes} bytes acknowledged per second, event-loop delay p99 ${(await loopDelayP99Ms(station)).toFixed(1)} ms`,
      );
    }
  } finally {
    await station.remove();
  }
  console.log(`acknowledged crops per second: median ${median(rates).toFixed(0)}`);
}
