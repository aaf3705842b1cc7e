/**
 * What became of a request to InfluxDB. Only `refused` is the fault of what was sent; everything else is tried again.
 * - `busy`: away, too slow, overloaded. `retryAfterMs` where it said when to come back.
 * - `denied`: token, organisation or bucket are wrong, or it is no InfluxDB: somebody must act.
 * - `too-large`: more at once than it takes.
 */
export type Outcome =
  | { readonly state: 'done' }
  | { readonly state: 'busy'; readonly message: string; readonly retryAfterMs?: number }
  | { readonly state: 'denied'; readonly message: string }
  | { readonly state: 'too-large'; readonly message: string }
  | { readonly state: 'refused'; readonly message: string };

/** Reasons to stop and come back later. */
export type Backpressure = Extract<Outcome, { readonly state: 'busy' | 'denied' }>;

const TIMED_OUT = 408;
const TOO_LARGE = 413;
const TOO_MANY = 429;
const SERVER_FAULT = 500;
const REFUSED = [400, 422];

/** What an answer with this status means. A status that nobody expects is no reason to drop anything: `denied`. */
export function outcomeOf(
  status: number,
  message: string,
  retryAfter: string | undefined,
  nowMs: number,
): Outcome {
  if (status >= 200 && status < 300) return { state: 'done' };
  if (status === TIMED_OUT || status === TOO_MANY || status >= SERVER_FAULT)
    return { state: 'busy', message, retryAfterMs: readRetryAfter(retryAfter, nowMs) };
  if (status === TOO_LARGE) return { state: 'too-large', message };
  if (REFUSED.includes(status)) return { state: 'refused', message };
  return { state: 'denied', message };
}

/**
 * RFC 9110, 10.2.3: a number of seconds, or a date.
 *
 * @returns milliseconds from now, or undefined where it says neither
 */
export function readRetryAfter(text: string | undefined, nowMs: number): number | undefined {
  if (!text) return undefined;
  if (/^\d+$/.test(text.trim())) return Number(text) * 1000;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
