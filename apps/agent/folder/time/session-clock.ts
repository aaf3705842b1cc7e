import { basename } from 'node:path';
import {
  choosePasses,
  type DeviceTime,
  decidePass,
  inPass,
  readTime,
  type Span,
} from '../../../../libs/domain/index.js';
import { namedCrop } from '../entry-names.js';
import type { SessionIndex } from '../session-index.js';
import type { ClosedSession } from '../session-info.js';
import { type RowPlace, type StepBack, StepsBack } from './steps-back.js';
import { elapsedMicros, type TakenAt } from './taken-at.js';

type Pass = 'first' | 'second';

const DAY_MICROS = 86_400e6;
/** A session begins after the one before has ended, as far as a spreadsheet has not rounded that. */
const TOLERANCE_MS = 60_000;

/** What tells the passes of a session. */
export interface ClockEvidence {
  /** Of its folder. */
  readonly start: TakenAt;
  readonly closed?: ClosedSession | undefined;
  /** Sessions that the trap recorded before, in their order. */
  readonly before?: readonly ClosedSession[];
  readonly index?: Pick<SessionIndex, 'tables' | 'tracks'>;
  /** The readings of the session, in the order of their rows. */
  readonly log?: StepsBack | undefined;
}

interface CropOfTrack {
  readonly taken: TakenAt;
  readonly detection?: { readonly row?: RowPlace } | undefined;
}

/**
 * The clock of a trap during one session. When clocks go back, an hour comes twice; which pass a time belongs to is told by
 * the order of the rows, by that of the sessions, by how long the session lasted, and by how short a visit is.
 */
export class SessionClock {
  private readonly isChanging: boolean;
  /** From when to when the session was; open where nothing tells the pass. */
  private readonly span: Span;
  /** Between what its crops and readings lie. */
  private readonly bounds: Span;
  private readonly trackStep: number | undefined;

  constructor(
    private readonly timeZone: string,
    { start, closed, before = [], index, log }: ClockEvidence,
  ) {
    this.isChanging = SessionClock.isChanging(start, timeZone);
    this.span = this.bounds = { start: undefined, end: undefined };
    if (!this.isChanging) return;
    let floorMs = Number.NEGATIVE_INFINITY;
    for (const each of before) {
      const { start: from, end: to } = this.spanFrom(each.start, each.end, each.minutes, floorMs);
      floorMs = Math.max(floorMs, (to ?? from)?.utcMs ?? floorMs);
    }
    const orders = [log, ...(index?.tables ?? []).map(({ order }) => order)];
    const lastSeen = orders.find((order) => order?.end)?.end;
    const chosen = this.spanFrom(start, closed?.end ?? lastSeen, closed?.minutes, floorMs);
    const isAcross = orders.some((order) => this.isAcross(order?.only));
    const first = chosen.start && inPass(chosen.start, 'first');
    const second = chosen.end && inPass(chosen.end, 'second');
    // As long in the one pass as in the other.
    const isEither = !chosen.end || chosen.end.offsetMin === chosen.start?.offsetMin;
    if (isAcross) this.span = this.bounds = { start: first, end: second };
    else if (isEither && chosen.start?.secondPass && (!chosen.end || chosen.end.secondPass))
      [this.span, this.bounds] = [chosen, { start: first, end: second }];
    else this.span = this.bounds = { start: decided(chosen.start), end: decided(chosen.end) };
    this.trackStep = index && this.stepOfTracks(index);
  }

  /** Whether clocks may have changed while a session lasted: at all other times nothing has to be found out. */
  static isChanging({ micros, at }: TakenAt, timeZone: string): boolean {
    const offsetAt = (laterMicros: number) =>
      readTime(new Date((micros + laterMicros) / 1000).toISOString().slice(0, -1), timeZone, 0)?.offsetMin;
    return (
      offsetAt(-DAY_MICROS) !== offsetAt(DAY_MICROS) || readTime(at, timeZone, 0)?.secondPass !== undefined
    );
  }

  /** The pass of a row, by its place in a table. */
  private passOf(row: RowPlace | undefined): Pass | undefined {
    if (!row?.step || !this.isAcross(row.step)) return undefined;
    return row.position < row.step.position ? 'first' : 'second';
  }

  /** A time of this session, told so that it means one moment, where it is known which. */
  tell(taken: TakenAt, row?: RowPlace): TakenAt {
    return this.isChanging ? this.tellPass(taken, this.passOf(row)) : taken;
  }

  private tellPass(taken: TakenAt, pass?: Pass): TakenAt {
    const time = this.read(taken);
    return told(taken, time, pass ? inPass(time, pass) : decidePass(time, this.bounds));
  }

