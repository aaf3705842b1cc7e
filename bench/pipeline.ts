import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { writeEfficientNetB0 } from '../libs/classifier/fixture/efficientnet-b0.js';
import { Catalog } from '../libs/database/index.js';
import { Station } from '../test/fixtures/station.js';
import { type CpuTime, cpuPerCrop, cpuText, cpuTimeOf, medianCpu } from './cpu.js';
import { classifiedCrops, type Load, loopDelayP99Ms, median, publish } from './load.js';

const ROUNDS = 5;
const LIMIT_S = 8;
const LOAD: Omit<Load, 'first'> = { runs: 400, cropsPerRun: 20, atOnce: 64 };
/** A service runs for a season: only what the engine has long compiled is measured. */
const WARM_UP: Load = { ...LOAD, first: 0 };

/**
 * From MQTT publish to committed classification, against ONNX Runtime alone on the same cores: EfficientNet-B0 at
 * 128 px with random weights, crops of about 28 KB. Limit and pipeline take turns, and the medians are compared.
 *
 * @param args `plain`: without the rewriting of graphs
 */
export async function pipeline([level]: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'trapline-bench-'));
  const model = await writeEfficientNetB0(join(folder, 'efficientnet-b0'));
  const station = await Station.startAsInUse({
    TRAPLINE_MODEL: model.folder,
    TRAPLINE_OPTIMISE_MODELS: level === 'plain' ? 'false' : 'true',
  });
  const catalog = await Catalog.open({ dataDir: station.dataDir });
  const limits: PureOnnx[] = [];
  const rates: number[] = [];
  const costs: CpuTime[] = [];
  const delays: number[] = [];
  try {
    await classify(station, catalog, WARM_UP);
    limits.push(await pureOnnx(model.modelPath));
    for (let round = 0; round < ROUNDS; round += 1) {
      await loopDelayP99Ms(station);
      const { rate, meanBytes, cpu } = await classify(station, catalog, {
        ...LOAD,
        first: 1000 * (round + 1),
      });
      rates.push(rate);
      if (cpu) costs.push(cpu);
      delays.push(await loopDelayP99Ms(station));
      limits.push(await pureOnnx(model.modelPath));
      const limit = limitOf(limits, round);
      console.log(
        `round ${round + 1}: limit ${limit.toFixed(0)}/s, pipeline ${rate.toFixed(0)}/s, ratio ${(rate / limit).toFixed(2)}, crops of ${meanBytes} bytes${cpuText(cpu)}`,
      );
    }
  } finally {
    await catalog.close();
    await station.remove();
    rmSync(folder, { recursive: true });
  }
  const ratios = rates.map((rate, round) => rate / limitOf(limits, round));
  console.log(
    `pipeline / limit: median ${median(ratios).toFixed(2)} of ${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}`,
  );
  const cpu = medianCpu(costs);
  const alone = median(limits.map(({ cpuMsPerCrop }) => cpuMsPerCrop));
  if (cpu)
    console.log(
      `CPU per crop in ms: service ${cpu.allThreadsMs.toFixed(3)} (main thread ${cpu.mainThreadMs.toFixed(3)}), its classifiers ${cpu.childrenMs.toFixed(3)}, ONNX Runtime alone ${alone.toFixed(3)}: ${(cpu.allThreadsMs + cpu.childrenMs - alone).toFixed(3)} beyond it`,
    );
  console.log(`event-loop delay p99 meanwhile: ${Math.max(...delays).toFixed(1)} ms at most`);
}

/** The limit was measured before each round and after it: machines that share their cores become faster and slower. */
const limitOf = (limits: readonly PureOnnx[], round: number): number =>
  ((limits[round] as PureOnnx).cropsPerS + (limits[round + 1] as PureOnnx).cropsPerS) / 2;

/** From the first publish to the last commit, in crops per second. */
async function classify(station: Station, catalog: Catalog, load: Load) {
  const goal = (await classifiedCrops(catalog)) + load.runs * load.cropsPerRun;
  const before = cpuTimeOf(station.pid);
  const { startedAt, meanBytes } = await publish(station, load);
  for (let left = goal; left > 0; left = goal - (await classifiedCrops(catalog))) {
    // To ask costs time of the cores that are measured: seldom while the end is far, often when it is near.
    await delay(Math.min(1000, 20 + left));
  }
  const crops = load.runs * load.cropsPerRun;
  const rate = crops / ((Date.now() - startedAt) / 1000);
  return { rate, meanBytes, cpu: cpuPerCrop(before, cpuTimeOf(station.pid), crops) };
}

interface PureOnnx {
  readonly cropsPerS: number;
  readonly cpuMsPerCrop: number;
}

/** ONNX Runtime alone: one process per core, as the pipeline has them. */
async function pureOnnx(model: string): Promise<PureOnnx> {
  const children = Array.from({ length: availableParallelism() }, () =>
    fork(new URL('./pure-onnx.js', import.meta.url), [model, String(LIMIT_S)]),
  );
  await Promise.all(children.map((child) => once(child, 'message')));
  const results = children.map((child) => once(child, 'message'));
  for (const child of children) child.send('go');
  const found = (await Promise.all(results)).map(([result]) => result as PureOnnx);
  const sum = (figure: keyof PureOnnx) => found.reduce((total, result) => total + result[figure], 0);
  return { cropsPerS: sum('cropsPerS'), cpuMsPerCrop: sum('cpuMsPerCrop') / found.length };
}
