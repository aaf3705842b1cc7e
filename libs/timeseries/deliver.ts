import type { Backpressure, Outcome } from './outcome.js';

interface RejectedLine<T> {
  readonly item: T;
  /** What the server says is wrong with it. */
  readonly message: string;
}

/** What became of a batch. Items in neither list have not been tried: `obstacle` says why. */
export interface WriteResult<T> {
  readonly written: readonly T[];
  readonly refused: readonly RejectedLine<T>[];
  readonly obstacle?: Backpressure;
}

/**
 * Sends a batch, one request at a time. InfluxDB refuses all of it for one bad line, and a batch can be more than it
 * takes: then the halves are sent apart, until the bad line stands alone.
 *
 * @param write sends these items as one request
 */
export async function writeBatch<T>(
  items: readonly T[],
  write: (items: readonly T[]) => Promise<Outcome>,
): Promise<WriteResult<T>> {
  if (!items.length) return { written: [], refused: [] };
  const outcome = await write(items);
  if (outcome.state === 'done') return { written: items, refused: [] };
  if (outcome.state === 'busy' || outcome.state === 'denied')
    return { written: [], refused: [], obstacle: outcome };
  const [only] = items;
  if (items.length === 1 && only !== undefined)
    return { written: [], refused: [{ item: only, message: outcome.message }] };
  const middle = Math.ceil(items.length / 2);
  const first = await writeBatch(items.slice(0, middle), write);
  if (first.obstacle) return first;
  const second = await writeBatch(items.slice(middle), write);
  return {
    written: [...first.written, ...second.written],
    refused: [...first.refused, ...second.refused],
    ...(second.obstacle && { obstacle: second.obstacle }),
  };
}
