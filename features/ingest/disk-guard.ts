import { freeBytes } from '../../libs/store/index.js';

const POLL_INTERVAL_MS = 1000;

/** The service is closing; what waits here stays unacknowledged. */
export class ClosingError extends Error {
  readonly code = 'closing';
}

interface DiskGuardOptions {
  readonly folder: string;
  /** Under this many free bytes nothing is taken. */
  readonly reserveBytes: number;
  readonly onChange: (state: { readonly full: boolean; readonly freeBytes: number }) => void;
}

/**
 * Holds messages back while the disk is under its reserve, so that nothing is acknowledged that could not be kept.
 * Nothing is deleted; they go on when there is room again.
 */
export class DiskGuard {
  private waiting: { resolve: () => void; reject: (error: Error) => void }[] = [];
  private full = false;
  private closed = false;
  private timer?: NodeJS.Timeout;
  private free = Number.POSITIVE_INFINITY;

  constructor(private readonly options: DiskGuardOptions) {}

  get isFull(): boolean {
    return this.full;
  }

  /** True from the moment on that the service closes. */
  get isClosed(): boolean {
    return this.closed;
  }

  async start(): Promise<void> {
    await this.look();
    this.timer = setInterval(() => void this.look(), POLL_INTERVAL_MS).unref();
  }

  /** Resolves when there is room on the disk: at once as a rule. */
  room(): Promise<void> | undefined {
    if (this.closed) return Promise.reject(new ClosingError('the service is closing'));
    if (!this.full) return undefined;
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  close(): void {
    this.closed = true;
    clearInterval(this.timer);
    for (const { reject } of this.waiting.splice(0)) reject(new ClosingError('the service is closing'));
  }

  /** Measures now, as it does every second. @returns free bytes */
  async look(): Promise<number> {
    // A disk that cannot even be asked is not one to promise anything on.
    this.free = await freeBytes(this.options.folder).catch(() => 0);
    const full = this.free < this.options.reserveBytes;
    if (full === this.full) return this.free;
    this.full = full;
    this.options.onChange({ full, freeBytes: this.free });
    if (!full) for (const { resolve } of this.waiting.splice(0)) resolve();
    return this.free;
  }
}
