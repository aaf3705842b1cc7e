import type { Today as TodayAnswer } from '../../../../libs/api-types/index.js';
import './today.css';
import { useRef } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { withQuery } from '../../api/client.js';
import { isLive } from '../../api/events.js';
import { useFollow } from '../../api/follow.js';
import { useAnswer } from '../../api/query.js';
import { stationZone } from '../../api/session.js';
import { useTraps } from '../../api/traps.js';
import { Failed } from '../../components/failed.js';
import { Icon } from '../../components/icon.js';
import { ModelNotice } from '../../components/model-notice.js';
import { TrapChoice } from '../../components/trap-choice.js';
import { Page } from '../../shell/page.js';
import { addDays, dayOf, day as dayText } from '../../texts/format.js';
import { shell } from '../../texts/shell.js';
import { todayWords as t } from '../../texts/today.js';
import { DaySoFar } from './day-so-far.js';
import { Kinds } from './kinds.js';
import { Fleet, NeedsCall } from './needs-call.js';
import { Newest } from './newest.js';
import { Welcome } from './welcome.js';
import { Worth } from './worth.js';

/** Is today as usual, and what should I look at? */
export function Today() {
  const { query, route } = useLocation();
  const traps = useTraps();
  const path = withQuery('/today', { date: query['day'], trap: query['trap'] });
  const { data: today, error, reload } = useAnswer<TodayAnswer>(path);
  useFollow(path);
  const go = (change: { day?: string | undefined; trap?: string | undefined }) =>
    route(withQuery('/', { day: query['day'], trap: query['trap'], ...change }));
  const shownDay = today?.date ?? query['day'] ?? dayOf(new Date(), stationZone.value);

  if (today && !today.everReceived) return <Welcome today={today} />;
  return (
    <Page title={shell.today}>
      <div class="page-head">
        <h1>
          <span class="wide-only">{dayText(shownDay)}</span>
          <span class="phone-only">{dayText(shownDay, 'short-weekday')}</span>
        </h1>
        <DayPicker
          day={shownDay}
          isToday={today?.isToday ?? !query['day']}
          onChange={(day) =>
            go({ day: day === dayOf(new Date(), today?.timeZone ?? stationZone.value) ? undefined : day })
          }
        />
        <div class="end push">
          {isLive.value && <span class="state online wide-only">{shell.live}</span>}
          {traps.all.length > 1 && (
            <TrapChoice
              traps={traps}
              trap={query['trap']}
              onChange={(trap) => go({ trap: trap || undefined })}
            />
          )}
        </div>
      </div>
      {error && !today && <Failed error={error} onRetry={reload} />}
      {!error && !(today && traps.areKnown) && <Frame />}
      {today && traps.areKnown && (
        <div class="today">
          <DaySoFar today={today} traps={traps} />
          <div class="stack area-call">
            <NeedsCall today={today} />
            <Fleet traps={today.traps} />
            <ModelNotice {...today} />
          </div>
          <Worth today={today} traps={traps} />
          <Newest today={today} traps={traps} />
          <Kinds today={today} />
        </div>
      )}
    </Page>
  );
}

interface PickerProps {
  readonly day: string;
  readonly isToday: boolean;
  readonly onChange: (day: string) => void;
}

function DayPicker({ day, isToday, onChange }: PickerProps) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <div class="btns day-picker">
      <button
        class="btn square"
        type="button"
        aria-label={t.dayBefore}
        onClick={() => onChange(addDays(day, -1))}
      >
        <Icon name="left" small />
      </button>
      <button
        class="btn square"
        type="button"
        aria-label={t.chooseDay}
        onClick={() => field.current?.showPicker()}
      >
        <Icon name="calendar" small />
      </button>
      <input
        ref={field}
        class="vh"
        type="date"
        value={day}
        tabIndex={-1}
        aria-hidden="true"
        onChange={({ currentTarget: { value } }) => value && onChange(value)}
      />
      <button
        class="btn square"
        type="button"
        aria-label={t.dayAfter}
        disabled={isToday}
        onClick={() => onChange(addDays(day, 1))}
      >
        <Icon name="right" small />
      </button>
    </div>
  );
}

/** The page in its sizes, while the first answer is on its way. */
const Frame = () => (
  <div class="today" aria-busy="true">
    <section class="card roomy area-day frame" />
    <section class="card area-call frame" />
    <section class="area-newest">
      <ul class="runs">
        {Array.from({ length: 10 }, (_, index) => (
          <li key={index} class="run">
            <span class="pic" />
            <span class="words">
              <span class="later" />
            </span>
          </li>
        ))}
      </ul>
    </section>
  </div>
);
