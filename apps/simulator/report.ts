import { plural } from '../../libs/domain/index.js';
import type { Comparison } from './ledger/compare.js';
import type { Ledger } from './ledger/ledger.js';
import type { Season } from './season/season.js';
import type { SeasonPlayer } from './sending/play-season.js';
import type { Target } from './target.js';

/** Beyond so many differences, more of them tell nothing. */
const SHOWN = 100;

export function whatIsPlayed({ trapIds, days, seed, faults, spikeAt }: Season, { url, api }: Target): string {
  const wrong = faults ? ', with faults' : '';
  const first = `${plural(trapIds.length, 'simulated trap')} (${trapIds[0]}${trapIds.length === 1 ? '' : ' …'}), ${plural(days, 'day')}, seed ${seed}${wrong}: to ${url}, compared with ${api}`;
  if (!spikeAt) return first;
  const { kind, trapId, runs, period } = spikeAt;
  return `${first}\nunusual: ${runs} times ${kind} at ${trapId} in the session of ${new Date(period.startMs).toISOString()}`;
}

export function playLine(
  { traffic, connected }: SeasonPlayer,
  { runs, crops }: Ledger,
  traps: number,
): string {
  return `published: ${plural(runs, 'run')}, ${plural(crops, 'crop')}; ${plural(traffic.acknowledged, 'message')} acknowledged, ${traffic.underWay} under way; ${connected} of ${plural(traps, 'trap')} connected`;
}

/** Says what the comparison found. The last line is the verdict. @returns whether nothing differs */
export function report({ runs, crops, differences }: Comparison, out: NodeJS.WritableStream): boolean {
  for (const difference of differences.slice(0, SHOWN)) out.write(`${difference}\n`);
  if (differences.length > SHOWN) out.write(`… and ${differences.length - SHOWN} more\n`);
  const isSame = differences.length === 0;
  out.write(
    isSame
      ? `published = stored: ${plural(runs, 'run')}, ${plural(crops, 'crop')}\n`
      : `published ≠ stored: ${plural(differences.length, 'difference')} in ${plural(runs, 'run')}, ${plural(crops, 'crop')}\n`,
  );
  return isSame;
}
