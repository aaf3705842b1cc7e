/** The second byte of the markers that are asked for by name (ITU T.81, table B.1). */
export const MARKER = { start: 0xd8, end: 0xd9, scan: 0xda, comment: 0xfe } as const;

// Tables that share the number range of the frame headers: DHT, JPG, DAC.
const NOT_A_FRAME = new Set([0xc4, 0xc8, 0xcc]);
/** Searched byte by byte before the search is handed over: a call costs as much as some twenty bytes. */
const NEAR = 16;

export const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && !NOT_A_FRAME.has(marker);

/** APP0 to APP15. */
export const isApplication = (marker: number): boolean => marker >= 0xe0 && marker <= 0xef;

/** Markers without a length: TEM, RST0–7, SOI, EOI. */
export const isBare = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd9);

/** What stands between a picture's first scan and its end: tables, further scans, comments. */
export const mayFollowScan = (marker: number): boolean =>
  marker === 0xc4 || marker === 0xcc || marker >= MARKER.end;

/**
 * Where the next marker begins, from `at` on: at its last 0xFF where several fill up. Stuffed zeros and restart markers
 * belong to the coded pixels and are passed over.
 *
 * @returns -1 where there is none, or its second byte is missing
 */
export function nextMarker(bytes: Buffer, at: number): number {
  const last = bytes.length - 1;
  let here = at;
  for (;;) {
    const near = Math.min(here + NEAR, last);
    while (here < near && bytes[here] !== 0xff) here += 1;
    if (bytes[here] !== 0xff) here = here < last ? bytes.indexOf(0xff, here) : -1;
    if (here < 0 || here >= last) return -1;
    const marker = bytes[here + 1] as number;
    if (marker === 0xff) here += 1;
    else if (marker === 0 || (marker >= 0xd0 && marker <= 0xd7)) here += 2;
    else return here;
  }
}
