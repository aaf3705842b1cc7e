import { px } from '../../charts/scale.js';
import { number } from '../../texts/format.js';
import { short } from './draw-heat.js';

const ROW = 28;
const NARROW_ROW = 42;
const BAR = 9;
const WIDE = 620;

export interface CompareRow {
  readonly name: string;
  readonly isLatin: boolean;
  readonly now: number;
  readonly before: number;
  readonly ratio: { readonly value: number; readonly isSure: boolean } | null;
}

/** Visits per recorded hour of each kind in two periods, and how they changed. */
export function drawCompare(rows: readonly CompareRow[], width: number) {
  const isWide = width >= WIDE;
  const left = isWide ? 190 : 0;
  const right = isWide ? 150 : 0;
  const rowHeight = isWide ? ROW : NARROW_ROW;
  const barTop = isWide ? 3 : 20;
  const most = Math.max(...rows.map(({ now, before }) => Math.max(now, before)), 1e-9);
  const length = (rate: number) => px(Math.max((rate / most) * (width - left - right), 1));
  const drawing = rows.map(({ name, isLatin, now, before, ratio }, row) => (
    <g key={name} transform={`translate(0 ${row * rowHeight})`}>
      <text class="c-name" y={isWide ? 16 : 13} font-style={isLatin ? 'italic' : undefined}>
        {short(name, 26)}
      </text>
      <path class="s-obs" d={`M${left} ${barTop}h${length(now)}v${BAR}H${left}z`} />
      <path class="c-old" d={`M${left} ${barTop + BAR + 2}h${length(before)}v${BAR}H${left}z`} />
      <text class="c-end" x={width - (ratio ? 46 : 0)} y={isWide ? 16 : 13}>
        {number(now, 2, 2)} / {number(before, 2, 2)}
      </text>
      {ratio && (
        <text class={ratio.isSure ? 'c-end c-strong' : 'c-end'} x={width} y={isWide ? 16 : 13}>
          ×{number(ratio.value, ratio.value < 0.95 ? 2 : 1, 1)}
        </text>
      )}
    </g>
  ));
  return { height: rows.length * rowHeight, drawing };
}
