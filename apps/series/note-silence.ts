import {
  type Catalog,
  eventPoint,
  listTraps,
  markPoints,
  noteEvent,
  presenceOf,
} from '../../libs/catalog/index.js';
import { isSilent } from '../../libs/domain/index.js';

type TrapRow = Awaited<ReturnType<typeof listTraps>>[number];

/** Notes which of these traps have fallen silent: once for each silence, at the time of the last message. */
export async function noteSilence(
  { db }: Catalog,
  traps: readonly TrapRow[],
  timeZone: string,
  nowMs: number,
): Promise<void> {
  for (const trap of traps) {
    const presence = presenceOf(trap, timeZone);
    if (!isSilent(presence, nowMs)) continue;
    const lastAt = new Date(presence.lastMessageAtMs).toISOString();
    const event = {
      trap_id: trap.trap_id,
      kind: 'silent' as const,
      item: String(presence.lastMessageAtMs),
      at_ms: presence.lastMessageAtMs,
      text: `silent since ${lastAt.slice(0, 16).replace('T', ' ')} UTC`,
    };
    await db.transaction().execute(async (tx) => {
      if (await noteEvent(tx, event)) await markPoints(tx, [eventPoint(event)]);
    });
  }
}
