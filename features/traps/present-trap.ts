import type { z } from 'zod';
import {
  type Deployment,
  type Presence,
  sweepSentinels,
  type Telemetry,
  type Trap,
  withMicros,
} from '../../libs/domain/index.js';
import { iso, isoOrNull, type Links } from '../http/index.js';
import { presentDeployment, presentImplied } from './deployments/present-deployment.js';
import { fieldsFor, placeFor } from './place.js';
import type { TrapCount } from './trap-counts.js';
import { presenceView } from './trap-presence.js';
import type { TRAP } from './traps.schema.js';

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
  readonly telemetry: Telemetry | undefined;
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
export function presentTrap(
  trap: Trap,
  { telemetry, counts, presence, knownSinceMs, deployments, exact }: TrapContext,
  links: Links,
): z.output<typeof TRAP> {
  return {
    trapId: trap.trapId,
    name: trap.name,
    timeZone: trap.timeZone,
    place: placeFor(exact, trap.place),
    deployments: deploymentsView(trap, deployments, knownSinceMs, exact, links),
    ...(exact && { notes: trap.notes }),
    state: trap.state,
    stateAt: isoOrNull(trap.stateAtMs),
    presence: presenceView(trap, presence, Date.now()),
    firstSeenAt: iso(trap.firstSeenAtMs),
    lastMessageAt: isoOrNull(trap.lastMessageAtMs),
    device: fieldsFor(exact, trap.info, DEVICE, PLACE_AND_NAME),
    telemetry: telemetry ? presentTelemetry(telemetry, exact) : null,
    counts: { runs: counts.runs, crops: counts.crops },
    links: { self: links.trap(trap.trapId), runs: links.runsOf(trap.trapId) },
  };
}

/** The newest first. */
function deploymentsView(
  trap: Trap,
  deployments: readonly Deployment[],
  knownSinceMs: number,
  exact: boolean,
  links: Links,
) {
  if (!deployments.length && trap.lastMessageAtMs !== null)
    return [presentImplied(trap.trapId, knownSinceMs, links)];
  return deployments.map((each) => presentDeployment(each, knownSinceMs, exact, links)).reverse();
}

export function presentTelemetry(telemetry: Telemetry, exact: boolean) {
  // Readings of earlier versions hold what a sensor says that has no value.
  const { payload, suspect } = sweepSentinels({ ...telemetry.payload });
  return {
    at: iso(withMicros(telemetry.atMs, payload['at'])),
    receivedAt: iso(telemetry.receivedAtMs),
    clockSuspect: telemetry.clockSuspect,
    readings: fieldsFor(exact, payload, TELEMETRY_FIELDS, ['at']),
    suspect: suspect.map(({ field }) => field),
  };
}
