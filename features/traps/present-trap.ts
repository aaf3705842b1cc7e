import type { z } from 'zod';
import type { Db } from '../../libs/database/index.js';

import {
  type Coordinates,
  type Deployment,
  type Presence,
  sweepSentinels,
  withMicros,
} from '../../libs/domain/index.js';

import { iso, isoOrNull, type Links } from '../http/index.js';
import { deploymentView, impliedView } from './deployments/present-deployment.js';
import { fieldsFor, placeFor } from './place.js';
import { presenceView } from './trap-presence.js';
import { type findTrap, type latestTelemetryOf, totalsOf } from './traps.repository.js';
import type { TRAP } from './traps.schema.js';

type TrapRow = NonNullable<Awaited<ReturnType<typeof findTrap>>>;
type TelemetryRow = Awaited<ReturnType<typeof latestTelemetryOf>>[number];

const DEVICE = ['software', 'camera', 'detector'];
const PLACE_AND_NAME = ['name', 'timeZone', 'latitude', 'longitude'];
const TELEMETRY_FIELDS = [
  'batteryPct',
  'powerSource',
  'temperatureC',
  'cpuTemperatureC',
  'diskFreeMb',
  'signalDbm',
];

interface TrapContext {
  readonly telemetry: TelemetryRow | undefined;
  readonly counts: TrapCount;
  readonly presence: Presence;
  /** Since when anything is known of it: its first message, or a visit before that. */
  readonly knownSinceMs: number;
  /** In the order of their starts. */
  readonly deployments: readonly Deployment[];
  /** Whether the user may know exact places. */
  readonly exact: boolean;
}

/** One trap, as much of it as the user may see. */
export function trapView(
  row: TrapRow,
  { telemetry, counts, presence, knownSinceMs, deployments, exact }: TrapContext,
  links: Links,
): z.output<typeof TRAP> {
  return {
    trapId: row.trap_id,
    name: row.name,
    timeZone: row.time_zone,
    place: placeFor(exact, placeOf(row)),
    deployments: deploymentsView(row, deployments, knownSinceMs, exact, links),
    ...(exact && { notes: row.notes }),
    state: row.state,
    stateAt: isoOrNull(row.state_at),
    presence: presenceView(row, presence, Date.now()),
    firstSeenAt: iso(row.first_seen_at),
    lastMessageAt: isoOrNull(row.last_message_at),
    device: fieldsFor(exact, JSON.parse(row.info), DEVICE, PLACE_AND_NAME),
    telemetry: telemetry ? telemetryView(telemetry, exact) : null,
    counts: { runs: counts.runs, crops: counts.crops },
    links: { self: links.trap(row.trap_id), runs: links.runsOf(row.trap_id) },
  };
}

const placeOf = ({ latitude, longitude }: TrapRow): Coordinates | null =>
  latitude === null || longitude === null ? null : { latitude, longitude };

/** The newest first. */
function deploymentsView(
  row: TrapRow,
  deployments: readonly Deployment[],
  knownSinceMs: number,
  exact: boolean,
  links: Links,
) {
  if (!deployments.length && row.last_message_at !== null)
    return [impliedView(row.trap_id, knownSinceMs, links)];
  return deployments.map((each) => deploymentView(each, knownSinceMs, exact, links)).reverse();
}

export function telemetryView(row: TelemetryRow, exact: boolean) {
  // Readings of earlier versions hold what a sensor says that has no value.
  const { payload, suspect } = sweepSentinels(JSON.parse(row.payload) as Record<string, unknown>);
  return {
    at: iso(withMicros(row.at_ms, payload['at'])),
    receivedAt: iso(row.received_at),
    clockSuspect: row.clock_suspect === 1,
    readings: fieldsFor(exact, payload, TELEMETRY_FIELDS, ['at']),
    suspect: suspect.map(({ field }) => field),
  };
}

interface TrapCount {
  readonly runs: number;
  readonly crops: number;
}

const NONE: TrapCount = { runs: 0, crops: 0 };
/** Under this a count is cheap and made anew each time. */
const CHEAP_MS = 5;
/** A count that took long serves for this many times as long: counting then takes 1 % of the time at most. */
const SERVES_TIMES = 100;
const OLDEST_MS = 60_000;

/** Runs and crops per trap. To count a long season takes time in which no message is taken: hence not at every look. */
export class TrapCounts {
  private readonly kept = new Map<string, TrapCount & { readonly untilMs: number }>();

  constructor(private readonly db: Db) {}

  async of(trapIds: readonly string[]): Promise<(trapId: string) => TrapCount> {
    const startMs = performance.now();
    const due = trapIds.filter((trapId) => (this.kept.get(trapId)?.untilMs ?? 0) <= startMs);
    const counted = new Map((await totalsOf(this.db, due)).map((total) => [total.trapId, total]));
    const nowMs = performance.now();
    const servesMs = Math.min(OLDEST_MS, (nowMs - startMs) * SERVES_TIMES);
    if (nowMs - startMs > CHEAP_MS)
      for (const trapId of due)
        this.kept.set(trapId, { ...(counted.get(trapId) ?? NONE), untilMs: nowMs + servesMs });
    const isDue = new Set(due);
    return (trapId) => (isDue.has(trapId) ? counted.get(trapId) : this.kept.get(trapId)) ?? NONE;
  }
}
