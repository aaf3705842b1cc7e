/** One line of the file. Only what is new is written; a later line is right. */
export interface StateLine {
  readonly v?: 1;
  /** The id of the session, which must stay what it was first. */
  readonly session?: string;
  /** Everything was published when the folder looked like this. */
  readonly signature?: string;
  /** So much of it could not be read then. */
  readonly unread?: number;
  readonly run?: string;
  readonly acked?: readonly string[];
  readonly missing?: readonly string[];
  readonly rejected?: readonly (readonly [crop: string, code: string])[];
  readonly done?: boolean;
  /** What was said of the session, as it was sent. */
  readonly said?: string;
  /** Readings up to this byte of the log are published. */
  readonly readingsTo?: number;
}

/** @returns undefined for a line that a power cut has left half */
export function lineOf(text: string): StateLine | undefined {
  try {
    const line: unknown = JSON.parse(text);
    return typeof line === 'object' && line !== null ? line : undefined;
  } catch {
    return undefined;
  }
}
