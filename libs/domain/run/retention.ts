/** What may be removed, and when: pictures only, never what is known of them. */
export interface RetentionRule {
  /** Pictures that are older than this may go; left out: age alone removes nothing. */
  readonly olderThanMs?: number | undefined;
  /** Pictures may go until so much of the disk is free; left out: they need not make room. */
  readonly freeBytes?: number | undefined;
  /** So many runs of each trap and taxon keep their pictures for good: those of the highest probability. */
  readonly keepBest: number;
}

/** A run, as far as it decides whether its pictures stay. */
export interface PicturedRun {
  readonly trapId: string;
  readonly runId: string;
  /** `yyyy-mm-dd`: its season is the year. */
  readonly day: string;
  readonly atMs: number;
  readonly lastReceivedAtMs: number;
  readonly complete: boolean;
  readonly reviewed: boolean;
  /** Null = nothing has classified it. */
  readonly label: string | null;
  readonly taxon: string | null;
  readonly probability: number | null;
}

/** Why pictures stay, whatever their age. */
type KeptBecause = 'open' | 'unclassified' | 'reviewed' | 'best' | 'first-of-season';

/** Told of all runs that have pictures, oldest first, it knows which of them keep theirs. */
export interface Keepers {
  note(run: PicturedRun): void;
  /** @returns undefined where nothing speaks for the run */
  whyKept(run: PicturedRun): KeptBecause | undefined;
}

/**
 * Half of what there is: more than that at once is rather a mistake than a habit.
 */
export const MOST_AT_ONCE = 0.5;
/** A catalog that has lost so much since the last look is not the one that it was. */
export const SHRUNK_BELOW = 0.9;

/** Which runs are the best of their kind, and which the first of their season. Memory: a few rows per trap and taxon. */
export function keepers({ keepBest }: Pick<RetentionRule, 'keepBest'>): Keepers {
  const best = new Map<string, PicturedRun[]>();
  const first = new Map<string, string>();
  return {
    note(run) {
      if (isUndecided(run)) return;
      const kind = kindOf(run);
      const season = seasonOf(run);
      if (!first.has(season)) first.set(season, run.runId);
      const ranked = [...(best.get(kind) ?? []), run].sort(byProbability).slice(0, keepBest);
      best.set(kind, ranked);
    },
    whyKept(run) {
      const undecided = isUndecided(run);
      if (undecided) return undecided;
      if (run.reviewed) return 'reviewed';
      if (first.get(seasonOf(run)) === run.runId) return 'first-of-season';
      return best.get(kindOf(run))?.some(({ runId }) => runId === run.runId) ? 'best' : undefined;
    },
  };
}

/** Whether age alone lets the pictures go. What came late counts from when it came: a trap may be offline for weeks. */
export function isOlderThan(run: PicturedRun, olderThanMs: number, nowMs: number): boolean {
  return Math.max(run.atMs, run.lastReceivedAtMs) < nowMs - olderThanMs;
}

function isUndecided({ complete, label }: PicturedRun): 'open' | 'unclassified' | undefined {
  if (!complete) return 'open';
  return label === null ? 'unclassified' : undefined;
}

// A label that is no taxon, such as `none_background`, is a kind of its own. No id or label holds a newline.
const kindOf = ({ trapId, taxon, label }: PicturedRun) => `${trapId}\n${taxon ?? label}`;
const seasonOf = (run: PicturedRun) => `${kindOf(run)}\n${run.day.slice(0, 4)}`;
/** Of equals the older one, which came first into the list and stays before it. */
const byProbability = (a: PicturedRun, b: PicturedRun) => (b.probability ?? 0) - (a.probability ?? 0);
