import { reason } from '../card/model-error.js';
import { decodePlainJpeg } from '../pixels/decode.js';
import { fitImage } from '../pixels/fit.js';
import { answerOf } from '../session/answer.js';
import type { ModelSession } from '../session/model-session.js';
import type { ChildResult } from './child-process.js';
import { type CropResult, failed } from './crop-result.js';

/** An image whose bytes or pixels are there, or the error of reading them. */
export type Loaded =
  | { readonly key: string; readonly bytes: Uint8Array; readonly top?: number | undefined }
  | { readonly key: string; readonly pixels: Uint8Array; readonly top?: number | undefined }
  | { readonly key: string; readonly error: NodeJS.ErrnoException };

/**
 * Decodes, fits and runs up to 8 images as one batch; results in the same order, one for each. What is no plain JPEG is
 * deferred: it must be decoded apart.
 */
export async function classifyBatch(
  session: ModelSession,
  images: readonly Loaded[],
): Promise<ChildResult[]> {
  const { card } = session;
  const imageLength = card.input.height * card.input.width * 3;
  const { pixels } = session;
  const results = new Map<string, ChildResult>();
  const keys: Key[] = [];
  for (const image of images) {
    const row = pixels.subarray(keys.length * imageLength, (keys.length + 1) * imageLength);
    const other = prepare(image, session, row);
    if (other) results.set(image.key, other);
    else keys.push({ key: image.key, top: 'top' in image ? image.top : undefined });
  }
  for (const result of await runAll(session, pixels.subarray(0, keys.length * imageLength), keys)) {
    results.set(result.key, result);
  }
  return images.map(({ key }) => results.get(key) as ChildResult);
}

interface Key {
  readonly key: string;
  readonly top?: number | undefined;
}

/** @returns undefined where its pixels are there now */
function prepare(image: Loaded, { card }: ModelSession, into: Uint8Array): ChildResult | undefined {
  if ('error' in image) {
    return failed(image.key, 'missing', `cannot read the file: ${image.error.message}`, image.error.code);
  }
  if ('pixels' in image) {
    into.set(image.pixels);
    return undefined;
  }
  const decoded = decodePlainJpeg(image.bytes);
  if (!decoded) return { key: image.key, state: 'deferred' };
  fitImage(decoded, card.input, card.preprocess, into);
  return undefined;
}

async function runAll(
  session: ModelSession,
  pixels: Uint8Array,
  keys: readonly Key[],
): Promise<CropResult[]> {
  if (keys.length === 0) return [];
  try {
    const rows = await session.run(pixels, keys.length);
    return keys.map(({ key, top }, i) => {
      const answer = answerOf(rows[i] as Float32Array, session.card, top);
      if (!answer)
        return failed(key, 'quarantined', 'the model answered with something that is not a number');
      return { key, state: 'classified', ...answer };
    });
  } catch (error) {
    const [only, ...others] = keys;
    if (only && others.length === 0) return [failed(only.key, 'quarantined', reason(error))];
    // One image may have spoilt it for all: each alone.
    const length = pixels.length / keys.length;
    const results: CropResult[] = [];
    for (const [i, key] of keys.entries()) {
      results.push(...(await runAll(session, pixels.subarray(i * length, (i + 1) * length), [key])));
    }
    return results;
  }
}
