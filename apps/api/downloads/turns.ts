import { FairSemaphore } from '../../../libs/async/index.js';

/** Lets a few work at once; the others wait for their turn. One owner has half of the places at most. */
export class Turns {
  private readonly places: FairSemaphore;

  constructor(atOnce: number) {
    this.places = new FairSemaphore(atOnce, { account: 1 / 2 });
  }

  async take<T>(owner: string, work: () => Promise<T>): Promise<T> {
    const member = this.places.join(owner, '');
    await new Promise<void>((resolve) => member.acquire(1, resolve));
    try {
      return await work();
    } finally {
      member.release(1);
      member.leave();
    }
  }
}
