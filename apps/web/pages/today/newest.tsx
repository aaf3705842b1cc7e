import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Run, Today } from '../../../../libs/api-types/index.js';
import { withQuery } from '../../api/client.js';
import type { Traps } from '../../api/traps.js';
import { linkOf, RunCard } from '../../components/run-card.js';
import { todayWords as t } from '../../texts/today.js';

/** Farther down, nothing moves under the reader's eyes. */
const TOP_PX = 400;
const FRESH_MS = 60_000;
/** Whole rows on wide windows, tablets and phones. */
const SHOWN = 15;

/** The newest insects: new ones enter at the start while the top of the page is in view, else by a button. */
export function Newest({ today, traps }: { readonly today: Today; readonly traps: Traps }) {
  const { date, isToday } = today;
  const newest = useMemo(() => today.newest.slice(0, SHOWN), [today.newest]);
  const [shown, show] = useState<readonly Run[]>(newest);
  const fresh = useFresh(shown);
  const known = new Set(shown.map(linkOf));
  const waiting = newest.filter((run) => !known.has(linkOf(run))).length;
  useEffect(() => {
    if (window.scrollY < TOP_PX || waiting === 0) show(newest);
  }, [newest]);
  return (
    <section class="area-newest" aria-labelledby="newest">
      <div class="section-head">
        <h2 id="newest">{isToday ? t.newest : t.insectsOfDay}</h2>
        <span class="hint wide-only">{t.onePicture}</span>
        <a class="end" href={withQuery('/gallery', { from: date, to: date, insects: true })}>
          {t.allInGallery}
        </a>
      </div>
      {waiting > 0 && shown !== newest && (
        <button class="btn fresh-visits" type="button" onClick={() => show(newest)}>
          {t.newVisits(waiting)}
        </button>
      )}
      {shown.length === 0 ? (
        <p class="quiet">{isToday ? t.noVisitsYet : t.noVisits}</p>
      ) : (
        <ul class="runs">
          {shown.map((run, index) => (
            <li key={linkOf(run)}>
              <RunCard
                run={run}
                traps={traps}
                day={date}
                isFresh={fresh.has(linkOf(run))}
                isEager={index < 10}
              />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** The cards that came while the page was open, for a minute each. */
function useFresh(shown: readonly Run[]): ReadonlySet<string> {
  const seen = useRef<Set<string>>(undefined);
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const links = shown.map(linkOf);
    const before = seen.current;
    seen.current = new Set([...(before ?? []), ...links]);
    const added = before ? links.filter((link) => !before.has(link)) : [];
    if (added.length === 0) return;
    setFresh((old) => new Set([...old, ...added]));
    setTimeout(() => setFresh((old) => new Set([...old].filter((link) => !added.includes(link)))), FRESH_MS);
  }, [shown]);
  return fresh;
}
