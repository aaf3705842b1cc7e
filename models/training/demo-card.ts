import { createHash } from 'node:crypto';
import { DRAWN_KINDS } from '../../apps/simulator/drawing/drawn-kinds.js';
import { parseCard } from '../../libs/classifier/card/card.js';
import { modelKey } from '../../libs/classifier/index.js';
import { FIT, MEAN, SIDE, STD } from './drawings.js';
import { INPUT, OUTPUT } from './write-onnx.js';

export interface Golden {
  readonly image: string;
  readonly logits: readonly number[];
}

/** The card of the demo model, as it stands in model.json. It claims no taxon: nobody has seen a real insect here. */
export function demoCard(onnx: Uint8Array, golden: readonly Golden[], heldOutAccuracy: number) {
  const card = {
    schema: 1,
    id: 'demo',
    version: '1',
    demo: true,
    description:
      'For trying out: knows the drawn insects of the simulator, and no real insect. Install a real model before you count any.',
    file: {
      path: 'model.onnx',
      sha256: createHash('sha256').update(onnx).digest('hex'),
      bytes: onnx.length,
    },
    input: {
      name: INPUT,
      layout: 'NCHW',
      dtype: 'float32',
      height: SIDE,
      width: SIDE,
      color: 'RGB',
      batch: 'dynamic',
    },
    preprocess: { ...FIT, rescale: 1 / 255, mean: [MEAN, MEAN, MEAN], std: [STD, STD, STD] },
    output: { name: OUTPUT, kind: 'logits' },
    labels: DRAWN_KINDS.map(({ id, names, group, shape }, index) => ({
      index,
      id,
      group,
      names,
      kind: shape ? 'taxon' : 'non_insect',
    })),
    metrics: { heldOutDrawingsTop1: heldOutAccuracy },
    licence: 'Apache-2.0',
    citation: 'Made for Trapline, from drawings alone.',
    source: 'models/training',
    golden,
  };
  // What is written must be what the service reads.
  modelKey(parseCard(JSON.parse(JSON.stringify(card))));
  return card;
}
