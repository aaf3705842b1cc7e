import { type AxisHour, flagged } from '../../charts/activity-hours.js';
import { Hatch } from '../../charts/hatch.js';
import { px, spans, ticks } from '../../charts/scale.js';
import { date, number } from '../../texts/format.js';

export const LEFT = 34;
const TOP = 30;
const PLOT = 210;
const BOTTOM = 22;
export const HEIGHT = TOP + PLOT + BOTTOM;
/** Narrower than this, days have no room for their names. */
const DAY_NAME = 56;

interface Drawn {
  readonly hours: readonly AxisHour[];
  readonly zone: string;
  readonly nowMs: number;
  /** The hour whose figures are read */
  readonly chosen?: number | undefined;
}

/** Counted, expected and the upper bound, hour by hour; hatched where nothing was recorded. */
export function drawActivity({ hours, zone, nowMs, chosen }: Drawn, width: number) {
  const most = Math.max(4, ...hours.map(({ count, upper }) => Math.max(count, upper ?? 0)));
  const axis = ticks(most);
  const top = axis.at(-1) as number;
  const step = (width - LEFT) / hours.length;
  const x = (index: number) => LEFT + index * step;
  const y = (value: number) => TOP + PLOT * (1 - value / top);
  const base = TOP + PLOT;
  const bars = (isUnusual: boolean) =>
    hours
      .map((hour, index) =>
        hour.count > 0 && hour.isUnusual === isUnusual
          ? `M${px(x(index) + step * 0.1)} ${base}V${px(y(hour.count))}h${px(step * 0.8)}V${base}z`
          : '',
      )
      .join('');
  const judged = spans(hours.length, (index) => hours[index]?.state === 'judged');
  const steps = ([from, to]: readonly [number, number], of: (hour: AxisHour) => number | null) =>
    hours.slice(from, to).map((hour, index) => `V${px(y(of(hour) ?? 0))}H${px(x(from + index + 1))}`);
  const band = judged.map(
    (span) => `M${px(x(span[0]))} ${base}${steps(span, ({ upper }) => upper).join('')}V${base}z`,
  );
  const expected = judged.map((span) => {
    const line = steps(span, (hour) => hour.expected).join('');
    return `M${px(x(span[0]))} ${px(y(hours[span[0]]?.expected ?? 0))}${line}`;
  });
  const missing = spans(hours.length, (index) => hours[index]?.state === 'missing');
  const now = (nowMs - (hours[0]?.startMs ?? nowMs)) / 3_600_000;
  const drawing = (
    <>
      <Hatch id="missing-hours" />
      <path
        class="s-grid"
        d={axis
          .slice(1)
          .map((tick) => `M${LEFT} ${px(y(tick))}H${width}`)
          .join('')}
      />
      {missing.map(([from, to]) => (
        <rect
          key={from}
          x={px(x(from))}
          y={TOP - 8}
          width={px(x(to) - x(from))}
          height={PLOT + 8}
          fill="url(#missing-hours)"
          opacity="0.55"
        />
      ))}
      <path class="s-band" d={band.join('')} />
      <path class="s-obs" d={bars(false)} />
      <path class="s-hi" d={bars(true)} />
      <path class="s-exp" d={expected.join('')} />
      <path class="s-base" d={`M${LEFT} ${base}H${width}`} />
      {now > 0 && now < hours.length && <path class="c-now" d={`M${px(x(now))} ${TOP - 8}V${base}`} />}
      {chosen !== undefined && (
        <rect class="c-cursor" x={px(x(chosen))} y={TOP - 8} width={px(step)} height={PLOT + 8} />
      )}
      {axis.map((tick) => (
        <text key={tick} class="c-end" x={LEFT - 8} y={px(y(tick) + 4)}>
          {number(tick)}
        </text>
      ))}
      {flagged(hours).map((index) => {
        const at = { x: x(index + 0.5), y: y(hours[index]?.count ?? 0) };
        return (
          <g key={index}>
            <path class="s-hi" d={`M${px(at.x)} ${px(at.y - 12)}l4.5 4.5-4.5 4.5-4.5-4.5z`} />
            <text class="c-flag c-mid" x={px(at.x)} y={px(at.y - 16)}>
              {number(hours[index]?.count ?? 0)}
            </text>
          </g>
        );
      })}
      {days(hours, zone).map(({ from, to, startMs }, index, all) => {
        const room = (x(to) - x(from)) * (all.length > 10 ? Math.ceil(all.length / 10) : 1);
        if (all.length > 10 && index % Math.ceil(all.length / 10)) return null;
        return (
          <text key={from} class="c-mid" x={px((x(from) + x(to)) / 2)} y={HEIGHT - 4}>
            {date(new Date(startMs), zone, room < DAY_NAME ? 'numeric-day' : 'weekday-day')}
          </text>
        );
      })}
    </>
  );
  return { height: HEIGHT, drawing };
}

/** The hours of each local day, which has 23 or 25 when clocks change. */
function days(hours: readonly AxisHour[], zone: string) {
  const found: { from: number; to: number; name: string; startMs: number }[] = [];
  hours.forEach(({ startMs }, index) => {
    const name = date(new Date(startMs), zone, 'short');
    const last = found.at(-1);
    if (last?.name === name) last.to = index + 1;
    else found.push({ from: index, to: index + 1, name, startMs });
  });
  return found;
}
