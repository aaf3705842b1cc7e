import { useState } from 'preact/hooks';
import type { ActivityHour } from '../../../../libs/api-types/index.js';
import { useAnswer } from '../../api/query.js';
import { type AxisHour, axisHours } from '../../charts/activity-hours.js';
import { csv } from '../../charts/csv.js';
import { Figure } from '../../charts/figure.js';
import { Failed } from '../../components/failed.js';
import { activityWords as t } from '../../texts/activity.js';
import { chartWords } from '../../texts/charts.js';
import { addDays, date, days as daysText, localOf, minutes, number, startOfDay } from '../../texts/format.js';
import { drawActivity, HEIGHT, LEFT } from './draw-activity.js';

interface Props {
  readonly trapId: string;
  readonly group: string;
  /** What is shown, in words */
  readonly title: string;
  readonly zone: string;
  /** The last local day */
  readonly day: string;
  readonly dayCount: number;
  readonly grafana?: string | undefined;
}

/** Each hour of some days at one trap against what is usual there. */
export function ActivityChart({ trapId, group, title, zone, day, dayCount, grafana }: Props) {
  const first = addDays(day, 1 - dayCount);
  const [from, to] = [startOfDay(first, zone), startOfDay(addDays(day, 1), zone)];
  const query = new URLSearchParams({ trap: trapId, group, from, to, limit: '500' });
  const { data, error, reload } = useAnswer<{ readonly items: readonly ActivityHour[] }>(
    `/activity?${query}`,
  );
  const [chosen, choose] = useState<number>();
  if (error) return <Failed error={error} onRetry={reload} />;
  const nowMs = Date.now();
  const hours = data ? axisHours(data.items, Date.parse(from), Date.parse(to), nowMs) : [];
  const read = chosen === undefined ? undefined : hours[chosen];
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    choose(Math.min(Math.max((chosen ?? hours.length) + step, 0), hours.length - 1));
  };
  const point = ({ offsetX, currentTarget }: PointerEvent & { currentTarget: HTMLElement }) => {
    const index = Math.floor(((offsetX - LEFT) / (currentTarget.clientWidth - LEFT)) * hours.length);
    if (index >= 0 && index < hours.length) choose(index);
  };
  return (
    <Figure
      title={title}
      note={t.chartNote}
      name={`activity_${trapId}_${group}_${first}_${day}`}
      label={sentence(title, daysText(first, day), hours, zone)}
      draw={(width) =>
        data ? drawActivity({ hours, zone, nowMs, chosen }, width) : { height: HEIGHT, drawing: null }
      }
      csv={() => table(hours, zone)}
      legend={[
        { look: 's-obs', text: chartWords.counted },
        { look: 's-hi', text: chartWords.unusual },
        { look: 'k-exp', text: chartWords.expected },
        { look: 's-band', text: chartWords.upTo },
        { look: 'k-miss', text: chartWords.notRecorded },
      ]}
      links={grafana && <a href={grafana}>{t.grafana}</a>}
      overlay={() => (
        <div
          class="reader"
          role="slider"
          tabIndex={0}
          aria-label={t.readHow}
          aria-valuemin={0}
          aria-valuemax={Math.max(hours.length - 1, 0)}
          aria-valuenow={chosen ?? Math.max(hours.length - 1, 0)}
          aria-valuetext={read ? reading(read, zone) : t.readHow}
          onKeyDown={move}
          onPointerMove={point}
          onPointerDown={point}
          onPointerLeave={() => choose(undefined)}
        />
      )}
    >
      <p class="hint reading">{read ? reading(read, zone) : t.readHow}</p>
      {data?.items.length === 0 && <p class="quiet">{t.noHours}</p>}
    </Figure>
  );
}

const localHour = (startMs: number, zone: string): number =>
  Number(localOf(new Date(startMs), zone).slice(11, 13));

const nameOf = (startMs: number, zone: string): string =>
  t.hourOf(date(new Date(startMs), zone, 'short-weekday'), localHour(startMs, zone));

function reading(
  { startMs, count, expected, upper, state, days, effortMin }: AxisHour,
  zone: string,
): string {
  const name = nameOf(startMs, zone);
  if (state === 'missing') return `${name}: ${t.notRecorded}`;
  if (state === 'future') return `${name}: ${t.notYet}`;
  const what =
    state === 'learning'
      ? t.readLearning(number(count), days ?? 0)
      : state === 'brief'
        ? t.readBrief(number(count))
        : t.readJudged(number(count), number(expected ?? 0, 1), number(upper ?? 0));
  return `${name}: ${what}, ${t.readMinutes(minutes(effortMin))}`;
}

function sentence(title: string, days: string, hours: readonly AxisHour[], zone: string): string {
  const sum = hours.reduce((total, { count }) => total + count, 0);
  const above = hours
    .filter(({ isUnusual }) => isUnusual)
    .map(({ startMs, count }) => `${nameOf(startMs, zone)} (${number(count)})`);
  return t.chartLabel(title, days, number(sum)) + (above.length ? t.above(above.join('; ')) : '');
}

const table = (hours: readonly AxisHour[], zone: string): string =>
  csv(
    ['start', 'localHour', 'state', 'count', 'recordedMinutes', 'expected', 'upper', 'unusual'],
    hours
      .filter(({ state }) => state !== 'future')
      .map(({ startMs, state, count, effortMin, expected, upper, isUnusual }) => [
        new Date(startMs).toISOString(),
        localHour(startMs, zone),
        state,
        state === 'missing' ? null : count,
        effortMin,
        expected,
        upper,
        String(isUnusual),
      ]),
  );
