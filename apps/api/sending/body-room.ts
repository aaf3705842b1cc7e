import { Problem } from '../problem.js';

const WAITING_AT_MOST = 200;

/** Gives back what was reserved. To be called once. */
export type Release = () => void;

/**
 * How many bytes of bodies may be in memory at once. Who finds no room waits in turn, with his bytes still on the wire:
 * TCP holds them back. A body that is larger than all of it goes alone.
 */
export class BodyRoom {
  private taken = 0;
  private readonly waiting: { readonly bytes: number; readonly enter: (release: Release) => void }[] = [];

  constructor(private readonly bytes: number) {}

  /** @throws Problem 503 where too many wait already */
  async enter(bytes: number): Promise<Release> {
    if (this.waiting.length >= WAITING_AT_MOST) {
      throw new Problem(503, 'busy', 'Too many senders at once; try again.', {
        headers: { 'Retry-After': '5' },
      });
    }
    if (!this.waiting.length && this.hasRoom(bytes)) return this.reserve(bytes);
    return new Promise((enter) => this.waiting.push({ bytes, enter }));
  }

  private hasRoom(bytes: number): boolean {
    return this.taken === 0 || this.taken + bytes <= this.bytes;
  }

  private reserve(bytes: number): Release {
    this.taken += bytes;
    return () => {
      this.taken -= bytes;
      for (let next = this.waiting[0]; next && this.hasRoom(next.bytes); next = this.waiting[0]) {
        this.waiting.shift();
        next.enter(this.reserve(next.bytes));
      }
    };
  }
}
