import './activity.css';
import { useLocation } from 'preact-iso/router';
import type { Counts, Names } from '../../../../libs/api-types/index.js';
import { withQuery } from '../../api/client.js';
import { useEvents } from '../../api/events.js';
import { refresh, useAnswer } from '../../api/query.js';
import { session, stationZone } from '../../api/session.js';
import { type Traps, useTraps } from '../../api/traps.js';
import { Choice } from '../../components/choice.js';
import { Failed } from '../../components/failed.js';
import { Page } from '../../shell/page.js';
import { activityWords as t } from '../../texts/activity.js';
import { addDays, dayOf, startOfDay } from '../../texts/format.js';
import { namedGroup, shell } from '../../texts/shell.js';
import { language } from '../../texts/words.js';
import { ActivityChart } from './activity-chart.js';
import { askedEpisode } from './asked-episode.js';
import { EpisodeCard, type NamedEpisode } from './episode-card.js';
import { capital, TodaySeries } from './today-series.js';

const DAY_COUNTS = [5, 10, 20];
const EPISODE_DAYS = 30;
/** Groups that came in this time can be chosen. */
const GROUP_DAYS = 60;

/** What was unusual, and why? */
export function Activity() {
  const traps = useTraps();
  const { path, query, route } = useLocation();
  const heard = traps.all.filter(({ lastMessageAt }) => lastMessageAt !== null);
  const asked = askedEpisode(query['episode']);
  const trapId = asked?.trapId ?? query['trap'] ?? busiest(heard);
  const group = asked?.group ?? query['group'] ?? 'all';
  const dayCount = DAY_COUNTS.find((each) => String(each) === query['days']) ?? DAY_COUNTS[0];
  const zone = trapId ? traps.zoneOf(trapId) : stationZone.value;
  const day = asked?.day ?? query['day'] ?? dayOf(new Date(), zone);
  const groups = useGroups(trapId, zone, group);
  const grafana = session.value?.station.grafanaUrl;
  const dashboard = grafana && trapId && withQuery(`${grafana}/d/trapline-unusual`, { 'var-trap': trapId });
  const set = (name: string, value: string) =>
    route(
      withQuery(path, {
        ...query,
        ...(asked && { episode: '', trap: trapId, group, day }),
        [name]: value === 'all' && name === 'group' ? '' : value,
      }),
      true,
    );
  useEvents(({ kind }) => {
    if (kind === 'episode' || kind === 'poll' || kind === 'resync') refresh('/activity');
  });
  const groupText =
    group === 'all' ? t.allInsects : capital(groups.find(([each]) => each === group)?.[1] ?? group);
  return (
    <Page title={t.title}>
      <div class="page-head">
        <h1>{t.title}</h1>
        <div class="end push choices">
          <Choice
            label={shell.trap}
            value={trapId ?? ''}
            options={heard.map(({ trapId: id, name }) => [id, name ?? id])}
            onChange={(value) => set('trap', value)}
          />
          <Choice
            label={t.group}
            value={group}
            options={[['all', t.allInsects], ...groups.map(([id, name]) => [id, capital(name)] as const)]}
            onChange={(value) => set('group', value)}
          />
          <Choice
            label={t.period}
            value={String(dayCount)}
            options={DAY_COUNTS.map((each) => [String(each), t.nDays(each)])}
            onChange={(value) => set('days', value)}
          />
        </div>
        <p class="lead">{t.lead}</p>
      </div>
      {trapId && (
        <ActivityChart
          trapId={trapId}
          group={group}
          title={t.at(groupText, traps.nameOf(trapId))}
          zone={zone}
          day={day}
          dayCount={dayCount as number}
          grafana={dashboard || undefined}
        />
      )}
      <div class="columns section">
        <Episodes
          traps={traps}
          trapId={asked?.trapId ?? query['trap']}
          group={asked?.group ?? query['group']}
          day={day}
          asked={query['episode']}
        />
        <TodaySeries traps={traps} />
      </div>
    </Page>
  );
}

/** The one with the most visits: there is most to be seen. */
const busiest = (traps: Traps['all']): string | undefined =>
  [...traps].sort((a, b) => b.counts.runs - a.counts.runs)[0]?.trapId;

/** Groups that came lately, the most frequent first; the chosen one in any case. */
function useGroups(trap: string | undefined, zone: string, chosen: string): (readonly [string, string])[] {
  const from = startOfDay(addDays(dayOf(new Date(), zone), -GROUP_DAYS), zone);
  const { data } = useAnswer<Counts>(trap && withQuery('/stats/counts', { by: 'group', trap, from }));
  const items = (data?.items ?? []) as readonly (Counts['items'][number] & { readonly groupNames?: Names })[];
  const found = [...items]
    .sort((a, b) => b.visits - a.visits)
    .flatMap(({ group, groupNames }) => (group ? [[group, namedGroup(group, groupNames)] as const] : []));
  const isThere = chosen === 'all' || found.some(([group]) => group === chosen);
  // Read here, so that the names follow the language.
  void language.value;
  return isThere ? found : [...found, [chosen, namedGroup(chosen)]];
}

interface EpisodesProps {
  readonly traps: Traps;
  readonly trapId: string | undefined;
  readonly group: string | undefined;
  readonly day: string;
  /** The one that the address names */
  readonly asked: string | undefined;
}

function Episodes({ traps, trapId, group, day, asked }: EpisodesProps) {
  const zone = trapId ? traps.zoneOf(trapId) : stationZone.value;
  const { data, error, reload } = useAnswer<{ readonly items: readonly NamedEpisode[] }>(
    withQuery('/activity/episodes', {
      trap: trapId,
      group,
      from: startOfDay(addDays(day, 1 - EPISODE_DAYS), zone),
      to: startOfDay(addDays(day, 1), zone),
      limit: 50,
    }),
  );
  return (
    <section class="stack" aria-labelledby="episodes">
      <div class="section-head flat">
        <h2 id="episodes">{t.episodes}</h2>
        {data && <span class="hint">{t.inDays(data.items.length, EPISODE_DAYS)}</span>}
      </div>
      {error && <Failed error={error} onRetry={reload} />}
      {data?.items.length === 0 && <p class="quiet">{t.noEpisodes}</p>}
      {data?.items.map((episode) => (
        <EpisodeCard
          key={episode.id}
          episode={episode}
          isAsked={episode.id === asked}
          trapName={traps.nameOf(episode.trapId)}
          zone={traps.zoneOf(episode.trapId)}
        />
      ))}
    </section>
  );
}
