/** What can be seen: a kind of drawn insect, or a class of real pictures. */
export interface SeenKind {
  readonly id: string;
  /** How often it comes beside the others. */
  readonly share: number;
  /** Local hour when most of them are about. */
  readonly peakHour: number;
  /** Counts as an insect: only these can break out. */
  readonly isInsect: boolean;
}

/** What a season is made of. The same settings give the same season, trap by trap and session by session. */
export interface SeasonSettings {
  readonly seed: string;
  readonly trapIds: readonly string[];
  readonly kinds: readonly SeenKind[];
  readonly days: number;
  /** End of the past, milliseconds since 1970: what would be under way then is left out. */
  readonly untilMs: number;
  /** Runs of a trap in one session, on average over the day. */
  readonly runsPerSession: number;
  /** IANA zone of all traps. */
  readonly timeZone: string;
  /** Whether messages and clocks go wrong, and connections are lost. */
  readonly faults: boolean;
  /** Whether one kind breaks out at one trap, towards the end. */
  readonly spike: boolean;
}

/** When a trap records. */
export interface Period {
  /** Local day, `2026-06-01`. */
  readonly date: string;
  /** Local hour in its middle. */
  readonly hour: number;
  readonly startMs: number;
  readonly endMs: number;
  /** Grows from period to period, as the counter in a trap's file does. */
  readonly counter: number;
}

/** An unusual event: one kind breaks out at one trap, in one session. */
export interface Spike {
  readonly trapId: string;
  readonly kind: string;
  readonly period: Period;
  /** Runs beyond the usual. */
  readonly runs: number;
}

/** The settings, and what all traps share. */
export interface Season extends SeasonSettings {
  readonly periods: readonly Period[];
  readonly spikeAt: Spike | undefined;
}

/** What is wrong with a crop when it is sent. */
export type Damage =
  /** What a power cut leaves: the length is right, the bytes are zeros. Never stored. */
  | 'zeros'
  /** The end of the file is missing. Stored, and marked. */
  | 'truncated'
  /** Sent without a byte first, then as it is. */
  | 'empty-first'
  /** Sent again under the same id with other bytes. The first stay. */
  | 'other-bytes-later'
  /** Sent with other bytes than the manifest says, then as it is. */
  | 'other-bytes-first';

export interface Crop {
  readonly cropId: string;
  readonly atMs: number;
  /** Of the detector, 0 to 1. */
  readonly confidence: number;
  /** [xMin, yMin, xMax, yMax], relative to the frame. */
  readonly box: readonly [number, number, number, number];
  readonly damage?: Damage | undefined;
}

/** How the messages of a run go wrong. */
export interface RunFaults {
  /** In any order, the end perhaps first. */
  readonly shuffled: boolean;
  /** So many of its messages come twice. */
  readonly repeated: number;
  /** The connection breaks after so many messages. */
  readonly dropAfter?: number | undefined;
  /** One more message that is no JSON. */
  readonly brokenMeta: boolean;
}

/** One insect, from its first crop to its last. */
export interface Run {
  readonly trapId: string;
  readonly runId: string;
  readonly sessionId: string;
  readonly trackId: number;
  readonly kind: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly crops: readonly Crop[];
  readonly faults: RunFaults;
}

export interface Reading {
  readonly atMs: number;
  readonly batteryPct: number;
  readonly temperatureC: number;
  readonly diskFreeMb: number;
  /** Says its battery level with a word, which is refused. */
  readonly broken: boolean;
}

/** How a trap's clock goes, and how it writes what it shows. */
export interface TrapClock {
  /** What to add to the true time; undefined = right. */
  readonly wrong?: 'since-1970' | 'years-ahead' | undefined;
  /** Local time without an offset. */
  readonly naive: boolean;
  /** The true time of its start, from which a clock that has lost the date counts. */
  readonly bootMs: number;
}

/** One recording period of a trap, with all that happens in it. */
export interface Session {
  readonly trapId: string;
  readonly sessionId: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly clock: TrapClock;
  /** In no order. */
  readonly runs: readonly Run[];
  readonly readings: readonly Reading[];
}
