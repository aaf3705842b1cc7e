import type { TakenAt } from './taken-at.js';

/** Rows that were written at once may stand a little out of order. */
const TOLERANCE_MICROS = 60e6;

export interface StepBack {
  /** Where the first row after the step stands. */
  readonly position: number;
  readonly from: TakenAt;
  readonly to: TakenAt;
}

/** Where a row stands in its table, and where the times of that table step back. */
export interface RowPlace {
  readonly position: number;
  readonly step: StepBack | undefined;
}

/**
 * Finds where times step back that were written one after another: there, the clock was put back. Where they do so more
 * than once, somebody has sorted them by something else, and their order says nothing.
 */
export class StepsBack {
  private last: TakenAt | undefined;
  private latest: TakenAt | undefined;
  private readonly found: StepBack[] = [];

  see(taken: TakenAt, position: number): void {
    const from = this.last;
    this.last = taken;
    if (!this.latest || taken.micros > this.latest.micros) this.latest = taken;
    if (from && taken.micros < from.micros - TOLERANCE_MICROS && this.found.length < 2)
      this.found.push({ position, from, to: taken });
  }

  /** The last time of all, as far as the order can be believed. */
  get end(): TakenAt | undefined {
    return this.only ? this.last : this.latest;
  }

  get only(): StepBack | undefined {
    return this.found.length === 1 ? this.found[0] : undefined;
  }
}
