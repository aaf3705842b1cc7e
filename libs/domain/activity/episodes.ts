/** Alarms at most this many hours apart belong together. */
const GAP_H = 6;

/** An hour that was unusual. */
export interface Alarm {
  /** Whole hours since 1970-01-01T00 on the trap's own clock. */
  readonly hour: number;
  readonly count: number;
  readonly expected: number;
  readonly upper: number;
  readonly score: number;
  readonly pHigh: number;
}

/** Unusual hours that follow each other: one event, announced once. */
export interface Episode {
  readonly firstHour: number;
  readonly lastHour: number;
  /** Its alarms, in order. */
  readonly evidence: readonly Alarm[];
}

/** The episodes that these alarms make, in whatever order they come. */
export function episodesOf(alarms: Iterable<Alarm>): Episode[] {
  const episodes: { firstHour: number; lastHour: number; evidence: Alarm[] }[] = [];
  for (const alarm of [...alarms].sort((a, b) => a.hour - b.hour)) {
    const last = episodes.at(-1);
    if (last && alarm.hour - last.lastHour <= GAP_H) {
      last.lastHour = alarm.hour;
      last.evidence.push(alarm);
    } else {
      episodes.push({ firstHour: alarm.hour, lastHour: alarm.hour, evidence: [alarm] });
    }
  }
  return episodes;
}

/** True when no alarm can join the episode any more. */
export const isOver = ({ lastHour }: Pick<Episode, 'lastHour'>, hourNow: number): boolean =>
  hourNow - lastHour > GAP_H;

/** True where two episodes are one: late data may shift both ends of one that was announced already. */
export const isSame = (
  a: Pick<Episode, 'firstHour' | 'lastHour'>,
  b: Pick<Episode, 'firstHour' | 'lastHour'>,
): boolean => a.firstHour <= b.lastHour + GAP_H && b.firstHour <= a.lastHour + GAP_H;
