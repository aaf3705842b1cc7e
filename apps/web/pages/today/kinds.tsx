import type { Today } from '../../../../libs/api-types/index.js';
import { withQuery } from '../../api/client.js';
import { Band } from '../../components/band.js';
import { Name, nameOf } from '../../components/names.js';
import { Picture } from '../../components/picture.js';
import { number, range } from '../../texts/format.js';
import { todayWords as t } from '../../texts/today.js';

/** What was seen, the most frequent first, each against what is usual for it. */
export function Kinds({ today: { date, isToday, taxa, moreTaxa } }: { readonly today: Today }) {
  if (taxa.length === 0) return null;
  return (
    <section class="card area-kinds" aria-labelledby="kinds">
      <h2 id="kinds">{isToday ? t.kindsToday : t.kindsOfDay}</h2>
      <ul class="kinds">
        {taxa.map((kind) => {
          const shown = nameOf(kind);
          const usual = kind.usual && range(kind.usual.low, kind.usual.high);
          return (
            <li key={kind.label}>
              <Picture thumbnail={kind.thumbnail} size={64} />
              <a class="name" href={withQuery('/gallery', { label: kind.label, from: date, to: date })}>
                <Name shown={shown} />
              </a>
              <span class="n">{number(kind.visits)}</span>
              {kind.usual && usual && (
                <>
                  <Band value={kind.visits} usual={kind.usual} label={t.outOf(number(kind.visits), usual)} />
                  <span class="usual-words">{t.usual(usual)}</span>
                </>
              )}
            </li>
          );
        })}
      </ul>
      {moreTaxa.kinds > 0 && (
        <p class="hint">
          <a href={withQuery('/season', { from: date, to: date })}>{t.moreKinds(moreTaxa.kinds)}</a>
          {t.inVisits(moreTaxa.visits)}
        </p>
      )}
    </section>
  );
}
