import { createHash } from 'node:crypto';

const NS_PER_MS = 1_000_000n;

/**
 * When a point was, in nanoseconds since 1970, with six digits under the millisecond that its name decides. Points of
 * one series and the same time are one point to InfluxDB, and two insects may well begin in the same millisecond; and
 * whoever writes a point again must hit the one that is there.
 *
 * @param name unique among the points of its series, such as `trapId/runId`
 */
export function pointTimeNs(atMs: number, name: string): bigint {
  const hash = createHash('sha256').update(name).digest().readBigUInt64BE();
  return BigInt(Math.trunc(atMs)) * NS_PER_MS + (hash % NS_PER_MS);
}

/** A time that no two points of a series share anyway. */
export const wholeMs = (atMs: number): bigint => BigInt(Math.trunc(atMs)) * NS_PER_MS;
