import type { z } from 'zod';
import type { EffortHour } from '../../libs/domain/index.js';
import { dayText, type Key, monthText, weekText } from './count-query.js';
import type { VisitCount, Visits } from './stats.repository.js';
import type { COUNT } from './stats.schema.js';

/** The keys that visits have in common, as an answer names them. */
type DecidedTaxon = Pick<z.output<typeof COUNT>, Key>;

/** All visits that have the keys in common, and the effort that they took. */
export interface Cell extends Visits {
  readonly named: DecidedTaxon;
  /** Minutes per trap; undefined where it recorded, and nobody knows how long. */
  readonly effort: ReadonlyMap<string, number | undefined>;
  readonly trapsWithVisits: ReadonlySet<string>;
}

interface OpenCell {
  readonly named: DecidedTaxon;
  visits: number;
  crops: number;
  unsure: number;
  untimed: number;
  untimedCrops: number;
  readonly effort: Map<string, number | undefined>;
  readonly trapsWithVisits: Set<string>;
}

/** Where and when a visit or an hour of effort was, and of what it was. */
type Place = Omit<VisitCount, 'insects' | 'others' | 'unclassified'>;

/** Puts counts and effort together by what they have in common. */
export class CountCells {
  private readonly cells = new Map<string, OpenCell>();

  constructor(private readonly keys: readonly Key[]) {}

  get size(): number {
    return this.cells.size;
  }

  addVisits(place: Place, { visits, crops, unsure, untimed, untimedCrops }: Visits): void {
    if (visits === 0) return;
    const cell = this.cellOf(place);
    cell.visits += visits;
    cell.crops += crops;
    cell.unsure += unsure;
    cell.untimed += untimed;
    cell.untimedCrops += untimedCrops;
    if (place.trap !== undefined && visits > untimed) cell.trapsWithVisits.add(place.trap);
  }

  addEffort(trapId: string, { hour, minutes }: EffortHour): void {
    const { effort } = this.cellOf({ trap: trapId, day: Math.floor(hour / 24), hour: hour % 24 });
    const known = effort.has(trapId) ? effort.get(trapId) : 0;
    effort.set(trapId, known === undefined || minutes === undefined ? undefined : known + minutes);
  }

  /** In the order of the keys. */
  sorted(): Cell[] {
    return [...this.cells.values()].sort((a, b) => this.compare(a.named, b.named));
  }

  private cellOf(place: Place): OpenCell {
    const named: DecidedTaxon = Object.fromEntries(this.keys.map((key) => [key, partOf(place, key)]));
    const id = JSON.stringify(Object.values(named));
    let cell = this.cells.get(id);
    if (!cell) {
      cell = {
        named,
        visits: 0,
        crops: 0,
        unsure: 0,
        untimed: 0,
        untimedCrops: 0,
        effort: new Map(),
        trapsWithVisits: new Set(),
      };
      this.cells.set(id, cell);
    }
    return cell;
  }

  private compare(a: DecidedTaxon, b: DecidedTaxon): number {
    for (const key of this.keys) {
      const [left = null, right = null] = [a[key], b[key]];
      if (left === right) continue;
      if (left === null || right === null) return left === null ? -1 : 1;
      return left < right ? -1 : 1;
    }
    return 0;
  }
}

function partOf(place: Place, key: Key): string | number | null {
  switch (key) {
    case 'month':
      return dayPart(place, monthText);
    case 'week':
      return dayPart(place, weekText);
    case 'day':
      return dayPart(place, dayText);
    default:
      return place[key] ?? null;
  }
}

/** Null for visits of unknown time. */
const dayPart = ({ day }: Place, text: (day: number) => string): string | null =>
  day === null || day === undefined ? null : text(day);
