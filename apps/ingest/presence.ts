import { type Catalog, touchTraps } from '../../libs/catalog/index.js';

const NOTE_EVERY_MS = 1000;

/** When each trap spoke last: noted once a second, not with every message. */
export class Presence {
  private readonly lastSeen = new Map<string, number>();
  private timer?: NodeJS.Timeout;

  constructor(private readonly catalog: Catalog) {}

  start(): void {
    // What cannot be noted now is noted with the trap's next message.
    this.timer = setInterval(() => void this.note().catch(() => {}), NOTE_EVERY_MS).unref();
  }

  seen(trapId: string): void {
    this.lastSeen.set(trapId, Date.now());
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.note();
  }

  private async note(): Promise<void> {
    const seen = new Map(this.lastSeen);
    this.lastSeen.clear();
    await touchTraps(this.catalog.db, seen);
  }
}
