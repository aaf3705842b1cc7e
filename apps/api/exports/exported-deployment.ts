import type { DeploymentRow, KnownTrap } from '../../../libs/catalog/index.js';
import type { EventTimes } from './event-times.js';

/** A deployment in an export, with what is noted of it while the visits go by. */
export interface ExportedDeployment {
  /** `<trap>:<deployment>`; `<trap>` or `<trap>:<deployment>:after` where nobody has said where the trap stood. `<trap>:unknown` where nobody knows when. */
  readonly id: string;
  readonly trap: KnownTrap;
  /** None where nobody has said where the trap stood. */
  readonly row: DeploymentRow | undefined;
  /** Null: since anything is known of the trap. */
  readonly startMs: number | null;
  readonly endMs: number | null;
  isUsed: boolean;
  firstMs: number;
  lastMs: number;
  /** Visits that are in no table that needs a time. */
  leftOut: number;
}

/** Notes that a visit was at this deployment. */
export function noteVisit(
  deployment: ExportedDeployment,
  { startMs, endMs }: Pick<EventTimes, 'startMs' | 'endMs'>,
): void {
  deployment.firstMs = Math.min(deployment.firstMs, startMs);
  deployment.lastMs = Math.max(deployment.lastMs, endMs);
}

/** From when to when it is exported. One that is still running ends when it is exported, or with its last visit. */
export function exportedTimes(
  { startMs, endMs, firstMs, lastMs, trap }: ExportedDeployment,
  nowMs: number,
): { readonly startMs: number; readonly endMs: number; readonly isRunning: boolean } {
  const isRunning = endMs === null || endMs > nowMs;
  return {
    startMs: startMs ?? Math.min(trap.known_since, firstMs),
    endMs: isRunning ? Math.max(nowMs, lastMs) : endMs,
    isRunning,
  };
}
