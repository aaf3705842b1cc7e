import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../../libs/config/index.js';
import {
  CATALOG_FILE,
  CATALOG_VERSION_HINT,
  integrityOf,
  openReadOnly,
  type ReadOnlyCatalog,
} from '../../../libs/database/index.js';
import { journalFolder } from '../../../libs/store/index.js';
import { megabytes } from '../cli/context.js';
import { fail, howLong, ok, reasonOf, skipped, type Verdict, warn } from './finding.js';
import { lastReceiptMs } from './queue-checks.js';

/** A larger file takes minutes, and the disk that the service needs. */
const CHECKED_BYTES = 2_000_000_000;

/** Opens it as it is. `look` is undefined where it cannot be opened, and the verdict says why. */
export async function openCatalog(config: Config): Promise<{ look?: ReadOnlyCatalog; verdict: Verdict }> {
  const where = config.databaseUrl ? 'the database of DATABASE_URL' : join(config.dataDir, CATALOG_FILE);
  try {
    const look = await openReadOnly(config);
    return { look, verdict: tables(look, where) };
  } catch (error) {
    const hint = config.databaseUrl
      ? 'Is PostgreSQL running, and is DATABASE_URL right?'
      : 'Is TRAPLINE_DATA_DIR right? The first start of the service makes a catalog; a lost one comes back with npm run trapline -- restore.';
    return { verdict: fail(`${where} cannot be opened: ${reasonOf(error)}`, hint) };
  }
}

function tables({ tables: { missing, unknown } }: ReadOnlyCatalog, where: string): Verdict {
  if (unknown.length)
    return fail(
      `${where} was made by another version of Trapline (migrations ${unknown.join(', ')})`,
      `${CATALOG_VERSION_HINT}.`,
    );
  return missing.length
    ? warn(
        `${where} is missing migrations (${missing.join(', ')})`,
        'Restart the service: it brings the tables up to date.',
      )
    : ok(`${where} is of this version`);
}

export async function integrity(
  { engine, db }: ReadOnlyCatalog,
  { dataDir }: Config,
  isDeep: boolean,
): Promise<Verdict> {
  if (engine === 'postgres') return skipped('PostgreSQL looks after its own files');
  const { size } = await stat(join(dataDir, CATALOG_FILE));
  if (!isDeep && size > CHECKED_BYTES)
    return skipped(`${megabytes(size)} MB take too long: npm run trapline -- doctor --deep reads them`);
  const said = await integrityOf(db, isDeep);
  return said.join() === 'ok'
    ? ok('its file is in order')
    : fail(
        `the file is damaged: ${said.join('; ')}`,
        'Stop the service and restore the last backup: npm run trapline -- restore <backup>',
      );
}

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
  look: ReadOnlyCatalog | undefined,
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
