import type { z } from 'zod';
import type { Cell } from './count-cells.js';
import type { COUNT } from './stats.schema.js';

const HUNDREDTHS = 100;

/** One row of counts, with its effort where that is asked for. */
export const countView = (cell: Cell, withEffort: boolean): z.output<typeof COUNT> => ({
  ...cell.named,
  visits: cell.visits,
  crops: cell.crops,
  unsure: cell.unsure,
  ...(withEffort && effortView(cell)),
});

/** The effort of all traps, and the rate: only where it is known of every trap that counts. Visits of unknown time are in no rate. */
export function effortView({ visits, untimed, effort, trapsWithVisits }: Cell) {
  const minutes = [...effort.values()];
  const isKnown =
    minutes.length > 0 &&
    minutes.every((each) => each !== undefined) &&
    [...trapsWithVisits].every((trap) => effort.has(trap));
  if (!isKnown) return { effortMinutes: null, visitsPerHour: null };
  const sum = minutes.reduce<number>((total, each) => total + (each ?? 0), 0);
  return {
    effortMinutes: rounded(sum),
    visitsPerHour: sum > 0 ? rounded(((visits - untimed) * 60) / sum) : null,
  };
}

const rounded = (value: number): number => Math.round(value * HUNDREDTHS) / HUNDREDTHS;
