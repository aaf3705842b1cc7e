import { stat } from 'node:fs/promises';
import { ifThere } from './crops/crop-files.js';
import { csvRows, dialectOf, numberOf } from './csv-rows.js';
import { lines } from './session-index.js';
import {
  readTableTime,
  readTakenAt,
  type TableTime,
  type TakenAt,
  tableTimes,
  takenAt,
} from './time/taken-at.js';

/** A session is written down as beginning when its camera does; its folder is older. */
const SAME_START_MICROS = 15 * 60 * 1e6;
/** The names of the oldest folders end with the minute. */
const MINUTE_MICROS = 60 * 1e6;
const DAY_MICROS = 86_400 * 1e6;

const WRITTEN: readonly (readonly string[])[] = [
  'rec_id,record_start_date,record_start_time,record_end_time,record_time_min,num_crops,num_ids,disk_free_gb,chargelevel_start,chargelevel_end',
  'cam_id,rec_id,rec_start,rec_end,rec_time_min,num_crops,num_ids,disk_free_gb,chargelevel_start,chargelevel_end',
  'device_id,session_id,session_start,session_end,duration_min,unique_track_ids,disk_free_gb,chargelevel_start,chargelevel_end',
].map((line) => line.split(','));

/** One line of the list of sessions: it is written when the session is over. */
export interface ClosedSession {
  readonly session: string;
  readonly start: TableTime;
  readonly end: TableTime | undefined;
  readonly minutes: number | undefined;
  readonly chargeStart: number | string | undefined;
  readonly chargeEnd: number | string | undefined;
}

/** The list of all sessions that were closed in order, which traps append to for ever. Read again when it has grown. */
export class SessionInfo {
  private lists: readonly (readonly ClosedSession[])[] = [];
  private seen = '';
  /** What could not be read: path → why. */
  unread: ReadonlyMap<string, string> = new Map();
  /** Whether a session that is missing from the list was not closed. Unknown if the list is missing or incomplete. */
  isWhole = false;

  /**
   * @param paths the lists that there are; those of a spreadsheet beside that of the trap, too
   * @param isWhole nothing is written any more
   */
  async read(paths: readonly string[], isWhole: boolean): Promise<void> {
    const found = await Promise.all(paths.map((path) => stat(path).catch(ifThere)));
    const seen = found.map((file, i) => `${paths[i]}:${file?.size}:${file?.mtimeMs}`).join();
    if (seen === this.seen) return;
    const lists: ClosedSession[][] = [];
    const unread = new Map<string, string>();
    for (const [i, path] of paths.entries())
      if (found[i]) {
        const list = await closedIn(path, isWhole);
        lists.push(list.closed);
        if (list.why !== undefined) unread.set(path, list.why);
      }
    this.lists = lists;
    this.unread = unread;
    this.isWhole = found.some((file) => file) && unread.size === 0;
    this.seen = seen;
  }

  /**
   * The line of a session, if it was closed. The counter alone does not say: it begins anew with another card.
   *
   * @param session its counter; undefined where nothing in the folder says it
   */
  of(start: TakenAt, session: string | undefined): ClosedSession | undefined {
    const distance = (line: ClosedSession) => Math.abs(line.start.micros - start.micros);
    return (
      this.lists
        .flat()
        .filter((line) => distance(line) <= SAME_START_MICROS)
        // That of a short session shortly before is not that of one which records now.
        .filter((line) => line.start.micros > start.micros - MINUTE_MICROS)
        .filter((line) => isSameCounter(line.session, session))
        // Of two lists the one that a spreadsheet has not rounded.
        .sort((a, b) => distance(a) - distance(b) || a.start.spanMicros - b.start.spanMicros)[0]
    );
  }

