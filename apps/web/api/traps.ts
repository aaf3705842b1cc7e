import type { Trap } from '../../../libs/api-types/index.js';
import { useAnswer } from './query.js';
import { stationZone } from './session.js';

export interface Traps {
  readonly all: readonly Trap[];
  /** False until they have been loaded: what shows their names waits for it, so that no id is replaced by a name. */
  readonly areKnown: boolean;
  nameOf(trapId: string): string;
  zoneOf(trapId: string): string;
}

/** The traps with their names and time zones. */
export function useTraps(): Traps {
  const { data, error } = useAnswer<{ readonly items: readonly Trap[] }>('/traps?limit=500');
  const all = data?.items ?? [];
  const find = (trapId: string) => all.find((trap) => trap.trapId === trapId);
  return {
    all,
    areKnown: data !== undefined || error !== undefined,
    nameOf: (trapId) => find(trapId)?.name ?? trapId,
    zoneOf: (trapId) => find(trapId)?.timeZone ?? stationZone.value,
  };
}
