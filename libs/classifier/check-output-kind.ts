import type { ModelCard } from './card.js';
import { ModelError } from './model-error.js';

/**
 * Holds `output.kind` against what the model really gives. A softmax applied twice is the classic fault: every
 * probability comes out nearly alike, and nothing else tells.
 *
 * @param rows the raw numbers of several different images
 * @throws ModelError `card-invalid`
 */
export function checkOutputKind({ output }: ModelCard, rows: readonly Float32Array[]): void {
  const scale = output.scale ?? 1;
  const inRange = rows.every((row) => row.every((value) => value * scale > -0.01 && value * scale < 1.01));
  if (output.kind === 'logits') {
    const sumsToOne = rows.every((row) => Math.abs(row.reduce((sum, value) => sum + value, 0) - 1) < 0.01);
    if (!inRange || !sumsToOne || rows.length === 0) return;
    const message = 'output.kind is "logits", but every output sums to 1: write "probabilities"';
    throw new ModelError('card-invalid', message);
  }
  if (inRange) return;
  const right = output.kind === 'quantised' ? 'another output.scale' : 'output.kind "logits"';
  throw new ModelError('card-invalid', `outputs are not within 0 and 1, so no probabilities: write ${right}`);
}
