import type { Db } from '../../../libs/database/index.js';
import { MINUTE_MS } from '../../../libs/domain/index.js';

/** `skipped`: it does not apply here, or cannot be asked because of an earlier failure. */
type FindingState = 'ok' | 'warn' | 'fail' | 'skipped';

/** What was found of one thing. */
export interface Finding {
  /** Stable, for programs. */
  readonly check: string;
  readonly state: FindingState;
  readonly message: string;
  /** What to do, where something is amiss. */
  readonly hint?: string;
}

/** The catalog that a check looks into. */
export interface CheckedCatalog {
  readonly db: Db;
}

/** What a check says of itself; its name stands where it is listed. */
export type Verdict = Omit<Finding, 'check'>;

export const ok = (message: string): Verdict => ({ state: 'ok', message });
export const skipped = (message: string): Verdict => ({ state: 'skipped', message });
export const warn = (message: string, hint: string): Verdict => ({ state: 'warn', message, hint });
export const fail = (message: string, hint: string): Verdict => ({ state: 'fail', message, hint });

/** The reason inside of an error, without what a URL may hold. */
export function reasonOf(error: unknown): string {
  const { cause, message, code } = (error ?? {}) as { cause?: unknown; message?: string; code?: unknown };
  if (cause) return reasonOf(cause);
  const words = message || String(code ?? error);
  return words.split('\n')[0]?.replaceAll(/\/\/[^/\s@]*@/g, '//…@') ?? '';
}

/** A length of time as people say it. */
export function howLong(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS);
  if (minutes < 120) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} hours`;
  return `${Math.round(minutes / 60 / 24)} days`;
}
