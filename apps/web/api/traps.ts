import type { Trap } from '../../../libs/api-types/index.js';
import { useAnswer } from './query.js';
import { stationZone } from './session.js';

export interface Traps {
  readonly all: readonly Trap[];
  nameOf(trapId: string): string;
  zoneOf(trapId: string): string;
}

/** The traps with their names and time zones. */
export function useTraps(): Traps {
  const { data } = useAnswer<{ readonly items: readonly Trap[] }>('/traps?limit=500');
  const all = data?.items ?? [];
  const find = (trapId: string) => all.find((trap) => trap.trapId === trapId);
  return {
    all,
    nameOf: (trapId) => find(trapId)?.name ?? trapId,
    zoneOf: (trapId) => find(trapId)?.timeZone ?? stationZone.value,
  };
}
