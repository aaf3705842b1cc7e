import './traps.css';
import '../../charts/plot.css';
import { useState } from 'preact/hooks';
import type { Counts, Trap } from '../../../../libs/api-types/index.js';
import { byNeed, useLiveTraps } from '../../api/fleet.js';
import { useAnswer } from '../../api/query.js';
import { may, stationZone } from '../../api/session.js';
import { recordedDays } from '../../charts/coverage.js';
import { Failed } from '../../components/failed.js';
import { Icon } from '../../components/icon.js';
import { Rich } from '../../components/rich.js';
import { Page } from '../../shell/page.js';
import { addDays, dayOf, startOfDay } from '../../texts/format.js';
import { trapWords as t } from '../../texts/traps.js';
import { NoteVisit } from './note-visit.js';
import { Recorded } from './recorded.js';
import { TrapCard } from './trap-card.js';
import { TrapMap } from './trap-map.js';

const DAYS = 7;

/** Does every trap do its work? */
export function Traps() {
  const { data, error, reload } = useAnswer<{ readonly items: readonly Trap[] }>('/traps?limit=500');
  useLiveTraps();
  return (
    <Page title={t.title}>
      <div class="page-head">
        <h1>{t.title}</h1>
        {may('admin') && (
          <div class="end push">
            <a class="btn main" href="/add-trap">
              <Icon name="plus" small /> {t.add}
            </a>
          </div>
        )}
        {data && data.items.length > 0 && <p class="lead">{<Rich text={summary(data.items)} />}</p>}
      </div>
      {error && <Failed error={error} onRetry={reload} />}
      {data && (data.items.length ? <Fleet traps={byNeed(data.items)} /> : <NoTraps />)}
    </Page>
  );
}

function Fleet({ traps }: { readonly traps: readonly Trap[] }) {
  const [visited, setVisited] = useState<Trap>();
  const zone = stationZone.value;
  const first = addDays(dayOf(new Date(), zone), 1 - DAYS);
  const effort = useAnswer<Counts>(`/stats/counts?by=trap,day&from=${startOfDay(first, zone)}`);
  const daysOf = ({ trapId }: Trap) => recordedDays(effort.data?.items ?? [], trapId, first, DAYS);
  const most = Math.max(60, ...traps.flatMap(daysOf).map(({ minutes }) => minutes ?? 0));
  const heard = traps.filter(({ lastMessageAt }) => lastMessageAt !== null);
  return (
    <>
      <div class="traps">
        {traps.map((trap) => (
          <TrapCard
            key={trap.trapId}
            trap={trap}
            zone={trap.timeZone ?? zone}
            days={effort.data && daysOf(trap)}
            mostMinutes={most}
            onNoteVisit={() => setVisited(trap)}
          />
        ))}
      </div>
      {heard.length > 0 && (
        <div class="columns section stretched">
          {effort.error && <Failed error={effort.error} onRetry={effort.reload} />}
          {effort.data ? (
            <Recorded traps={heard} daysOf={daysOf} />
          ) : (
            !effort.error && <section class="card roomy" aria-busy="true" />
          )}
          <TrapMap traps={heard} />
        </div>
      )}
      {visited && <NoteVisit trap={visited} onClose={() => setVisited(undefined)} />}
    </>
  );
}

const NoTraps = () => (
  <section class="card roomy empty-traps">
    <h2>{t.none}</h2>
    <p class="quiet">{may('admin') ? t.noneHow : t.onlyAdminAdds}</p>
  </section>
);

/** "4 of 6 record now; Riverbank should have been heard." */
function summary(all: readonly Trap[]): string {
  const traps = all.filter(({ presence }) => presence.state !== 'removed');
  if (!traps.length) return '';
  const of = (state: Trap['presence']['state']) => traps.filter(({ presence }) => presence.state === state);
  const names = (some: readonly Trap[]) => some.map(({ name, trapId }) => name ?? trapId).join(', ');
  const [online, sleeping, silent, never] = [of('online'), of('sleeping'), of('silent'), of('never')];
  const working = [t.onlineNow(online.length, traps.length)];
  if (sleeping.length) working.push(t.sleepNow(sleeping.length));
  const missing = [
    ...(silent.length ? [t.shouldBeHeard(names(silent))] : []),
    ...(never.length ? [t.neverHeardOf(names(never))] : []),
  ];
  return [working.join(', '), missing.join('; ')].filter(Boolean).join('. ').replace(/\.?$/, '.');
}
