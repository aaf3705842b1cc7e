import { plural } from '../../../libs/domain/index.js';
import { iso } from '../show.js';

export interface ImageCounts {
  runs: number;
  crops: number;
  /** Left out, since retention has removed them. */
  removed: number;
}

export interface ReadmeFacts {
  /** As `filterText` says it; empty for everything. */
  readonly filter: string;
  readonly atMs: number;
  readonly version: string;
  readonly exactPlaces: boolean;
  readonly counts: ImageCounts;
}

/** What somebody who finds the archive in a year must know of it. */
export function imagesReadme({ filter, atMs, version, exactPlaces, counts }: ReadmeFacts): string {
  const { runs, crops, removed } = counts;
  const places = exactPlaces ? 'exactly.' : 'rounded to 0.1 degree.';
  return `Pictures of insect camera traps

Made by    Trapline ${version}
As of      ${iso(atMs)}
Filter     ${filter || 'none: everything'}
Runs       ${runs}
Pictures   ${crops}
${removed ? `Left out   ${plural(removed, 'picture that was', 'pictures that were')} removed for good before; what is known of them stands in runs.csv\n` : ''}
Pictures   <date>/<trap>/<run>/<crop>.jpg. A run is one visit of one insect; its pictures are parts of frames,
           byte for byte as the trap sent them. The date is that of the run by the trap's clock.
runs.csv   One row per run, also for those without pictures: when, where, how long, and the verdict that counts.
           Times end in Z and are UTC; startLocal is the trap's clock. Places are given ${places}
           Where a text would begin a formula, a ' stands before it.

Licence    Trapline knows no licence of these pictures, and its own does not cover them: ask who runs the traps
           before you pass them on.
`;
}
