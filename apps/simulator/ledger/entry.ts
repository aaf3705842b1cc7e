/** What was published and must be stored, line by line: a run when all of it is acknowledged. */
export type Entry = BeginEntry | RunEntry | SessionEntry | RefusedEntry;

export interface BeginEntry {
  readonly is: 'ledger';
  readonly v: 1;
  readonly trapIds: readonly string[];
  /** By the service's own clock, milliseconds since 1970. */
  readonly beganMs: number;
}

export interface RunEntry {
  readonly is: 'run';
  readonly trapId: string;
  readonly runId: string;
  /** Crops that must be stored, with the SHA-256 of their bytes. */
  readonly crops: readonly (readonly [cropId: string, sha256: string])[];
  /** Those of them whose end is missing. */
  readonly truncated: readonly string[];
  readonly clockWrong: boolean;
}

export interface SessionEntry {
  readonly is: 'session';
  readonly trapId: string;
  readonly sessionId: string;
  readonly minutes: number;
}

/** A message that must be among the dead letters. */
export interface RefusedEntry {
  readonly is: 'refused';
  readonly trapId: string;
  readonly topic: string;
  readonly code: string;
  readonly sha256: string;
}
