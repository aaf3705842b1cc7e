import { readFile } from 'node:fs/promises';
import { serveJobs } from '../../jobs/index.js';
import type { ModelCard } from '../card/card.js';
import { decodeImage } from '../pixels/decode.js';
import { fitImage } from '../pixels/fit.js';

/** A picture to decode and to bring to a model's input. */
export interface DecodeJob {
  /** A path, or the bytes themselves. */
  readonly source: string | Uint8Array;
  readonly input: ModelCard['input'];
  readonly preprocess: ModelCard['preprocess'];
}

/** The program of the processes that decode what the model's own process does not touch. */
serveJobs(async ({ source, input, preprocess }: DecodeJob): Promise<Uint8Array> => {
  const image = await decodeImage(typeof source === 'string' ? await readFile(source) : source);
  const pixels = new Uint8Array(input.height * input.width * 3);
  fitImage(image, input, preprocess, pixels);
  return pixels;
});
