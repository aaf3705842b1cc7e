import { Inject, Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Config } from '../../libs/config/index.js';
import { Catalog, ofTraps } from '../../libs/database/index.js';
import { DAY_MS, offsetChanges, offsetMinAt, type RecordedSession } from '../../libs/domain/index.js';
import { CONFIG } from '../platform/index.js';
import type { SessionFilter } from './sessions.repository.js';

/** Sessions of one trap, in the order of their starts. */
export interface TrapSessions {
  readonly trapId: string;
  readonly sessions: readonly RecordedSession[];
}

/** What a session says about the time that a trap recorded. */
@Injectable()
export class EffortRepository {
  constructor(
    private readonly catalog: Catalog,
    /** `timeZone`: of traps that have sent none. */
    @Inject(CONFIG) private readonly config: Pick<Config, 'timeZone'>,
  ) {}

  /**
   * The sessions that reach into the time of a filter, trap by trap; the one that goes on counts until the trap's last
   * message. Those of unknown time are left out.
   */
  async sessions({ trapIds, fromMs, toMs }: SessionFilter): Promise<TrapSessions[]> {
    const untilMs = sql`coalesce(sessions.end_ms, sessions.start_ms + sessions.minutes * 60000, sessions.start_ms + ${sql.lit(DAY_MS)})`;
    const rows = await this.catalog.scanner
      .selectFrom('sessions')
      .leftJoin('traps', 'traps.trap_id', 'sessions.trap_id')
      .select([
        'sessions.trap_id',
        'sessions.start_ms',
        'sessions.end_ms',
        'sessions.minutes',
        'sessions.offset_min',
        'traps.time_zone',
        'traps.last_message_at',
      ])
      .where('sessions.start_ms', 'is not', null)
      .where(sql<boolean>`(sessions.clock_suspect = 0 or sessions.time_from is not null)`)
      .where(ofTraps('sessions.trap_id', trapIds))
      .$if(fromMs !== undefined, (query) => query.where(sql<boolean>`${untilMs} > ${fromMs}`))
      .$if(toMs !== undefined, (query) => query.where('sessions.start_ms', '<', toMs as number))
      .orderBy('sessions.trap_id')
      .orderBy('sessions.start_ms')
      .orderBy('sessions.session_id')
      .execute();
    const byTrap = new Map<string, RecordedSession[]>();
    for (const [at, row] of rows.entries()) {
      const startMs = Number(row.start_ms);
      const sessions = byTrap.get(row.trap_id) ?? [];
      byTrap.set(row.trap_id, sessions);
      const goesOn = rows[at + 1]?.trap_id !== row.trap_id && row.end_ms === null && row.minutes === null;
      const zone = row.time_zone ?? this.config.timeZone;
      const session = {
        startMs,
        // The trap has recorded as long as it was heard.
        endMs: goesOn ? Math.min(row.last_message_at ?? startMs, startMs + DAY_MS) : row.end_ms,
        minutes: row.minutes,
        offsetMin: row.offset_min ?? offsetMinAt(startMs, zone),
      };
      sessions.push(...splitWhereClocksChange(session, zone));
    }
    return [...byTrap].map(([id, sessions]) => ({ trapId: id, sessions }));
  }
}

/** A night when clocks change: hours behind the change are those of another offset, as they are for the runs. */
function splitWhereClocksChange(session: RecordedSession, zone: string): RecordedSession[] {
  const { startMs, endMs, minutes, offsetMin } = session;
  // A clock that is not in the zone of its trap does not change with it.
  if (endMs === null || endMs <= startMs || offsetMinAt(startMs, zone) !== offsetMin) return [session];
  if (offsetMinAt(endMs, zone) === offsetMin) return [session];
  const [, ...changes] = offsetChanges(zone, startMs, endMs).filter(({ fromMs }) => fromMs < endMs);
  const starts = [{ fromMs: startMs, offsetMin }, ...changes];
  return starts.map((part, i) => {
    const untilMs = starts[i + 1]?.fromMs ?? endMs;
    const share = (untilMs - part.fromMs) / (endMs - startMs);
    return {
      startMs: part.fromMs,
      endMs: untilMs,
      minutes: minutes === null ? null : minutes * share,
      offsetMin: part.offsetMin,
    };
  });
}
