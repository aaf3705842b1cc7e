import type { EpisodeOfDay, SightingOfDay, Today } from '../../../../libs/api-types/index.js';
import type { Traps } from '../../api/traps.js';
import { First } from '../../components/marks.js';
import { Latin, nameOf } from '../../components/names.js';
import { Picture } from '../../components/picture.js';
import { Rich } from '../../components/rich.js';
import { linkOf } from '../../components/run-card.js';
import { clock, date, dayOf } from '../../texts/format.js';
import { namedGroup, shell } from '../../texts/shell.js';
import { todayWords as t } from '../../texts/today.js';

const EPISODES = 2;
const SIGHTINGS = 3;
const PICTURES = 6;
/** What fits there; the style sheet hides the others. */
const PICTURES_ON_PHONE = 4;

/** Unusual hours and first sightings; nothing where there are none. */
export function Worth({ today, traps }: { readonly today: Today; readonly traps: Traps }) {
  const episodes = today.episodes.slice(0, EPISODES);
  const sightings = today.firstSightings.slice(0, SIGHTINGS);
  if (episodes.length + sightings.length === 0) return null;
  const isBoth = episodes.length > 0 && sightings.length > 0;
  return (
    <section class="area-worth" aria-labelledby="worth">
      <div class="section-head">
        <h2 id="worth">{t.worth}</h2>
      </div>
      <div class={isBoth ? 'worth both' : 'worth'}>
        {episodes.length > 0 && (
          <div class="stack">
            {episodes.map((episode) => (
              <Episode key={episode.id} episode={episode} day={today.date} traps={traps} />
            ))}
          </div>
        )}
        {sightings.length > 0 && (
          <div class="sightings">
            {sightings.slice(0, isBoth ? 1 + episodes.length : SIGHTINGS).map((sighting) => (
              <Sighting key={sighting.id} sighting={sighting} traps={traps} />
            ))}
          </div>
        )}
      </div>
    </section>
  );
}

interface EpisodeProps {
  readonly episode: EpisodeOfDay;
  readonly day: string;
  readonly traps: Traps;
}

/** One sentence with the figures, and the pictures behind it. */
function Episode({ episode, day, traps }: EpisodeProps) {
  const zone = traps.zoneOf(episode.trapId);
  const isOpen = episode.state === 'open';
  const began =
    dayOf(episode.start, zone) === day ? clock(episode.start, zone) : date(episode.start, zone, 'short');
  const visits = `/gallery?episode=${encodeURIComponent(episode.id)}`;
  return (
    <article class={isOpen ? 'episode' : 'episode closed'}>
      <div class="top">
        <span class="mark unusual">{shell.unusual}</span>
        <span>
          {[traps.nameOf(episode.trapId), t.since(began), isOpen ? t.stillOpen : t.closed].join(' · ')}
        </span>
      </div>
      <p class="sentence">
        <Rich text={sentenceOf(episode)} />
      </p>
      <a class="strip" href={visits} aria-label={t.itsVisits}>
        {episode.thumbnails.slice(0, PICTURES).map((thumbnail) => (
          <Picture key={thumbnail} thumbnail={thumbnail} size={128} />
        ))}
        <More left={episode.visits - Math.min(episode.thumbnails.length, PICTURES)} class="wide-only" />
        <More
          left={episode.visits - Math.min(episode.thumbnails.length, PICTURES_ON_PHONE)}
          class="phone-only"
        />
      </a>
      <div class="btns">
        <a class="btn" href={`/activity?episode=${encodeURIComponent(episode.id)}`}>
          {t.whyUnusual}
        </a>
      </div>
    </article>
  );
}

interface MoreProps {
  /** Visits without a picture here */
  readonly left: number;
  readonly class: string;
}

const More = (props: MoreProps) =>
  props.left > 0 ? <span class={`more ${props.class}`}>+{props.left}</span> : null;

/** Of the hour that was the most unusual, and of all of them where there are several. */
function sentenceOf({ group, groupNames, evidence, visits }: EpisodeOfDay): string {
  const worst = [...evidence].sort((a, b) => b.score - a.score)[0];
  if (!worst) return '';
  const { localHour, count, upper } = worst;
  const worstHour = t.episode(
    namedGroup(group, groupNames),
    count,
    String(localHour),
    String((localHour + 1) % 24),
    upper,
  );
  return evidence.length > 1 ? `${worstHour} ${t.episodeInAll(visits, evidence.length)}` : worstHour;
}

function Sighting({ sighting, traps }: { readonly sighting: SightingOfDay; readonly traps: Traps }) {
  const { name, latin, isLatin } = nameOf({ taxon: sighting.taxon, names: sighting.names });
  return (
    <a class="sighting" href={linkOf(sighting)}>
      <Picture thumbnail={sighting.thumbnail} />
      <span class="words">
        <First kind={sighting.kind} />
        <b>{isLatin ? <Latin>{name}</Latin> : name}</b>
        {latin && <Latin>{latin}</Latin>}
        <span class="hint">
          {clock(sighting.at, traps.zoneOf(sighting.trapId))} · {traps.nameOf(sighting.trapId)}
        </span>
      </span>
    </a>
  );
}
