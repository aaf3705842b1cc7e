import { sql } from 'kysely';
import { type Db, number, runIdOf } from '../../../libs/database/index.js';
import { DAY_MS, isSilent } from '../../../libs/domain/index.js';
import { plural } from '../../../libs/text/index.js';
import { type CropFile, cropFilesOfRuns } from '../../crops/index.js';
import { countInProgress } from '../../observations/index.js';
import { type Queue, waitingMessages } from '../../outbox/index.js';
import { listTraps, presenceOf } from '../../traps/index.js';
import { type CheckedCatalog, fail, howLong, ok, type Verdict, warn } from './finding.js';

const NAMED = 8;
/** Seconds are normal; a quarter of an hour is not. */
const LATE_MS = 15 * 60_000;

export async function traps({ db }: CheckedCatalog, timeZone: string, nowMs: number): Promise<Verdict> {
  const all = await listTraps(db);
  const silent = all.filter((trap) => isSilent(presenceOf(trap, timeZone), nowMs));
  if (!silent.length) {
    const spoken = all.filter(({ lastMessageAtMs }) => lastMessageAtMs !== null).length;
    return ok(
      spoken
        ? spoken === 1
          ? 'the one trap that ever spoke has spoken lately'
          : `all ${spoken} traps that ever spoke have spoken lately`
        : 'no trap has spoken yet',
    );
  }
  const names = silent.slice(0, NAMED).map(({ trapId, lastMessageAtMs, firstSeenAtMs }) => {
    return `${trapId} (${howLong(nowMs - (lastMessageAtMs ?? firstSeenAtMs))})`;
  });
  const more = silent.length > NAMED ? ` and ${silent.length - NAMED} more` : '';
  return warn(
    `${silent.length} of ${plural(all.length, 'trap')} ${silent.length === 1 ? 'is' : 'are'} silent: ${names.join(', ')}${more}`,
    'Power, network, account? A season that is over is no fault.',
  );
}

export async function deadLetters({ db }: CheckedCatalog, nowMs: number): Promise<Verdict> {
  const codes = await refusedSince(db, nowMs - DAY_MS);
  if (!codes.length) return ok('no message was refused within a day');
  const letters = codes.reduce((sum, each) => sum + each.letters, 0);
  return warn(
    `${plural(letters, 'message was', 'messages were')} refused within a day: ${codes.map((each) => `${each.letters} ${each.code}`).join(', ')}`,
    'GET /api/v1/dead-letters says which and why, and has their bytes.',
  );
}

export async function outbox({ db }: CheckedCatalog, nowMs: number): Promise<Verdict> {
  const { depth, oldestMs } = await waitingMessages(db);
  const lateMs = oldestMs === undefined ? 0 : nowMs - oldestMs;
  return lateMs > LATE_MS
    ? warn(
        `${plural(depth, 'answer waits', 'answers wait')} for the traps, the oldest for ${howLong(lateMs)}`,
        'They go out while the service runs and has its broker.',
      )
    : ok(`${plural(depth, 'answer waits', 'answers wait')} for the traps`);
}

export async function journal({ db }: CheckedCatalog, nowMs: number): Promise<Verdict> {
  const { depth, oldestMs } = await inboxQueue(db);
  const lateMs = oldestMs === undefined ? 0 : nowMs - oldestMs;
  if (lateMs > LATE_MS)
    return fail(
      `${plural(depth, 'crop waits', 'crops wait')} in the journal for ${depth === 1 ? 'its file' : 'their files'}, the oldest for ${howLong(lateMs)}`,
      'They are filed while the service runs; its log says what stands in the way, such as a folder that it may not write.',
    );
  const { waiting } = await countInProgress(db);
  return ok(
    `${plural(depth, 'crop waits for its file', 'crops wait for their files')}, ${waiting} for the classifier`,
  );
}

/** Crops that are acknowledged and have no plain file yet, and since when the first of them waits. */
async function inboxQueue(db: Db): Promise<Queue> {
  const row = await db
    .selectFrom('inbox')
    .select([sql<number>`count(*)`.as('depth'), sql<number | null>`min(received_at)`.as('oldest')])
    .executeTakeFirst();
  const oldest = row?.oldest ?? null;
  return { depth: number(row?.depth), oldestMs: oldest === null ? undefined : number(oldest) };
}

/** How many messages were refused for good since then, by code, the most frequent first. */
async function refusedSince(
  db: Db,
  sinceMs: number,
): Promise<{ readonly code: string; readonly letters: number }[]> {
  const rows = await db
    .selectFrom('dead_letters')
    .select(['code', sql<number>`count(*)`.as('letters')])
    .where('last_at', '>=', sinceMs)
    .groupBy('code')
    .execute();
  return rows
    .map(({ code, letters }) => ({ code, letters: number(letters) }))
    .sort((a, b) => b.letters - a.letters);
}

/** When anything of any trap last came; undefined where nothing ever did. */
export async function lastReceiptMs(db: Db): Promise<number | undefined> {
  const row = await db
    .selectFrom('traps')
    .select(sql<number | null>`max(last_message_at)`.as('last'))
    .executeTakeFirst();
  return row?.last === null || row?.last === undefined ? undefined : number(row.last);
}

/** Runs come in bursts: of one moment, several are looked at. */
const RUNS_AT_A_TIME = 5;

/**
 * Pictures of runs from all over the season, about `runs` of them, the oldest among them.
 *
 * @param random numbers from 0 to 1
 */
export async function someCropFiles(db: Db, runs: number, random: () => number): Promise<CropFile[]> {
  const edge = async (direction: 'asc' | 'desc') =>
    (
      await db
        .selectFrom('runs')
        .select('at_ms')
        .where('at_ms', '>=', 0)
        .orderBy('at_ms', direction)
        .limit(1)
        .executeTakeFirst()
    )?.at_ms;
  const [first, last] = [await edge('asc'), await edge('desc')];
  const chosen = new Map<string, { trap_id: string; run_id: string }>();
  const unknown = await db
    .selectFrom('runs')
    .select(['trap_id', 'run_id'])
    .where('at_ms', '<', 0)
    .orderBy('at_ms', 'desc')
    .limit(RUNS_AT_A_TIME)
    .execute();
  for (const run of unknown) chosen.set(`${run.trap_id}/${run.run_id}`, run);
  for (let i = 0; first !== undefined && last !== undefined && i * RUNS_AT_A_TIME < runs; i += 1) {
    const some = await db
      .selectFrom('runs')
      .select(['trap_id', 'run_id'])
      .where('at_ms', '>=', i === 0 ? first : Math.floor(first + random() * (last - first)))
      .orderBy('at_ms')
      .limit(RUNS_AT_A_TIME)
      .execute();
    for (const run of some) chosen.set(`${run.trap_id}/${run.run_id}`, run);
  }
  return cropFilesOfRuns(db, [...chosen.values()].map(runIdOf));
}
