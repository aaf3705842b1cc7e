import { Hatch } from '../../charts/hatch.js';
import { px } from '../../charts/scale.js';
import { shade } from '../../charts/season-bins.js';
import { chartWords } from '../../texts/charts.js';
import { number } from '../../texts/format.js';
import { seasonWords as t } from '../../texts/season.js';

const HOURS = 24;
const ROW = 25;
const CELL = 23;
const EFFORT = 28;
/** Narrower than this, names stand above their rows. */
const WIDE = 620;
const NARROW_ROW = 44;

export interface HeatRow {
  readonly name: string;
  readonly isLatin: boolean;
  readonly visits: number;
  /** Visits per recorded hour, by local hour; null where nothing was recorded */
  readonly rates: readonly (number | null)[];
}
interface Drawn {
  readonly rows: readonly HeatRow[];
  /** Recorded minutes by local hour */
  readonly minutes: readonly number[];
  readonly top: number;
}

/** Who comes when: a row for each kind, a column for each hour of the day. */
export function drawHeat({ rows, minutes, top }: Drawn, width: number) {
  const isWide = width >= WIDE;
  const left = isWide ? 190 : 0;
  const right = isWide ? 58 : 0;
  const rowHeight = isWide ? ROW : NARROW_ROW;
  const cellTop = isWide ? 0 : rowHeight - CELL - 2;
  const slot = (width - left - right) / HOURS;
  const gap = isWide ? 2 : 1;
  const x = (hour: number) => left + hour * slot;
  const most = Math.max(1, ...minutes);
  const effortTop = rows.length * rowHeight + (isWide ? 8 : 24);
  const height = effortTop + EFFORT + 22;
  const sum = minutes.reduce((all, each) => all + each, 0);
  const drawing = (
    <>
      <Hatch id="missing-heat" />
      {rows.map(({ name, isLatin, visits, rates }, row) => (
        <g key={name} transform={`translate(0 ${row * rowHeight})`}>
          <text class="c-name" y={isWide ? 17 : 13} font-style={isLatin ? 'italic' : undefined}>
            {short(name, isWide ? 26 : 40)}
          </text>
          <text class="c-end" x={width} y={isWide ? 17 : 13}>
            {number(visits)}
          </text>
          {rates.map((rate, hour) => (
            <rect
              key={hour}
              class={rate === null ? undefined : `c-h${shade(rate, top)}`}
              fill={rate === null ? 'url(#missing-heat)' : undefined}
              x={px(x(hour))}
              y={cellTop}
              width={px(slot - gap)}
              height={CELL}
              rx="2"
            />
          ))}
        </g>
      ))}
      <text y={effortTop + (isWide ? 18 : -6)}>{t.recordedHours}</text>
      <text class="c-end" x={width} y={effortTop + (isWide ? 18 : -6)}>
        {number(sum / 60)}
      </text>
      <path
        class="c-eff"
        d={minutes
          .map((each, hour) =>
            each
              ? `M${px(x(hour))} ${effortTop + EFFORT}v${px(-(each / most) * EFFORT)}h${px(slot - gap)}v${px((each / most) * EFFORT)}z`
              : '',
          )
          .join('')}
      />
      {[0, 6, 12, 18].map((hour) => (
        <text key={hour} x={px(x(hour))} y={height - 4}>
          {hour}
        </text>
      ))}
      {isWide && (
        <text class="c-end" x={width} y={height - 4}>
          {chartWords.visits}
        </text>
      )}
    </>
  );
  return { height, drawing };
}

/** SVG does not cut texts. Soft hyphens have no place in a line that does not break. */
export const short = (name: string, most: number): string => {
  const plain = name.replaceAll('\u00ad', '');
  return plain.length > most ? `${plain.slice(0, most - 1)}…` : plain;
};
