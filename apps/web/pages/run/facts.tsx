import type { Crop, RunInFull, Session } from '../../../../libs/api-types/index.js';
import { withQuery } from '../../api/client.js';
import { useAnswer } from '../../api/query.js';
import type { Traps } from '../../api/traps.js';
import { startOf } from '../../components/run-card.js';
import { bytes, clock, date, minutes, number, offset, percentOf, seconds } from '../../texts/format.js';
import { runWords as t } from '../../texts/run.js';
import { shell } from '../../texts/shell.js';

interface Props {
  readonly run: RunInFull;
  readonly traps: Traps;
  /** The picture that is shown: the box is its own. */
  readonly crop: Crop | undefined;
}

export function Facts({ run, traps, crop }: Props) {
  const zone = traps.zoneOf(run.trapId);
  const box = crop?.detection?.box;
  const [left = 0, top = 0, right = 0, bottom = 0] = box ?? [];
  const confidence = crop?.detection?.confidence;
  return (
    <dl class="facts">
      <dt>{t.seen}</dt>
      <dd>
        <Seen run={run} zone={zone} />
      </dd>
      <dt>{shell.trap}</dt>
      <dd>
        <a href={`/traps/${encodeURIComponent(run.trapId)}`}>{traps.nameOf(run.trapId)}</a>
      </dd>
      <SessionFact run={run} zone={zone} />
      <dt>{t.pictures}</dt>
      <dd>
        {run.announcedCrops === null
          ? t.receivedSoFar(run.storedCrops)
          : t.received(run.storedCrops, run.announcedCrops)}
        , {bytes(run.bytes)}
      </dd>
      {box && (
        <>
          <dt>{t.box}</dt>
          <dd>
            {t.boxIs(
              percentOf(right - left),
              percentOf(bottom - top),
              confidence == null ? undefined : number(confidence, 2),
            )}
          </dd>
        </>
      )}
      <dt>{t.id}</dt>
      <dd>
        <code>{run.runId}</code>
      </dd>
    </dl>
  );
}

function Seen({ run, zone }: { readonly run: RunInFull; readonly zone: string }) {
  if (!run.timeKnown) return <>{shell.timeUnknown}</>;
  const start = startOf(run);
  // A clock that was set back in between makes an end before the beginning: that is none.
  const hasEnd = run.start !== null && run.end !== null && Date.parse(run.start) < Date.parse(run.end);
  const times = [start, ...(hasEnd ? [run.end as string] : [])].map((time) => clock(time, zone, true));
  const hints = [
    run.startOffsetMin === null ? zone : `${zone}, ${offset(run.startOffsetMin)}`,
    ...(run.durationS === null ? [] : [t.stayed(seconds(run.durationS))]),
    ...(run.clockSuspect ? [t.suspect] : []),
  ];
  return (
    <>
      {date(start, zone, 'full')}, {[...new Set(times)].join('–')}
      <br />
      <span class="hint">{hints.join(' · ')}</span>
    </>
  );
}

function SessionFact({ run, zone }: { readonly run: RunInFull; readonly zone: string }) {
  const { data } = useAnswer<{ items: readonly Session[] }>(
    run.sessionId
      ? withQuery('/sessions', {
          trap: run.trapId,
          to: new Date(Date.parse(startOf(run)) + 1).toISOString(),
          limit: 5,
        })
      : undefined,
  );
  if (!run.sessionId) return null;
  const session = data?.items.find(({ sessionId }) => sessionId === run.sessionId);
  const times = [session?.start, session?.end].flatMap((time) => (time ? [clock(time, zone)] : []));
  return (
    <>
      <dt>{t.session}</dt>
      <dd>
        {times.join('–') || '\u00a0'}
        {session?.minutes != null && `, ${t.recordedMinutes(minutes(session.minutes))}`}
      </dd>
    </>
  );
}
