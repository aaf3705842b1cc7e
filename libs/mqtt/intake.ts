import type { Duplex } from 'node:stream';
import { Admission, chargeFor } from './admission.js';
import { type FixedHeader, PUBLISH, readFixedHeader, writeFixedHeader } from './fixed-header.js';
import type { Room } from './room.js';

export interface IntakeLimits {
  /** Room for the bytes of all connections together. */
  readonly room: Room;
  readonly maxPacketBytes: number;
  /** For everything but PUBLISH, and for whatever comes first. */
  readonly maxControlBytes: number;
}

/**
 * Stands between one socket and the broker's parser, and decides by the announced lengths what is read.
 *
 * aedes would buffer whatever a packet announces, and it goes on reading while messages wait for their
 * handlers. So: nothing behind the first packet is read before the client is accepted; a PUBLISH is read when
 * there is room for all of it; one that is over the limit is cut, because a client that is disconnected for it
 * would only come back and send it again; anything else that is over its limit ends the connection.
 */
export class Intake {
  readonly #stream: Duplex;
  readonly #limits: IntakeLimits;
  readonly #readStream: (size?: number) => Buffer | null;
  readonly #admitted: Admission[] = [];
  #state: 'reading' | 'held' | 'closed' = 'reading';
  #isFirst = true;
  #isAccepted = false;
  #rest: Buffer | undefined;
  // Bytes of the packet that is passing, to hand on and then to drop.
  #toPass = 0;
  #toDrop = 0;
  #granted: Admission | undefined;
  #giveUp: (() => void) | undefined;
  #lastBytesAt = Date.now();

  constructor(
    stream: Duplex,
    limits: IntakeLimits,
    readonly onTooLarge: (announcedBytes: number) => void,
    readonly onBytes: () => void,
  ) {
    this.#stream = stream;
    this.#limits = limits;
    this.#readStream = stream.read.bind(stream);
    // Node itself calls `read(0)` to keep the socket going; that returns nothing and must pass.
    stream.read = (size?: number) => (size === 0 ? this.#readStream(0) : this.#read());
  }

  /** The client was accepted: its packets may be read. */
  open(): void {
    this.#isAccepted = true;
    if (this.isHeld) this.#resume();
  }

  /** The oldest PUBLISH that was let in; the parser hands them over in the order of the wire. */
  next(): Admission | undefined {
    return this.#admitted.shift();
  }

  /** Reads no more. What was let in but not handed over is given back. */
  close(): void {
    this.#state = 'closed';
    this.#rest = undefined;
    this.#giveUp?.();
    this.#granted?.release();
    for (const admission of this.#admitted.splice(0)) admission.release();
  }

  /** Whether we, not the client, are the reason that nothing is read. */
  get isHeld(): boolean {
    return this.#state === 'held';
  }

  /** Milliseconds since the last bytes of a packet that is not complete; 0 between packets. */
  stalledMs(now: number): number {
    return this.#toPass + this.#toDrop > 0 && !this.isHeld ? now - this.#lastBytesAt : 0;
  }

  #read(): Buffer | null {
    if (this.#state === 'held' || this.#state === 'closed') return null;
    const fresh = this.#readStream();
    if (fresh) {
      this.#lastBytesAt = Date.now();
      this.onBytes();
    }
    const chunk = this.#rest && fresh ? Buffer.concat([this.#rest, fresh]) : (this.#rest ?? fresh);
    this.#rest = undefined;
    if (!chunk) return null;
    try {
      return this.#sift(chunk);
    } catch (error) {
      this.#state = 'closed';
      this.#stream.destroy(error as Error);
      return null;
    }
  }

  #sift(chunk: Buffer): Buffer | null {
    const pieces: Buffer[] = [];
    let from = 0;
    let at = 0;
    while (at < chunk.length) {
      if (this.#toPass > 0) {
        const bytes = Math.min(this.#toPass, chunk.length - at);
        this.#toPass -= bytes;
        at += bytes;
        continue;
      }
      if (this.#toDrop > 0) {
        pieces.push(chunk.subarray(from, at));
        const bytes = Math.min(this.#toDrop, chunk.length - at);
        this.#toDrop -= bytes;
        at += bytes;
        from = at;
        continue;
      }
      const header = readFixedHeader(chunk, at);
      if (!header || !this.#mayEnter(header)) {
        this.#rest = chunk.subarray(at);
        break;
      }
      const limit = this.#limits.maxPacketBytes;
      if (header.remaining > limit) {
        pieces.push(chunk.subarray(from, at), writeFixedHeader(chunk[at] as number, limit));
        from = at + header.bytes;
      }
      this.#toPass = Math.min(header.remaining, limit);
      this.#toDrop = header.remaining - this.#toPass;
      at += header.bytes;
    }
    pieces.push(chunk.subarray(from, at));
    const passed = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
    return passed.length > 0 ? passed : null;
  }

  #mayEnter(header: FixedHeader): boolean {
    if (this.#isFirst) {
      this.#isFirst = false;
      this.#checkControl(header);
      return true;
    }
    const isPublish = header.type === PUBLISH;
    if (!this.#isAccepted || (isPublish && !this.#admit(header))) {
      this.#state = 'held';
      return false;
    }
    if (!isPublish) this.#checkControl(header);
    return true;
  }

  #admit(header: FixedHeader): boolean {
    if (!this.#granted) this.#ask(header);
    if (!this.#granted) return false;
    this.#admitted.push(this.#granted);
    this.#granted = undefined;
    return true;
  }

  #ask(header: FixedHeader): void {
    const { room, maxPacketBytes } = this.#limits;
    const isOver = header.remaining > maxPacketBytes;
    if (isOver) this.onTooLarge(header.remaining);
    const charge = chargeFor(Math.min(header.remaining, maxPacketBytes));
    this.#giveUp = room.enter(charge, () => {
      this.#granted = new Admission(room, charge, isOver ? header.remaining : undefined);
      if (this.isHeld) this.#resume();
    });
  }

  #checkControl({ remaining }: FixedHeader): void {
    if (remaining <= this.#limits.maxControlBytes) return;
    this.onTooLarge(remaining);
    throw new Error(`packet of ${remaining} bytes announced`);
  }

  #resume(): void {
    this.#state = 'reading';
    this.#stream.emit('readable');
  }
}
