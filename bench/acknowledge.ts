import { setTimeout as delay } from 'node:timers/promises';
import { Station } from '../test/fixtures/station.js';
import { type CpuTime, cpuPerCrop, cpuText, cpuTimeOf, medianCpu } from './cpu.js';
import { type Load, loopDelayP99Ms, median, publish } from './load.js';

const ROUNDS = 3;
const LOAD: Omit<Load, 'first'> = { runs: 300, cropsPerRun: 20, atOnce: 64 };

/** After the last acknowledgement the last files are written: that belongs to the crops, too. */
const FILING_MS = 1000;

/** Crops per second that are acknowledged, and so durable, with the classifier off. */
export async function acknowledge(): Promise<void> {
  const station = await Station.startAsInUse({ TRAPLINE_CLASSIFIERS: '0' });
  const rates: number[] = [];
  const costs: CpuTime[] = [];
  try {
    await publish(station, { runs: 10, cropsPerRun: 20, atOnce: 32, first: 0 });
    for (let round = 0; round < ROUNDS; round += 1) {
      await loopDelayP99Ms(station);
      const before = cpuTimeOf(station.pid);
      const { startedAt, endedAt, crops, meanBytes } = await publish(station, {
        ...LOAD,
        first: 1000 * (round + 1),
      });
      const rate = crops / ((endedAt - startedAt) / 1000);
      const delayMs = await loopDelayP99Ms(station);
      await delay(FILING_MS);
      const cpu = cpuPerCrop(before, cpuTimeOf(station.pid), crops);
      rates.push(rate);
      if (cpu) costs.push(cpu);
      console.log(
        `round ${round + 1}: ${rate.toFixed(0)} crops of ${meanBytes} bytes acknowledged per second, event-loop delay p99 ${delayMs.toFixed(1)} ms${cpuText(cpu)}`,
      );
    }
  } finally {
    await station.remove();
  }
  console.log(
    `acknowledged crops per second: median ${median(rates).toFixed(0)}${cpuText(medianCpu(costs))}`,
  );
}
