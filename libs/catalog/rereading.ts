import type { DeviceTime } from '../domain/index.js';
import type { KnownZones } from './trap-zones.js';

/** What is kept of times that were sent without a zone is read again by this. */
export interface Rereading {
  readonly trapId: string;
  readonly zones: KnownZones;
  read(text: string, receivedAtMs: number): DeviceTime | undefined;
  /** Whether InfluxDB must follow. */
  readonly marksPoints: boolean;
}
