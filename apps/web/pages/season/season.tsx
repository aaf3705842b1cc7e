import './season.css';
import { useLocation } from 'preact-iso/router';
import type { Counts } from '../../../../libs/api-types/index.js';
import { withQuery } from '../../api/client.js';
import { stationZone } from '../../api/session.js';
import { useTraps } from '../../api/traps.js';
import { csv } from '../../charts/csv.js';
import { Figure } from '../../charts/figure.js';
import {
  type Bin,
  bins,
  dispersion,
  rateError,
  ratePerHour,
  type Step,
  shareInterval,
} from '../../charts/season-bins.js';
import { Choice } from '../../components/choice.js';
import { Failed } from '../../components/failed.js';
import { TrapChoice } from '../../components/trap-choice.js';
import { Page } from '../../shell/page.js';
import { dayOf, days as daysText, day as dayText, number, percent } from '../../texts/format.js';
import { seasonWords as t } from '../../texts/season.js';
import { drawBars } from './draw-bars.js';
import { Compare, WhoComesWhen } from './kinds.js';
import { PeriodFields } from './period-fields.js';
import { dayCounts, type Period, timeBefore, useAgreement, useCounts, yearBefore } from './season-data.js';

/** A season begins in April, or with the year where April is still to come. */
const seasonStart = (today: string): string =>
  today.slice(5) >= '04-01' ? `${today.slice(0, 4)}-04-01` : `${today.slice(0, 4)}-01-01`;

/** Who comes when, and is it more than last year? */
export function Season() {
  const traps = useTraps();
  const { path, query, route } = useLocation();
  const trap = query['trap'];
  const zone = trap ? traps.zoneOf(trap) : stationZone.value;
  const today = dayOf(new Date(), zone);
  const to = query['to'] ?? today;
  const period: Period = { from: query['from'] ?? seasonStart(to), to };
  const isYear = query['with'] !== 'before';
  const before = isYear ? yearBefore(period) : timeBefore(period);
  const step: Step = query['by'] === 'day' ? 'day' : 'week';
  const set = (values: Readonly<Record<string, string>>) =>
    route(withQuery(path, { ...query, ...values }), true);
  return (
    <Page title={t.title}>
      <div class="page-head">
        <h1>{t.title}</h1>
        <div class="end push choices">
          <div class="seg">
            {(['day', 'week'] as const).map((each) => (
              <button key={each} type="button" aria-pressed={step === each} onClick={() => set({ by: each })}>
                {each === 'day' ? t.days : t.weeks}
              </button>
            ))}
          </div>
          <PeriodFields period={period} most={today} onChange={set} />
          <TrapChoice traps={traps} trap={trap} onChange={(value) => set({ trap: value })} />
          <Choice
            label={t.comparedWith}
            value={isYear ? 'year' : 'before'}
            options={[
              ['year', t.yearBefore],
              ['before', t.daysBefore],
            ]}
            onChange={(value) => set({ with: value })}
          />
        </div>
      </div>
      {period.from > period.to ? (
        <p class="error" role="alert">
          {t.tooLong}
        </p>
      ) : (
        <Shown
          key={zone}
          period={period}
          before={before}
          isYear={isYear}
          trap={trap}
          zone={zone}
          step={step}
          trapCount={trap ? 1 : traps.all.filter(({ counts }) => counts.runs > 0).length}
        />
      )}
    </Page>
  );
}

interface Props {
  readonly period: Period;
  readonly before: Period;
  readonly isYear: boolean;
  readonly trap: string | undefined;
  readonly zone: string;
  readonly step: Step;
  readonly trapCount: number;
}

function Shown({ period, before, isYear, trap, zone, step, trapCount }: Props) {
  const days = useCounts('day', period, trap, zone);
  const daysBefore = useCounts('day', before, trap, zone);
  const hours = useCounts('hour', period, trap, zone);
  const kindHours = useCounts('label,hour', period, trap, zone);
  const kinds = useCounts('label', period, trap, zone);
  const kindsBefore = useCounts('label', before, trap, zone);
  const all = [days, daysBefore, hours, kindHours, kinds, kindsBefore];
  const failed = all.find(({ error }) => error);
  const nowText = periodText(period, isYear);
  const beforeText = periodText(before, isYear);
  const name = `${trap ?? 'all-traps'}_${period.from}_${period.to}`;
  if (failed?.error)
    return <Failed error={failed.error} onRetry={() => all.forEach(({ reload }) => void reload())} />;
  if (!days.data || !daysBefore.data || !kinds.data || !kindsBefore.data) return <span class="later" />;
  const { totals } = days.data;
  if (!totals.visits && !totals.effortMinutes)
    return (
      <section class="card roomy">
        <h2>{t.nothing}</h2>
        <p class="quiet">{t.nothingHow}</p>
      </section>
    );
  const counted = [...dayCounts(daysBefore.data), ...dayCounts(days.data)];
  const phi = dispersion(counted);
  return (
    <div class="stack wide">
      <Tiles
        {...{ period, trap, zone, trapCount, phi, beforeText }}
        now={days.data}
        was={daysBefore.data}
        kinds={[kinds.data, kindsBefore.data]}
      />
      <Visits
        now={bins(dayCounts(days.data), period.from, period.to, step)}
        before={
          daysBefore.data.totals.visits ? bins(dayCounts(daysBefore.data), before.from, before.to, step) : []
        }
        {...{ step, nowText, beforeText, name }}
      />
      {kindHours.data && hours.data && (
        <WhoComesWhen
          kinds={kindHours.data}
          hours={hours.data}
          period={daysText(period.from, period.to)}
          name={name}
        />
      )}
      <Compare
        now={kinds.data}
        before={kindsBefore.data}
        phi={phi}
        title={isYear ? t.thisAndLast : t.thisAndBefore}
        periods={[nowText, beforeText]}
        name={name}
      />
    </div>
  );
}

