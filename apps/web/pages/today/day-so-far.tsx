import type { Today } from '../../../../libs/api-types/index.js';
import { withQuery } from '../../api/client.js';
import type { Traps } from '../../api/traps.js';
import { HourStrip } from '../../charts/hour-strip.js';
import { Band } from '../../components/band.js';
import { Rich } from '../../components/rich.js';
import { minutes, number, range } from '../../texts/format.js';
import { namedGroup } from '../../texts/shell.js';
import { todayWords as t } from '../../texts/today.js';

type Value = Today['visits'];

/** How many visits and kinds, against what is usual, and hour by hour. */
export function DaySoFar({ today, traps }: { readonly today: Today; readonly traps: Traps }) {
  const { effort } = today;
  const hasBand = today.visits.usual !== null;
  return (
    <section class="card roomy area-day" aria-label={t.soFar}>
      <div class="day">
        <Figure figure={today.visits} what={t.visits(today.visits.count)} today={today} />
        <Figure figure={today.kinds} what={t.kinds(today.kinds.count)} today={today} />
        <div class="says-day">
          <p>
            <Rich text={headline(today, traps)} />
          </p>
          <p class="hint">
            {effort.minutes === null ? t.effortUnknown : t.recorded(minutes(effort.minutes), effort.traps)}
            {hasBand && t.usualIs}
          </p>
        </div>
        <div class="plot-wrap">
          <p class="plot-title">
            <span>{t.perHour}</span>
            {hasBand && <span>{t.bandBehind}</span>}
          </p>
          <HourStrip
            hours={today.hours}
            nowHour={today.nowHour}
            link={withQuery('/activity', { day: today.date })}
          />
        </div>
      </div>
    </section>
  );
}

interface FigureProps {
  readonly figure: Value;
  readonly what: string;
  readonly today: Today;
}

function Figure({ figure: { count, usual }, what, today: { learning, isToday, until } }: FigureProps) {
  const shown = usual && range(usual.low, usual.high);
  return (
    <div class="figure">
      <span class="value">{number(count)}</span>
      <span class="what">{what}</span>
      {usual && shown && (
        <>
          <Band value={count} usual={usual} label={t.outOf(`${number(count)} ${what}`, shown)} />
          <span class="hint num">{isToday ? t.usualBy(until, shown) : t.usual(shown)}</span>
        </>
      )}
      {learning && <span class="hint num">{t.learning(learning.days, learning.needed)}</span>}
    </div>
  );
}

function headline(
  { headline: { kind, group, groupNames, trapId }, visits, isToday }: Today,
  traps: Traps,
): string {
  if (kind === 'nothing-recorded') return t.nothingRecorded;
  if (kind === 'fewer') return t.fewer;
  if (kind === 'usual') return t.asUsual;
  if (kind === 'learning') return visits.count > 0 ? '' : isToday ? t.noVisitsYet : t.noVisits;
  if (!group) return t.more;
  const named = namedGroup(group, groupNames);
  return t.moreMainly(trapId ? t.atTrap(named, traps.nameOf(trapId)) : named);
}
