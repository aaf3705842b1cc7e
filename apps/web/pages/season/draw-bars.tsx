import { Hatch } from '../../charts/hatch.js';
import { px, ticks } from '../../charts/scale.js';
import type { Bin, Step } from '../../charts/season-bins.js';
import { day as dayText, number } from '../../texts/format.js';

const LEFT = 44;
const TOP = 10;
const PLOT = 170;
const EFFORT_TOP = TOP + PLOT + 8;
const EFFORT = 28;
const HEIGHT = EFFORT_TOP + EFFORT + 24;
const NAME_ROOM = 64;
const MOST_WIDE = 72;

interface Drawn {
  readonly now: readonly Bin[];
  /** Bin by bin beside them; none where nothing was recorded */
  readonly before: readonly Bin[];
  readonly step: Step;
}

/** Visits of each day or week, beside those of the period before, over the hours that were recorded. */
export function drawBars({ now, before, step }: Drawn, width: number) {
  const most = Math.max(4, ...now.map(({ visits }) => visits), ...before.map(({ visits }) => visits));
  const axis = ticks(most);
  const top = axis.at(-1) as number;
  const mostMinutes = Math.max(60, ...now.map(({ minutes }) => minutes ?? 0));
  const slot = (width - LEFT) / now.length;
  const x = (index: number) => LEFT + index * slot;
  const base = TOP + PLOT;
  const height = (visits: number) => (visits / top) * PLOT;
  // A bar as broad as a hand says nothing more.
  const pad = Math.max(Math.min(slot * 0.08, 2), (slot - MOST_WIDE) / 2);
  const bar = (slot - 2 * pad) / (before.length ? 2 : 1);
  const bars = (of: readonly Bin[], shift: number) =>
    of
      .slice(0, now.length)
      .map(({ visits }, index) =>
        visits
          ? `M${px(x(index) + pad + shift)} ${base}v${px(-height(visits))}h${px(Math.max(bar - 1, 0.5))}V${base}z`
          : '',
      )
      .join('');
  const effort = now
    .map(({ minutes }, index) =>
      minutes
        ? `M${px(x(index) + pad)} ${EFFORT_TOP + EFFORT}v${px(-(minutes / mostMinutes) * EFFORT)}h${px(slot - 2 * pad)}v${px((minutes / mostMinutes) * EFFORT)}z`
        : '',
    )
    .join('');
  const drawing = (
    <>
      <Hatch id="missing-days" />
      <path
        class="s-grid"
        d={axis
          .slice(1)
          .map((tick) => `M${LEFT} ${px(base - height(tick))}H${width}`)
          .join('')}
      />
      {now.map(({ minutes, start }, index) =>
        minutes === null ? (
          <rect
            key={start}
            x={px(x(index) + pad)}
            y={EFFORT_TOP}
            width={px(slot - 2 * pad)}
            height={EFFORT}
            fill="url(#missing-days)"
          />
        ) : null,
      )}
      <path class="s-obs" d={bars(now, 0)} />
      <path class="c-old" d={bars(before, bar)} />
      <path class="c-eff" d={effort} />
      <path class="s-base" d={`M${LEFT} ${base}H${width}`} />
      {axis.map((tick) => (
        <text key={tick} class="c-end" x={LEFT - 8} y={px(base - height(tick) + 4)}>
          {number(tick)}
        </text>
      ))}
      {names(now, slot, step).map(({ index, text }) => (
        <text key={index} x={px(x(index) + pad)} y={HEIGHT - 6}>
          {text}
        </text>
      ))}
    </>
  );
  return { height: HEIGHT, drawing };
}

/** Months where there are several, else days: as many as have room. */
function names(all: readonly Bin[], slot: number, step: Step): { index: number; text: string }[] {
  const months = all.flatMap(({ start }, index) => {
    const isFirst = index > 0 && start.slice(0, 7) !== all[index - 1]?.start.slice(0, 7);
    return isFirst ? [{ index, text: dayText(start, 'month') }] : [];
  });
  const first = { index: 0, text: dayText(all[0]?.start ?? '1970-01-01', 'short') };
  const wanted =
    months.length >= 2
      ? [first, ...months]
      : all
          .map(({ start }, index) => ({ index, text: dayText(start, 'short') }))
          .filter(({ index }) => step === 'week' || index % 7 === 0 || all.length < 10);
  let freeFrom = -Infinity;
  return wanted.filter(({ index }) => {
    const at = index * slot;
    if (at < freeFrom || at + NAME_ROOM / 2 > all.length * slot) return false;
    freeFrom = at + NAME_ROOM;
    return true;
  });
}
