import { FairSemaphore, type Member, type Overuse } from '../../libs/async/index.js';
import { Problem } from '../http/index.js';

/** Bodies of one account that wait for their turn. */
const WAITING_AT_MOST = 200;
/** What one account may announce at once, as a part of all. */
const SHARE_OF_ACCOUNT = 1 / 4;
const SHARE_OF_ADDRESS = 1 / 2;
const POLL_INTERVAL_MS = 1000;
const HELD_UP_MS = 1000;

/** Whose body it is. */
export interface Sender {
  /** `kind/name`. */
  readonly account: string;
  /** The network it comes from. */
  readonly address: string;
  /** Breaks it off: where it comes so slowly that others wait for its room. */
  readonly breakOff: () => void;
}

/** The room of one body, while it is read and worked on. */
export interface BodyShare {
  /** So many bytes have come. Resolves when there is room for more. */
  grow(bytes: number): Promise<void>;
  /** To be called once. */
  release(): void;
}

/**
 * How many bytes of bodies may be in memory at once. Whoever finds no room waits, with the bytes still on the wire: TCP
 * holds them back. Within an account bodies begin as their announced lengths fit its share, so that none of them
 * waits half-read for another; of what all share, each takes as much as has come. One account, or one address, leaves
 * room for the others.
 */
export class BodyLimiter {
  private readonly announced: FairSemaphore;
  private readonly arrived: FairSemaphore;
  private readonly waiting = new Map<string, number>();
  private timer?: NodeJS.Timeout | undefined;

  constructor(
    bytes: number,
    private readonly overuse?: Overuse,
  ) {
    // Of announced lengths there is as much as anybody likes; only what one account may announce is bounded.
    const accounts = 1024;
    this.announced = new FairSemaphore(bytes * SHARE_OF_ACCOUNT * accounts, { account: 1 / accounts });
    this.arrived = new FairSemaphore(bytes, { address: SHARE_OF_ADDRESS });
  }

  /**
   * @param atMost bytes of the body that are in memory at once
   * @throws Problem 503 where too many bodies of the same account wait already
   */
  async enter(atMost: number, { account, address, breakOff }: Sender): Promise<BodyShare> {
    const waiting = this.waiting.get(account) ?? 0;
    if (waiting >= WAITING_AT_MOST) {
      this.overuse?.note('account', account, 'http: bodies');
      throw new Problem(503, 'busy', 'Too many requests of this account send at once; try again.', {
        headers: { 'Retry-After': '5' },
      });
    }
    const turn = this.announced.join(account, address);
    this.waiting.set(account, waiting + 1);
    await new Promise<void>((resolve) => turn.acquire(atMost, resolve));
    const left = (this.waiting.get(account) ?? 1) - 1;
    if (left > 0) this.waiting.set(account, left);
    else this.waiting.delete(account);
    const member = this.arrived.join(account, address, breakOff);
    this.timer ??= setInterval(() => this.lookAround(), POLL_INTERVAL_MS).unref();
    return this.share(atMost, turn, member);
  }

  private share(atMost: number, turn: Member, member: Member): BodyShare {
    let held = 0;
    let isReleased = false;
    return {
      grow: async (bytes) => {
        member.recent = bytes;
        const more = Math.min(bytes, atMost - held);
        if (more <= 0 || isReleased) return;
        await new Promise<void>((resolve) => member.acquire(more, resolve));
        held += more;
        member.unfinished = held;
        if (isReleased) member.release(more);
      },
      release: () => {
        if (isReleased) return;
        isReleased = true;
        member.unfinished = 0;
        member.release(held);
        member.leave();
        turn.release(atMost);
        turn.leave();
      },
    };
  }

  private lookAround(): void {
    const nowMs = Date.now();
    for (const { account } of this.announced.blocked(nowMs, HELD_UP_MS))
      this.overuse?.note('account', account, 'http: bodies', nowMs);
    for (const { by, address } of this.arrived.blocked(nowMs, HELD_UP_MS))
      if (by === 'address') this.overuse?.note('address', address, 'http: bodies', nowMs);
    for (const { account } of this.arrived.relieve(nowMs, HELD_UP_MS))
      this.overuse?.note('account', account, 'http: unfinished bodies', nowMs);
    if (this.arrived.used === 0 && this.announced.waiting === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
    }
  }
}
