import type { RecordedDay } from '../../charts/coverage.js';
import { day as dayText, minutes as minutesText } from '../../texts/format.js';
import { trapWords as t } from '../../texts/traps.js';

interface Props {
  readonly days: readonly RecordedDay[];
  /** Minutes of the highest bar */
  readonly most: number;
}

/** Recorded time of the last days: hatched where nothing was recorded. */
export const Week = ({ days, most }: Props) => (
  <div>
    <div class="week" role="img" aria-label={`${t.recordedWeek}. ${days.map(sentence).join('; ')}`}>
      {days.map(({ day, minutes }) => (
        <span
          key={day}
          class={minutes === null ? 'none hatched' : undefined}
          style={minutes === null ? undefined : { height: `${(minutes / most) * 100}%` }}
        />
      ))}
    </div>
    <div class="week-days" aria-hidden="true">
      {days.map(({ day }) => (
        <span key={day}>{dayText(day, 'narrow')}</span>
      ))}
    </div>
  </div>
);

const sentence = ({ day, minutes }: RecordedDay): string => {
  const name = dayText(day, 'short-weekday');
  return minutes === null ? `${name}: ${t.notRecorded}` : t.recordedOn(name, minutesText(minutes));
};
