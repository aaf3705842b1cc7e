import './traps.css';
import { useEffect } from 'preact/hooks';
import { useRoute } from 'preact-iso/router';
import type { Counts, Run, Trap } from '../../../../libs/api-types/index.js';
import { readingOf, trapPath, useLiveTraps } from '../../api/fleet.js';
import { useAnswer } from '../../api/query.js';
import { may, stationZone } from '../../api/session.js';
import { recordedDays } from '../../charts/coverage.js';
import { Failed } from '../../components/failed.js';
import { Icon } from '../../components/icon.js';
import { Picture } from '../../components/picture.js';
import { Page } from '../../shell/page.js';
import { addDays, dayOf, percent, startOfDay } from '../../texts/format.js';
import { oneTrapWords as t, trapWords } from '../../texts/traps.js';
import { Account } from './account.js';
import { Connect } from './connect.js';
import { Deployments } from './deployments.js';
import { Facts } from './facts.js';
import { StatusOverTime } from './status-over-time.js';
import { TrapState } from './trap-state.js';
import { VisitLog } from './visit-log.js';
import { diskText, isBatteryLow, LOW_DISK_MB, signalText, WEAK_SIGNAL_DBM } from './vitals.js';
import { Week } from './week.js';

const DAYS = 28;

/** One trap: its status over time, its facts, deployments, notes and visits. */
export function OneTrap() {
  const { trapId = '' } = useRoute().params;
  const { data: trap, error, reload } = useAnswer<Trap>(trapPath(trapId));
  useLiveTraps();
  useEffect(() => {
    if (trap && location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }, [trap?.trapId]);
  const name = trap?.name ?? trapId;
  const zone = trap?.timeZone ?? stationZone.value;
  return (
    <Page title={name}>
      <div class="page-head">
        <a class="btn ghost" href="/traps">
          <Icon name="left" small /> {trapWords.title}
        </a>
        <h1 class="line">{error?.status === 404 ? t.notFound(trapId) : name}</h1>
        {trap && <TrapState trap={trap} zone={zone} />}
      </div>
      {error && error.status !== 404 && <Failed error={error} onRetry={reload} />}
      {trap && <Shown trap={trap} zone={zone} />}
    </Page>
  );
}

interface Props {
  readonly trap: Trap;
  readonly zone: string;
}

function Shown({ trap, zone }: Props) {
  const { trapId } = trap;
  const isHeard = trap.lastMessageAt !== null;
  const query = encodeURIComponent(trapId);
  return (
    <div class="columns one-trap">
      <div class="stack">
        {isHeard && <LastInsect trapId={trapId} />}
        {trap.presence.state === 'silent' && <WhatToCheck trap={trap} />}
        {isHeard && <StatusOverTime trap={trap} zone={zone} />}
        {isHeard && <RecordedMonth trap={trap} zone={zone} />}
        <Deployments trap={trap} zone={zone} />
        {may('editor') && (
          <section class="card roomy" id="connect">
            <h2>{t.connect}</h2>
            <Connect trapId={trapId} />
          </section>
        )}
      </div>
      <div class="stack">
        <Facts trap={trap} zone={zone} />
        {isHeard && (
          <div class="btns">
            <a class="btn" href={`/gallery?trap=${query}`}>
              {t.allRuns}
            </a>
            <a class="btn" href={`/activity?trap=${query}`}>
              {t.itsActivity}
            </a>
          </div>
        )}
        <VisitLog trap={trap} zone={zone} />
        {may('admin') && <Account trapId={trapId} />}
      </div>
    </div>
  );
}

function LastInsect({ trapId }: { readonly trapId: string }) {
  const { data } = useAnswer<{ readonly items: readonly Run[] }>(
    `/runs?trap=${encodeURIComponent(trapId)}&insectsOnly=true&limit=1`,
  );
  const last = data?.items[0];
  if (!last) return null;
  return (
    <a
      href={`/runs/${encodeURIComponent(trapId)}/${encodeURIComponent(last.runId)}`}
      aria-label={trapWords.lastInsect('')}
    >
      <Picture thumbnail={last.links.thumbnail} class="last whole" isEager />
    </a>
  );
}

/** In the order in which it helps. */
function WhatToCheck({ trap }: { readonly trap: Trap }) {
  const battery = readingOf(trap, 'batteryPct');
  const signal = readingOf(trap, 'signalDbm');
  const disk = readingOf(trap, 'diskFreeMb');
  const isLow = isBatteryLow(trap) && battery !== undefined;
  const isWeak = signal !== undefined && signal < WEAK_SIGNAL_DBM;
  return (
    <section class="card roomy" id="check">
      <h2>{trapWords.whatToCheck}</h2>
      <ol class="bullets">
        <li>{isLow ? t.checkPowerLow(percent(battery / 100)) : t.checkPower}</li>
        <li>{isWeak ? t.checkSignalLow(signalText(signal)) : t.checkSignal}</li>
        {disk !== undefined && disk < LOW_DISK_MB && <li>{t.checkDiskLow(diskText(disk))}</li>}
        <li>{t.checkStation}</li>
        <li>{t.checkService}</li>
      </ol>
    </section>
  );
}

function RecordedMonth({ trap: { trapId }, zone }: Props) {
  const first = addDays(dayOf(new Date(), zone), 1 - DAYS);
  const { data, error, reload } = useAnswer<Counts>(
    `/stats/counts?by=trap,day&trap=${encodeURIComponent(trapId)}&from=${startOfDay(first, zone)}`,
  );
  const days = recordedDays(data?.items ?? [], trapId, first, DAYS);
  return (
    <section class="card roomy">
      <h2>{trapWords.recordedMonth}</h2>
      {error && <Failed error={error} onRetry={reload} />}
      {data && <Week days={days} most={Math.max(60, ...days.map(({ minutes }) => minutes ?? 0))} />}
    </section>
  );
}
