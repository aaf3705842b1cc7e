let lastSeq = 0;
/** Grows with every call, and over restarts as long as the clock does: about microseconds since 1970. */
export function nextSeq(): number {
  lastSeq = Math.max(lastSeq + 1, Date.now() * 1000);
  return lastSeq;
}
