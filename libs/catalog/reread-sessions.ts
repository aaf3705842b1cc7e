import type { Rereading } from './rereading.js';
import type { Db } from './schema.js';

const AT_ONCE = 50;

/** Reads the times of some sessions again. @returns how many; 0 = none is left */
export async function rereadSessions(tx: Db, { trapId, zones, read }: Rereading): Promise<number> {
  const rows = await tx
    .selectFrom('sessions')
    .select(['session_id', 'start_ms', 'end_ms', 'offset_min', 'payload', 'received_at'])
    .where('trap_id', '=', trapId)
    .where('zone_revision', '<', zones.revision)
    .orderBy('zone_revision')
    .orderBy('session_id')
    .limit(AT_ONCE)
    .execute();
  for (const row of rows) {
    const sent = JSON.parse(row.payload) as { start?: unknown; end?: unknown };
    const [start, end] = [sent.start, sent.end].map((text) =>
      typeof text === 'string' ? read(text, Number(row.received_at)) : undefined,
    );
    await tx
      .updateTable('sessions')
      .set({
        start_ms: start?.utcMs ?? row.start_ms,
        end_ms: end?.utcMs ?? row.end_ms,
        offset_min: start?.offsetMin ?? row.offset_min,
        clock_suspect: start?.clockSuspect || end?.clockSuspect ? 1 : 0,
        zone_revision: start?.naive || end?.naive ? zones.revision : null,
      })
      .where('trap_id', '=', trapId)
      .where('session_id', '=', row.session_id)
      // Another process may have taken a later message of it meanwhile.
      .where('payload', '=', row.payload)
      .execute();
  }
  return rows.length;
}
