import type { Request } from 'express';
import { Problem } from '../problem.js';

/** A sender that says nothing for so long is gone; the room it holds is for others. */
const SILENCE_MS = 60_000;

/** A body as it was sent, or its beginning. */
export interface ReadBody {
  readonly bytes: Buffer;
  /** Where it is over the limit: how many bytes there are, as far as is known. */
  readonly tooLargeBytes?: number;
}

/** The length that a request announces; undefined where it comes in chunks. */
export function announcedBytes({ headers }: Request): number | undefined {
  const announced = headers['content-length'];
  return announced === undefined ? undefined : Number(announced);
}

/**
 * Reads a body of at most `limit` bytes, whatever its `Content-Type` says: programs send the strangest ones with a
 * picture. One that announces more is not read at all, and one that turns out to be longer only as far as the limit.
 *
 * @throws Problem where the sender stops in the middle
 */
export async function readBody(request: Request, limit: number): Promise<ReadBody> {
  const announced = announcedBytes(request);
  if (announced !== undefined && announced > limit)
    return { bytes: Buffer.alloc(0), tooLargeBytes: announced };
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunksOf(request)) {
    size += chunk.length;
    chunks.push(chunk);
    if (size > limit) {
      // The rest is let go by, so that the answer can still be read.
      request.resume();
      return { bytes: Buffer.concat(chunks, limit), tooLargeBytes: size };
    }
  }
  return { bytes: Buffer.concat(chunks, size) };
}

/** The body in pieces. Whoever stops early leaves the connection as it is. */
export async function* chunksOf(request: Request): AsyncGenerator<Buffer> {
  const { socket } = request;
  const giveUp = () => void socket.destroy();
  socket.setTimeout(SILENCE_MS, giveUp);
  try {
    yield* request.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
  } catch {
    throw new Problem(400, 'malformed-request', 'The body ended before its end.');
  } finally {
    socket.off('timeout', giveUp);
    socket.setTimeout(0);
  }
}
