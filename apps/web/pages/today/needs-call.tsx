import type { Today } from '../../../../libs/api-types/index.js';
import { may } from '../../api/session.js';
import { sized } from '../../components/picture.js';
import { reviewLink } from '../../shell/pages.js';
import { duration } from '../../texts/format.js';
import { todayWords as t } from '../../texts/today.js';

/** What waits for a person, and the one button of the page; nothing for who may not give a verdict. */
export function NeedsCall({ today: { call, looked } }: { readonly today: Today }) {
  if (!may('editor')) return null;
  if (call.questions === 0)
    return (
      <section class="call" aria-label={t.call}>
        <p>
          {t.nothingNeedsYou}
          {looked > 0 && t.looked(looked)}
        </p>
      </section>
    );
  return (
    <section class="call tall" aria-label={t.call}>
      <div class="words">
        <h2>{t.callCount(call.questions)}</h2>
        <p class="quiet">
          {t.callOf(call.firstSightings, call.episodes, call.uncertain)}
          {call.minutes > 0 && t.callMinutes(call.minutes)}
        </p>
      </div>
      {call.thumbnails.length > 0 && (
        <div class="pile">
          {call.thumbnails.slice(0, 5).map((thumbnail) => (
            <img key={thumbnail} src={sized(thumbnail, 64)} alt="" width="44" height="44" />
          ))}
        </div>
      )}
      <a class="btn main big" href={reviewLink()}>
        {t.startReview} <kbd>g r</kbd>
      </a>
    </section>
  );
}

/** The traps' health in one line: only what needs a person has a name. */
export function Fleet({
  traps: { online, sleeping, offline, never, attention },
}: {
  readonly traps: Today['traps'];
}) {
  const silent = attention.filter(({ state }) => state === 'silent');
  if (online + sleeping + offline + never + silent.length === 0) return null;
  return (
    <section class="card" aria-label={t.traps}>
      <div class="fleet">
        {online > 0 && (
          <a class="state online" href="/traps">
            {t.online(online)}
          </a>
        )}
        {sleeping > 0 && <span class="state asleep">{t.asleep(sleeping)}</span>}
        {offline > 0 && <span class="state never">{t.offline(offline)}</span>}
        {never > 0 && <span class="state never">{t.never(never)}</span>}
        {silent.map(({ trapId, name, since }) => (
          <a key={trapId} class="state silent" href={`/traps/${encodeURIComponent(trapId)}`}>
            {since
              ? t.silentFor(name ?? trapId, duration(Date.now() - Date.parse(since)))
              : t.silent(name ?? trapId)}
          </a>
        ))}
      </div>
    </section>
  );
}
