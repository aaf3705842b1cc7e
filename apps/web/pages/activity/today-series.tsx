import type { ActivityHour } from '../../../../libs/api-types/index.js';
import { useAll } from '../../api/all.js';
import { stationZone } from '../../api/session.js';
import type { Traps } from '../../api/traps.js';
import { type Series, seriesOf } from '../../charts/activity-hours.js';
import { Failed } from '../../components/failed.js';
import { right, Table } from '../../components/table.js';
import { activityWords as t } from '../../texts/activity.js';
import { dayOf, number, startOfDay } from '../../texts/format.js';
import { groupName } from '../../texts/shell.js';

const SHOWN = 12;
/** Fewer are shown only where some came. */
const LEAST_EXPECTED = 1;

/** What each trap and group has had today, against what was to be expected so far. */
export function TodaySeries({ traps }: { readonly traps: Traps }) {
  const zone = stationZone.value;
  const from = startOfDay(dayOf(new Date(), zone), zone);
  const { data, error, reload } = useAll<ActivityHour>(`/activity?from=${from}&limit=500`);
  const shown = seriesOf(data ?? []).filter(isWorthALine);
  return (
    <section class="stack" aria-labelledby="series">
      <h2 id="series">{t.todaySeries}</h2>
      <p class="hint">{t.seriesHow}</p>
      {error && <Failed error={error} onRetry={reload} />}
      {data && (
        <div class="card">
          {shown.length ? (
            <Table columns={[t.trapAndGroup, right(t.visits), { text: t.expectedN(''), isHidden: true }]}>
              {shown.slice(0, SHOWN).map((series) => (
                <Line key={`${series.trapId} ${series.group}`} series={series} traps={traps} />
              ))}
            </Table>
          ) : (
            <p class="quiet">{t.nothingToday}</p>
          )}
        </div>
      )}
    </section>
  );
}

const isWorthALine = ({ group, count, expected }: Series): boolean =>
  group === 'all' || count > 0 || (expected ?? 0) >= LEAST_EXPECTED;

function Line({ series, traps }: { readonly series: Series; readonly traps: Traps }) {
  const { trapId, group, count, expected, isUnusual, learning, minutes } = series;
  const query = new URLSearchParams({ trap: trapId, ...(group !== 'all' && { group }) });
  return (
    <tr>
      <td>
        <a class="plain" href={`/activity?${query}`}>
          <b>{traps.nameOf(trapId)}</b>
          <span class="hint block">{group === 'all' ? t.allInsects : capital(groupName(group))}</span>
        </a>
      </td>
      <td class="r">{minutes > 0 || count > 0 ? <b>{number(count)}</b> : '–'}</td>
      <td>
        {isUnusual ? (
          <span class="mark unusual">{t.expectedN(number(expected ?? 0, 1))}</span>
        ) : expected !== null ? (
          <span class="hint num">{t.expectedN(number(expected, 1))}</span>
        ) : learning !== null && minutes > 0 ? (
          <span class="mark uncertain">{t.learning(learning)}</span>
        ) : minutes > 0 || count > 0 ? (
          <span class="hint">{t.notJudged}</span>
        ) : (
          <span class="hint">{t.notRecorded}</span>
        )}
      </td>
    </tr>
  );
}

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
