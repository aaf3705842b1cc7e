import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { draw } from '../../apps/simulator/drawing/draw.js';
import { DRAWN_KINDS } from '../../apps/simulator/drawing/drawn-kinds.js';
import { demoCard, type Golden } from './demo-card.js';
import { drawExamples, inputOf, seen } from './drawings.js';
import type { Network } from './network.js';
import { accuracy, type Training, train } from './train.js';
import { onnxOf } from './write-onnx.js';

/** `demo-model.js [folder]`: draws, trains, and writes model.onnx, model.json and the golden images. Takes minutes. */
const [folder = 'models/demo'] = process.argv.slice(2);
const TRAINING: Training = { seed: '1', perKind: 800, epochs: 12 };
const HELD_OUT_PER_KIND = 100;
const ROUNDED = 1e4;

const say = (line: string) => process.stdout.write(`${line}\n`);

async function goldens(network: Network): Promise<Golden[]> {
  return Promise.all(
    DRAWN_KINDS.map(async ({ id }) => {
      const jpeg = await draw({ kind: id, individual: 'golden', pose: '1' });
      const image = `golden-${id}.jpg`;
      writeFileSync(join(folder, image), jpeg);
      const logits = [...network.logits(inputOf(await seen(jpeg)))];
      return { image, logits: logits.map((logit) => Math.round(logit * ROUNDED) / ROUNDED) };
    }),
  );
}

const network = await train(TRAINING, say);
const { all, perLabel } = accuracy(network, await drawExamples('held-out', HELD_OUT_PER_KIND));
say(`top-1 on ${HELD_OUT_PER_KIND * DRAWN_KINDS.length} drawings of other individuals: ${all.toFixed(4)}`);
for (const [i, { id }] of DRAWN_KINDS.entries()) say(`  ${id} ${perLabel[i]?.toFixed(2)}`);
const onnx = onnxOf(network);
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'model.onnx'), onnx);
const card = demoCard(onnx, await goldens(network), Math.round(all * ROUNDED) / ROUNDED);
writeFileSync(join(folder, 'model.json'), `${JSON.stringify(card, null, 2)}\n`);
say(`${folder}: ${onnx.length} bytes`);
