import './gallery.css';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { Counts, Run } from '../../../../libs/api-types/index.js';
import { withQuery } from '../../api/client.js';
import { useBursts } from '../../api/follow.js';
import { countNewer, loadNewer, usePages } from '../../api/pages.js';
import { useAnswer } from '../../api/query.js';
import { latest } from '../../api/reviews.js';
import { stationZone } from '../../api/session.js';
import { type Traps, useTraps } from '../../api/traps.js';
import { copy } from '../../components/copy.js';
import { Failed } from '../../components/failed.js';
import { Icon } from '../../components/icon.js';
import { Rich } from '../../components/rich.js';
import { linkOf, startOf } from '../../components/run-card.js';
import { Page } from '../../shell/page.js';
import { dayOf, day as dayText, minutes, number } from '../../texts/format.js';
import { galleryWords as t } from '../../texts/gallery.js';
import { shell } from '../../texts/shell.js';
import { todayWords } from '../../texts/today.js';
import { Cards, useCardKeys } from './cards.js';
import { apiFilter, galleryLink, isFiltered } from './filter.js';
import { FilterBar } from './filter-bar.js';

const PAGE_SIZE = 60;

/** Show me the insects: all visits, newest first, by the filter that the address holds. */
export function Gallery() {
  const { query } = useLocation();
  const traps = useTraps();
  useCardKeys();
  const zone = query['trap'] ? traps.zoneOf(query['trap']) : stationZone.value;
  const filter = apiFilter(query, zone);
  const path = withQuery('/runs', { ...filter, limit: PAGE_SIZE });
  const { items, isLoading, isComplete, error, more, again } = usePages<Run>(path);
  const { data: counts } = useAnswer<Counts>(countsPath(filter));
  const waiting = useWaiting(path);
  const isEmpty = items.length === 0 && isComplete;
  return (
    <Page title={shell.gallery}>
      <div class="page-head">
        <h1>{shell.gallery}</h1>
        <div class="end push">
          <button class="btn" type="button" onClick={() => void copy(location.href)}>
            <Icon name="link" small />
            {t.copyLink}
          </button>
          <a class="btn wide-only" href={galleryLink(query, {}, '/downloads')}>
            <Icon name="downloads" small />
            {t.download}
          </a>
        </div>
      </div>
      <FilterBar query={query} traps={traps} zone={zone} />
      {!isEmpty && <Found totals={counts?.totals} />}
      {waiting.count > 0 && (
        <button class="btn fresh-visits" type="button" onClick={waiting.show}>
          {todayWords.newVisits(waiting.count)}
        </button>
      )}
      {days(traps.areKnown ? items : [], traps).map(({ day, runs }) => (
        <section key={day ?? ''} class="day-group">
          <DayHead day={day} counts={counts} />
          <Cards runs={runs} traps={traps} />
        </section>
      ))}
      {isEmpty && (
        <div class="failed">
          <p>{t.none}</p>
          {isFiltered(query) && (
            <a class="btn" href="/gallery">
              {t.clear}
            </a>
          )}
        </div>
      )}
      {error && <Failed error={error} onRetry={items.length ? more : again} />}
      {!isComplete && !error && <More onSeen={more} isLoading={isLoading} />}
    </Page>
  );
}

function countsPath({ insectsOnly, ...filter }: ReturnType<typeof apiFilter>): string | undefined {
  // Counts know no single episode, and nothing of what needs a person.
  if (filter['attention'] || filter['episode']) return undefined;
  return withQuery('/stats/counts', { ...filter, by: 'day', insectsOnly: insectsOnly ?? 'false' });
}

/** Has its place before it has its text. */
function Found({ totals }: { readonly totals: Counts['totals'] | undefined }) {
  if (!totals) return <p class="found">&nbsp;</p>;
  const { visits, crops, effortMinutes } = totals;
  return (
    <p class="quiet num found">
      <Rich text={t.visits(number(visits), visits)} />
      {t.pictures(number(crops), crops)}.{effortMinutes !== null && t.recorded(minutes(effortMinutes))}
    </p>
  );
}

function DayHead({ day, counts }: { readonly day: string | undefined; readonly counts: Counts | undefined }) {
  const count = counts?.items.find((each) => each.day === day);
  const parts = count && [
    t.dayVisits(number(count.visits), count.visits),
    ...(count.effortMinutes == null ? [] : [t.dayRecorded(minutes(count.effortMinutes))]),
  ];
  return (
    <div class="section-head">
      <h2>
        {day
          ? dayText(day, dayOf(new Date(), 'UTC').slice(0, 4) === day.slice(0, 4) ? 'weekday' : 'full')
          : t.unknownDay}
      </h2>
      <span class="hint num">{parts?.join(' · ')}</span>
    </div>
  );
}

/** Runs by their day, which begins by the clock of their trap. */
function days(items: readonly Run[], traps: Traps): { day: string | undefined; runs: Run[] }[] {
  const groups: { day: string | undefined; runs: Run[] }[] = [];
  for (const run of items) {
    const day = run.timeKnown ? dayOf(startOf(run), traps.zoneOf(run.trapId)) : undefined;
    const group = groups.find((each) => each.day === day);
    if (group) group.runs.push(latest(run));
    else groups.push({ day, runs: [latest(run)] });
  }
  return groups;
}

/** How many visits of this list have come since: they enter when the reader wants them. */
function useWaiting(path: string) {
  const [count, setCount] = useState(0);
  useEffect(() => setCount(0), [path]);
  // Only the service knows which of them the filter of this list takes.
  useBursts(
    () => void countNewer<Run>(path, linkOf).then(setCount, () => setCount(0)),
    ({ kind, data }) => kind === 'run' && data.change !== 'review',
  );
  const show = async () => {
    window.scrollTo({ top: 0 });
    await loadNewer<Run>(path, linkOf);
    setCount(0);
  };
  return { count, show: () => void show() };
}

/** Loads the next page before its end comes into view; a button for who has no pointer to scroll with. */
function More({ onSeen, isLoading }: { readonly onSeen: () => void; readonly isLoading: boolean }) {
  const element = useRef<HTMLDivElement>(null);
  const seen = useRef(onSeen);
  seen.current = onSeen;
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && seen.current(), {
      rootMargin: '1200px',
    });
    if (element.current) observer.observe(element.current);
    return () => observer.disconnect();
    // Watched anew when a page has come: where that did not fill the window, the next one is loaded.
  }, [isLoading]);
  return (
    <div ref={element} class="more-pages">
      <button class="btn" type="button" disabled={isLoading} onClick={onSeen}>
        {t.more}
      </button>
    </div>
  );
}
