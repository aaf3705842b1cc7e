import { readFile } from 'node:fs/promises';
import * as ort from 'onnxruntime-node';

/** `pure-onnx.js <model> <seconds>`: batches of 8 through ONNX Runtime and nothing else; sends crops per second and the
 * processor time of each, in milliseconds. */
const [model = '', seconds = '5'] = process.argv.slice(2);
const BATCH = 8;
const session = await ort.InferenceSession.create(await readFile(model), {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
});
const pixels = Float32Array.from({ length: BATCH * 3 * 128 * 128 }, (_, i) => Math.sin(i));
const feed = { [session.inputNames[0] as string]: new ort.Tensor('float32', pixels, [BATCH, 3, 128, 128]) };
for (let i = 0; i < 5; i += 1) await session.run(feed);
process.send?.('ready');
await new Promise((resolve) => process.once('message', resolve));
const start = performance.now();
const cpuBefore = process.cpuUsage();
let crops = 0;
while (performance.now() - start < Number(seconds) * 1000) {
  await session.run(feed);
  crops += BATCH;
}
const { user, system } = process.cpuUsage(cpuBefore);
process.send?.({
  cropsPerS: crops / ((performance.now() - start) / 1000),
  cpuMsPerCrop: (user + system) / 1000 / crops,
});
process.disconnect();
