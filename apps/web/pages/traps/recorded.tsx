import type { Trap } from '../../../../libs/api-types/index.js';
import { trapPath } from '../../api/fleet.js';
import { type RecordedDay, usualMinutes } from '../../charts/coverage.js';
import { right, Table } from '../../components/table.js';
import { day as dayText, number } from '../../texts/format.js';
import { shell } from '../../texts/shell.js';
import { trapWords as t } from '../../texts/traps.js';

interface Props {
  readonly traps: readonly Trap[];
  readonly daysOf: (trap: Trap) => readonly RecordedDay[];
}

const hours = (minutes: number): string => number(minutes / 60, 1, 1);

/** The hours that each trap recorded on each of the last days, as figures. */
export function Recorded({ traps, daysOf }: Props) {
  const columns = daysOf(traps[0] as Trap);
  const usual = usualMinutes(traps.flatMap(daysOf));
  return (
    <section class="card roomy" aria-labelledby="recorded">
      <div class="section-head">
        <h2 id="recorded">{t.recordedWeek}</h2>
        <span class="hint">
          {t.hoursADay}
          {usual !== undefined && `; ${t.usualDay(hours(usual))}`}
        </span>
      </div>
      <Table columns={[shell.trap, ...columns.map(({ day }) => right(dayText(day, 'day-of-week-short')))]}>
        {traps.map((trap) => (
          <tr key={trap.trapId}>
            <td>
              <a class="plain" href={trapPath(trap.trapId)}>
                {trap.name ?? trap.trapId}
              </a>
            </td>
            {daysOf(trap).map(({ day, minutes }) => (
              <td key={day} class="r">
                {minutes === null ? <span title={t.notRecorded}>–</span> : hours(minutes)}
              </td>
            ))}
          </tr>
        ))}
      </Table>
    </section>
  );
}
