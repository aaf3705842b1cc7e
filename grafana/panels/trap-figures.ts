import { status } from '../columns.js';
import { figure } from './figure.js';
import { thresholds } from './look.js';
import { lastOfEach, SILENCE, STATES } from './trap-status.js';

export const trapsOnline = () =>
  figure(
    {
      de: 'Fallen an',
      en: 'Traps online',
      says: { de: 'Fallen, die jetzt da sind.', en: 'Traps that are there now.' },
    },
    {
      columns: ['sum("last_online") AS "online"'],
      from: lastOfEach(`last(${status.field('online')}) AS "last_online"`),
    },
  )
    .timeFrom('15m')
    .hideTimeOverride(true);

/** Such visits are in no other figure: those count by time. */
export const timeUnknown = () =>
  figure(
    {
      de: 'Zeit unbekannt',
      en: 'Time unknown',
      says: {
        de: 'Besuche von Fallen, deren Uhr nicht stimmen kann. In keiner anderen Zahl enthalten, bis ihre Zeit bekannt ist.',
        en: 'Visits at traps whose clock cannot be right. In no other figure until their time becomes known.',
      },
    },
    {
      columns: ['sum("last_unknown") AS "unknown"'],
      from: lastOfEach(`last(${status.field('time_unknown')}) AS "last_unknown"`),
    },
  )
    .timeFrom('15m')
    .hideTimeOverride(true);

export const batteryNow = () =>
  figure(
    { de: 'Akku jetzt', en: 'Battery now', says: { de: 'Letzter Ladestand.', en: 'Last charge.' } },
    lastOfEach(`last(${status.field('battery_pct')}) AS "battery"`),
    '–',
  )
    .unit('percent')
    .thresholds(thresholds('red', [20, 'orange'], [40, 'green']));

export const onlineNow = () =>
  figure(
    { de: 'Zustand', en: 'State', says: { de: 'An, im Schlaf oder aus.', en: 'On, asleep or off.' } },
    lastOfEach(`last(${status.field('state')}) AS "state"`),
    '–',
  )
    .mappings([STATES])
    .thresholds(thresholds('red', [1, 'green'], [2, 'blue']));

export const silenceNow = () =>
  figure(SILENCE, lastOfEach(`last(${status.field('age_s')}) / 60 AS "minutes"`), '–')
    .unit('m')
    .thresholds(thresholds('green', [30, 'orange'], [120, 'red']));
