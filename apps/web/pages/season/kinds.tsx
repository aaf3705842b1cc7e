import type { Counts } from '../../../../libs/api-types/index.js';
import { csv } from '../../charts/csv.js';
import { Figure } from '../../charts/figure.js';
import { darkest, ratePerHour, ratio } from '../../charts/season-bins.js';
import { nameOf } from '../../components/names.js';
import { chartWords } from '../../texts/charts.js';
import { number } from '../../texts/format.js';
import { seasonWords as t } from '../../texts/season.js';
import { drawCompare } from './draw-compare.js';
import { drawHeat, short } from './draw-heat.js';
import type { NamedCount } from './season-data.js';

const ROWS = 12;
const HOURS = 24;

interface HeatProps {
  readonly kinds: Counts;
  /** By hour, with its effort */
  readonly hours: Counts;
  /** In words */
  readonly period: string;
  readonly name: string;
}

/** Taxon by hour of the day, per recorded hour. */
export function WhoComesWhen({ kinds, hours, period, name }: HeatProps) {
  const minutes = Array.from(
    { length: HOURS },
    (_, hour) => hours.items.find((each) => each.hour === hour)?.effortMinutes ?? 0,
  );
  const all = byKind(kinds.items as readonly NamedCount[]).map((kind) => ({
    ...kind,
    rates: minutes.map((min, hour) =>
      min ? ratePerHour({ visits: kind.hours[hour] ?? 0, minutes: min }) : null,
    ),
  }));
  const rows = all.slice(0, ROWS);
  const rest = all.slice(ROWS);
  const top = darkest(rows.flatMap(({ rates }) => rates.filter((rate) => rate !== null)));
  const peaks = rows.slice(0, 3).map((row) => t.peak(short(row.name, 40), peakOf(row.rates)));
  return (
    <Figure
      title={t.whoComesWhen}
      note={`${period}, ${t.heatNote}`}
      name={`who-comes-when_${name}`}
      label={t.heatLabel(peaks.join(', '))}
      draw={(width) => drawHeat({ rows, minutes, top }, width)}
      csv={() =>
        csv(
          ['label', 'name', 'hour', 'visits', 'recordedMinutes', 'visitsPerHour'],
          all.flatMap(({ label, name: shown, hours: visits, rates }) =>
            rates.map((rate, hour) => [
              label,
              short(shown, 200),
              hour,
              visits[hour] ?? 0,
              minutes[hour],
              rate,
            ]),
          ),
        )
      }
      legend={[
        { look: 'c-h0', text: '0' },
        { look: 'c-h2', text: number(top / 15, 2) },
        { look: 'c-h4', text: number(top / 3, 2) },
        { look: 'c-h6', text: t.andMore(number(top, 2)) },
        { look: 'k-miss', text: chartWords.notRecorded },
      ]}
    >
      {rest.length > 0 && (
        <p class="hint">
          {t.moreKinds(number(rest.length), number(rest.reduce((sum, { visits }) => sum + visits, 0)))}
        </p>
      )}
    </Figure>
  );
}

const peakOf = (rates: readonly (number | null)[]): number =>
  rates.reduce<number>((best, rate, hour) => ((rate ?? 0) > (rates[best] ?? 0) ? hour : best), 0);

interface KindHours {
  readonly label: string;
  readonly name: string;
  readonly isLatin: boolean;
  visits: number;
  readonly hours: number[];
}

/** Visits of each kind by hour, the most frequent kind first. Visits without a name are no kind. */
function byKind(items: readonly NamedCount[]): KindHours[] {
  const found = new Map<string, KindHours>();
  for (const { label, taxon, names, hour, visits } of items) {
    if (!label || hour === null || hour === undefined) continue;
    const { name, isLatin } = nameOf({ label, taxon, names });
    const kind = found.get(label) ?? { label, name, isLatin, visits: 0, hours: [] };
    found.set(label, kind);
    kind.visits += visits;
    kind.hours[hour] = (kind.hours[hour] ?? 0) + visits;
  }
  return [...found.values()].sort((a, b) => b.visits - a.visits);
}

interface CompareProps {
  readonly now: Counts;
  readonly before: Counts;
  readonly phi: number;
  readonly title: string;
  readonly periods: readonly [now: string, before: string];
  readonly name: string;
}

/** Two periods, kind by kind, each per recorded hour. */
export function Compare({ now, before, phi, title, periods, name }: CompareProps) {
  const minutes = now.totals.effortMinutes;
  const minutesBefore = before.totals.effortMinutes;
  if (!minutes || !minutesBefore)
    return (
      <section class="card roomy">
        <h2>{title}</h2>
        <p class="quiet">{t.nothingToCompare(periods[1])}</p>
      </section>
    );
  const kinds = byKindTotal(now.items as readonly NamedCount[], before.items as readonly NamedCount[]);
  const rows = kinds.map((kind) => ({
    ...kind,
    now: ratePerHour({ visits: kind.visits, minutes }),
    before: ratePerHour({ visits: kind.visitsBefore, minutes: minutesBefore }),
    ratio: ratio(
      { visits: kind.visits, minutes },
      { visits: kind.visitsBefore, minutes: minutesBefore },
      phi,
    ),
  }));
  const shown = rows.slice(0, ROWS);
  const sure = shown.filter(({ ratio: each }) => each?.isSure);
  return (
    <Figure
      title={title}
      note={t.compareNote}
      name={`comparison_${name}`}
      label={t.compareLabel(
        sure.map((row) => `${short(row.name, 40)} ×${number(row.ratio?.value ?? 1, 1)}`).join(', ') || '–',
      )}
      draw={(width) => drawCompare(shown, width)}
      csv={() =>
        csv(
          [
            'label',
            'name',
            'visits',
            'visitsPerHour',
            'visitsBefore',
            'visitsPerHourBefore',
            'ratio',
            'leavesOut1',
          ],
          rows.map((row) => [
            row.label,
            short(row.name, 200),
            row.visits,
            row.now,
            row.visitsBefore,
            row.before,
            row.ratio?.value,
            row.ratio && String(row.ratio.isSure),
          ]),
        )
      }
      legend={[
        { look: 's-obs', text: t.periodHours(periods[0], number(minutes / 60)) },
        { look: 'c-old', text: t.periodHours(periods[1], number(minutesBefore / 60)) },
      ]}
    />
  );
}

function byKindTotal(now: readonly NamedCount[], before: readonly NamedCount[]) {
  const found = new Map<
    string,
    { label: string; name: string; isLatin: boolean; visits: number; visitsBefore: number }
  >();
  const add = (items: readonly NamedCount[], field: 'visits' | 'visitsBefore') => {
    for (const { label, taxon, names, visits } of items) {
      if (!label) continue;
      const { name, isLatin } = nameOf({ label, taxon, names });
      const kind = found.get(label) ?? { label, name, isLatin, visits: 0, visitsBefore: 0 };
      found.set(label, kind);
      kind[field] += visits;
    }
  };
  add(now, 'visits');
  add(before, 'visitsBefore');
  return [...found.values()].sort((a, b) => b.visits + b.visitsBefore - a.visits - a.visitsBefore);
}
