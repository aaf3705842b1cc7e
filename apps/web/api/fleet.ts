import type { Trap, TrapVisit } from '../../../libs/api-types/index.js';
import { useEvents } from './events.js';
import { refresh, useAnswer } from './query.js';

/** One set of readings of a trap's battery, disk, temperatures and signal. */
export interface Reading {
  readonly at: string;
  readonly readings: { readonly [name: string]: unknown };
}
/** What can be done at a trap. */
export const VISIT_KINDS = [
  'battery',
  'lens',
  'card',
  'plants',
  'moved',
  'other',
] as const satisfies readonly TrapVisit['what'][number][];

export const trapPath = (trapId: string): string => `/traps/${encodeURIComponent(trapId)}`;

const ORDER = ['silent', 'offline', 'online', 'sleeping', 'never', 'removed'];

/** Those first that need a hand, then by name. */
export const byNeed = (traps: readonly Trap[]): Trap[] =>
  [...traps].sort(
    (a, b) =>
      ORDER.indexOf(a.presence.state) - ORDER.indexOf(b.presence.state) ||
      (a.name ?? a.trapId).localeCompare(b.name ?? b.trapId),
  );

/** A number among what a trap measures; undefined where it does not measure it, or where it is doubtful. */
export function readingOf({ telemetry }: Trap, name: string): number | undefined {
  const value = telemetry?.readings[name];
  return typeof value === 'number' && !telemetry?.suspect.includes(name) ? value : undefined;
}

/** Keeps what is shown of traps up to date while a page is open. */
export function useLiveTraps(): void {
  useEvents(({ kind }) => {
    if (kind === 'trap' || kind === 'poll' || kind === 'resync') refresh('/traps');
  });
}

export const useReadings = (trapId: string | undefined, from: string) =>
  useAnswer<{ readonly items: readonly Reading[] }>(
    trapId === undefined ? undefined : `${trapPath(trapId)}/telemetry?from=${from}&limit=500`,
  );
