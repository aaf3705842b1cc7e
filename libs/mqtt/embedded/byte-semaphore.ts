interface Applicant {
  readonly weight: number;
  readonly entered: () => void;
}

/**
 * Room for a bounded weight: messages, or bytes. First come, first served, so that a large message is not
 * overtaken for ever by small ones.
 */
export class Semaphore {
  #used = 0;
  #peak = 0;
  readonly #waiting = new Set<Applicant>();
  #onEmpty: (() => void)[] = [];

  constructor(readonly capacity: number) {}

  get used(): number {
    return this.#used;
  }

  /** The most that was ever in use. */
  get peak(): number {
    return this.#peak;
  }

  /**
   * Calls `entered` when there is room: at once, or later in turn. The weight stays taken until `leave`.
   *
   * @returns gives up waiting; without effect once entered
   */
  enter(weight: number, entered: () => void): () => void {
    const applicant = { weight, entered };
    if (this.#waiting.size === 0 && this.#fits(weight)) {
      this.#take(weight);
      entered();
      return () => {};
    }
    this.#waiting.add(applicant);
    return () => {
      if (this.#waiting.delete(applicant)) this.#admit();
    };
  }

  leave(weight: number): void {
    this.#used -= weight;
    this.#admit();
    if (this.#used === 0) for (const tell of this.#onEmpty.splice(0)) tell();
  }

  /** Resolves when nothing is inside. */
  whenEmpty(): Promise<void> {
    if (this.#used === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onEmpty.push(resolve));
  }

  // Something heavier than the whole room may enter when it is alone; it would wait for ever otherwise.
  #fits(weight: number): boolean {
    return this.#used === 0 || this.#used + weight <= this.capacity;
  }

  #take(weight: number): void {
    this.#used += weight;
    if (this.#used > this.#peak) this.#peak = this.#used;
  }

  #admit(): void {
    for (const applicant of this.#waiting) {
      if (!this.#fits(applicant.weight)) return;
      this.#waiting.delete(applicant);
      this.#take(applicant.weight);
      applicant.entered();
    }
  }
}