/** "2026", or "1 Apr – 16 Jul" where years do not tell two periods apart. */
const periodText = ({ from, to }: Period, isYear: boolean): string =>
  isYear && from.slice(0, 4) === to.slice(0, 4) ? from.slice(0, 4) : daysText(from, to);

interface TilesProps {
  readonly period: Period;
  readonly trap: string | undefined;
  readonly zone: string;
  readonly trapCount: number;
  readonly phi: number;
  readonly beforeText: string;
  readonly now: Counts;
  readonly was: Counts;
  readonly kinds: readonly [Counts, Counts];
}

function Tiles({ period, trap, zone, trapCount, phi, beforeText, now, was, kinds }: TilesProps) {
  const { data: agreement } = useAgreement(period, trap, zone);
  const { visits, effortMinutes: minutes, timeUnknown } = now.totals;
  const wasMinutes = was.totals.effortMinutes;
  const wasRate = wasMinutes ? { visits: was.totals.visits, minutes: wasMinutes } : undefined;
  const named = ({ items }: Counts) => items.filter(({ label }) => label).length;
  const hours = (min: number | null) => (min === null ? t.noHours : t.hours(number(min / 60)));
  const share = agreement?.n ? shareInterval(agreement.agreed, agreement.n) : undefined;
  return (
    <>
      <div class="compare">
        <Tile what={t.visits} value={number(visits)} hint={`${hours(minutes)}, ${t.nTraps(trapCount)}`} />
        <Tile
          what={t.perHour}
          value={minutes ? number(ratePerHour({ visits, minutes }), 1) : '–'}
          hint={
            wasRate
              ? t.before(beforeText, number(ratePerHour(wasRate), 1), number(rateError(wasRate, phi), 1))
              : t.nothingBefore(beforeText)
          }
        />
        <Tile
          what={t.kinds}
          value={number(named(kinds[0]))}
          hint={
            wasMinutes
              ? t.beforeKinds(beforeText, number(named(kinds[1])), number(wasMinutes / 60))
              : t.nothingBefore(beforeText)
          }
        />
        <Tile
          what={t.agreement}
          value={agreement?.n ? percent(agreement.agreed / agreement.n) : '–'}
          hint={
            agreement && share
              ? t.lookedAt(number(agreement.n), number(share[0] * 100), percent(share[1]))
              : t.noneReviewed
          }
        />
      </div>
      {timeUnknown.visits > 0 && <p class="hint">{t.timeUnknown(number(timeUnknown.visits))}</p>}
    </>
  );
}

const Tile = ({
  what,
  value,
  hint,
}: {
  readonly what: string;
  readonly value: string;
  readonly hint: string;
}) => (
  <div class="card tile">
    <span class="quiet">{what}</span>
    <span class="value">{value}</span>
    <span class="hint num">{hint}</span>
  </div>
);

interface VisitsProps {
  readonly now: readonly Bin[];
  readonly before: readonly Bin[];
  readonly step: Step;
  readonly nowText: string;
  readonly beforeText: string;
  readonly name: string;
}

function Visits({ now, before, step, nowText, beforeText, name }: VisitsProps) {
  const title = step === 'week' ? t.perWeek : t.perDay;
  const best = now.reduce((most, bin) => (bin.visits > most.visits ? bin : most), now[0] as Bin);
  const recorded = now.flatMap(({ minutes }) => (minutes ? [minutes / 60] : []));
  return (
    <Figure
      title={title}
      note={nowText}
      name={`visits_${step}_${name}`}
      label={t.barsLabel(title, dayText(best.start, 'day'), number(best.visits))}
      draw={(width) => drawBars({ now, before, step }, width)}
      csv={() =>
        csv(
          [
            'start',
            'visits',
            'recordedMinutes',
            'visitsPerHour',
            'startBefore',
            'visitsBefore',
            'recordedMinutesBefore',
          ],
          now.map((bin, index) => [
            bin.start,
            bin.minutes === null && !bin.visits ? null : bin.visits,
            bin.minutes,
            bin.minutes ? ratePerHour({ visits: bin.visits, minutes: bin.minutes }) : null,
            before[index]?.start,
            before[index]?.visits,
            before[index]?.minutes,
          ]),
        )
      }
      legend={[
        { look: 's-obs', text: t.visitsOf(nowText) },
        ...(before.length ? [{ look: 'c-old', text: t.visitsOf(beforeText) }] : []),
        ...(recorded.length
          ? [
              {
                look: 'c-eff',
                text: t.recorded(number(Math.min(...recorded)), number(Math.max(...recorded))),
              },
            ]
          : []),
        { look: 'k-miss', text: t.notRecorded },
      ]}
    />
  );
}
