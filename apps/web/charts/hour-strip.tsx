import type { Today } from '../../../libs/api-types/index.js';
import './plot.css';
import { number } from '../texts/format.js';
import { todayWords as t } from '../texts/today.js';

type Hour = Today['hours'][number];

interface Props {
  readonly hours: readonly Hour[];
  /** Local time now, in hours; null on past days */
  readonly nowHour: number | null;
  /** Where the flag of the most unusual hour leads */
  readonly link: string;
}

const WIDTH = 10;
const HEIGHT = 100;
const GAP = 1.1;
/** Of the height, for the flag above the highest bar. */
const ROOM = 1.12;

/** The 24 hours of a day against what is usual. */
export function HourStrip({ hours, nowHour, link }: Props) {
  const most = Math.max(
    ...hours.map(({ visits, high, expected }) => Math.max(visits, high ?? 0, expected ?? 0)),
    4,
  );
  const y = (value: number) => HEIGHT - (value / (most * ROOM)) * HEIGHT;
  const bar = ({ hour, visits }: Hour) => {
    const left = hour * WIDTH + GAP;
    return `M${left} ${HEIGHT}V${y(visits)}h${WIDTH - 2 * GAP}V${HEIGHT}z`;
  };
  const bars = (which: (hour: Hour) => boolean) =>
    hours
      .filter((hour) => hour.visits > 0 && which(hour))
      .map(bar)
      .join('');
  const hasBand = hours.some(({ high }) => high !== null);
  const unusual = hours.filter((hour) => hour.unusual);
  const flagged = [...unusual].sort((a, b) => b.visits - a.visits)[0];
  return (
    <div class="plot">
      <div class="area">
        <svg
          viewBox={`0 0 ${24 * WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={sentenceOf(hours)}
        >
          <path class="s-grid" d={`M0 20H${24 * WIDTH}M0 60H${24 * WIDTH}`} />
          {hasBand && <path class="s-band" d={bandOf(hours, y)} />}
          <path class="s-obs" d={bars((hour) => !hour.unusual)} />
          <path class="s-hi" d={bars((hour) => hour.unusual)} />
          {hasBand && <path class="s-exp" d={steps(hours, ({ expected }) => y(expected ?? 0), 'M')} />}
          <path class="s-base" d={`M0 ${HEIGHT}H${24 * WIDTH}`} />
        </svg>
        {flagged && (
          <a
            class="flag"
            href={link}
            style={{ left: `${((flagged.hour + 0.5) / 24) * 100}%`, top: `${y(flagged.visits)}%` }}
          >
            {number(flagged.visits)}
          </a>
        )}
        {nowHour !== null && <div class="now-line" style={{ left: `${(nowHour / 24) * 100}%` }} />}
      </div>
      <div class="axis-x" aria-hidden="true">
        {[0, 6, 12, 18, 24].map((hour) => (
          <span key={hour} style={{ left: `${(hour / 24) * 100}%` }}>
            {hour === 24 ? '24 h' : hour}
          </span>
        ))}
      </div>
    </div>
  );
}

/** A line of steps from left to right, one for each hour. */
const steps = (hours: readonly Hour[], y: (hour: Hour) => number, first: 'M' | 'L'): string =>
  hours
    .map((hour, index) => `${index ? 'V' : `${first}0 `}${y(hour).toFixed(1)}H${(hour.hour + 1) * WIDTH}`)
    .join('');

function bandOf(hours: readonly Hour[], y: (value: number) => number): string {
  const above = steps(hours, ({ high }) => y(high ?? 0), 'M');
  const below = [...hours].reverse().map(({ hour, low }) => `V${y(low ?? 0).toFixed(1)}H${hour * WIDTH}`);
  return `${above}${below.join('')}z`;
}

function sentenceOf(hours: readonly Hour[]): string {
  const sum = hours.reduce((total, { visits }) => total + visits, 0);
  const peak = hours.reduce((best, each) => (each.visits > best.visits ? each : best));
  const above = hours.filter(({ unusual }) => unusual).map(({ hour }) => hour);
  return (
    t.hoursSentence(number(sum), String(peak.hour), number(peak.visits)) +
    (above.length ? t.above(above.join(', ')) : '')
  );
}
