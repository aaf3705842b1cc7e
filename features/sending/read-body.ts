import type { Request } from 'express';
import { LeastRate } from '../../libs/async/index.js';
import { addressOf, type KeyedRequest } from '../accounts/index.js';
import { LEAST_RATE, Problem } from '../http/index.js';
import type { BodyShare, Sender } from './body-limiter.js';

const POLL_INTERVAL_MS = 5000;
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
export async function readBody(
  request: Request,
  limit: number,
  share?: Pick<BodyShare, 'grow'>,
): Promise<ReadBody> {
  const announced = announcedBytes(request);
  if (announced !== undefined && announced > limit) {
    letGoBy(request);
    return { bytes: Buffer.alloc(0), tooLargeBytes: announced };
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunksOf(request, share)) {
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

/** The body in pieces, each when there is room for it. Whoever stops early leaves the connection as it is. */
export async function* chunksOf(request: Request, share?: Pick<BodyShare, 'grow'>): AsyncGenerator<Buffer> {
  const rate = new LeastRate(LEAST_RATE, Date.now());
  const timer = setInterval(() => {
    if (rate.isTooSlow(Date.now())) request.socket.destroy();
  }, POLL_INTERVAL_MS);
  try {
    const pieces = request.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
    for await (const piece of pieces) {
      rate.add(piece.length);
      // From here until the next piece is asked for it is not the sender who is slow.
      rate.pause(Date.now());
      await share?.grow(piece.length);
      yield piece;
      rate.resume(Date.now());
    }
  } catch {
    throw new Problem(400, 'malformed-request', 'The body ended before its end, or came too slowly.');
  } finally {
    clearInterval(timer);
  }
}

/** Whose body this is, for the room that it takes. */
export function senderOf(request: KeyedRequest): Sender {
  const { account, socket } = request;
  const address = addressOf(request);
  return {
    account: account ? `${account.kind}/${account.name}` : `nobody at ${address}`,
    address,
    breakOff: () => void socket.destroy(),
  };
}
