import type { z } from 'zod';
import type { DeploymentRow, findTrap, latestTelemetryOf } from '../../libs/catalog/index.js';
import { sweepSentinels, withMicros } from '../../libs/domain/index.js';
import { deploymentView, impliedView } from './deployments/deployment-view.js';
import type { Links } from './links.js';
import { fieldsFor, placeFor } from './place.js';
import { iso, isoOrNull } from './show.js';
import type { TrapCount } from './trap-counts.js';
import type { TRAP } from './trap-schema.js';

type TrapRow = NonNullable<Awaited<ReturnType<typeof findTrap>>>;
type TelemetryRow = Awaited<ReturnType<typeof latestTelemetryOf>>[number];

const DEVICE = ['software', 'camera', 'detector'];
const PLACE_AND_NAME = ['name', 'timeZone', 'latitude', 'longitude'];
const READINGS = ['batteryPct', 'powerSource', 'temperatureC', 'cpuTemperatureC', 'diskFreeMb', 'signalDbm'];

export interface TrapSight {
  readonly telemetry: TelemetryRow | undefined;
  readonly counts: TrapCount;
  /** Since when anything is known of it: its first message, or a visit before that. */
  readonly knownSinceMs: number;
  /** In the order of their starts. */
  readonly deployments: readonly DeploymentRow[];
  /** Whether the asker may know exact places. */
  readonly exact: boolean;
}

/** One trap, as much of it as the asker may see. */
export function trapView(
  row: TrapRow,
  { telemetry, counts, knownSinceMs, deployments, exact }: TrapSight,
  links: Links,
): z.output<typeof TRAP> {
  return {
    trapId: row.trap_id,
    name: row.name,
    timeZone: row.time_zone,
    place: placeFor(exact, row.latitude, row.longitude),
    deployments: deploymentsView(row, deployments, knownSinceMs, exact, links),
    ...(exact && { notes: row.notes }),
    state: row.state,
    stateAt: isoOrNull(row.state_at),
    firstSeenAt: iso(row.first_seen_at),
    lastMessageAt: isoOrNull(row.last_message_at),
    device: fieldsFor(exact, row.info, DEVICE, PLACE_AND_NAME),
    telemetry: telemetry ? telemetryView(telemetry, exact) : null,
    counts: { runs: counts.runs, crops: counts.crops },
    links: { self: links.trap(row.trap_id), runs: links.runsOf(row.trap_id) },
  };
}

/** The newest first. */
function deploymentsView(
  row: TrapRow,
  deployments: readonly DeploymentRow[],
  knownSinceMs: number,
  exact: boolean,
  links: Links,
) {
  if (!deployments.length && row.last_message_at !== null)
    return [impliedView(row.trap_id, knownSinceMs, links)];
  return deployments.map((each) => deploymentView(each, knownSinceMs, exact, links)).reverse();
}

function telemetryView(row: TelemetryRow, exact: boolean) {
  // Readings of earlier versions hold what a sensor says that has no value.
  const { payload, suspect } = sweepSentinels(JSON.parse(row.payload) as Record<string, unknown>);
  return {
    at: iso(withMicros(row.at_ms, payload['at'])),
    receivedAt: iso(row.received_at),
    clockSuspect: row.clock_suspect === 1,
    readings: fieldsFor(exact, JSON.stringify(payload), READINGS, ['at']),
    suspect: suspect.map(({ field }) => field),
  };
}
