/** As long as a trap may say nothing before that is worth a note. */
const SILENT_AFTER_MS = 60 * 60_000;
/** One that said it sleeps comes back once a day. */
const SLEEPER_SILENT_AFTER_MS = 26 * 60 * 60_000;

/** What is known of whether a trap is there. */
export interface Presence {
  /** What it, or its last will, has said. */
  readonly state: 'online' | 'sleeping' | 'offline' | null;
  readonly lastMessageAtMs: number;
}

/** Nothing has come for longer than such a trap is silent by habit. */
export function isSilent({ state, lastMessageAtMs }: Presence, nowMs: number): boolean {
  return nowMs - lastMessageAtMs > (state === 'sleeping' ? SLEEPER_SILENT_AFTER_MS : SILENT_AFTER_MS);
}

/** It says so, or it says nothing of itself and is not silent. */
export function isOnline(presence: Presence, nowMs: number): boolean {
  return (presence.state ?? 'online') === 'online' && !isSilent(presence, nowMs);
}
