/** As long as a trap may say nothing before that is worth a note. */
const SILENT_AFTER_MS = 60 * 60_000;
/** One that said it sleeps, and not for how long, comes back once a day. */
const USUAL_SLEEP_MS = 25 * 60 * 60_000;
/** Whatever a trap says: a clock that is wrong by years must not hide for years that it is gone. */
const LONGEST_SLEEP_MS = 14 * 24 * 60 * 60_000;

/** What is known of whether a trap is there; times in milliseconds since 1970, UTC. */
export interface Presence {
  /** What it, or its last will, has said. */
  readonly state: 'online' | 'sleeping' | 'offline' | null;
  readonly lastMessageAtMs: number;
  /** When it wakes up, where it said so. */
  readonly sleepsUntilMs?: number | undefined;
}

/** How long ago the trap should have spoken: since its last message, or since the end of its sleep. 0 while it may sleep. */
export function overdueMs(presence: Presence, nowMs: number): number {
  return Math.max(0, nowMs - expectedAtMs(presence));
}

function expectedAtMs({ state, lastMessageAtMs, sleepsUntilMs }: Presence): number {
  if (state !== 'sleeping') return lastMessageAtMs;
  const sleptMs = sleepsUntilMs === undefined ? USUAL_SLEEP_MS : sleepsUntilMs - lastMessageAtMs;
  return lastMessageAtMs + Math.min(Math.max(0, sleptMs), LONGEST_SLEEP_MS);
}

/** Nothing has come for longer than such a trap is silent by habit. */
export function isSilent(presence: Presence, nowMs: number): boolean {
  return overdueMs(presence, nowMs) > SILENT_AFTER_MS;
}

/** It says so, or it says nothing of itself and is not silent. */
export function isOnline(presence: Presence, nowMs: number): boolean {
  return (presence.state ?? 'online') === 'online' && !isSilent(presence, nowMs);
}

/** It said that it sleeps, and should not be back yet. */
export function isAsleep(presence: Presence, nowMs: number): boolean {
  return presence.state === 'sleeping' && !isSilent(presence, nowMs);
}

/** Whether a trap that was heard before does its work, in one word; `offline`: away, and not yet for long. */
export function presenceState(
  presence: Presence,
  nowMs: number,
): 'online' | 'sleeping' | 'offline' | 'silent' {
  if (isSilent(presence, nowMs)) return 'silent';
  if (isOnline(presence, nowMs)) return 'online';
  return isAsleep(presence, nowMs) ? 'sleeping' : 'offline';
}
