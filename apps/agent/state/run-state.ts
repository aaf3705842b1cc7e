import { cropIdAt } from '../folder/taken-at.js';

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
}