  /**
   * The sessions of the day before one that the trap has closed before it, in their order: by their counters, or where
   * those tell nothing by their lines, which are appended.
   */
  before(start: TakenAt, session: string | undefined, closed: ClosedSession | undefined): ClosedSession[] {
    const list = (closed ? this.lists.find((lines) => lines.includes(closed)) : this.lists[0]) ?? [];
    const near = list.filter((line) => Math.abs(line.start.micros - start.micros) < DAY_MICROS);
    const own = session ?? closed?.session ?? '';
    if ([own, ...near.map((line) => line.session)].every(isPlainCounter))
      return near
        .filter((line) => Number(line.session) < Number(own))
        .sort((a, b) => Number(a.session) - Number(b.session));
    return closed ? near.slice(0, near.indexOf(closed)) : [];
  }
}

const isPlainCounter = (text: string): boolean => /^\d+$/.test(text);

/** A counter that a spreadsheet has changed (`2.02605E+13`, `12,0`) tells no sessions apart. */
function isSameCounter(a: string, b: string | undefined): boolean {
  return b === undefined || !isPlainCounter(a) || !isPlainCounter(b) || Number(a) === Number(b);
}

const namesOf = (cells: readonly string[]) => cells.map((name) => name.toLowerCase().replace(/[ -]+/g, '_'));
const isHeader = (cells: readonly string[]) =>
  namesOf(cells).some((name) => name === 'session_id' || name === 'rec_id');

async function closedIn(path: string, isWhole: boolean) {
  let names: readonly string[] | undefined;
  const closed: ClosedSession[] = [];
  const bad: number[] = [];
  const dialect = await dialectOf(
    path,
    (cells) => isHeader(cells) || WRITTEN.some((columns) => closedSessions(columns, cells).length),
  );
  const onUnread = (line: number) => bad.push(line);
  for await (const { cells, line } of csvRows(path, dialect, { isWhole, onUnread })) {
    if (isHeader(cells)) {
      names = namesOf(cells);
      continue;
    }
    if (cells.every((cell) => cell === '') || (line === 1 && /^sep=/i.test(cells[0] ?? ''))) continue;
    // A trap that was given a newer version goes on below the old header.
    const found = [...(names ? [names] : []), ...WRITTEN]
      .map((columns) => closedSessions(columns, cells))
      .find((sessions) => sessions.length);
    if (found) closed.push(...found);
    else bad.push(line);
  }
  return { closed, why: bad.length ? `${lines(bad)} cannot be read` : undefined };
}

/**
 * @returns none where the line does not say which session it is; two where it is open which is the day and which the
 *   month
 */
export function closedSessions(names: readonly string[], cells: readonly string[]): ClosedSession[] {
  const cell = (...known: string[]): string =>
    known.map((name) => cells[names.indexOf(name)]).find((value) => value !== undefined) ?? '';
  const session = cell('session_id', 'rec_id').replace(/[.,]0+$/, '');
  if (!session) return [];
  const minutes = numberOf(cell('duration_min', 'rec_time_min', 'record_time_min'));
  const rest = {
    session,
    minutes: minutes !== undefined && minutes >= 0 ? minutes : undefined,
    chargeStart: chargeOf(cell('chargelevel_start')),
    chargeEnd: chargeOf(cell('chargelevel_end')),
  };
  const day = cell('record_start_date');
  if (!day)
    return tableTimes(cell('session_start', 'rec_start')).map((start) => ({
      ...rest,
      start,
      end: readTableTime(cell('session_end', 'rec_end'), start),
    }));
  const start = readTakenAt(`${day}_${cell('record_start_time')}`);
  const end = readTakenAt(`${day}_${cell('record_end_time')}`);
  if (!start) return [];
  // The oldest version wrote the hour only: past midnight it is that of the next day.
  const nextDay = end && end.micros < start.micros ? takenAt(end.micros + DAY_MICROS) : end;
  return [{ ...rest, start: exactly(start), end: nextDay && exactly(nextDay) }];
}

/** A number, or a word such as `USB_C_IN`; `NA` says nothing. */
function chargeOf(text: string): number | string | undefined {
  if (text === '' || text === 'NA') return undefined;
  return numberOf(text) ?? text;
}

const exactly = (taken: TakenAt): TableTime => ({ ...taken, spanMicros: 1 });
