import type { OnnxDescription, Port } from '../optimise/graph.js';
import type { ModelCard } from './card.js';
import { ModelError } from './model-error.js';

/** How many numbers the model gives per image. */
export function outputLength(card: ModelCard): number {
  return card.labels.length + card.output.labelOffset;
}

/** The shape of the input as the card says it; `undefined` where the batch may vary. */
function inputShape({ input }: ModelCard): (number | undefined)[] {
  const batch = input.batch === 'dynamic' ? undefined : input.batch;
  return input.layout === 'NCHW'
    ? [batch, 3, input.height, input.width]
    : [batch, input.height, input.width, 3];
}

/**
 * Holds a card against what the model file says of itself.
 *
 * @throws ModelError `shape-mismatch`, naming the field of the card and what the file says
 */
export function checkShapes(card: ModelCard, file: OnnxDescription): void {
  const input = byName(file.inputs, card.input.name, 'input.name');
  if (input.dtype !== card.input.dtype) throw mismatch('input.dtype', card.input.dtype, input.dtype);
  const expected = inputShape(card);
  const shape = input.shape ?? expected;
  const fits = shape.length === 4 && shape.every((size, i) => size === undefined || size === expected[i]);
  if (!fits) throw mismatch('input (layout, height, width, batch)', show(expected), show(shape));
  const output = byName(file.outputs, card.output.name, 'output.name');
  const perImage = output.shape?.slice(1);
  if (perImage?.length && perImage.every((size) => size !== undefined)) {
    const given = perImage.reduce((product, size) => product * size, 1);
    if (given !== outputLength(card)) {
      throw mismatch('labels', `${outputLength(card)} (labels + labelOffset)`, `${given} numbers per image`);
    }
  }
}

function byName(ports: readonly Port[], name: string, field: string): Port {
  const found = ports.find((port) => port.name === name);
  if (found) return found;
  throw mismatch(field, `"${name}"`, ports.map((port) => `"${port.name}"`).join(', ') || 'none');
}

function mismatch(field: string, card: string, file: string): ModelError {
  return new ModelError('shape-mismatch', `${field}: the card says ${card}, the model file says ${file}`);
}

function show(shape: readonly (number | undefined)[]): string {
  return `[${shape.map((size) => size ?? 'any').join(', ')}]`;
}
