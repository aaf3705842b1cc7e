import type { Coordinates } from '../deployment/distance.js';

/** What an editor may set; what the trap sends of it afterwards is not applied. */
export type EditorField = 'name' | 'timeZone';

/** One camera unit in the field. Times in milliseconds since 1970, UTC. */
export interface Trap {
  readonly trapId: string;
  readonly name: string | null;
  /** Of the deployment under way, where that names one, otherwise the trap's own. */
  readonly timeZone: string | null;
  readonly ownZone: string | null;
  /** Grows when its times have to be read in other zones. */
  readonly zoneRevision: number;
  /** Of the deployment under way. */
  readonly place: Coordinates | null;
  /** Its `info` message. */
  readonly info: Readonly<Record<string, unknown>>;
  /** As its last `status` message, or its last will, has it; null before the first one. */
  readonly state: 'online' | 'sleeping' | 'offline' | null;
  readonly status: Readonly<Record<string, unknown>> | null;
  readonly stateAtMs: number | null;
  readonly firstSeenAtMs: number;
  readonly lastMessageAtMs: number | null;
  /** Of editors. */
  readonly notes: string | null;
  readonly setByEditor: readonly EditorField[];
  /** When its account was removed; null where it has one, or never had any. */
  readonly removedAtMs: number | null;
}

/** What a trap measured of itself at one time. */
export interface Telemetry {
  readonly trapId: string;
  readonly atMs: number;
  readonly clockSuspect: boolean;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly receivedAtMs: number;
}
