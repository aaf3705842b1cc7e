import {
  type CatalogLook,
  countUnderWay,
  inboxQueue,
  listTraps,
  presenceOf,
  refusedSince,
  waitingMessages,
} from '../../../libs/catalog/index.js';
import { isSilent, plural } from '../../../libs/domain/index.js';
import { fail, howLong, ok, type Verdict, warn } from './finding.js';

const DAY_MS = 24 * 60 * 60_000;
const NAMED = 8;
/** Seconds are normal; a quarter of an hour is not. */
const LATE_MS = 15 * 60_000;

export async function traps({ db }: CatalogLook, timeZone: string, nowMs: number): Promise<Verdict> {
  const all = await listTraps(db);
  const silent = all.filter((trap) => isSilent(presenceOf(trap, timeZone), nowMs));
  if (!silent.length) {
    const spoken = all.filter(({ last_message_at }) => last_message_at !== null).length;
    return ok(
      spoken
        ? spoken === 1
          ? 'the one trap that ever spoke has spoken lately'
          : `all ${spoken} traps that ever spoke have spoken lately`
        : 'no trap has spoken yet',
    );
  }
  const names = silent.slice(0, NAMED).map(({ trap_id, last_message_at, first_seen_at }) => {
    return `${trap_id} (${howLong(nowMs - Number(last_message_at ?? first_seen_at))})`;
  });
  const more = silent.length > NAMED ? ` and ${silent.length - NAMED} more` : '';
  return warn(
    `${silent.length} of ${plural(all.length, 'trap')} ${silent.length === 1 ? 'is' : 'are'} silent: ${names.join(', ')}${more}`,
    'Power, network, account? A season that is over is no fault.',
  );
}

export async function deadLetters({ db }: CatalogLook, nowMs: number): Promise<Verdict> {
  const codes = await refusedSince(db, nowMs - DAY_MS);
  if (!codes.length) return ok('no message was refused within a day');
  const letters = codes.reduce((sum, each) => sum + each.letters, 0);
  return warn(
    `${plural(letters, 'message was', 'messages were')} refused within a day: ${codes.map((each) => `${each.letters} ${each.code}`).join(', ')}`,
    'GET /api/v1/dead-letters says which and why, and has their bytes.',
  );
}

export async function outbox({ db }: CatalogLook, nowMs: number): Promise<Verdict> {
  const { depth, oldestMs } = await waitingMessages(db);
  const lateMs = oldestMs === undefined ? 0 : nowMs - oldestMs;
  return lateMs > LATE_MS
    ? warn(
        `${plural(depth, 'answer waits', 'answers wait')} for the traps, the oldest for ${howLong(lateMs)}`,
        'They go out while the service runs and has its broker.',
      )
    : ok(`${plural(depth, 'answer waits', 'answers wait')} for the traps`);
}

export async function journal({ db }: CatalogLook, nowMs: number): Promise<Verdict> {
  const { depth, oldestMs } = await inboxQueue(db);
  const lateMs = oldestMs === undefined ? 0 : nowMs - oldestMs;
  if (lateMs > LATE_MS)
    return fail(
      `${plural(depth, 'crop waits', 'crops wait')} in the journal for ${depth === 1 ? 'its file' : 'their files'}, the oldest for ${howLong(lateMs)}`,
      'They are filed while the service runs; its log says what stands in the way, such as a folder that it may not write.',
    );
  const { waiting } = await countUnderWay(db);
  return ok(
    `${plural(depth, 'crop waits for its file', 'crops wait for their files')}, ${waiting} for the classifier`,
  );
}
