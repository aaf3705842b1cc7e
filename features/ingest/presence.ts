import type { Catalog } from '../../libs/database/index.js';
import { touchTraps } from '../traps/index.js';

const NOTE_EVERY_MS = 1000;

/**
 * When each trap spoke last: noted once a second, not with every message. One that speaks for the first time is noted at
 * once, since lists of traps must not lack one whose runs are there.
 */
export class Presence {
  private readonly lastSeen = new Map<string, number>();
  private readonly known = new Set<string>();
  private timer?: NodeJS.Timeout;
  private soon: NodeJS.Immediate | undefined;

  constructor(private readonly catalog: Catalog) {}

  start(): void {
    this.timer = setInterval(() => this.noteOrLater(), NOTE_EVERY_MS).unref();
  }

  seen(trapId: string): void {
    this.lastSeen.set(trapId, Date.now());
    if (this.known.has(trapId)) return;
    this.known.add(trapId);
    // Those that come together are noted together.
    this.soon ??= setImmediate(() => {
      this.soon = undefined;
      this.noteOrLater();
    });
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.note();
  }

  /** What cannot be noted now is noted with the trap's next message. */
  private noteOrLater(): void {
    void this.note().catch(() => {});
  }

  private async note(): Promise<void> {
    const seen = new Map(this.lastSeen);
    this.lastSeen.clear();
    await touchTraps(this.catalog.db, seen);
  }
}
