import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';

/** To write more at once would hold up everybody else. */
const ITEMS_AT_ONCE = 500;

/** Sends an object with `items` in parts, as fast as the client takes them. */
export async function sendJson(
  response: Response,
  rest: Readonly<Record<string, unknown>>,
  items: readonly unknown[],
): Promise<void> {
  response.type('application/json');
  await pipeline(Readable.from(partsOf(rest, items)), response).catch((error: NodeJS.ErrnoException) => {
    // Whoever has gone away needs no answer.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}

function* partsOf(rest: Readonly<Record<string, unknown>>, items: readonly unknown[]): Generator<string> {
  yield `${JSON.stringify(rest).slice(0, -1)},"items":[`;
  for (let from = 0; from < items.length; from += ITEMS_AT_ONCE) {
    const some = JSON.stringify(items.slice(from, from + ITEMS_AT_ONCE)).slice(1, -1);
    yield from === 0 ? some : `,${some}`;
  }
  yield ']}';
}
