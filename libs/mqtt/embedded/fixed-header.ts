/** Control packet types that matter before a packet is parsed [MQTT-2.2.1]. */
export const PUBLISH = 3;
export const SUBSCRIBE = 8;
export const UNSUBSCRIBE = 10;
export const PINGREQ = 12;

export interface FixedHeader {
  readonly type: number;
  /** Length of the header itself, 2 to 5 bytes. */
  readonly bytes: number;
  /** Announced bytes that follow the header, up to 268,435,455. */
  readonly remaining: number;
}

class MalformedHeaderError extends Error {
  constructor() {
    super('malformed remaining length');
    this.name = 'MalformedHeaderError';
  }
}

/**
 * Reads type and remaining length [MQTT-2.2.3] at a position.
 *
 * @returns undefined when the header is not complete yet
 * @throws MalformedHeaderError if the length takes more than four bytes
 */
export function readFixedHeader(buffer: Buffer, at: number): FixedHeader | undefined {
  const first = buffer[at];
  if (first === undefined) return undefined;
  let remaining = 0;
  for (let i = 0; i < 4; i++) {
    const byte = buffer[at + 1 + i];
    if (byte === undefined) return undefined;
    remaining += (byte & 0x7f) * 128 ** i;
    if ((byte & 0x80) === 0) return { type: first >> 4, bytes: i + 2, remaining };
  }
  throw new MalformedHeaderError();
}

/** A header like the one that begins with `first`, for another length. */
export function writeFixedHeader(first: number, remaining: number): Buffer {
  const bytes = [first];
  for (let left = remaining; ; ) {
    const low = left % 128;
    left = Math.floor(left / 128);
    bytes.push(left > 0 ? low | 0x80 : low);
    if (left === 0) return Buffer.from(bytes);
  }
}
