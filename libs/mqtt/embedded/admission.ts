import type { Member } from '../../async/index.js';

/** What the objects around one message cost, roughly: a flood of empty messages must be bounded, too. */
export const CHARGE_PER_MESSAGE_BYTES = 2048;

/** Bytes of room that a message of this size takes. */
export const chargeFor = (bytes: number): number => bytes + CHARGE_PER_MESSAGE_BYTES;

/** A PUBLISH that is coming, or has come. Its charge is given back with `release`, once. */
export class Admission {
  #isReleased = false;
  #charge: number;

  constructor(
    private readonly member: Member,
    charge: number,
    readonly truncatedFrom: number | undefined,
  ) {
    this.#charge = charge;
  }

  /** Weight that is held for it. */
  get charge(): number {
    return this.#charge;
  }

  /** More of it has come. */
  add(charge: number): void {
    if (this.#isReleased) this.member.release(charge);
    else this.#charge += charge;
  }

  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.member.release(this.#charge);
  }
}
