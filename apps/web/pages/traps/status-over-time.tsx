import type { Trap, TrapVisit } from '../../../../libs/api-types/index.js';
import { type Reading, trapPath, useReadings } from '../../api/fleet.js';
import { useAnswer } from '../../api/query.js';
import { extent, linePath, type Span } from '../../charts/lines.js';
import { type Point, usualGapMs } from '../../charts/trend.js';
import { Failed } from '../../components/failed.js';
import { addDays, date, dayOf, percent, startOfDay } from '../../texts/format.js';
import { oneTrapWords as t, trapWords } from '../../texts/traps.js';
import { BatteryAdvice, batteryPoints } from './trap-card.js';
import { diskText, signalText, temperature } from './vitals.js';

interface Props {
  readonly trap: Trap;
  readonly zone: string;
}

const DAYS = 14;
const HOUR_MS = 3_600_000;
const WIDTH = 600;
const HEIGHT = 40;

/** What a trap measures of itself, with the least span that its axis shows. */
const SERIES = [
  {
    field: 'batteryPct',
    name: () => trapWords.battery,
    text: (value: number) => percent(value / 100),
    span: 20,
  },
  { field: 'temperatureC', name: () => trapWords.inside, text: temperature, span: 10 },
  { field: 'cpuTemperatureC', name: () => trapWords.cpu, text: temperature, span: 10 },
  { field: 'diskFreeMb', name: () => trapWords.diskFree, text: diskText, span: 1000 },
  { field: 'signalDbm', name: () => trapWords.signal, text: signalText, span: 20 },
] as const;

/** Battery, temperatures, disk and signal of the last two weeks, each on a line of its own scale. */
export function StatusOverTime({ trap, zone }: Props) {
  const first = startOfDay(addDays(dayOf(new Date(), zone), 1 - DAYS), zone);
  const { data, error, reload } = useReadings(trap.trapId, first);
  const { data: visits } = useAnswer<{ readonly items: readonly TrapVisit[] }>(
    `${trapPath(trap.trapId)}/visits`,
  );
  const readings = [...(data?.items ?? [])].reverse();
  const span = { fromMs: Date.parse(first), toMs: Date.now() };
  const atTrap = (visits?.items ?? []).map(({ at }) => Date.parse(at)).filter((at) => at > span.fromMs);
  return (
    <section class="card roomy">
      <h2>{t.statusOverTime}</h2>
      {error && <Failed error={error} onRetry={reload} />}
      {data && !readings.length && <p class="quiet">{t.noReadings}</p>}
      {readings.length > 0 && (
        <div class="sparks">
          {SERIES.map(({ field, name, text, span: least }) => {
            const points = pointsOf(readings, field);
            if (!points.length) return null;
            return (
              <Spark
                key={field}
                name={name()}
                text={text}
                points={points}
                least={least}
                span={span}
                visits={atTrap}
              />
            );
          })}
          <div class="spark-axis hint" aria-hidden="true">
            <span>{date(first, zone, 'short')}</span>
            <span>{date(new Date(), zone, 'short')}</span>
          </div>
          <BatteryAdvice points={batteryPoints(data?.items ?? []).slice(0, 200)} zone={zone} />
        </div>
      )}
    </section>
  );
}

const pointsOf = (readings: readonly Reading[], field: string): Point[] =>
  readings.flatMap(({ at, readings: { [field]: value } }) =>
    typeof value === 'number' ? [{ atMs: Date.parse(at), value }] : [],
  );

interface SparkProps {
  readonly name: string;
  readonly text: (value: number) => string;
  readonly points: readonly Point[];
  readonly least: number;
  readonly span: Span;
  readonly visits: readonly number[];
}

function Spark({ name, text, points, least, span, visits }: SparkProps) {
  const values = points.map(({ value }) => value);
  const [low, high] = [text(Math.min(...values)), text(Math.max(...values))];
  const last = text((points.at(-1) as Point).value);
  const gapMs = usualGapMs(points.map(({ atMs }) => atMs)) ?? HOUR_MS;
  const x = (atMs: number) => ((atMs - span.fromMs) / (span.toMs - span.fromMs)) * WIDTH;
  return (
    <div class="spark">
      <span class="quiet">{name}</span>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t.series(name, low, high, last)}
      >
        {visits.map((at) => (
          <path key={at} class="visit" d={`M${x(at)} 0V${HEIGHT}`} />
        ))}
        <path d={linePath(points, span, extent(points, least), WIDTH, HEIGHT, Math.max(gapMs, HOUR_MS))} />
      </svg>
      <span class="now">
        {last}
        <span class="hint block">
          {low}–{high}
        </span>
      </span>
    </div>
  );
}
