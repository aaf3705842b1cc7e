const WINDOW_MS = 60_000;
/** More addresses than that at a time are counted as one: whoever has many of them must not fill the memory. */
const LARGEST = 20_000;
const OTHERS = 'other addresses';
const ADDRESS = 'address ';

export const countOfAddress = (address: string): string => ADDRESS + address;

/** Counts requests per caller, in minutes that begin for all of them at once. */
export class RequestCounts {
  private readonly counts = new Map<string, number>();
  private endsAtMs = 0;

  /** @returns how many it were in this minute, with this one, and how long the minute lasts, in whole seconds */
  add(caller: string, nowMs: number): { requests: number; resetS: number } {
    if (nowMs >= this.endsAtMs) {
      this.counts.clear();
      this.endsAtMs = nowMs + WINDOW_MS;
    }
    const isOneTooMany =
      caller.startsWith(ADDRESS) && this.counts.size >= LARGEST && !this.counts.has(caller);
    const key = isOneTooMany ? OTHERS : caller;
    const requests = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, requests);
    return { requests, resetS: Math.ceil((this.endsAtMs - nowMs) / 1000) };
  }
}
