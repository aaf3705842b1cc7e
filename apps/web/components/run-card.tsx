import type { Run } from '../../../libs/api-types/index.js';
import { latest } from '../api/reviews.js';
import type { Traps } from '../api/traps.js';
import { clock, date, dayOf } from '../texts/format.js';
import { shell } from '../texts/shell.js';
import { Certainty, isUncertain } from './marks.js';
import { Name, nameOfRun } from './names.js';
import { Picture } from './picture.js';

interface Props {
  readonly run: Run;
  readonly traps: Traps;
  readonly isFresh?: boolean;
  readonly isEager?: boolean;
  /** Shows the date instead of the time, where a list goes over many days. */
  readonly withDate?: boolean;
  /** The calendar day of the list: a run of another one says so. */
  readonly day?: string;
}

export const linkOf = ({ trapId, runId }: Pick<Run, 'trapId' | 'runId'>): string =>
  `/runs/${encodeURIComponent(trapId)}/${encodeURIComponent(runId)}`;

/** When it began, as far as that is known: a trap may say only when it ended, or nothing at all. */
export const startOf = ({ start, end, receivedAt }: Pick<Run, 'start' | 'end' | 'receivedAt'>): string =>
  start ?? end ?? receivedAt.first;

/** One insect: its picture, name, time and trap, and at most one mark. All of it is one link. */
export function RunCard({ run: listed, traps, isFresh, isEager, withDate, day }: Props) {
  const run = latest(listed);
  const zone = traps.zoneOf(run.trapId);
  const start = startOf(run);
  const weekday = day && dayOf(start, zone) !== day ? `${date(start, zone, 'day-of-week-short')} ` : '';
  const when = withDate ? date(start, zone, 'short') : `${weekday}${clock(start, zone)}`;
  return (
    <a class={`run${isUncertain(run) ? ' uncertain' : ''}${isFresh ? ' fresh' : ''}`} href={linkOf(run)}>
      <Picture thumbnail={run.links.thumbnail} isEager={isEager ?? false} />
      <span class="words">
        <span class="name">
          <Name shown={nameOfRun(run)} />
        </span>
        <span class="meta">
          {run.timeKnown ? <time dateTime={start}>{when}</time> : shell.timeUnknown}
          <span class="dot"> · </span>
          <span class="at">{traps.nameOf(run.trapId)}</span>
        </span>
        <Certainty run={run} />
      </span>
    </a>
  );
}
