import type { Room } from './room.js';

/** What the objects around one message cost, roughly: a flood of empty messages must be bounded, too. */
const CHARGE_PER_MESSAGE_BYTES = 2048;

/** Bytes of room that a message of this size takes. */
export const chargeFor = (bytes: number): number => bytes + CHARGE_PER_MESSAGE_BYTES;

/** A PUBLISH that was let in. Its charge is given back with `release`, once. */
export class Admission {
  #isReleased = false;

  constructor(
    readonly room: Room,
    readonly charge: number,
    readonly truncatedFrom: number | undefined,
  ) {}

  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.room.leave(this.charge);
  }
}
