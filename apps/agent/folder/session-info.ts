import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ifThere } from './crop-files.js';
import { csvRows } from './csv-rows.js';
import { readTakenAt, type TakenAt, takenAt } from './taken-at.js';

const FILES = ['session_info.csv', 'record_log.csv'];
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
  readonly start: TakenAt;
  readonly end: TakenAt | undefined;
  readonly minutes: number | undefined;
  readonly chargeStart: number | string | undefined;
  readonly chargeEnd: number | string | undefined;
}

/** The list of all sessions that were closed in order, which traps append to for ever. Read again when it has grown. */
export class SessionInfo {
  private closed: readonly ClosedSession[] = [];
  private seen = '';

  constructor(private readonly root: string) {}

  async read(): Promise<void> {
    const paths = FILES.map((file) => join(this.root, file));
    const found = await Promise.all(paths.map((path) => stat(path).catch(ifThere)));
    const seen = found.map((file) => `${file?.size}:${file?.mtimeMs}`).join();
    if (seen === this.seen) return;
    const closed: ClosedSession[] = [];
    for (const [i, path] of paths.entries()) if (found[i]) closed.push(...(await closedIn(path)));
    this.closed = closed;
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
      this.closed
        .filter((line) => distance(line) <= SAME_START_MICROS)
        // That of a short session shortly before is not that of one which records now.
        .filter((line) => line.start.micros > start.micros - MINUTE_MICROS)
        .filter((line) => session === undefined || line.session === session)
        .sort((a, b) => distance(a) - distance(b))[0]
    );
  }
}

async function closedIn(path: string): Promise<ClosedSession[]> {
  let names: readonly string[] | undefined;
  const closed: ClosedSession[] = [];
  for await (const { cells } of csvRows(path)) {
    if (!names) {
      names = cells.map((name) => name.toLowerCase());
      continue;
    }
    // A trap that was given a newer version goes on below the old header.
    const line = [names, ...WRITTEN].flatMap((columns) => closedSession(columns, cells) ?? [])[0];
    if (line) closed.push(line);
  }
  return closed;
}

/** @returns undefined where the line does not say which session it is */
export function closedSession(names: readonly string[], cells: readonly string[]): ClosedSession | undefined {
  const cell = (...known: string[]): string =>
    known.map((name) => cells[names.indexOf(name)]).find((value) => value !== undefined) ?? '';
  const day = cell('record_start_date');
  const start = readTakenAt(day ? `${day}_${cell('record_start_time')}` : cell('session_start', 'rec_start'));
  const session = cell('session_id', 'rec_id');
  if (!start || !session) return undefined;
  const end = readTakenAt(day ? `${day}_${cell('record_end_time')}` : cell('session_end', 'rec_end'));
  const minutes = Number(cell('duration_min', 'rec_time_min', 'record_time_min') || 'none');
  return {
    session,
    start,
    // The oldest version wrote the hour only: past midnight it is that of the next day.
    end: end && day && end.micros < start.micros ? takenAt(end.micros + DAY_MICROS) : end,
    minutes: minutes >= 0 ? minutes : undefined,
    chargeStart: chargeOf(cell('chargelevel_start')),
    chargeEnd: chargeOf(cell('chargelevel_end')),
  };
}

/** A number, or a word such as `USB_C_IN`; `NA` says nothing. */
function chargeOf(text: string): number | string | undefined {
  if (text === '' || text === 'NA') return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}
