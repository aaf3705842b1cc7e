import type { Trap } from '../../../../libs/api-types/index.js';
import { clock, date, dayOf, duration } from '../../texts/format.js';
import { trapWords as t } from '../../texts/traps.js';

const CLASSES = {
  online: 'online',
  sleeping: 'asleep',
  offline: 'offline',
  silent: 'silent',
  never: 'never',
  removed: 'never',
};

/** Whether it works: a word, a shape and a colour. */
export const TrapState = ({ trap, zone }: { readonly trap: Trap; readonly zone: string }) => (
  <span class={`state ${CLASSES[trap.presence.state]}`}>{stateText(trap, zone)}</span>
);

function stateText({ presence: { state, until }, lastMessageAt }: Trap, zone: string): string {
  if (state === 'sleeping') return until ? t.sleepingUntil(shortTime(until, zone)) : t.sleeping;
  if (state === 'silent') return t.silentFor(duration(Date.now() - Date.parse(lastMessageAt ?? '')));
  return t[state];
}

/** "14:38" today, "Tue, 14 Jul, 21:40" before. */
export function shortTime(instant: string, zone: string): string {
  const isToday = dayOf(instant, zone) === dayOf(new Date(), zone);
  return isToday ? clock(instant, zone) : `${date(instant, zone, 'short-weekday')}, ${clock(instant, zone)}`;
}
