import type { Duplex } from 'node:stream';
import { LeastRate, type Member, type RateLimits } from '../../async/index.js';
import { Admission, CHARGE_PER_MESSAGE_BYTES } from './admission.js';
import {
  type FixedHeader,
  PINGREQ,
  PUBLISH,
  readFixedHeader,
  SUBSCRIBE,
  UNSUBSCRIBE,
  writeFixedHeader,
} from './fixed-header.js';

/** Packets that the parser gets at a time: half a megabyte of pings or tiny messages would keep it busy for a long while. */
const PACKETS_AT_ONCE = 32;

/** Packets that ask for work of the broker. Acknowledgements are not among them: a fast reader sends thousands. */
const ASKING = new Set([SUBSCRIBE, UNSUBSCRIBE, PINGREQ]);
const ASKED_AT_ONCE = 200;
const ASKED_PER_S = 50;
/** What so many bytes of filters cost, beside the packet. */
const FILTER_BYTES = 64;

interface IntakeLimits {
  readonly maxPacketBytes: number;
  /** For everything but PUBLISH, and for whatever comes first. */
  readonly maxControlBytes: number;
  /** Of a packet that has begun. */
  readonly leastRate: RateLimits;
}

/**
 * Stands between one socket and the broker's parser, and decides what is read.
 *
 * aedes would buffer whatever a packet announces, and it goes on reading while messages wait for their
 * handlers. So: nothing behind the first packet is read before the client is accepted; the bytes of a PUBLISH are
 * read as far as there is room for them in the client's share; one that is over the limit is cut, because a client that
 * is disconnected for it would only come back and send it again; anything else that is over its limit ends the
 * connection.
 */
export class Intake {
  readonly #stream: Duplex;
  readonly #limits: IntakeLimits;
  readonly #readStream: (size?: number) => Buffer | null;
  readonly #admitted: Admission[] = [];
  #member: Member | undefined;
  #state: 'reading' | 'held' | 'closed' = 'reading';
  #isFirst = true;
  #rest: Buffer | undefined;
  // Bytes of the packet that is passing, to hand on and then to drop.
  #toPass = 0;
  #toDrop = 0;
  // The PUBLISH that is passing.
  #current: Admission | undefined;
  // Room that was granted and is not used yet.
  #paid = 0;
  #giveUp: (() => void) | undefined;
  // Of the packet that has begun and is not whole.
  #rate: LeastRate | undefined;
  #lastBytesMs = Date.now();
  // What the client may still ask for now.
  #asks = ASKED_AT_ONCE;
  #asksAtMs = Date.now();
  #pause: NodeJS.Timeout | undefined;

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

  /** The client was accepted: its packets may be read, within the room of this member. */
  open(member: Member): void {
    this.#member = member;
    if (this.isHeld) this.#resume();
  }

  /** The oldest PUBLISH that was let in; the parser hands them over in the order of the wire. */
  next(): Admission | undefined {
    return this.#admitted.shift();
  }

