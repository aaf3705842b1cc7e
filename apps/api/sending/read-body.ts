import type { Request } from 'express';
import { Problem } from '../problem.js';

/** A sender that says nothing for so long is gone; the room it holds is for others. */
const SILENCE_MS = 60_000;
/** A sender that has its answer and sends on may do so for this long, so that it gets to read the answer. */
const LINGER_MS = 5000;

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
  if (announced !== undefined && announced > limit) {
    letGoBy(request);
    return { bytes: Buffer.alloc(0), tooLargeBytes: announced };
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunksOf(request)) {
    size += chunk.length;
    chunks.push(chunk);
    if (size > limit) break;
  }
  if (size <= limit) return { bytes: Buffer.concat(chunks, size) };
  letGoBy(request);
  return { bytes: Buffer.concat(chunks, limit), tooLargeBytes: size };
}

/** Nobody wants the rest of this body: it is read past for a moment, and then the connection ends. */
export function letGoBy(request: Request): void {
  request.resume();
  setTimeout(() => {
    if (!request.complete) request.socket.destroy();
  }, LINGER_MS).unref();
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
