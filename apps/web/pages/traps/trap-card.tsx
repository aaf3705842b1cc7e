import type { Run, Trap } from '../../../../libs/api-types/index.js';
import { trapPath, useReadings } from '../../api/fleet.js';
import { useAnswer } from '../../api/query.js';
import { may } from '../../api/session.js';
import type { RecordedDay } from '../../charts/coverage.js';
import { batteryTrend, usualGapMs } from '../../charts/trend.js';
import { Picture } from '../../components/picture.js';
import { startOf } from '../../components/run-card.js';
import { addDays, date, dayOf, duration, percent, startOfDay } from '../../texts/format.js';
import { trapWords as t } from '../../texts/traps.js';
import { shortTime, TrapState } from './trap-state.js';
import { isBatteryLow, Vitals } from './vitals.js';
import { Week } from './week.js';

interface Props {
  readonly trap: Trap;
  readonly zone: string;
  readonly days: readonly RecordedDay[] | undefined;
  readonly mostMinutes: number;
  readonly onNoteVisit: () => void;
}

const TREND_DAYS = 7;

/** One trap: its last insect, whether it works, what it measures, and when it recorded. */
export function TrapCard({ trap, zone, days, mostMinutes, onNoteVisit }: Props) {
  const { state } = trap.presence;
  const isHeard = trap.lastMessageAt !== null;
  const { data } = useAnswer<{ readonly items: readonly Run[] }>(
    isHeard ? `/runs?trap=${encodeURIComponent(trap.trapId)}&insectsOnly=true&limit=1` : undefined,
  );
  const last = data?.items[0];
  const needsHand = state === 'silent' || isBatteryLow(trap);
  const since = startOfDay(addDays(dayOf(new Date(), zone), -TREND_DAYS), zone);
  const readings = useReadings(needsHand ? trap.trapId : undefined, since).data?.items ?? [];
  return (
    <article class={`card trap ${state}`}>
      <div class="top">
        <Picture
          key={last?.runId}
          thumbnail={last?.links.thumbnail ?? null}
          size={128}
          class={last ? '' : 'empty'}
        />
        <div>
          <h2>
            <a href={trapPath(trap.trapId)}>{trap.name ?? trap.trapId}</a>
          </h2>
          <TrapState trap={trap} zone={zone} />
          <p class="hint">{hintOf(trap, last, zone, usualGapMs(readings.map(({ at }) => Date.parse(at))))}</p>
        </div>
      </div>
      <Vitals trap={trap} />
      {isHeard && (days ? <Week days={days} most={mostMinutes} /> : <span class="later week-later" />)}
      <BatteryAdvice points={batteryPoints(readings)} zone={zone} />
      {state === 'never' && <p class="quiet">{t.neverHow}</p>}
      {state === 'silent' && (
        <div class="btns">
          <a class="btn" href={`${trapPath(trap.trapId)}#check`}>
            {t.whatToCheck}
          </a>
          {may('editor') && (
            <button class="btn ghost" type="button" onClick={onNoteVisit}>
              {t.noteVisit}
            </button>
          )}
        </div>
      )}
      {state === 'never' && may('admin') && (
        <div class="btns">
          <a class="btn" href={`${trapPath(trap.trapId)}#connect`}>
            {t.connectIt}
          </a>
        </div>
      )}
    </article>
  );
}

function hintOf(trap: Trap, last: Run | undefined, zone: string, gapMs: number | undefined): string {
  if (trap.lastMessageAt === null) return t.knownSince(date(trap.firstSeenAt, zone, 'day'));
  if (trap.presence.state !== 'silent')
    return last ? t.lastInsect(shortTime(startOf(last), zone)) : t.noInsect;
  const heard = t.lastHeard(shortTime(trap.lastMessageAt, zone));
  return gapMs === undefined ? heard : `${heard}; ${t.usuallyEvery(duration(gapMs))}`;
}

export const batteryPoints = (
  readings: readonly { at: string; readings: Readonly<Record<string, unknown>> }[],
) =>
  readings.flatMap(({ at, readings: { batteryPct } }) =>
    typeof batteryPct === 'number' ? [{ atMs: Date.parse(at), value: batteryPct }] : [],
  );

interface AdviceProps {
  readonly points: Parameters<typeof batteryTrend>[0];
  readonly zone: string;
}

/** By which day a falling battery is to be changed. */
export function BatteryAdvice({ points, zone }: AdviceProps) {
  const trend = points.length ? batteryTrend(points) : undefined;
  if (!trend) return null;
  return (
    <p class="hint">
      {t.batteryLoses(
        percent(trend.perDay / 100),
        date(
          new Date(trend.emptyAtMs),
          zone,
          trend.emptyAtMs < Date.now() + 6 * 86_400_000 ? 'day-of-week' : 'day',
        ),
      )}
    </p>
  );
}
