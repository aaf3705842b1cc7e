import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../../libs/config/index.js';
import { CATALOG_FILE } from '../../../libs/database/index.js';
import { journalFolder } from '../../../libs/store/index.js';
import { type CheckedCatalog, fail, howLong, ok, type Verdict } from './finding.js';
import { lastReceiptMs } from './queue-checks.js';

/** Clocks differ by seconds, and file systems round. */
const TOLERANCE_MS = 2 * 60_000;
/** Trapline is younger: a clock before that has lost its battery. */
const EARLIEST_MS = Date.UTC(2024, 0, 1);
const ANSWER_MS = 3_000;
const HINT =
  'Set the clock, for instance with NTP (timedatectl set-ntp true): times without a zone and all receipts follow it.';

/**
 * Whether the clock of this machine can be right: not before what it has written itself, and not far from that of
 * InfluxDB, where there is one.
 */
export async function clock(
  look: CheckedCatalog | undefined,
  config: Config,
  nowMs: number,
): Promise<Verdict> {
  if (nowMs < EARLIEST_MS) return fail(`it is ${new Date(nowMs).toISOString()} here`, HINT);
  const written = await Promise.all(
    [config.dataDir, join(config.dataDir, CATALOG_FILE), journalFolder(config.dataDir)].map((path) =>
      stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      ),
    ),
  );
  const received = look ? ((await lastReceiptMs(look.db)) ?? 0) : 0;
  const aheadMs = Math.max(...written, received) - nowMs;
  if (aheadMs > TOLERANCE_MS)
    return fail(`the clock was set back: the newest data are ${howLong(aheadMs)} ahead of it`, HINT);
  const elsewhere = config.influx && (await timeOf(config.influx.url));
  const offMs = elsewhere ? Math.abs(elsewhere - nowMs) : 0;
  return offMs > TOLERANCE_MS
    ? fail(`the clock is ${howLong(offMs)} off that of InfluxDB`, HINT)
    : ok(`${new Date(nowMs).toISOString()}, and nothing speaks against it`);
}

/** By the `Date` of an answer, whatever the answer is. */
async function timeOf(url: string): Promise<number | undefined> {
  const answer = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(ANSWER_MS) }).catch(
    () => undefined,
  );
  const atMs = Date.parse(answer?.headers.get('date') ?? '');
  return Number.isNaN(atMs) ? undefined : atMs;
}