  /** Reads no more. What was let in but not handed over is given back. */
  close(): void {
    if (this.#state === 'closed' && !this.#member) return;
    this.#state = 'closed';
    this.#rest = undefined;
    this.#giveUp?.();
    clearTimeout(this.#pause);
    for (const admission of this.#admitted.splice(0)) admission.release();
    if (this.#member && this.#paid > 0) this.#member.release(this.#paid);
    this.#paid = 0;
    if (this.#member) this.#member.unfinished = 0;
    this.#member?.leave();
    this.#member = undefined;
  }

  /** Whether we, not the client, are the reason that nothing is read. */
  get isHeld(): boolean {
    return this.#state === 'held';
  }

  /** Milliseconds since bytes came. */
  silentMs(nowMs: number): number {
    return this.isHeld ? 0 : nowMs - this.#lastBytesMs;
  }

  /** Whether a packet has begun that comes too slowly to be waited for. To be asked about once a second. */
  isTooSlow(nowMs: number): boolean {
    if (this.#member) this.#member.recent = this.#rate?.bytes ?? 0;
    return this.#rate?.isTooSlow(nowMs) ?? false;
  }

  /** Whether a packet that began `afterMs` ago or earlier comes more slowly than it should. */
  isBehind(nowMs: number, afterMs: number): boolean {
    return this.#rate?.isBehind(nowMs, afterMs) ?? false;
  }

  #read(): Buffer | null {
    if (this.#state === 'held' || this.#state === 'closed') return null;
    const fresh = this.#readStream();
    if (fresh) {
      this.#lastBytesMs = Date.now();
      this.#rate?.add(fresh.length);
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
    let packets = 0;
    while (at < chunk.length) {
      if (this.#toPass > 0) {
        const bytes = this.#affordable(Math.min(this.#toPass, chunk.length - at));
        if (bytes === 0) {
          this.#hold(chunk.subarray(at));
          break;
        }
        this.#toPass -= bytes;
        at += bytes;
        this.#endOfPacket();
        continue;
      }
      if (this.#toDrop > 0) {
        pieces.push(chunk.subarray(from, at));
        const bytes = Math.min(this.#toDrop, chunk.length - at);
        this.#toDrop -= bytes;
        at += bytes;
        from = at;
        this.#endOfPacket();
        continue;
      }
      const header = readFixedHeader(chunk, at);
      if (!header) {
        this.#rest = chunk.subarray(at);
        this.#rate ??= new LeastRate(this.#limits.leastRate, Date.now());
        break;
      }
      if (packets >= PACKETS_AT_ONCE) {
        this.#rest = chunk.subarray(at);
        break;
      }
      if (!this.#mayEnter(header, chunk.length - at - header.bytes)) {
        this.#hold(chunk.subarray(at));
        break;
      }
      packets++;
      const limit = this.#limits.maxPacketBytes;
      if (header.remaining > limit) {
        pieces.push(chunk.subarray(from, at), writeFixedHeader(chunk[at] as number, limit));
        from = at + header.bytes;
      }
      this.#toPass = Math.min(header.remaining, limit);
      this.#toDrop = header.remaining - this.#toPass;
      at += header.bytes;
      this.#beginPacket(chunk.length - at);
    }
    pieces.push(chunk.subarray(from, at));
    const passed = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
    return passed.length > 0 ? passed : null;
  }

  /** @param arrived bytes of the packet, or behind it, that are here already */
  #mayEnter(header: FixedHeader, arrived: number): boolean {
    if (this.#isFirst) {
      this.#isFirst = false;
      this.#checkControl(header);
      return true;
    }
    const member = this.#member;
    if (!member) return false;
    if (header.type !== PUBLISH) {
      this.#checkControl(header);
      return !ASKING.has(header.type) || this.#mayAsk(header.remaining);
    }
    const { maxPacketBytes } = this.#limits;
    const charge = CHARGE_PER_MESSAGE_BYTES + Math.min(header.remaining, maxPacketBytes, arrived);
    if (!this.#pay(member, charge)) return false;
    this.#paid -= CHARGE_PER_MESSAGE_BYTES;
    const isOver = header.remaining > maxPacketBytes;
    if (isOver) this.onTooLarge(header.remaining);
    this.#current = new Admission(member, CHARGE_PER_MESSAGE_BYTES, isOver ? header.remaining : undefined);
    this.#admitted.push(this.#current);
    return true;
  }

  /** Whether the client may ask for something now; if not, it is read on when it may. */
  #mayAsk(bytes: number): boolean {
    const nowMs = Date.now();
    this.#asks = Math.min(ASKED_AT_ONCE, this.#asks + ((nowMs - this.#asksAtMs) / 1000) * ASKED_PER_S);
    this.#asksAtMs = nowMs;
    const cost = Math.min(ASKED_AT_ONCE, 1 + bytes / FILTER_BYTES);
    if (this.#asks >= cost) {
      this.#asks -= cost;
      return true;
    }
    const waitMs = ((cost - this.#asks) / ASKED_PER_S) * 1000;
    this.#pause = setTimeout(() => {
      if (this.isHeld) this.#resume();
    }, waitMs + 1).unref();
    return false;
  }

  /** How many of the next bytes of this packet there is room for. */
  #affordable(bytes: number): number {
    const current = this.#current;
    const member = this.#member;
    if (!current || !member) return bytes;
    // What was granted first: the semaphore must know of all that is held when it is asked for more.
    if (this.#paid === 0) this.#pay(member, bytes);
    const affordable = Math.min(bytes, this.#paid);
    this.#paid -= affordable;
    current.add(affordable);
    member.unfinished = current.charge;
    return affordable;
  }

  #pay(member: Member, weight: number): boolean {
    if (this.#paid < weight && !this.#giveUp) {
      const missing = weight - this.#paid;
      let isGranted = false;
      const giveUp = member.acquire(missing, () => {
        isGranted = true;
        this.#giveUp = undefined;
        this.#paid += missing;
        if (this.isHeld) this.#resume();
      });
      if (!isGranted) this.#giveUp = giveUp;
    }
    return this.#paid >= weight;
  }

  #beginPacket(arrived: number): void {
    if (this.#toPass + this.#toDrop <= arrived) {
      // All of it is here; only the room for it may be missing.
      this.#rate = undefined;
    } else {
      this.#rate = new LeastRate(this.#limits.leastRate, Date.now());
      this.#rate.add(arrived);
    }
    this.#endOfPacket();
  }

  #endOfPacket(): void {
    if (this.#toPass > 0) return;
    if (this.#toDrop > 0) return;
    this.#rate = undefined;
    this.#current = undefined;
    if (this.#member) this.#member.unfinished = 0;
  }

  #checkControl({ remaining }: FixedHeader): void {
    if (remaining <= this.#limits.maxControlBytes) return;
    this.onTooLarge(remaining);
    throw new Error(`packet of ${remaining} bytes announced`);
  }

  #hold(rest: Buffer): void {
    this.#rest = rest;
    this.#state = 'held';
    this.#rate?.pause(Date.now());
  }

  #resume(): void {
    this.#state = 'reading';
    this.#rate?.resume(Date.now());
    this.#stream.emit('readable');
  }
}
