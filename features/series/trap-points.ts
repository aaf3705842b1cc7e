import {
  canonicalZone,
  isAsleep,
  isOnline,
  overdueMs,
  sweepSentinels,
  type Trap,
} from '../../libs/domain/index.js';
import { type Point, point, pointTimeNs, wholeMs } from '../../libs/timeseries/index.js';
import type { TrapEventWithTaxon } from '../observations/index.js';
import { bothNames, type TaxonIndex } from '../taxa/index.js';
import { presenceOf } from '../traps/index.js';
import type { telemetryAt } from './series.repository.js';

const STATE = { off: 0, online: 1, asleep: 2 };

type ReadingRow = Awaited<ReturnType<typeof telemetryAt>>[number];

/** How a trap is now: written for silent ones too, since no alert rule sees what has no points. */
export function statusPoint(
  trap: Trap,
  timeUnknown: number,
  nowMs: number,
  defaultZone: string,
): Point<'trap_status'> {
  const presence = presenceOf(trap, defaultZone);
  const isThere = isOnline(presence, nowMs);
  return point({
    measurement: 'trap_status',
    tags: { trap: trap.trapId },
    fields: {
      online: isThere ? 1 : 0,
      state: isThere ? STATE.online : isAsleep(presence, nowMs) ? STATE.asleep : STATE.off,
      overdue_s: overdueMs(presence, nowMs) / 1000,
      name: trap.name ?? trap.trapId,
      age_s: Math.max(0, nowMs - presence.lastMessageAtMs) / 1000,
      lat: trap.place?.latitude,
      lon: trap.place?.longitude,
      // Earlier versions kept zones as they were spelled.
      zone: canonicalZone(trap.timeZone ?? defaultZone) ?? 'UTC',
      time_unknown: timeUnknown,
    },
    timeNs: wholeMs(nowMs),
  });
}

/** A reading stands at its own time, or at that of its receipt where the trap's clock cannot be right. */
export function readingOf(row: ReadingRow): Point<'trap_status'> {
  // Readings of earlier versions hold what a sensor says that has no value.
  const { payload, suspect } = sweepSentinels(JSON.parse(row.payload) as Record<string, unknown>);
  const doubtful = new Set(suspect.map(({ field }) => field));
  const { batteryPct, temperatureC, diskFreeMb } = payload;
  return point({
    measurement: 'trap_status',
    tags: { trap: row.trap_id },
    fields: {
      battery_pct: numberOrNone(batteryPct),
      temp_c: doubtful.has('temperatureC') ? undefined : numberOrNone(temperatureC),
      disk_free_mb: numberOrNone(diskFreeMb),
    },
    timeNs: wholeMs(Number(row.clock_suspect ? row.received_at : row.at_ms)),
  });
}

const numberOrNone = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** A first sighting with what people call it, behind its scientific name. */
function eventText({ text, taxon }: TrapEventWithTaxon, taxa: TaxonIndex): string {
  const names = taxon === null ? undefined : bothNames(taxa.namesOf({ taxon }));
  return names === undefined || taxon === null ? text : text.replace(taxon, `${taxon} (${names})`);
}

export const eventOf = (row: TrapEventWithTaxon, taxa: TaxonIndex): Point<'trap_event'> =>
  point({
    measurement: 'trap_event',
    tags: { trap: row.trap_id, kind: row.kind, taxon: row.taxon?.replaceAll(' ', '_') ?? 'none' },
    fields: { text: eventText(row, taxa) },
    timeNs: pointTimeNs(Number(row.at_ms), `${row.trap_id}/${row.kind}/${row.item}`),
  });
