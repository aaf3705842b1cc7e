import type { Db } from '../../libs/database/index.js';
import { cropKey } from '../../libs/domain/index.js';
import { type Turn, trapsWaiting, type WaitingCrop, waitingCrops } from '../observations/index.js';

/** At one feed so many traps are looked at: a query or two each. The next feed goes on with the others. */
const TRAPS_AT_ONCE = 16;
/** Of the crops of a trap every fourth is its oldest: what waits is done in the end, however much comes. */
const OLDEST_EVERY = 4;
/** Of what is offered so much is of the past, although fresh crops wait. */
const PAST_SHARE = 1 / 8;

export interface Chosen extends WaitingCrop {
  /** It is of the newest run of its trap that waits. */
  readonly isNewest: boolean;
}

/**
 * Chooses the crops that are classified next: of each trap in turn, its newest visits first and every fourth time its
 * oldest. So a fresh crop waits for none that has piled up before it, whether of its own trap or of others; no trap
 * waits for the backlog of another; and whatever waits comes up.
 */
export class CropChoice {
  private next: Record<Turn, number> = { 0: 0, 1: 0 };

  /** @param holder where several services classify: crops that any but this one holds are not chosen */
  constructor(private readonly holder?: string) {}

  /**
   * @param taken keys of crops that are with the classifier, and how many of each trap
   * @returns at most `room`
   */
  async choose(
    db: Db,
    room: number,
    taken: { has(key: string): boolean; ofTrap(trapId: string): number },
  ): Promise<Chosen[]> {
    const fresh = await this.chooseOf(db, 0, room, taken);
    const past = Math.max(room - fresh.length, Math.ceil(room * PAST_SHARE));
    const again = await this.chooseOf(db, 1, past, taken);
    return [...fresh.slice(0, room - again.length), ...again];
  }

  private async chooseOf(
    db: Db,
    turn: Turn,
    room: number,
    taken: { has(key: string): boolean; ofTrap(trapId: string): number },
  ): Promise<Chosen[]> {
    const all = await trapsWaiting(db, turn);
    if (!all.length) return [];
    const from = all.length > TRAPS_AT_ONCE ? this.next[turn] % all.length : 0;
    const traps = [...all.slice(from), ...all.slice(0, from)].slice(0, TRAPS_AT_ONCE);
    this.next[turn] = from + traps.length;
    const share = Math.ceil(room / traps.length);
    const lists: Chosen[][] = [];
    for (const trapId of traps) {
      // What is with the classifier already stands at either end of what waits.
      const most = (crops: number) => ({
        trapId,
        turn,
        limit: crops + taken.ofTrap(trapId),
        unlessHeldBy: this.holder,
      });
      const newest = await waitingCrops(db, most(share), 'newest');
      const isAll = newest.length < most(share).limit;
      const oldest = isAll ? [] : await waitingCrops(db, most(Math.ceil(share / OLDEST_EVERY)), 'oldest');
      lists.push(mixed(newest, oldest).filter((crop) => !taken.has(cropKey(crop))));
    }
    lists.sort((a, b) => (b[0]?.visitMs ?? 0) - (a[0]?.visitMs ?? 0));
    return inTurns(lists, room);
  }
}

/** Each crop once. */
function mixed(newest: readonly WaitingCrop[], oldest: readonly WaitingCrop[]): Chosen[] {
  const newestMs = newest[0]?.visitMs;
  const all = new Map<string, Chosen>();
  const rest = [...oldest];
  for (const [i, crop] of newest.entries()) {
    if (i % OLDEST_EVERY === OLDEST_EVERY - 1) {
      const old = rest.shift();
      if (old && !all.has(cropKey(old))) all.set(cropKey(old), { ...old, isNewest: false });
    }
    if (!all.has(cropKey(crop))) all.set(cropKey(crop), { ...crop, isNewest: crop.visitMs === newestMs });
  }
  return [...all.values()];
}

function inTurns(lists: readonly (readonly Chosen[])[], room: number): Chosen[] {
  const chosen: Chosen[] = [];
  const longest = Math.max(0, ...lists.map((list) => list.length));
  for (let i = 0; i < longest; i += 1) {
    for (const list of lists) {
      const crop = list[i];
      if (crop) chosen.push(crop);
      if (chosen.length === room) return chosen;
    }
  }
  return chosen;
}