  /** The start or the end of the session. */
  tellEdge(taken: TakenAt, edge: 'start' | 'end'): TakenAt {
    if (!this.isChanging) return taken;
    const time = this.read(taken);
    const known = this.span[edge];
    if (!known || known.secondPass) return told(taken, time, time);
    const isSecond = known.offsetMin === time.secondPass?.offsetMin;
    return told(taken, time, inPass(time, isSecond ? 'second' : 'first'));
  }

  /**
   * The crops of one track in the order in which they were taken. Where neither rows nor the session tell their pass, the
   * shortest visit is right; then tracks count, whose numbers rise.
   */
  tellTrack<T extends CropOfTrack>(track: string, crops: readonly T[]): T[] {
    const sorted = [...crops].sort((a, b) => a.taken.micros - b.taken.micros);
    if (!this.isChanging) return sorted;
    const told = sorted.map((crop) => ({ ...crop, taken: this.tell(crop.taken, crop.detection?.row) }));
    const open = told.filter(({ taken }) => this.isOpen(taken));
    if (!open.length) return inOrder(told);
    /** From `cut` on the first pass, before it the second. */
    const cutAt = (cut: number) =>
      inOrder(
        told.map((crop) => {
          const { taken } = crop;
          const pass = taken.micros >= cut ? 'first' : 'second';
          return this.isOpen(taken) ? { ...crop, taken: this.tellPass(taken, pass) } : crop;
        }),
      );
    const [allFirst, allSecond] = [cutAt(Number.NEGATIVE_INFINITY), cutAt(Number.POSITIVE_INFINITY)];
    const across = cutAt(afterLargestGap(open));
    if (lengthOf(across) < Math.min(lengthOf(allFirst), lengthOf(allSecond))) return across;
    if (lengthOf(allFirst) !== lengthOf(allSecond))
      return lengthOf(allFirst) < lengthOf(allSecond) ? allFirst : allSecond;
    if (this.trackStep === undefined) return inOrder(told);
    return Number(track) < this.trackStep ? allFirst : allSecond;
  }

  private isOpen(taken: TakenAt): boolean {
    return this.read(taken).secondPass !== undefined;
  }

  private read(taken: TakenAt): DeviceTime {
    return readTime(taken.at, this.timeZone, 0) as DeviceTime;
  }

  private isAcross(step: StepBack | undefined): boolean {
    return step !== undefined && this.isOpen(step.from) && this.isOpen(step.to);
  }

  private spanFrom(
    from: TakenAt,
    to: TakenAt | undefined,
    minutes: number | undefined,
    floorMs: number,
  ): Span {
    const first = this.read(from);
    const isTooEarly = first.utcMs < floorMs - TOLERANCE_MS;
    const start = isTooEarly ? inPass(first, 'second') : first;
    return choosePasses(
      { start, end: to && this.read(to) },
      minutes === undefined ? undefined : minutes * 60,
    );
  }

  private stepOfTracks({ tracks }: Pick<SessionIndex, 'tracks'>): number | undefined {
    const steps = new StepsBack();
    for (const { id, files } of [...tracks].sort((a, b) => Number(a.id) - Number(b.id))) {
      const [first] = files
        .flatMap((file) => namedCrop(basename(file))?.taken ?? [])
        .sort((a, b) => a.micros - b.micros);
      if (first) steps.see(first, Number(id));
    }
    return this.isAcross(steps.only) ? steps.only?.position : undefined;
  }
}

/** With its offset, where a clock shows the same figures twice, and it is known when. */
function told(taken: TakenAt, read: DeviceTime, meant: DeviceTime): TakenAt {
  const utcMicros = meant.utcMs * 1000 + (taken.micros % 1000);
  const isDecided = read.secondPass !== undefined && meant.secondPass === undefined;
  return { ...taken, utcMicros, at: isDecided ? `${taken.at}${offsetText(meant.offsetMin)}` : taken.at };
}

/** Without the other pass: this one was found to be right. */
const decided = (time: DeviceTime | undefined): DeviceTime | undefined =>
  time && inPass(time, time.offsetMin === time.secondPass?.offsetMin ? 'second' : 'first');

function offsetText(offsetMin: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.abs(offsetMin);
  return `${offsetMin < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

type Timed = { readonly taken: TakenAt };

const inOrder = <T extends Timed>(crops: readonly T[]): T[] =>
  [...crops].sort((a, b) => elapsedMicros(b.taken, a.taken));

const lengthOf = (crops: readonly Timed[]): number => {
  const [first, last] = [crops[0], crops.at(-1)];
  return first && last ? elapsedMicros(first.taken, last.taken) : 0;
};

function afterLargestGap(crops: readonly Timed[]): number {
  let largest = -1;
  let cut = Number.NEGATIVE_INFINITY;
  for (const [i, { taken }] of crops.entries()) {
    const before = crops[i - 1];
    if (!before || taken.micros - before.taken.micros <= largest) continue;
    largest = taken.micros - before.taken.micros;
    cut = taken.micros;
  }
  return cut;
}
