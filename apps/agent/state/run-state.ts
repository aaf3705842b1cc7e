import { cropIdAt } from '../folder/time/taken-at.js';

/** Which crops of a run the service has, each by its time: a session can have a hundred thousand of them. */
export class RunState {
  private acked = new Set<number>();
  /** The same for a run that is done: a list takes a fifth of the memory. */
  private stored: Float64Array | undefined;
  /** Crops that the service cannot take, and why. */
  readonly rejected = new Map<string, string>();

  get isDone(): boolean {
    return this.stored !== undefined;
  }

  /** Whether this crop need not be sent. */
  isSettled(crop: { readonly cropId: string; readonly taken: { readonly micros: number } }): boolean {
    const { micros } = crop.taken;
    return (
      this.acked.has(micros) || this.rejected.has(crop.cropId) || (this.stored?.includes(micros) ?? false)
    );
  }

  acknowledge(micros: readonly number[]): void {
    for (const each of micros) this.acked.add(each);
  }

  /** The service says that it does not have them. */
  miss(micros: readonly number[]): void {
    for (const each of micros) this.acked.delete(each);
  }

  setDone(isDone: boolean): void {
    if (isDone) {
      this.stored = Float64Array.from(this.times());
      this.acked = new Set();
    } else {
      this.acked = new Set(this.times());
      this.stored = undefined;
    }
  }

  asLine() {
    return {
      acked: this.times().map(cropIdAt),
      rejected: [...this.rejected],
      done: this.isDone,
    };
  }

  private times(): number[] {
    return [...(this.stored ?? []), ...this.acked];
  }
} /** One line of the file. Only what is new is written; a later line is right. */
export interface StateLine {
  readonly v?: 1;
  /** The id of the session, which must stay what it was first. */
  readonly session?: string;
  /** Everything was published when the folder looked like this. */
  readonly signature?: string;
  /** So much of it could not be read then. */
  readonly unread?: number;
  readonly run?: string;
  readonly acked?: readonly string[];
  readonly missing?: readonly string[];
  readonly rejected?: readonly (readonly [crop: string, code: string])[];
  readonly done?: boolean;
  /** What was said of the session, as it was sent. */
  readonly said?: string;
  /** Readings up to this byte of the log are published. */
  readonly readingsTo?: number;
}

/** @returns undefined for a line that a power cut has left half */
export function lineOf(text: string): StateLine | undefined {
  try {
    const line: unknown = JSON.parse(text);
    return typeof line === 'object' && line !== null ? line : undefined;
  } catch {
    return undefined;
  }
}
